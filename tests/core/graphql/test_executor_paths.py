"""The border between the planned path and the stock path: what is planned, what is not, and what is read once."""

import asyncio
import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

import pytest
import strawberry
from graphql import (
    GraphQLBoolean,
    GraphQLError,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLScalarType,
    GraphQLString,
    Undefined,
)
from hypothesis import given
from hypothesis import strategies as st
from strawberry.extensions import SchemaExtension
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.types.base_scalars import DateDefinition, UUIDDefinition
from strawberry.schema.types.scalar import _make_scalar_type

from msingi.graphql.executor import MsingiExecutionContext
from msingi.graphql.leaves import LeafColumn
from msingi.graphql.readers import read_columns


@strawberry.type
class Person:
    id: UUID
    name: str
    best: "Person | None" = None

    @strawberry.field
    def shout(self) -> str:
        return self.name.upper()

    @strawberry.field
    async def later(self) -> str:
        await asyncio.sleep(0)
        if self.name == "Bo":
            raise ValueError("too late")
        return self.name


@strawberry.type
class Query:
    @strawberry.field
    def people(self, info: strawberry.Info) -> list[Person]:
        people: list[Person] = info.context["people"]
        return people


class QuietSchema(strawberry.Schema):
    def process_errors(self, errors: list[GraphQLError], execution_context: Any = None) -> None:
        """Faults are the subject here."""


class Recording(MsingiExecutionContext):
    """Notes the path of every field that takes the stock path."""

    def execute_field(
        self, parent_type: Any, source: Any, field_details_list: Any, path: Any, position_context: Any
    ) -> Any:
        self.context_value["stock"].append(path.as_list())
        return super().execute_field(parent_type, source, field_details_list, path, position_context)


def context(people: Iterable[Any]) -> dict[str, Any]:
    return {"people": people, "stock": []}


def person(number: int, name: str, best: Person | None = None) -> Person:
    return Person(id=UUID(int=number), name=name, best=best)


ADA, BO = person(1, "Ada"), person(2, "Bo", person(3, "Cy"))
recording = QuietSchema(Query, execution_context_class=Recording)
stock = QuietSchema(Query)


def test_plain_fields_relations_and_fragments_are_planned() -> None:
    seen = context([ADA, BO])

    result = recording.execute_sync(
        "{ people { id ...F } } fragment F on Person { best { name __typename } }", context_value=seen
    )

    assert result.data is not None
    assert result.data["people"][1] == {"id": str(BO.id), "best": {"name": "Cy", "__typename": "Person"}}
    assert seen["stock"] == [["people"]]


def test_only_what_a_plan_cannot_do_takes_the_stock_path() -> None:
    wrong = person(4, "Di")
    wrong.name = 5.5  # type: ignore[assignment]
    wrong.id = None  # type: ignore[assignment]
    seen = context([ADA, wrong])

    result = recording.execute_sync("{ people { name id shout } }", context_value=seen)

    assert seen["stock"] == [["people"], ["people", 0, "shout"], ["people", 1, "id"]]
    assert [error.message for error in result.errors or ()] == [
        "Cannot return null for non-nullable field Person.id."
    ]


@pytest.mark.parametrize("item", [None, ValueError("an item"), Undefined, 5, [BO]], ids=repr)
def test_an_item_that_is_no_object_gives_the_errors_of_the_stock_executor(item: object) -> None:
    results = [
        schema.execute_sync("{ people { __typename name } }", context_value=context([ADA, item]))
        for schema in (recording, stock)
    ]

    ours, expected = ([(error.message, error.path) for error in result.errors or ()] for result in results)
    assert ours == expected
    assert len(ours) == 1


class Fickle:
    """Its name can be read once."""

    id = UUID(int=9)

    def __init__(self) -> None:
        self.reads = 0

    @property
    def name(self) -> str:
        self.reads += 1
        raise LookupError(f"read {self.reads}")


def test_an_attribute_that_raises_is_read_once_and_reported_as_it_was() -> None:
    result = recording.execute_sync("{ people { name } }", context_value=context([ADA, Fickle()]))

    assert [(error.message, error.path) for error in result.errors or ()] == [
        ("read 1", ["people", 1, "name"])
    ]


class Resolving(SchemaExtension):
    def resolve(self, _next: Any, root: Any, info: Any, *args: Any, **kwargs: Any) -> Any:
        value = _next(root, info, *args, **kwargs)
        return value.title() if isinstance(value, str) else value


def test_an_extension_that_wraps_resolvers_sees_every_field() -> None:
    schema = QuietSchema(Query, extensions=[Resolving], execution_context_class=Recording)
    seen = context([person(1, "ada")])

    result = schema.execute_sync("{ people { name } }", context_value=seen)

    assert result.data == {"people": [{"name": "Ada"}]}
    assert seen["stock"] == [["people"], ["people", 0, "name"]]


def test_asynchronous_resolvers_among_planned_fields_give_the_stock_result() -> None:
    document = "{ people { name later id } }"

    async def both() -> list[Any]:
        return [
            await schema.execute(document, context_value=context([ADA, BO])) for schema in (recording, stock)
        ]

    ours, expected = asyncio.run(both())

    assert (ours.data, list(ours.data or ())) == (expected.data, list(expected.data or ()))
    assert (
        [error.message for error in ours.errors]
        == [error.message for error in expected.errors]
        == ["too late"]
    )


def test_deferred_fragments_take_the_stock_path() -> None:
    config = StrawberryConfig(enable_experimental_incremental_execution=True)
    schema = QuietSchema(Query, config=config, execution_context_class=Recording)
    document = "{ people { id ... on Person @defer { name best { name } } } }"

    async def payloads() -> list[Any]:
        result: Any = await schema.execute(document, context_value=context([ADA, BO]))
        later = [payload async for payload in result.subsequent_results]
        return [result.initial_result.data, *(one.data for payload in later for one in payload.incremental)]

    first, *later = asyncio.run(payloads())

    assert first == {"people": [{"id": str(ADA.id)}, {"id": str(BO.id)}]}
    assert later == [{"name": "Ada", "best": None}, {"name": "Bo", "best": {"name": "Cy"}}]


def generated() -> Iterator[Person]:
    yield ADA
    raise ValueError("no more")


def test_a_generator_takes_the_stock_path() -> None:
    results = [
        schema.execute_sync("{ people { name } }", context_value=context(generated()))
        for schema in (recording, stock)
    ]

    ours, expected = ([error.message for error in result.errors or ()] for result in results)
    assert ours == expected == ["no more"]


@pytest.mark.parametrize(
    "definition", [UUIDDefinition, DateDefinition], ids=lambda definition: definition.name
)
@given(data=st.data())
def test_a_column_of_texts_equals_the_texts_one_by_one(definition: Any, data: st.DataObject) -> None:
    kind = st.uuids() if definition is UUIDDefinition else st.dates()
    column = data.draw(st.lists(st.none() | kind))
    leaf = _make_scalar_type(definition)

    completed, doubts = LeafColumn(leaf, nullable=True).complete(column)

    assert list(completed) == [None if value is None else leaf.coerce_output_value(value) for value in column]
    assert list(doubts) == []


def test_a_column_leaves_refused_values_in_doubt() -> None:
    column = ["a", None, Undefined, [1], ValueError("x"), 5, 1.5]

    completed, doubts = LeafColumn(GraphQLString, nullable=False).complete(column)

    assert list(doubts) == [1, 2, 3, 4]
    assert [completed[index] for index in (0, 5, 6)] == ["a", "5", "1.5"]


@pytest.mark.parametrize(
    ("leaf", "column"),
    [
        (GraphQLInt, [1, 2**31, 2]),
        (GraphQLInt, [1, -(2**31) - 1, 2]),
        (GraphQLInt, [1, 1.5, 2]),
        (GraphQLFloat, [1.5, float("nan"), 2.5]),
        (GraphQLFloat, [1.5, float("-inf"), 2.5]),
        (GraphQLBoolean, [True, "yes", False]),
        (GraphQLID, ["a", True, "b"]),
    ],
)
def test_a_column_doubts_only_the_value_that_the_scalar_refuses(
    leaf: GraphQLScalarType, column: list[Any]
) -> None:
    with pytest.raises(GraphQLError):
        leaf.coerce_output_value(column[1])

    completed, doubts = LeafColumn(leaf, nullable=True).complete(column)

    assert list(doubts) == [1]
    assert [completed[0], completed[2]] == [column[0], column[2]]


class Shadowed:
    """Its class answers for an attribute that the instance also stores."""

    def __init__(self) -> None:
        self.__dict__.update(name="stored", day=dt.date(2024, 1, 1))

    @property
    def name(self) -> str:
        return "computed"


def test_reading_obeys_descriptors_before_the_store_of_the_instance() -> None:
    parents = [Shadowed() for _ in range(20)]

    names, days = read_columns(parents, ("name", "day"))

    assert set(names) == {"computed"}
    assert set(days) == {dt.date(2024, 1, 1)}
