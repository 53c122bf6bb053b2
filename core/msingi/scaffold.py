"""Skeletons of modules and plugins, copied from templates with the name filled in, and their migrations."""

from pathlib import Path
from typing import TYPE_CHECKING

from msingi.errors import ConfigurationError
from msingi.scaffold_name import refuse_unusable

if TYPE_CHECKING:
    from msingi.platform import Platform
    from msingi.scaffold_revision import Revision

TEMPLATES = Path(__file__).parent / "templates"
PARTS = {
    "plugin": {"plugin": ".", "readme": ".", "package": "msingi___name__", "tests": "tests"},
    "module": {
        "readme": "modules/msingi___name__",
        "package": "modules/msingi___name__",
        "tests": "tests/modules/msingi___name__",
    },
}
"""Which template folders make a skeleton, and where each goes."""


def write_skeleton(kind: str, name: str, folder: Path) -> list[Path]:
    """Copy the templates of this kind below ``folder`` and return the files written.

    Raises:
        ConfigurationError: the name is not usable or taken, or a file exists already; nothing is overwritten.

    """
    refuse_unusable(name)
    words = _words(name)
    planned = {
        folder / _filled(f"{place}/{path.relative_to(TEMPLATES / part)}", words).removesuffix(".txt"): path
        for part, place in PARTS[kind].items()
        for path in sorted((TEMPLATES / part).rglob("*.txt"))
    }
    existing = [str(path) for path in planned if path.exists()]
    if existing:
        raise ConfigurationError("Already there, nothing was written: {files}.", files=", ".join(existing))
    for target, template in planned.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_filled(template.read_text(encoding="utf-8"), words), encoding="utf-8")
    return list(planned)


def write_migration(name: str, message: str) -> "Revision | None":
    """Write the next migration of an installed plugin from its models, with an empty database of its own.

    Returns what was written, or None when the migrations already say what the models say.

    Raises:
        ConfigurationError: no plugin of this name is installed, or it cannot be loaded.

    """
    import tempfile

    from msingi import migrate

    with tempfile.TemporaryDirectory() as folder:
        platform = _scratch_platform(name, Path(folder) / "scratch.db")
        try:
            migrate.upgrade(platform)
            return migrate.write_revision(platform, platform.installed[name], message)
        finally:
            platform.close()


def _scratch_platform(name: str, database: Path) -> "Platform":
    from msingi.discovery import discover
    from msingi.keyring import generate_key
    from msingi.module_order import CORE_PLUGINS, required
    from msingi.platform import Platform, installed_plugins
    from msingi.profile_files import profile_names
    from msingi.profiles import load_profile

    found = discover()
    found.refuse_unloadable([name])
    installed = installed_plugins(found.plugins)
    if name not in installed:
        raise ConfigurationError(
            "No plugin is called “{name}”. Installed: {names}.", name=name, names=", ".join(sorted(installed))
        )
    overrides = {
        "modules": sorted({name, *required(name, installed)} - set(CORE_PLUGINS)),
        "database": {"url": f"sqlite:///{database}"},
        "security": {"keys": [generate_key()], "index_key": generate_key()},
    }
    return Platform(load_profile(next(iter(profile_names())), overrides=overrides, environment={}))


def _words(name: str) -> dict[str, str]:
    capital = "".join(part.capitalize() for part in name.split("_"))
    return {
        "name": name,
        "Name": capital,
        "camel": capital[0].lower() + capital[1:],
        "dash": name.replace("_", "-"),
    }


def _filled(text: str, words: dict[str, str]) -> str:
    for key, value in words.items():
        text = text.replace(f"__{key}__", value)
    return text
