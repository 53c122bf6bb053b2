"""How commands find their installation: profile, database and keys from options, environment and files."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from msingi.platform import Platform

DEFAULT_PROFILE = "cameroon"


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
    return Platform(load_profile(profile_name(profile), overrides=overrides))


def profile_name(given: str | None) -> str:
    """The profile that is meant: the one given, else that of the environment, else cameroon."""
    return given or os.environ.get("MSINGI_PROFILE", DEFAULT_PROFILE)


def demo_secrets(folder: Path) -> dict[str, Any]:
    """Keys of a demonstration, made once and kept beside its database; never used outside demo mode."""
    import json

    from msingi.keyring import generate_key

    path = folder / "demo-keys.json"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(json.dumps({"keys": [generate_key()], "index_key": generate_key()}), encoding="utf-8")
    secrets: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return secrets
