"""Root fields, extensions and relations: what plugins declared becomes fields of the schema."""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from operator import attrgetter
from typing import Any, Self, get_args
from uuid import UUID

import strawberry
from sqlalchemy import inspect as describe
from sqlalchemy.orm import RelationshipDirection, RelationshipProperty
from strawberry.schema_directive import Location
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField

from msingi.db import Model, Scoped
from msingi.errors import ConfigurationError
from msingi.graphql.asked import asked_of
from msingi.graphql.batch import BatchField, batch_field
from msingi.graphql.inputs import Reader, read_arguments, reader_for
from msingi.graphql.known_types import hints_of
from msingi.graphql.lists import ListShape, page_wish
from msingi.graphql.made import annotation_of
from msingi.graphql.shapes import Shapes, description_of
from msingi.plugin import PUBLIC, SIGNED_IN, Connection, Exposure, Extension, Operation, Permission
from msingi.work import Work


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION], name="allow", description="The permission that the field needs."
)
class Allow:
    """``@allow(permission: "plugin.action")`` in the published schema."""

    permission: str


Call = Callable[[Work, dict[str, Any], strawberry.Info], Any]
"""What a root field calls: the work, the arguments, and what is selected below it."""


class RootField(StrawberryField):
    """A root field that calls a plugin function in the unit of work of the operation."""

    call: Call

    @property
    def is_basic_field(self) -> bool:
        """A root field always needs its info."""
        return False

    def __copy__(self) -> Self:
        copied = super().__copy__()
        copied.call = self.call
        return copied

    def get_result(self, source: Any, info: Any, args: list[Any], kwargs: Any) -> Any:  # noqa: ARG002
        """Call the plugin function."""
        return self.call(info.context, kwargs, info)


def operation_field(operation: Operation, shapes: Shapes, owner: str) -> RootField:
    """The field of a query or mutation; the caller needs its permission and those of the models it answers with."""
    function = operation.function
    where = f"{owner}.{function.__name__}"
    hints = _hints(function, where)
    answer = hints.pop("return")
    readers = _readers(hints)
    needed = _needed(operation.allow, shapes.models_in(answer), shapes)
    told = _told(operation.allow, shapes.models_in(answer), shapes)

    def call(work: Work, given: dict[str, Any], _info: strawberry.Info) -> Any:
        with needed(work):
            result = function(work, **read_arguments(readers, given))
            if work.writes:
                work.session.flush()
            work.seen(operation.allow, result)
            work.platform.trail.shown(work, told, result)
            return result

    return _root(
        operation.name,
        shapes.output(answer, where),
        call,
        function,
        operation.allow,
        _arguments(function, hints, shapes, where),
    )


def connection_field(connection: Connection, shapes: Shapes, owner: str) -> RootField:
    """The field of a paged list."""
    function = connection.function
    where = f"{owner}.{function.__name__}"
    shape = ListShape(connection, shapes)
    hints = _hints(function, where)
    hints.pop("return")
    own = _arguments(function, hints, shapes, where)
    readers = _readers(hints)
    names = {argument.python_name for argument in own}
    needed = _needed(connection.allow, [connection.model], shapes)
    seen = _told(connection.allow, [connection.model], shapes).get(connection.model, connection.allow)

    def call(work: Work, given: dict[str, Any], info: strawberry.Info) -> Any:
        with needed(work):
            mine = {name: value for name, value in given.items() if name in names}
            statement = function(work, **read_arguments(readers, mine))
            page = shape.page(work, statement, given, page_wish(info._raw_info))  # noqa: SLF001
            work.seen(seen, page)
            return page

    return _root(connection.name, shape.type, call, function, connection.allow, [*shape.arguments(), *own])


def _readers(hints: Mapping[str, Any]) -> dict[str, Reader]:
    return {name: reader for name, hint in hints.items() if (reader := reader_for(hint)) is not None}


def extension_field(extension: Extension, shapes: Shapes, owner: str) -> BatchField:
    """A field added to an exposed model; nullable, so that a fault blanks this field only."""
    function = extension.function
    where = f"{owner}.{function.__name__}"
    hints = _hints(function, where)
    answer = get_args(hints.pop("return"))
    if len(answer) != 2:  # noqa: PLR2004 - key and value of a mapping
        raise ConfigurationError(
            "{place}: an extension returns dict[UUID, value], keyed by the parent's id.", place=where
        )
    hints.pop(next(iter(inspect.signature(function).parameters)), None)
    readers = _readers(hints)
    needed = _needed(extension.allow, shapes.models_in(answer[1]), shapes)
    told = _told(extension.allow, shapes.models_in(answer[1]), shapes)

    def answer_all(members: Sequence[Any], info: Any, given: dict[str, Any]) -> Mapping[UUID, Any]:
        work: Work = info.context
        with needed(work), work.answering(asked_of(info._raw_info)):  # noqa: SLF001
            found: Mapping[UUID, Any] = function(members, work, **read_arguments(readers, given))
            work.platform.trail.record_read(work, extension.allow, extension.model.__tablename__, found)
            work.platform.trail.shown(work, told, found)
            return found

    return batch_field(
        answer_all,
        type_=shapes.output(answer[1], where) | None,
        name=extension.name,
        description=_sentence(function, where),
        arguments=_arguments(function, hints, shapes, where, skip=2),
        directives=[Allow(permission=extension.allow.name)],
        reads=extension.reads,
    )


def relation_fields(exposure: Exposure, shapes: Shapes) -> Iterable[BatchField]:
    """The relationships among the exposed names, each loaded once for a whole list of parents."""
    relations = describe(exposure.model).relationships
    for name in exposure.fields:
        if name in relations:
            yield _relation(exposure.model, relations[name], shapes)


def _relation(model: type[Model], relation: RelationshipProperty[Any], shapes: Shapes) -> BatchField:
    target: type[Model] = relation.mapper.class_
    place = f"{model.__name__}.{relation.key}"
    if target not in shapes.exposures:
        text = "{place}: {type} is not exposed; expose it with the fields that it shows."
        raise ConfigurationError(text, place=place, type=target.__name__)
    if relation.direction is not RelationshipDirection.MANYTOONE:
        raise ConfigurationError("{place}: expose lists with an extension, not a relationship.", place=place)
    allow = shapes.exposures[target].allow
    (local,) = relation.local_columns
    key = model.__mapper__.get_property_by_column(local).key

    def load(members: Sequence[Any], info: Any, _given: dict[str, Any]) -> Mapping[UUID, Any]:
        work: Work = info.context
        with work.allowed(allow):
            ids = (getattr(member, key) for member in members)
            found = work.by_ids(target, ids, attributes=asked_of(info._raw_info))  # noqa: SLF001
        work.platform.trail.record_read(work, allow, target.__tablename__, found)
        return {member.id: found.get(getattr(member, key)) for member in members}

    return batch_field(
        load,
        type_=shapes.object_type(target) | None,
        name=relation.key,
        description=description_of(model, key),
        directives=[Allow(permission=allow.name)],
        reads=(key,),
    )


def _root(
    name: str,
    annotation: Any,
    call: Call,
    function: Callable[..., Any],
    allow: Permission,
    arguments: list[StrawberryArgument],
) -> RootField:
    field = RootField(
        python_name=name,
        type_annotation=annotation_of(annotation),
        description=_sentence(function, name),
        directives=[Allow(permission=allow.name)],
    )
    field.call = call
    field.arguments = arguments
    return field


def _arguments(
    function: Callable[..., Any], hints: Mapping[str, Any], shapes: Shapes, where: str, *, skip: int = 1
) -> list[StrawberryArgument]:
    parameters = list(inspect.signature(function).parameters.values())[skip:]
    return [_argument(parameter, hints, shapes, f"{where}({parameter.name})") for parameter in parameters]


def _argument(
    parameter: inspect.Parameter, hints: Mapping[str, Any], shapes: Shapes, where: str
) -> StrawberryArgument:
    if parameter.name not in hints:
        raise ConfigurationError(
            "GraphQL: “{place}” has no type; write it beside the name, as in text: str.", place=where
        )
    annotation = annotation_of(shapes.input(hints[parameter.name], where))
    return StrawberryArgument(parameter.name, None, annotation, default=parameter.default)


def _hints(function: Callable[..., Any], where: str) -> dict[str, Any]:
    hints = hints_of(function, where)
    if "return" not in hints:
        text = "{place}: say what it returns; the answer's type is part of the schema."
        raise ConfigurationError(text, place=where)
    return {name: hint for name, hint in hints.items() if hint is not Work}


def _needed(
    allow: Permission, answered: Iterable[type[Model]], shapes: Shapes
) -> Callable[[Work], AbstractContextManager[None]]:
    """How to enter an operation: with its permission and those of its answer, only where all of them hold.

    Who lacks several is told of the operation's own one first: the published schema names it beside the field.
    """
    shown = {shapes.exposures[model].allow for model in answered} - {allow}
    by_place = {shapes.exposures[model].allow for model in answered if issubclass(model, Scoped)}
    bounding = (by_place & shown) - {PUBLIC, SIGNED_IN}
    in_order = (allow, *sorted(shown, key=attrgetter("name")))

    def enter(work: Work) -> AbstractContextManager[None]:
        for permission in in_order:
            work.require(permission)
        return work.allowed(allow, *bounding)

    return enter


def _told(
    allow: Permission, answered: Iterable[type[Model]], shapes: Shapes
) -> Mapping[type[Model], Permission]:
    """The types of an answer that are read under a sensitive permission of their own, where the field's is none."""
    if allow.sensitive:
        return {}
    read_under = {model: shapes.exposures[model].allow for model in answered}
    return {model: permission for model, permission in read_under.items() if permission.sensitive}


def _sentence(function: Callable[..., Any], where: str) -> str:
    text = inspect.getdoc(function)
    if not text:
        raise ConfigurationError(
            "{place}: add a docstring; it is the description in the schema.", place=where
        )
    return text.partition("\n\n")[0].replace("\n", " ")
