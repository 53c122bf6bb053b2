"""A register, as the report of registers counts it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from msingi.db import Model


@dataclass(frozen=True, slots=True)
class Register:
    """A register: its name in reports, its records, the column of their places, and which of them are active.

    A register without places belongs to the whole country. ``only`` leaves records of another kind out.
    """

    name: str
    model: type[Model]
    place: InstrumentedAttribute[Any] | None
    active: ColumnElement[bool]
    only: ColumnElement[bool] | None = None
