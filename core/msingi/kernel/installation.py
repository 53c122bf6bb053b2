"""What kind of installation a database belongs to: a demonstration never runs over real data (attack 105)."""

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import inspect, select, text
from sqlalchemy.orm import InstrumentedAttribute

from msingi.errors import ConfigurationError
from msingi.kernel.models import Installation

if TYPE_CHECKING:
    from msingi.platform import Platform

_Value = TypeVar("_Value")


def mark(platform: "Platform") -> None:
    """Write down, once, whether this database holds a demonstration, and the currency of its money."""
    profile = platform.profile
    with platform.work() as work:
        if work.session.scalar(select(Installation)) is None:
            work.add(Installation(demo=profile.demo, currency=profile.currency, created_at=work.now()))


def refuse_mixing(platform: "Platform") -> None:
    """Stop when a demonstration meets real data, or money of one currency meets another.

    Raises:
        ConfigurationError: the profile and the database are of different kinds or currencies.

    """
    _refuse_another_currency(platform)
    demo = is_demonstration(platform)
    if demo is None or demo == platform.profile.demo:
        return
    if platform.profile.demo:
        raise ConfigurationError(
            "This database holds real data: a demonstration cannot be switched on over it."
        )
    raise ConfigurationError(
        "This database holds a demonstration: it cannot be used for real data. Create a new one."
    )


def _refuse_another_currency(platform: "Platform") -> None:
    kept, wanted = _read(platform, Installation.currency), platform.profile.currency
    if kept is not None and kept != wanted:
        raise ConfigurationError(
            "currency: the money in this database is {kept}, the profile says {wanted}. An installation has one "
            "currency for its whole life: set currency to {kept}, or begin with a new database.",
            kept=kept,
            wanted=wanted,
        )


def _read(platform: "Platform", column: InstrumentedAttribute[_Value]) -> _Value | None:
    with platform.database.read.connect() as connection:
        if not inspect(connection).has_table(Installation.__tablename__):
            return None
        found: _Value | None = connection.scalar(select(column))
        return found


def is_demonstration(platform: "Platform") -> bool | None:
    """Whether the database holds a demonstration; None when it is empty."""
    with platform.database.read.connect() as connection:
        names = inspect(connection).get_table_names()
    if Installation.__tablename__ in names:
        return _read(platform, Installation.demo)
    return False if names else None


def wipe(platform: "Platform") -> None:
    """Empty the database of a demonstration.

    Raises:
        ConfigurationError: it holds anything else.

    """
    kind = is_demonstration(platform)
    if kind is None:
        return
    if not kind:
        raise ConfigurationError(
            "This database holds real data: a demonstration cannot be switched on over it."
        )
    if platform.database.is_sqlite:
        platform.database.dispose()
        remove_file(Path(str(platform.database.url.database)))
        return
    with platform.database.write.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))


def remove_file(path: Path) -> None:
    """Take away an SQLite file and what stands beside it while it is in use."""
    for part in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        part.unlink(missing_ok=True)
