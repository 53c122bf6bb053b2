"""Types made from declarations: strawberry's definitions, without the dataclasses that written classes become."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, ClassVar, Final

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

Fields = Mapping[str, tuple[Any, StrawberryField]]
"""Annotation and field by Python name; a field that has an annotation of its own keeps it."""

_MOST_ANNOTATIONS: Final = 4_096


class Given:
    """A value of a made input type: what the caller gave, by Python name; what he left out is not there."""

    _null_is_unset: ClassVar[frozenset[str]] = frozenset()
    """Fields that take no null but may be left out: a null of theirs, as forms send it for an empty field, is left out."""

    def __init__(self, **given: Any) -> None:
        empty = self._null_is_unset
        vars(self).update(
            {key: value for key, value in given.items() if value is not None or key not in empty}
        )


def make_object(name: str, fields: Fields, description: str) -> Any:
    """An object type of this name; its values are whatever has these attributes."""
    return _make(type(name, (), {}), name, fields, description)


def make_input(
    name: str, fields: Fields, description: str, *, null_is_unset: frozenset[str] = frozenset()
) -> Any:
    """An input type of this name; its values are `Given`."""
    made = type(name, (Given,), {"_null_is_unset": null_is_unset})
    return _make(made, name, fields, description)


@lru_cache(maxsize=_MOST_ANNOTATIONS)
def annotation_of(hint: Any) -> StrawberryAnnotation:
    """The annotation of a type that is known, not written as text: resolved once for all fields that share it."""
    return StrawberryAnnotation(hint)


def plain_field(
    description: str | None, *, name: str | None = None, optional: bool = False
) -> StrawberryField:
    """A field that reads an attribute; an ``optional`` one of an input type may be left out."""
    left_out = {"default": strawberry.UNSET} if optional else {}
    return StrawberryField(graphql_name=name, description=description, **left_out)


def _make(made: type, name: str, fields: Fields, description: str) -> Any:
    for key, (hint, field) in fields.items():
        field.python_name = key
        field.origin = made
        field.type_annotation = field.type_annotation or annotation_of(hint)
    definition = StrawberryObjectDefinition(
        name=name,
        is_input=issubclass(made, Given),
        is_interface=False,
        origin=made,
        description=description,
        interfaces=[],
        extend=False,
        directives=(),
        is_type_of=None,
        resolve_type=None,
        fields=[field for _, field in fields.values()],
    )
    made.__strawberry_definition__ = definition  # type: ignore[attr-defined]
    return made
