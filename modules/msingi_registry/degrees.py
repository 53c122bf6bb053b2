"""The column type of coordinates: exact decimal degrees, stored as whole units of 0.0000001 degree."""

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from sqlalchemy import Integer
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

UNITS_PER_DEGREE: Final = 10_000_000
"""One unit is about a centimetre; 180 degrees still fit in a 32-bit integer."""

_PLACES: Final = Decimal("0.0000001")


class Degrees(TypeDecorator[Decimal]):
    """Decimal degrees (WGS 84) with seven places, equal on every engine; NUMERIC would be a float on SQLite."""

    impl = Integer
    cache_ok = True

    @property
    def python_type(self) -> type[Decimal]:
        """Exact decimals."""
        return Decimal

    def process_bind_param(self, value: Decimal | float | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Round half to even at the seventh place."""
        return None if value is None else to_units(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        """Give back the exact decimal."""
        return None if value is None else Decimal(value) * _PLACES


def to_units(degrees: Decimal | float) -> int:
    """Degrees as whole units of 0.0000001 degree."""
    exact = degrees if isinstance(degrees, Decimal) else Decimal(repr(degrees))
    return int((exact * UNITS_PER_DEGREE).to_integral_value(ROUND_HALF_EVEN))


def stored_degrees(degrees: Decimal | float) -> Decimal:
    """The decimal that a column gives back for this value."""
    return Decimal(to_units(degrees)) * _PLACES
