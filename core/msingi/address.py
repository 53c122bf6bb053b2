"""The address of a database: read strictly, and never repeated in a refusal, for it may hold a password."""

from typing import Final

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from msingi.errors import ConfigurationError

_POSTGRESQL: Final = "postgresql+psycopg"
_DRIVERS: Final = {
    "sqlite": "sqlite",
    "sqlite+pysqlite": "sqlite",
    "postgresql": _POSTGRESQL,
    "postgres": _POSTGRESQL,
    _POSTGRESQL: _POSTGRESQL,
}


def read_address(url: str) -> URL:
    """The address that a setting names, with the driver of this release.

    Raises:
        ConfigurationError: this is not the address of a database.

    """
    try:
        target = make_url(url)
        target = target.set(drivername=_DRIVERS[target.drivername])
        target.get_dialect()().create_connect_args(target)
    except (ArgumentError, ValueError, KeyError):
        raise no_address() from None
    if _is_misread(target):
        raise no_address()
    return target


def no_address() -> ConfigurationError:
    """The refusal of an address that cannot be read."""
    return ConfigurationError(
        "database.url: this is not the address of a database. Write sqlite:///country.db or "
        "postgresql://user:password@host/name; in a password, write @ as %40, / as %2F and % as %25."
    )


def is_file_uri(url: URL) -> bool:
    """Whether SQLite itself reads the name, with options of its own: then it is not the path of the file."""
    return url.get_backend_name() == "sqlite" and (url.database or "").startswith("file:")


def _is_misread(url: URL) -> bool:
    """Whether a part is missing or holds what belongs to another: an address in a path, a password in the host.

    A database in memory would be another one for each connection.
    """
    if url.get_backend_name() == "sqlite":
        return (
            (url.database or ":memory:") == ":memory:"
            or "://" in (url.database or "")
            or url.username is not None
            or url.host is not None
        )
    return "@" in (url.host or "")
