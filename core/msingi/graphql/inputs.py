"""Arguments of plugin functions: GraphQL values become validated pydantic models, every problem with its path."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from enum import Enum
from typing import Any, get_args

import strawberry
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from msingi.errors import DomainError, InvalidInput
from msingi.graphql.cleaning import cleaned, holds_human_text
from msingi.graphql.made import Given
from msingi.graphql.shapes import is_record

Reader = Callable[[Any], Any]
REASONS: Mapping[str, str] = {
    "string_too_short": "at least {min_length} characters",
    "string_too_long": "at most {max_length} characters",
    "string_pattern_mismatch": "not written in the expected form",
    "greater_than": "must be more than {gt}",
    "greater_than_equal": "must be {ge} or more",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be {le} or less",
    "too_short": "at least {min_length} entries",
    "too_long": "at most {max_length} entries",
    "missing": "required",
    "literal_error": "must be one of {expected}",
    "enum": "must be one of {expected}",
}
"""Reasons by pydantic's error type; their texts are keys of the translation catalogue."""
EMPTY = "must not be empty"
OTHER_REASON = "not valid"


def reader_for(hint: Any) -> Reader | None:
    """How to turn a GraphQL value into the clean Python value that the hint names; None when it is already that."""
    if _has_record(hint) or _is_constrained(hint):
        adapter: TypeAdapter[Any] = TypeAdapter(hint)
        return lambda value: adapter.validate_python(cleaned(_plain(value), hint))
    if holds_human_text(hint):
        return lambda value: cleaned(value, hint)
    return None


def read_arguments(readers: Mapping[str, Reader], given: Mapping[str, Any]) -> dict[str, Any]:
    """Convert every argument.

    Raises:
        InvalidInput: some fields break their rule; all of them are listed.

    """
    values = {name: value for name, value in given.items() if value is not strawberry.UNSET}
    problems: list[dict[str, Any]] = []
    for name, reader in readers.items():
        if name in values:
            try:
                values[name] = reader(values[name])
            except ValidationError as error:
                problems.extend(problems_in(error, name))
    if problems:
        raise InvalidInput(fields=problems)
    return values


def problems_in(error: ValidationError, *above: str) -> list[dict[str, Any]]:
    """Each broken rule as ``InvalidInput`` lists it: the path below ``above``, the reason and its values."""
    return [_problem(above, detail) for detail in error.errors()]


def _problem(above: Sequence[str], detail: Mapping[str, Any]) -> dict[str, Any]:
    path = ".".join(_camel(str(part)) for part in (*above, *detail["loc"]))
    cause = detail.get("ctx", {}).get("error")
    if isinstance(cause, DomainError):
        return {"path": path, "code": cause.code, "template": cause.template, "params": cause.params}
    context = {key: _told(value) for key, value in detail.get("ctx", {}).items() if _is_told(value)}
    is_empty = detail["type"] == "string_too_short" and context.get("min_length") == 1
    template = EMPTY if is_empty else REASONS.get(detail["type"], OTHER_REASON)
    return {"path": path, "code": detail["type"], "template": template, "params": context}


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


def _has_record(hint: Any) -> bool:
    return is_record(hint) or any(_has_record(inner) for inner in get_args(hint))


def _is_constrained(hint: Any) -> bool:
    """Whether a rule stands beside the type: ``Annotated[int, Field(ge=1, le=12)]``."""
    rules = getattr(hint, "__metadata__", ())
    return any(isinstance(rule, FieldInfo) and rule.metadata for rule in rules) or any(
        _is_constrained(inner) for inner in get_args(hint)
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value
    if isinstance(value, Given):
        return {key: _plain(inner) for key, inner in vars(value).items() if inner is not strawberry.UNSET}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_plain(inner) for inner in value]
    return value
