"""The page about public faces: the names that plugins may import from the modules they require."""

import importlib
import inspect
from typing import Any

from msingi.contracts.markdown import table
from msingi.platform import Platform, package_of
from msingi.plugin import Permission
from msingi.reference.sentences import first_sentence

_INTRO = """# Public faces

What a plugin may import: `msingi` always, and the face of each module that its manifest names in `requires`. Other files of a
module are its own affair and change without notice.

"""


def faces_page(platform: Platform) -> str:
    """The face of the platform and of each module, name by name."""
    modules = (package_of(plugin) or "" for plugin in platform.plugins)
    return _INTRO + "\n".join(
        map(_section, ["msingi", *(name for name in modules if name.startswith("msingi_"))])
    )


def _section(package: str) -> str:
    face = importlib.import_module(package)
    rows = [(f"`{name}`", _sentence(getattr(face, name))) for name in sorted(face.__all__)]
    return f"## {package}\n\n{table(('Name', 'What it is'), rows)}"


def _sentence(thing: Any) -> str:
    """The sentence of a class or function, what a permission allows, or of which type another value is."""
    if isinstance(thing, Permission):
        return f"`{thing.name}`: {thing.description}"
    if inspect.isclass(thing) or inspect.isroutine(thing):
        return first_sentence(thing)
    return f"A value of the type `{type(thing).__name__}`."
