"""Python types to GraphQL types: exposed models, pydantic models, dataclasses, enums and scalars."""

import dataclasses
import types
from collections.abc import Callable, Collection, Mapping, Sequence
from enum import Enum
from inspect import getdoc
from typing import Annotated, Any, Union, get_args, get_origin

import strawberry
from pydantic import BaseModel
from sqlalchemy import inspect as describe
from sqlalchemy.orm import Mapped
from strawberry.scalars import JSON
from strawberry.types.field import StrawberryField

from msingi.db import Model
from msingi.errors import ConfigurationError
from msingi.graphql.guards import guarded_field
from msingi.graphql.known_types import hints_of, known_leaf, member_of_list, refuse_mixed
from msingi.graphql.made import make_input, make_object, plain_field
from msingi.plugin import Exposure
from msingi.sayings import LISTED


class Shapes:
    """The GraphQL types of one platform, made once each from the Python types that plugins name."""

    def __init__(self, exposures: Sequence[Exposure]) -> None:
        self.exposures = {exposure.model: exposure for exposure in exposures}
        self._made: dict[tuple[object, bool], Any] = {}
        self._owners: dict[str, type] = {}

    def output(self, hint: Any, where: str) -> Any:
        """The annotation of an answer; ``where`` names the plugin function in errors."""
        return self._convert(hint, where, takes_input=False)

    def input(self, hint: Any, where: str) -> Any:
        """The annotation of an argument."""
        return self._convert(hint, where, takes_input=True)

    def models_in(self, hint: Any) -> set[type[Model]]:
        """The exposed models that an answer of this type may show at its first level."""
        if isinstance(hint, type) and hint in self.exposures:
            return {hint}
        if is_record(hint):
            return set().union(*(self.models_in(inner) for inner, _ in described_fields(hint).values()))
        return set().union(*(self.models_in(inner) for inner in get_args(hint)))

    def object_type(self, model: type[Model]) -> Any:
        """The GraphQL type of an exposed model, with its plain fields."""
        return self._once(model, takes_input=False, make=lambda: self._from_model(self.exposures[model]))

    def _convert(self, hint: Any, where: str, *, takes_input: bool) -> Any:
        origin, arguments = get_origin(hint), get_args(hint)
        if origin is Annotated:
            return self._convert(arguments[0], where, takes_input=takes_input)
        if origin in {Union, types.UnionType}:
            refuse_mixed(hint, where, are_objects=lambda kinds: not takes_input and self._are_objects(kinds))
            inner = [self._convert(part, where, takes_input=takes_input) for part in arguments]
            return Union[tuple(inner)]  # noqa: UP007 - built from values
        if origin is dict and not takes_input:
            return JSON
        if origin is not None and isinstance(origin, type) and issubclass(origin, Sequence):
            return list_of(self._convert(member_of_list(hint, where), where, takes_input=takes_input))
        if isinstance(hint, type):
            return self._named(hint, where, takes_input=takes_input)
        return known_leaf(hint, where)

    def _are_objects(self, kinds: Sequence[Any]) -> bool:
        return all(kind in self.exposures or is_record(kind) for kind in kinds)

    def _named(self, hint: type, where: str, *, takes_input: bool) -> Any:
        if issubclass(hint, Model):
            if takes_input or hint not in self.exposures:
                raise ConfigurationError(
                    "{place}: {type} is not exposed; expose it or use plain values.",
                    place=where,
                    type=hint.__name__,
                )
            return self.object_type(hint)
        if issubclass(hint, Enum):
            return self._once(hint, takes_input=False, make=lambda: document_enum(hint))
        if is_record(hint):
            return self._once(
                hint,
                takes_input=takes_input,
                make=lambda: self._from_record(hint, where, takes_input=takes_input),
            )
        return known_leaf(hint, where)

    def _once(self, key: type, *, takes_input: bool, make: Callable[[], Any]) -> Any:
        if (key, takes_input) not in self._made:
            self._refuse_taken_name(key)
            self._made[key, takes_input] = make()
        return self._made[key, takes_input]

    def _refuse_taken_name(self, key: type) -> None:
        """Two types of one name would stand for each other without a word (trap 7)."""
        exposure = self.exposures.get(key) if issubclass(key, Model) else None
        name = key.__name__ if exposure is None else exposure.name
        other = self._owners.setdefault(name, key)
        if other is not key:
            raise ConfigurationError(
                "GraphQL: {first} and {second} both define a type named {name}; rename one.",
                first=other.__module__,
                second=key.__module__,
                name=name,
            )

    def _from_model(self, exposure: Exposure) -> Any:
        model, hints = exposure.model, column_hints(exposure.model)
        _refuse_unknown(exposure, {*hints, *describe(model).relationships.keys()})
        fields: dict[str, tuple[Any, StrawberryField]] = {}
        for name in exposure.fields:
            if name in hints:
                annotation = self.output(hints[name], f"{model.__name__}.{name}")
                fields[name] = (annotation, _column_field(exposure, name, annotation))
        return make_object(exposure.name, fields, _doc(model))

    def _from_record(self, record: type, where: str, *, takes_input: bool) -> Any:
        fields: dict[str, tuple[Any, StrawberryField]] = {}
        for name, (hint, description) in described_fields(record).items():
            annotation = self._convert(hint, f"{where} ({record.__name__}.{name})", takes_input=takes_input)
            optional = takes_input and not _is_required(record, name)
            fields[name] = (
                annotation | None if optional else annotation,
                plain_field(description, optional=optional),
            )
        if not takes_input:
            return make_object(record.__name__, fields, _doc(record))
        unset = frozenset(
            name
            for name, (hint, _) in described_fields(record).items()
            if not _is_required(record, name) and not _takes_none(hint)
        )
        return make_input(record.__name__, fields, _doc(record), null_is_unset=unset)


def _refuse_unknown(exposure: Exposure, known: Collection[str]) -> None:
    unknown = [name for name in (*exposure.fields, *exposure.guarded) if name not in known]
    if unknown:
        raise ConfigurationError(
            "{type} has no field {name}, which is exposed; it has: {known}.",
            type=exposure.model.__name__,
            name=unknown[0],
            known=LISTED.join(sorted(known)),
        )


def _column_field(exposure: Exposure, name: str, annotation: Any) -> StrawberryField:
    description = description_of(exposure.model, name)
    if name in exposure.guarded:
        return guarded_field(exposure, name, annotation, description)
    return plain_field(description)


def list_of(kind: Any) -> Any:
    """The annotation of a list of a type that is only known at run time."""
    return types.GenericAlias(list, (kind,))


def is_record(hint: object) -> bool:
    """Whether a type is a pydantic model or a dataclass: a value with named fields."""
    return isinstance(hint, type) and (
        issubclass(hint, BaseModel)
        or (dataclasses.is_dataclass(hint) and not hasattr(hint, "__composite_values__"))
    )


def described_fields(record: type) -> Mapping[str, tuple[Any, str | None]]:
    """Type and description of each field of a record."""
    if issubclass(record, BaseModel):
        return {name: (info.annotation, info.description) for name, info in record.model_fields.items()}
    hints = hints_of(record, f"{record.__module__}.{record.__qualname__}")
    return {
        field.name: (hints[field.name], field.metadata.get("doc"))
        for field in dataclasses.fields(record)  # type: ignore[arg-type]
    }


def column_hints(model: type[Model]) -> dict[str, Any]:
    """The Python type of each plain attribute of a model, by name."""
    hints = hints_of(model, f"{model.__module__}.{model.__qualname__}")
    plain = {*model.__mapper__.column_attrs.keys(), *model.__mapper__.composites.keys()}
    return {
        name: get_args(hint)[0]
        for name, hint in hints.items()
        if name in plain and get_origin(hint) is Mapped
    }


def description_of(model: type[Model], name: str) -> str:
    """The sentence that describes an attribute.

    Raises:
        ConfigurationError: an exposed attribute has none.

    """
    attribute = model.__mapper__.attrs[name]
    composite = model.__mapper__.composites.get(name)
    column = (composite.props[0] if composite is not None else attribute).columns[0]
    if not column.doc:
        raise ConfigurationError(
            "{place} is exposed but not described: add doc='...' to its column.",
            place=f"{model.__name__}.{name}",
        )
    return str(column.doc)


def _is_required(record: type, name: str) -> bool:
    if issubclass(record, BaseModel):
        return record.model_fields[name].is_required()
    field = next(field for field in dataclasses.fields(record) if field.name == name)  # type: ignore[arg-type]
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _takes_none(hint: Any) -> bool:
    if get_origin(hint) is Annotated:
        return _takes_none(get_args(hint)[0])
    return hint in {None, types.NoneType, Any} or types.NoneType in get_args(hint)


def document_enum(kind: type[Enum]) -> Any:
    """The enumeration with its sentence, known to every schema by one name."""
    return strawberry.enum(kind, description=_doc(kind))


def _doc(thing: type) -> str:
    return (getdoc(thing) or "").partition("\n\n")[0].replace("\n", " ")
