"""What a failure means: to the caller a coded refusal, a reason to repeat or a defect; to the log its kind and place."""

import traceback
from collections.abc import Callable
from pathlib import PurePath
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError

from msingi.errors import BrokenReference, DatabaseAway, DomainError, StaleVersion, StorageFull, TooBusy
from msingi.pooled import is_stale_plan

_TRANSIENT_STATES = frozenset({"40001", "40P01", "55P03"})
_AWAY_STATES = ("08", "57P0")
_FULL_STATES = frozenset({"53100", "58030"})
_UNIQUE_STATE = "23505"
_REFERENCE_STATE = "23503"
_BUSY_STATES = frozenset({"53300", "57014"})
RETRY_AFTER_SECONDS = 5
_Value = TypeVar("_Value")


def refusing(function: Callable[[], _Value]) -> _Value:
    """Call a function; a failure of the database that means something to the caller is raised as that refusal."""
    try:
        return function()
    except SQLAlchemyError as error:
        refusal = as_refusal(error)
        if refusal is None:
            raise
        raise refusal from error


def is_transient(error: BaseException) -> bool:
    """Whether repeating the whole transaction may succeed: deadlock, serialisation, lock wait (F40)."""
    if not isinstance(error, DBAPIError):
        return False
    return _state(error) in _TRANSIENT_STATES or "database is locked" in str(error.orig)


def may_pass(error: BaseException) -> bool:
    """Whether the same work may go through, or meet a proper refusal, when it is repeated as a whole."""
    return is_transient(error) or is_race(error) or is_outdated(error)


def is_outdated(error: BaseException) -> bool:
    """Whether a migration changed a table under a running server: the next connection knows the new one."""
    return isinstance(error, DBAPIError) and is_stale_plan(error.orig)


def is_race(error: BaseException) -> bool:
    """Whether somebody else was faster with a value that must be unique: repeating the work will meet it."""
    if not isinstance(error, IntegrityError):
        return False
    return _state(error) == _UNIQUE_STATE or "UNIQUE constraint failed" in str(error.orig)


def as_refusal(error: BaseException) -> DomainError | None:
    """The refusal that a failure means to the caller, or None when it is a defect."""
    if isinstance(error, PoolTimeout) or is_transient(error):
        return TooBusy(seconds=RETRY_AFTER_SECONDS)
    if isinstance(error, StaleDataError):
        return StaleVersion(current="?", expected="?")
    return _meaning(error) if isinstance(error, DBAPIError) else None


def _meaning(error: DBAPIError) -> DomainError | None:
    if _state(error) == _REFERENCE_STATE or "FOREIGN KEY constraint failed" in str(error.orig):
        return BrokenReference()
    if _state(error) in _FULL_STATES or _is_full_sqlite(error):
        return StorageFull()
    if is_away(error):
        return DatabaseAway(seconds=RETRY_AFTER_SECONDS)
    stopped = _state(error) in _BUSY_STATES or str(error.orig) == "interrupted"
    return TooBusy(seconds=RETRY_AFTER_SECONDS) if stopped else None


def is_away(error: DBAPIError) -> bool:
    """Whether the server went away or cannot be reached; a failed connect has no state at all."""
    unreachable = isinstance(error, OperationalError) and error.statement is None and not _state(error)
    return error.connection_invalidated or _state(error).startswith(_AWAY_STATES) or unreachable


def _state(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", "") or "")


def _is_full_sqlite(error: DBAPIError) -> bool:
    text = str(error.orig)
    return isinstance(error, OperationalError) and ("disk is full" in text or "disk I/O error" in text)


def error_kinds(error: BaseException) -> str:
    """Return the types of an exception and its causes, without their messages."""
    kinds: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(kinds) < 10:  # noqa: PLR2004 - a chain this long says nothing new
        kinds.append(type(cause).__qualname__)
        cause = cause.__cause__ or cause.__context__
    return " < ".join(kinds)


def places(error: BaseException) -> list[str]:
    """Return the innermost twenty places of a traceback as `file:line function`."""
    frames = traceback.extract_tb(error.__traceback__)[-20:]
    return [f"{PurePath(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames]
