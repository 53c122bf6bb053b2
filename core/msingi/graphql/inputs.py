"""Arguments of plugin functions: GraphQL values become validated pydantic models, every problem with its path."""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any, get_args

import strawberry
from pydantic import TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from msingi.errors import InvalidInput
from msingi.graphql.cleaning import cleaned, holds_human_text
from msingi.graphql.input_problems import problems_in
from msingi.graphql.made import Given
from msingi.graphql.shapes import is_record

Reader = Callable[[Any], Any]


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
                problems.extend(problems_in(error, name, given=values[name]))
    if problems:
        raise InvalidInput(fields=problems)
    return values


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
