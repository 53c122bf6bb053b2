"""Batch fields: a resolver that answers for a whole list of parents in one call."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
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


class StrangeAnswers(Exception):
    """A batch function answers for ids that are not among its parents."""


class BatchField(StrawberryField):
    """A field answered by a batch function; made by `batch_field`."""

    batch: BatchFunction
    reads: frozenset[str] | None

    @property
    def is_basic_field(self) -> bool:
        """A batch field always needs its info."""
        return False

    def __copy__(self) -> Self:
        copied = super().__copy__()
        copied.batch, copied.reads = self.batch, self.reads
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
        if info is None:
            return None
        if isinstance(source, Parents):
            return self._ask(source.members, info, kwargs)
        return self._ask([source], info, kwargs)[source.id]

    def _ask(
        self, parents: Sequence[Any], info: strawberry.Info, kwargs: dict[str, Any]
    ) -> dict[Hashable, Any]:
        keys = [parent.id for parent in parents]
        answers = self.batch(parents, info, kwargs)
        given = {key: answers.get(key) for key in keys}
        missing = [key for key, answer in given.items() if answer is None]
        self._refuse_strangers(answers, asked=len(given) - len(missing))
        for key in missing:
            given[key] = self._no_answer()
        return given

    def _refuse_strangers(self, answers: Mapping[Any, Any], *, asked: int) -> None:
        """Refuse answers for ids that nobody asked for: the right ones would be null without a word."""
        if len(answers) <= asked:
            return
        strange = sum(answer is not None for answer in answers.values()) - asked
        if strange:
            raise StrangeAnswers(
                f"{self.python_name}: answers for ids that were not asked ({strange}); key each by the id of its parent"
            )

    def _no_answer(self) -> list[Any] | None:
        kind = self.type
        if isinstance(kind, StrawberryOptional):
            kind = kind.of_type
        return [] if isinstance(kind, StrawberryList) else None


def batch_field(
    batch: BatchFunction,
    *,
    type_: object,
    name: str,
    description: str | None = None,
    arguments: Sequence[StrawberryArgument] = (),
    deprecation_reason: str | None = None,
    directives: Sequence[object] = (),
    reads: Iterable[str] | None = None,
) -> BatchField:
    """Declare a field of `type_` answered once per list of parents; each parent has a hashable `id`.

    `name` is the Python name (snake case). A `type_` written as text is looked up where the batch function is defined.
    `reads` names the attributes that `batch` reads of a parent besides its `id`; None when it may read any.
    """
    field = BatchField(
        python_name=name,
        type_annotation=StrawberryAnnotation(type_, namespace=getattr(batch, "__globals__", None)),
        description=description,
        deprecation_reason=deprecation_reason,
        directives=directives,
    )
    field.batch, field.arguments = batch, list(arguments)
    field.reads = None if reads is None else frozenset(reads)
    field.init = field.repr = field.compare = False
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
