"""What kind of installation a database belongs to: a demonstration never runs over real data (attack 105)."""

from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from sqlalchemy import inspect, select, text
from sqlalchemy.orm import InstrumentedAttribute

from msingi.address import is_file_uri
from msingi.errors import ConfigurationError
from msingi.kernel.keys import prove_keys, refuse_other_keys
from msingi.kernel.models import Installation

if TYPE_CHECKING:
    from msingi.platform import Platform

VERSION_TABLE: Final = "alembic_version_"
"""The table that says how far the migrations of a module went; the name of the module follows."""
JOB_TABLES: Final = "procrastinate_"
_Value = TypeVar("_Value")


def mark(platform: "Platform") -> None:
    """Write down, once, whether this database holds a demonstration, the currency of its money, and a proof of its keys."""
    profile = platform.profile
    with platform.work() as work:
        row = work.session.scalar(select(Installation))
        if row is None:
            row = work.add(Installation(demo=profile.demo, currency=profile.currency, created_at=work.now()))
        prove_keys(row, work.keyring)


def refuse_mixing(platform: "Platform") -> None:
    """Stop when a demonstration meets real data, or money of one currency or keys of one database meet others.

    Raises:
        ConfigurationError: the profile and the database are of different kinds or currencies, or the keys are wrong.

    """
    refuse_other_keys(platform)
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


def is_marked(platform: "Platform") -> bool:
    """Whether the database says what installation it holds: the last step of setting it up."""
    return _read(platform, Installation.id) is not None


def refuse_uncertain_file(platform: "Platform") -> None:
    """Refuse a database that is named so that its file is not certain.

    Raises:
        ConfigurationError: it is.

    """
    if is_file_uri(platform.database.url):
        raise ConfigurationError(
            "database.url: a demonstration needs the plain path of its file: sqlite:///demo.db."
        )


def wipe(platform: "Platform") -> None:
    """Empty the database of a demonstration.

    Raises:
        ConfigurationError: it holds anything else, or is named so that its file is not certain.

    """
    refuse_uncertain_file(platform)
    if not _may_be_emptied(platform):
        return
    if platform.database.is_sqlite:
        platform.database.dispose()
        _remove_file(Path(str(platform.database.url.database)))
        return
    with platform.database.write.begin() as connection:
        schema = connection.dialect.identifier_preparer.quote(inspect(connection).default_schema_name or "")
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        connection.execute(text(f"CREATE SCHEMA {schema}"))


def _may_be_emptied(platform: "Platform") -> bool:
    """Whether there is something to take away, all of it a demonstration's."""
    with platform.database.read.connect() as connection:
        names = sorted({*inspect(connection).get_table_names(), *inspect(connection).get_view_names()})
    if not names:
        return False
    demo = _read(platform, Installation.demo)
    if demo is None:
        raise ConfigurationError(
            "This database holds tables, but no mark of a demonstration: it is not emptied. Name another one, or "
            "take the tables away yourself. The first is {table}.",
            table=names[0],
        )
    if not demo:
        raise ConfigurationError(
            "This database holds real data: a demonstration cannot be switched on over it."
        )
    foreign = _foreign(names)
    if foreign:
        raise ConfigurationError(
            "This database holds a demonstration and tables of something else: it is not emptied. The first of these "
            "is {table}.",
            table=foreign[0],
        )
    return True


def _foreign(names: list[str]) -> list[str]:
    """The tables of no module whose migrations ran here, whether this release has the module or not."""
    modules = (name.removeprefix(VERSION_TABLE) for name in names if name.startswith(VERSION_TABLE))
    ours = (VERSION_TABLE, JOB_TABLES, *(f"{module}_" for module in modules))
    return [name for name in names if not name.startswith(ours)]


def _remove_file(path: Path) -> None:
    """Take away an SQLite file and what stands beside it while it is in use."""
    for part in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        part.unlink(missing_ok=True)
