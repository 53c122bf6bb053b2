"""The page about refusals: their stable codes with the English and French texts."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator

from msingi.contracts.markdown import table
from msingi.errors import DomainError
from msingi.platform import Platform, package_of
from msingi.reference.sentences import first_sentence

_SKIPPED = ("testing", "templates", "migrations", "cli", "__main__")
INTRO = """# Refusals

Every expected "no" has a stable code in `extensions.code` of the GraphQL error, parameters in `extensions.params`, and a
text in the caller's language. Texts never hold personal data.

"""


def errors_page(platform: Platform) -> str:
    """Every refusal with its code, its texts and what it means."""
    rows = [
        (f"`{error.code}`", error.template, platform.texts.get(error.template, "fr"), first_sentence(error))
        for error in known_errors(platform)
    ]
    return INTRO + table(("Code", "English", "Français", "Meaning"), rows)


def known_errors(platform: Platform) -> list[type[DomainError]]:
    """The refusals of the platform's packages, by code."""
    packages = {"msingi", *(package_of(plugin) or plugin.module for plugin in platform.plugins)}
    for package in sorted(packages):
        _import_all(package)
    mine = tuple(f"{package}." for package in packages)
    errors = {error for error in _subclasses(DomainError) if error.__module__.startswith(mine)}
    return sorted(errors, key=lambda error: (error.code, error.__name__))


def _import_all(package: str) -> None:
    home = importlib.import_module(package)
    for found in pkgutil.iter_modules(getattr(home, "__path__", ())):
        if found.name not in _SKIPPED:
            name = f"{package}.{found.name}"
            importlib.import_module(name)
            if found.ispkg:
                _import_all(name)


def _subclasses(error: type[DomainError]) -> Iterator[type[DomainError]]:
    found: Iterable[type[DomainError]] = error.__subclasses__()
    for inner in found:
        if not inner.__name__.startswith("_"):
            yield inner
        yield from _subclasses(inner)
