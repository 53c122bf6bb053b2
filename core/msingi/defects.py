"""Defects on their way into the log: kinds and places for everybody, the whole story only for the tests of a plugin."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from msingi.failures import error_kinds, places


@dataclass(frozen=True, slots=True)
class Defect:
    """What a masked exception was; it may quote data of patients, so it is for made-up data only."""

    reference: str
    story: str
    """The traceback with its message and causes."""


_WATCHED: Final[ContextVar[list[Defect] | None]] = ContextVar("msingi_defects", default=None)


def tell_defect(log: Any, event: str, error: BaseException, *, reference: str, **about: object) -> None:
    """Log a defect without its message, which may quote data of patients (attack 97)."""
    watched = _WATCHED.get()
    if watched is not None:
        watched.append(Defect(reference, "".join(traceback.format_exception(error))))
    log.error(event, **about, reference=reference, error=error_kinds(error), at=places(error))


@contextmanager
def watched_defects() -> Iterator[list[Defect]]:
    """The defects of a block, of this context and of the threads that inherit it."""
    watched: list[Defect] = []
    before = _WATCHED.set(watched)
    try:
        yield watched
    finally:
        _WATCHED.reset(before)
