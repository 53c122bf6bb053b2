"""How commands find their installation: profile, database and keys from options, environment and files."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from msingi.errors import ConfigurationError
    from msingi.platform import Platform

DEFAULT_PROFILE = "cameroon"
_DEMO_KEYS = "demo-keys.json"


def platform_for(profile: str | None = None, database: str | None = None, **overrides: Any) -> "Platform":
    """The platform of a command.

    ``profile`` is a shipped name or a TOML file (default: ``MSINGI_PROFILE``, then cameroon); ``database`` is an
    SQLAlchemy URL that overrides the profile's.

    Raises:
        ConfigurationError: the settings are wrong; the message names the place.

    """
    from msingi.platform import Platform
    from msingi.profiles import load_profile

    if database is not None:
        overrides = {**overrides, "database": {"url": database}}
    name = profile_name(profile)
    loaded = load_profile(name, overrides=overrides)
    if not loaded.security.keys and (keys := _keys_beside(loaded.database.url.get_secret_value())):
        loaded = load_profile(name, overrides={"demo": True, "security": keys, **overrides})
    return Platform(loaded)


def profile_name(given: str | None) -> str:
    """The profile that is meant: the one given, else that of the environment, else cameroon."""
    return given or os.environ.get("MSINGI_PROFILE", DEFAULT_PROFILE)


def _keys_beside(url: str) -> dict[str, Any]:
    """The keys of a demonstration that lie beside its file, so that every command works on what it left (attack 105).

    Raises:
        ConfigurationError: this is not the address of a database, or the file of the keys holds none.

    """
    from msingi.address import is_file_uri, read_address

    given = read_address(url)
    if given.get_backend_name() != "sqlite" or is_file_uri(given):
        return {}
    file = Path(str(given.database))
    if not ((file.parent / _DEMO_KEYS).is_file() and file.is_file() and _says_demonstration(file)):
        return {}
    return demo_secrets(file.parent)


def _says_demonstration(file: Path) -> bool:
    """Whether this file itself says so: an empty one, or one half set up, never becomes a demonstration by its place.

    It is opened for reading alone, so that the question leaves nothing behind.
    """
    import sqlite3
    from contextlib import closing

    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found: list[tuple[int]] = connection.execute("SELECT demo FROM core_installation").fetchall()
    except sqlite3.Error:
        return False
    return found == [(1,)]


def demo_secrets(folder: Path) -> dict[str, Any]:
    """Keys of a demonstration, made once and kept beside its database; never used outside demo mode.

    Raises:
        ConfigurationError: the file that keeps them cannot be read.

    """
    import json

    from msingi.keyring import generate_key

    path = folder / _DEMO_KEYS
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(json.dumps({"keys": [generate_key()], "index_key": generate_key()}), encoding="utf-8")
    try:
        secrets = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        secrets = None
    if not isinstance(secrets, dict) or secrets.keys() != {"keys", "index_key"}:
        raise _unreadable(path)
    return secrets


def _unreadable(path: Path) -> "ConfigurationError":
    from msingi.errors import ConfigurationError

    return ConfigurationError(
        "{file} holds no keys of a demonstration. Give your own keys, or delete it and begin the demonstration anew.",
        file=str(path),
    )
