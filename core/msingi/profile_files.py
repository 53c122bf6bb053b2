"""Where the files of country profiles lie; to find one loads no settings class, so that commands can ask it for its language."""

from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from msingi.errors import ConfigurationError


def settings_folder() -> Path:
    """The folder of the shipped profiles: inside the installed package, or beside the sources."""
    packaged = Path(str(files("msingi"))) / "_settings"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "settings"


def profile_path(name: str) -> Path:
    """The file of a profile, by name or by path.

    Raises:
        ConfigurationError: there is no such file; the known names are listed.

    """
    path = Path(name) if name.endswith(".toml") else settings_folder() / f"{name}.toml"
    if not path.is_file():
        raise ConfigurationError(
            "There is no profile “{name}”. Known profiles: {known}.",
            name=name,
            known=", ".join(profile_names()),
        )
    return path


def profile_names() -> Iterable[str]:
    """Names of the shipped country profiles."""
    return sorted(path.stem for path in settings_folder().glob("*.toml") if path.stem != "base")
