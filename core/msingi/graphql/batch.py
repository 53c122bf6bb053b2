"""Batch fields: a resolver that answers for a whole list of parents in one call."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeAlias

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.base import StrawberryList, StrawberryOptional
from strawberry.types.field import StrawberryField

BatchFunction: TypeAlias = Callable[[Sequence[Any], strawberry.Info, dict[str, Any]], Mapping[Any, Any]]
"""`(parents, info, arguments) -> answers by parent id`; a parent without an answer has null, or an empty list."""

Guard: TypeAlias = Callable[[strawberry.Info], bool]
"""Tells, once per selection, whether the actor may read the field; a refused field is null."""


@dataclass(frozen=True, slots=True)
class Parents:
    """Stands for the parent when a batch field is asked for many; it then returns answers by parent id."""

    members: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """Stands for the parent when its answer is already known."""

    value: Any


@dataclass(frozen=True, slots=True)
class Failure:
    """The exception that a batch function raised, to be raised again for each parent."""

    error: Exception
    trace: TracebackType | None


@dataclass(frozen=True, slots=True)
class GuardQuestion:
    """Stands for the parent when only the guard of a plain field is asked."""


class BatchField(StrawberryField):
    """A field answered by a batch function; made by `batch_field`."""

    batch: BatchFunction
    guard: Guard | None = None

    @property
    def is_basic_field(self) -> bool:
        """A batch field always needs its info."""
        return False

    def __copy__(self) -> Self:
        copied = super().__copy__()
        copied.batch, copied.guard = self.batch, self.guard
        copied.init = copied.repr = copied.compare = False
        return copied

    def get_result(
        self,
        source: Any,
        info: strawberry.Info | None,
        args: list[Any],  # noqa: ARG002 - the signature of strawberry
        kwargs: Any,
    ) -> Any:
        """Answer for one parent, for many, or from what is known."""
        if isinstance(source, Answer):
            return _reveal(source.value)
        if info is None or (self.guard is not None and not self.guard(info)):
            return {parent.id: None for parent in source.members} if isinstance(source, Parents) else None
        if isinstance(source, Parents):
            return self._ask(source.members, info, kwargs)
        return self._ask([source], info, kwargs)[source.id]

    def _ask(
        self, parents: Sequence[Any], info: strawberry.Info, kwargs: dict[str, Any]
    ) -> dict[Hashable, Any]:
        keys = [parent.id for parent in parents]
        answers = self.batch(parents, info, kwargs)
        return {key: self._no_answer() if (found := answers.get(key)) is None else found for key in keys}

    def _no_answer(self) -> list[Any] | None:
        kind = self.type
        if isinstance(kind, StrawberryOptional):
            kind = kind.of_type
        return [] if isinstance(kind, StrawberryList) else None


class GuardedField(StrawberryField):
    """A plain field, read by attribute, behind a guard; made by `guarded_field`."""

    guard: Guard

    @property
    def is_basic_field(self) -> bool:
        """A guarded field needs its info to ask the guard."""
        return False

    def __copy__(self) -> Self:
        copied = super().__copy__()
        copied.guard = self.guard
        return copied

    def get_result(self, source: Any, info: strawberry.Info | None, args: list[Any], kwargs: Any) -> Any:
        """Return the attribute, or None when the guard refuses."""
        allowed = info is not None and self.guard(info)
        if isinstance(source, GuardQuestion):
            return allowed
        return super().get_result(source, info, args, kwargs) if allowed else None


def batch_field(
    batch: BatchFunction,
    *,
    type_: object,
    name: str,
    description: str | None = None,
    arguments: Sequence[StrawberryArgument] = (),
    guard: Guard | None = None,
    deprecation_reason: str | None = None,
    directives: Sequence[object] = (),
) -> BatchField:
    """Declare a field of `type_` answered once per list of parents; each parent has a hashable `id`.

    `name` is the Python name (snake case). A `type_` written as text is looked up where the batch function is defined.
    """
    field = BatchField(
        python_name=name,
        type_annotation=StrawberryAnnotation(type_, namespace=getattr(batch, "__globals__", None)),
        description=description,
        deprecation_reason=deprecation_reason,
        directives=directives,
    )
    field.batch, field.guard, field.arguments = batch, guard, list(arguments)
    field.init = field.repr = field.compare = False
    return field


def guarded_field(
    guard: Guard,
    *,
    type_: object | None = None,
    name: str | None = None,
    description: str | None = None,
    directives: Sequence[object] = (),
) -> Any:
    """Declare, in the body of a type, a plain field that is null for everybody whom `guard` refuses."""
    field = GuardedField(
        python_name=name,
        type_annotation=None if type_ is None else StrawberryAnnotation(type_),
        description=description,
        directives=directives,
    )
    field.guard = guard
    return field


def argument(name: str, type_: object, *, default: object = strawberry.UNSET) -> StrawberryArgument:
    """Declare an argument of a batch field; without a default, an optional argument is left out of the call."""
    return StrawberryArgument(
        python_name=name, graphql_name=None, type_annotation=StrawberryAnnotation(type_), default=default
    )


def _reveal(value: Any) -> Any:
    if isinstance(value, Failure):
        raise value.error.with_traceback(value.trace)
    return value
