"""Adds a record and writes it at once, for callers that need its id."""

from typing import TypeVar

from msingi.db import Model
from msingi.work import Work

_Model = TypeVar("_Model", bound=Model)


def add_now(work: Work, record: _Model) -> _Model:
    """Add a record; it is written, and has its id, when this returns."""
    work.add(record)
    work.session.flush()
    return record
