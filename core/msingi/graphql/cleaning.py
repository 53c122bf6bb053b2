"""Text of callers is cleaned wherever it stands in an argument, unless it is named verbatim (attack 57)."""

import dataclasses
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from msingi.clean_text import AS_TYPED, clean_text
from msingi.graphql.scalars import MAX_LONG_TEXT
from msingi.graphql.shapes import is_record


def holds_human_text(hint: Any) -> bool:
    """Whether a value of this type may hold text that is cleaned, at any depth outside of records."""
    if get_origin(hint) is Annotated:
        return AS_TYPED not in hint.__metadata__ and holds_human_text(get_args(hint)[0])
    return hint is str or any(holds_human_text(inner) for inner in get_args(hint))


def cleaned(value: Any, hint: Any) -> Any:
    """The value with every text in it brought to its clean form; texts of records keep the length of their field.

    Raises:
        DomainError: a text holds a control character or too many marks, or is longer than 10,000 characters.

    """
    if type(value) is str:
        return value if _is_verbatim(hint) else clean_text(value, most=MAX_LONG_TEXT, lines=True)
    if isinstance(value, list):
        inner = _element_of(hint)
        return [cleaned(each, inner) for each in value]
    if isinstance(value, dict):
        hints = _fields_within(hint)
        return {name: cleaned(each, hints.get(name, str)) for name, each in value.items()}
    return value


def _is_verbatim(hint: Any) -> bool:
    if get_origin(hint) is Annotated and AS_TYPED in hint.__metadata__:
        return True
    return any(_is_verbatim(inner) for inner in get_args(hint))


def _element_of(hint: Any) -> Any:
    """The type of the elements of a list, below annotations and alternatives."""
    origin = get_origin(hint)
    if isinstance(origin, type) and issubclass(origin, list | tuple | set | frozenset):
        return get_args(hint)[0]
    found = (_element_of(inner) for inner in get_args(hint))
    return next((inner for inner in found if inner is not None), None)


def _fields_within(hint: Any) -> Mapping[str, Any]:
    """The types of the fields of the record in a hint, below annotations and alternatives."""
    if is_record(hint):
        return _fields_of(hint)
    within: dict[str, Any] = {}
    for inner in get_args(hint):
        within |= _fields_within(inner)
    return within


@lru_cache(maxsize=1024)
def _fields_of(record: type) -> Mapping[str, Any]:
    if issubclass(record, BaseModel):
        return {
            name: Annotated[(info.annotation, *info.metadata)] if info.metadata else info.annotation
            for name, info in record.model_fields.items()
        }
    hints = get_type_hints(record, include_extras=True)
    return {field.name: hints[field.name] for field in dataclasses.fields(record)}  # type: ignore[arg-type]
