"""The plain text of a value that a workbook holds or a list is written from."""

import datetime as dt
from decimal import Decimal


def cell_text(value: object) -> str:
    """The plain text of a cell value: decimals with a point, no exponent, ISO dates, ``true`` and ``false``."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return format(Decimal(int(value) if value.is_integer() else repr(value)), "f")
        case dt.date() | dt.time():
            return _moment(value)
        case _:
            return str(value)


def _moment(value: dt.date | dt.time) -> str:
    midnight = isinstance(value, dt.datetime) and value.time() == dt.time()
    return value.isoformat()[:10] if midnight else value.isoformat()
