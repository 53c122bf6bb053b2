"""What is wrong with the values of a caller: every broken rule with its path, as it was written, and a reason."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any, Final

from pydantic import ValidationError

from msingi.errors import DomainError
from msingi.graphql.made import Given

_NUMBER: Final = "must be a number"
_WHOLE: Final = "must be a whole number"
_DAY: Final = "must be a day, such as 2026-03-31"
_LIST: Final = "must be a list"
_OBJECT: Final = "must be an object with named fields"
_TEXT: Final = "must be a text"
_YES_OR_NO: Final = "must be true or false"
_DIGITS: Final = "has too many digits"
_ONE_OF: Final = "must be one of {expected}"
REASONS: Final[Mapping[str, str]] = {
    "bool_parsing": _YES_OR_NO,
    "bool_type": _YES_OR_NO,
    "date_from_datetime_inexact": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_parsing": _DAY,
    "date_type": _DAY,
    "decimal_max_digits": _DIGITS,
    "decimal_max_places": "at most {decimal_places} decimals",
    "decimal_parsing": _NUMBER,
    "decimal_type": _NUMBER,
    "decimal_whole_digits": _DIGITS,
    "dict_type": _OBJECT,
    "enum": _ONE_OF,
    "extra_forbidden": "there is no such field",
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "int_from_float": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": _DIGITS,
    "int_type": _WHOLE,
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be {le} or less",
    "list_type": _LIST,
    "literal_error": _ONE_OF,
    "missing": "required",
    "model_attributes_type": _OBJECT,
    "model_type": _OBJECT,
    "string_pattern_mismatch": "not written in the expected form",
    "string_too_long": "at most {max_length} characters",
    "string_too_short": "at least {min_length} characters",
    "string_type": _TEXT,
    "too_long": "at most {max_length} entries",
    "too_short": "at least {min_length} entries",
    "tuple_type": _LIST,
}
"""Reasons by pydantic's error type; their texts are keys of the translation catalogue."""
_EMPTY: Final = "must not be empty"
_OTHER: Final = "not valid"


def problems_in(error: ValidationError, *above: str, given: object = None) -> list[dict[str, Any]]:
    """Each broken rule as ``InvalidInput`` lists it: the path below ``above``, the reason and its values.

    Names of fields are told as GraphQL has them; those within a document that was ``given``, as the caller wrote them.
    """
    return [_problem(above, detail, given) for detail in error.errors()]


def _problem(above: Sequence[str], detail: Mapping[str, Any], given: object) -> dict[str, Any]:
    path = ".".join([*map(_camel, above), *_names(detail["loc"], given)])
    cause = detail.get("ctx", {}).get("error")
    if isinstance(cause, DomainError):
        return {"path": path, "code": cause.code, "template": cause.template, "params": cause.params}
    context = {key: _told(value) for key, value in detail.get("ctx", {}).items() if _is_told(value)}
    if "expected" in context:
        context["expected"] = str(context["expected"]).replace(" or ", ", ")
    is_empty = detail["type"] == "string_too_short" and context.get("min_length") == 1
    template = _EMPTY if is_empty else REASONS.get(detail["type"], _OTHER)
    return {"path": path, "code": detail["type"], "template": template, "params": context}


def _names(places: Sequence[int | str], given: object) -> Iterator[str]:
    here, is_document = given, False
    for place in places:
        is_document = is_document or isinstance(here, dict)
        yield str(place) if is_document else _camel(str(place))
        here = _below(here, place)


def _below(here: object, place: int | str) -> object:
    if isinstance(here, Given):
        return vars(here).get(str(place))
    if isinstance(here, Sequence) and isinstance(place, int) and place < len(here):
        return here[place]
    return None


def _is_told(value: object) -> bool:
    """Whether a text may show a value of the rule: causes and other objects it may not."""
    return isinstance(value, int | float | str | Decimal | date | time)


def _told(value: object) -> object:
    """A value of the rule as JSON and people can read it: decimals and days as plain text."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date | time) else value


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
