"""Whether a database is there, answers and is as this release needs it: asked before anybody works on it."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from msingi.errors import ConfigurationError
from msingi.kernel.installation import is_demonstration, is_marked, refuse_mixing
from msingi.sayings import Saying
from msingi.unreachable import told_reason

if TYPE_CHECKING:
    from msingi.migrate import PluginStatus
    from msingi.platform import Platform

MIGRATE = "msingi migrate"


def refuse_unready(platform: "Platform") -> None:
    """Stop a command that would work on no database, or on one that is behind; nothing is made.

    Raises:
        ConfigurationError: there is no database, it does not answer, it is empty, behind, newer or of another kind.

    """
    refuse_absent(platform)
    refuse_unreachable(platform)
    refuse_mixing(platform)
    behind = lagging(platform)
    if behind and is_demonstration(platform) is None:
        raise ConfigurationError(
            "database.url: this database is empty. Make its tables with `{command}`.", command=MIGRATE
        )
    if behind:
        raise ConfigurationError(
            "The database is behind this release ({modules}): run `{command}`.",
            command=MIGRATE,
            modules=", ".join(line.plugin for line in behind),
        )


def refuse_unmarked(platform: "Platform") -> None:
    """Stop a server or a worker on tables without the row that guards kind, currency and keys: a setup that broke off.

    Raises:
        ConfigurationError: the row is missing.

    """
    if not is_marked(platform):
        raise ConfigurationError(
            "database.url: the setup of this database was not completed. Complete it with `{command}`.",
            command=MIGRATE,
        )


def refuse_absent(platform: "Platform") -> None:
    """Stop before SQLite would make a file of this name.

    Raises:
        ConfigurationError: there is no such file.

    """
    url = platform.database.url
    name = url.database or ":memory:"
    in_a_file = platform.database.is_sqlite and name != ":memory:" and not name.startswith("file:")
    if in_a_file and not Path(name).is_file():
        raise ConfigurationError(
            "database.url: there is no database {file}. Check the path, or make it with `{command}`.",
            command=MIGRATE,
            file=name,
        )


def refuse_unfit(platform: "Platform") -> None:
    """Stop a server that must not work on its database (I14, F33, attack 105); an old schema may be migrated later.

    Raises:
        ConfigurationError: the database cannot be reached, is of the other kind, or belongs to a newer release.

    """
    from msingi.migrate import status

    refuse_unreachable(platform)
    refuse_mixing(platform)
    status(platform)


def refuse_unreachable(platform: "Platform") -> None:
    """Stop when the database does not answer; what it says itself is not told, for it may hold a password.

    Raises:
        ConfigurationError: no connection, or the file is no database.

    """
    try:
        with platform.database.read.connect() as connection:
            connection.exec_driver_sql(
                "SELECT 1 FROM sqlite_master" if platform.database.is_sqlite else "SELECT 1"
            )
    except DBAPIError as error:
        raise ConfigurationError(
            "database.url: the database cannot be used. Check address, user, password and file rights: {reason}.",
            reason=told_reason(error),
        ) from None


def lagging(platform: "Platform") -> "list[PluginStatus]":
    """The modules whose tables are behind this release."""
    from msingi.migrate import status

    return [line for line in status(platform) if line.behind]


def told_lag(line: "PluginStatus") -> Saying:
    """How far the tables of a module are behind, as a sentence."""
    return Saying(
        "database: {module} is {number} revision behind. Run `{command}`.",
        {"module": line.plugin, "number": line.behind, "command": MIGRATE},
        many="database: {module} is {number} revisions behind. Run `{command}`.",
        number=line.behind,
    )
