"""Why a revision fails on a database: told with the names of things, and never with a value of a row."""

from typing import Final

from sqlalchemy.exc import DBAPIError

from msingi.errors import ConfigurationError, DatabaseAway, StorageFull, TooBusy
from msingi.failures import as_refusal

_ANOTHER_TIME: Final = (TooBusy, DatabaseAway, StorageFull)


def misfit(error: DBAPIError, *, plugin: str, revision: str) -> ConfigurationError | None:
    """The sentence for a revision that does not fit the data; None when the database only lacks time, space or a line."""
    if isinstance(as_refusal(error), _ANOTHER_TIME):
        return None
    return ConfigurationError(
        "Revision {revision} of “{plugin}” does not fit this database ({reason}). Nothing was changed: the release "
        "before still works with it. Whoever writes the plugin must correct the revision; a column that becomes "
        "required needs a value for the rows that are there (docs/how-to/write-a-module.md, “Change a table”).",
        plugin=plugin,
        revision=revision,
        reason=_reason(error),
    )


def _reason(error: DBAPIError) -> str:
    """The kind of the error and the names it concerns: PostgreSQL repeats values in its text, SQLite does not."""
    told = getattr(error.orig, "diag", None)
    if told is None:
        return str(error.orig)
    names = (told.table_name, told.column_name or told.constraint_name)
    return " ".join([type(error.orig).__name__, ".".join(filter(None, names))]).strip()
