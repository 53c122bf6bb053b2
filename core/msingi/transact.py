"""Repeat a whole unit of work when that may help: deadlock, serialisation, lock wait, a lost race (F40)."""

import secrets
import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from msingi.failures import is_outdated, may_pass

FIRST_WAIT_SECONDS = 0.02
PATIENCE_SECONDS = 5.0
"""Who waited longer for a lock is told that the server is busy, instead of waiting as long once more."""
_LOCK_NOT_AVAILABLE = "55P03"
_Value = TypeVar("_Value")
_random = secrets.SystemRandom()


def transact(function: Callable[[], _Value], *, attempts: int = 4) -> _Value:
    """Call ``function`` until its transaction goes through, at most ``attempts`` times, and return its value.

    ``function`` opens its own unit of work and does nothing outside it. A lost connection is not repeated: the
    commit may have happened, and only an idempotency key can tell (F19). A wait for a lock is repeated only while
    the whole took less than ``PATIENCE_SECONDS``.
    """
    began = time.monotonic()
    for attempt in range(1, attempts):
        try:
            return function()
        except DBAPIError as error:
            if not may_pass(error) or _lost_connection(error):
                raise
            if _waited_for_a_lock(error) and time.monotonic() - began > PATIENCE_SECONDS:
                raise
            time.sleep(FIRST_WAIT_SECONDS * 2 ** (attempt - 1) * _random.uniform(0.5, 1.5))
    return function()


def _lost_connection(error: DBAPIError) -> bool:
    """Whether the commit may have happened; a connection that we gave up for its stale plan did not commit."""
    if is_outdated(error):
        return False
    return error.connection_invalidated or _state(error).startswith("08")


def _waited_for_a_lock(error: DBAPIError) -> bool:
    return _state(error) == _LOCK_NOT_AVAILABLE or "database is locked" in str(error.orig)


def _state(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", "") or "")
