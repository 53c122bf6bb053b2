"""The executor: plans complete whole lists at once; whatever is in doubt takes the stock path of graphql-core."""

from collections.abc import Awaitable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from graphql import (
    ExecutionResult,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    is_leaf_type,
    is_non_null_type,
    is_object_type,
)
from graphql.pyutils import AwaitableOrValue, Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from msingi.graphql.leaves import LeafColumn
from msingi.graphql.plan import Details, Selection, is_plain_list, sift
from msingi.graphql.planner import Planner
from msingi.graphql.readers import MISSING, Replay
from msingi.graphql.sources import has_foreign_directive


@dataclass(frozen=True, slots=True)
class Partial:
    """A parent whose columns are done; `rest` is left to the stock executor, in the order of the selection."""

    parent: Any
    done: dict[str, Any]
    rest: dict[str, Details]
    read: Mapping[str, Any]

    def source(self, key: str) -> Any:
        """Return what the field under this key is resolved on; an attribute is not read twice."""
        value = self.read.get(key, MISSING)
        return self.parent if value is MISSING else Replay(value)


class MsingiExecutionContext(StrawberryGraphQLCoreExecutionContext):
    """Executes operations as graphql-core does, with the same data and errors, but lists column by column.

    Attributes of all parents are read before their resolvers run; those of nested objects are read again when one
    of their values is refused.
    Batch fields are called once per list of parents; parents with the same `id` share the answer.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._planner = Planner(self)
        manager = self.middleware_manager
        self._is_fast = manager is None or not manager.middlewares

    def execute_operation(self, serially: bool | None = None) -> AwaitableOrValue[Any]:  # noqa: FBT001 - as inherited
        """Execute, and let go of what was read as soon as the answer is there, not when the collector comes by.

        Planner and helpers refer back to the executor, so that all three would keep each other and every row.
        """
        result = super().execute_operation(serially)
        if isinstance(result, ExecutionResult):
            self._planner.sources.forget()
            del self._planner, self.async_helpers
        return result

    def build_per_event_executor(self, payload: Any) -> "MsingiExecutionContext":
        """Forget the answers of batches between two events of a subscription."""
        executor = cast("MsingiExecutionContext", super().build_per_event_executor(payload))
        executor._planner = Planner(executor)  # noqa: SLF001 - a copy of this very class
        return executor

    def complete_iterable_value(
        self,
        item_type: GraphQLOutputType,
        field_details_list: Details,
        info: GraphQLResolveInfo[Any],
        path: Path,
        items: Iterable[Any],
        position_context: Any,
    ) -> AwaitableOrValue[list[Any]]:
        """Complete the items together, then those in doubt one by one."""
        if self._is_fast and position_context is None and is_plain_list(items):
            done = self._complete_together(item_type, field_details_list, path, cast("Sequence[Any]", items))
            if isinstance(done, list):
                return done
            items = items if done is None else done.items
        return super().complete_iterable_value(
            item_type, field_details_list, info, path, items, position_context
        )

    def complete_object_value(
        self,
        return_type: GraphQLObjectType,
        field_details_list: Details,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> AwaitableOrValue[dict[str, Any]]:
        """Complete the columns of one object, then the rest of its fields."""
        if isinstance(result, Partial):
            return self._finish(return_type, result, path)
        selection = None
        if self._is_fast and position_context is None:
            selection = self._planner.selection(return_type, field_details_list, path)
        if selection is None or not selection.columns:
            return super().complete_object_value(
                return_type, field_details_list, info, path, result, position_context
            )
        rows, doubts = selection.complete([result])
        read = doubts.get(0, {})
        return self._finish(return_type, Partial(result, rows[0], selection.remaining(read), read), path)

    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: Any,
        field_details_list: Details,
        path: Path,
        position_context: Any,
    ) -> Any:
        """Resolve one field; a batch field that has been asked for many parents gives its known answer."""
        parent = source.source(str(path.key)) if isinstance(source, Partial) else source
        answer = self._planner.sources.answer(field_details_list, parent)
        parent = parent if answer is None else answer
        return super().execute_field(parent_type, parent, field_details_list, path, position_context)

    def _complete_together(
        self, item_type: GraphQLOutputType, details: Details, path: Path, items: Sequence[Any]
    ) -> "list[Any] | _Items | None":
        if has_foreign_directive(details):
            return None
        nullable = not is_non_null_type(item_type)
        inner = item_type.of_type if is_non_null_type(item_type) else item_type
        if is_leaf_type(inner):
            values, doubts = LeafColumn(inner, nullable=nullable).complete(items)
            return None if doubts else list(values)
        if not is_object_type(inner):
            return None
        selection = self._planner.selection(inner, details, path)
        if selection is None or not selection.is_useful:
            return None
        return _complete_objects(selection, items, nullable=nullable)

    def _finish(
        self, type_: GraphQLObjectType, partial: Partial, path: Path
    ) -> AwaitableOrValue[dict[str, Any]]:
        if not partial.rest:
            return partial.done
        completed = self.execute_fields(type_, partial, path, partial.rest, None)
        if self.is_awaitable(completed):
            return _merge_later(partial, completed)
        return _merge(partial, cast("dict[str, Any]", completed))


@dataclass(frozen=True, slots=True)
class _Items:
    """Items of which some are left, wholly or in part, to the stock executor."""

    items: list[Any]


def _complete_objects(selection: Selection, items: Sequence[Any], *, nullable: bool) -> list[Any] | _Items:
    present, unfit = sift(items, nullable=nullable)
    parents = items if len(present) == len(items) else [items[index] for index in present]
    rows, doubts = selection.complete(parents)
    if not (unfit or doubts or selection.rest) and parents is items:
        return rows
    followed = selection.prefetch_rest(parents)
    mixed = list(items)
    for position, (index, parent, row) in enumerate(zip(present, parents, rows, strict=True)):
        doubtful = doubts.get(position, {})
        read = {key: values[position] for key, values in followed.items()} | doubtful
        mixed[index] = Partial(parent, row, selection.remaining(doubtful), read)
    return _Items(mixed)


async def _merge_later(partial: Partial, completed: Awaitable[dict[str, Any]]) -> dict[str, Any]:
    return _merge(partial, await completed)


def _merge(partial: Partial, completed: dict[str, Any]) -> dict[str, Any]:
    partial.done.update(completed)
    for key in partial.rest:
        if key not in completed:
            del partial.done[key]
    return partial.done
