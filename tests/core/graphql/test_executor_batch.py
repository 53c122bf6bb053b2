"""Batch fields: one call per list of parents, level by level, with the answers and errors of single calls."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

import pytest
import strawberry
from graphql import GraphQLError
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from msingi.graphql.batch import BatchField, argument, batch_field
from msingi.graphql.executor import MsingiExecutionContext
from msingi.graphql.pages import RowPage

Batch = Callable[[Sequence[Any], strawberry.Info, dict[str, Any]], Mapping[Any, Any]]


@strawberry.type
class Visit:
    id: UUID
    place: str

    @strawberry.field
    def shout(self) -> str:
        return self.place.upper()


@strawberry.type
class Person:
    id: UUID
    name: str
    cousins: "list[Person]"

    @strawberry.field
    def shout(self) -> str:
        return self.name.upper()


@dataclass
class Calls:
    """What the batch functions were asked."""

    made: list[tuple[str, int]] = field(default_factory=list)

    def note(self, name: str, parents: Sequence[Any]) -> None:
        self.made.append((name, len(parents)))


def visits(
    parents: Sequence[Any], info: strawberry.Info, given: dict[str, Any]
) -> Mapping[UUID, list[Visit]]:
    info.context.note("visits", parents)
    return {
        parent.id: [
            Visit(id=UUID(int=parent.id.int * 10 + n), place=f"{parent.name}-{n}") for n in range(given["n"])
        ]
        for parent in parents
        if parent.name != "nobody"
    }


def cost(parents: Sequence[Any], info: strawberry.Info, _given: dict[str, Any]) -> Mapping[UUID, Any]:
    info.context.note("cost", parents)
    return {parent.id: ValueError("no price") if parent.place == "b-1" else 5 for parent in parents}


def broken(parents: Sequence[Any], info: strawberry.Info, _given: dict[str, Any]) -> Mapping[UUID, int]:
    info.context.note("broken", parents)
    raise RuntimeError("the plugin is broken")


def age(parents: Sequence[Any], info: strawberry.Info, _given: dict[str, Any]) -> Mapping[UUID, int]:
    info.context.note("age", parents)
    return {parent.id: parent.id.int + 20 for parent in parents}


ADDED: Mapping[type, Sequence[BatchField]] = {
    Person: [
        batch_field(visits, name="visits", type_=list[Visit], arguments=[argument("n", int, default=2)]),
        batch_field(broken, name="broken", type_=int | None),
        batch_field(age, name="age", type_=int | None),
    ],
    Visit: [batch_field(cost, name="cost", type_=int | None)],
}


@strawberry.type
class Query:
    @strawberry.field
    def people(self) -> list[Person]:
        return PEOPLE

    @strawberry.field
    def page(self) -> list[Person]:
        rows = [(one.id, one.name, one.cousins) for one in PEOPLE]
        return cast("list[Person]", RowPage(("id", "name", "cousins"), rows))

    @strawberry.field
    def person(self) -> Person:
        return PEOPLE[0]


@strawberry.type
class Mutation:
    @strawberry.mutation
    def grow(self, info: strawberry.Info) -> Person:
        info.context.note("grow", ())
        return PEOPLE[0]


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def arrivals(self) -> AsyncIterator[Person]:
        yield PEOPLE[0]
        yield PEOPLE[0]


class ExtendedSchema(strawberry.Schema):
    def get_fields(self, type_definition: StrawberryObjectDefinition) -> list[StrawberryField]:
        return [*super().get_fields(type_definition), *ADDED.get(type_definition.origin, ())]

    def process_errors(self, errors: list[GraphQLError], execution_context: Any = None) -> None:
        """Faults are the subject here."""


def person(number: int, name: str, *cousins: Person) -> Person:
    return Person(id=UUID(int=number), name=name, cousins=list(cousins))


PEOPLE = [person(1, "a"), person(2, "b", person(4, "d"), person(5, "e")), person(3, "nobody", person(4, "d"))]
ours = ExtendedSchema(Query, Mutation, Subscription, execution_context_class=MsingiExecutionContext)
stock = ExtendedSchema(Query, Mutation)


def run(
    document: str, schema: strawberry.Schema = ours
) -> tuple[Any, list[tuple[str, Any]], list[tuple[str, int]]]:
    calls = Calls()
    result = schema.execute_sync(document, context_value=calls)
    return result.data, [(error.message, error.path) for error in result.errors or ()], calls.made


@pytest.mark.parametrize("root", ["people", "page"])
def test_a_batch_is_asked_once_for_a_list(root: str) -> None:
    data, errors, calls = run(f"{{ {root} {{ name age }} }}")

    assert errors == []
    assert data[root] == [{"name": "a", "age": 21}, {"name": "b", "age": 22}, {"name": "nobody", "age": 23}]
    assert calls == [("age", 3)]


def test_each_level_is_asked_once_for_all_the_parents_of_the_list() -> None:
    data, errors, calls = run("{ people { visits(n: 3) { place cost } } }")

    assert calls == [("visits", 3), ("cost", 6)]
    assert data["people"][0]["visits"][2] == {"place": "a-2", "cost": 5}
    assert errors == [("no price", ["people", 1, "visits", 1, "cost"])]


def test_each_level_is_asked_once_even_when_resolvers_stand_between() -> None:
    data, errors, calls = run("{ people { shout visits { shout cost } } }")

    assert calls == [("visits", 3), ("cost", 4)]
    assert data["people"][0] == {
        "shout": "A",
        "visits": [{"shout": "A-0", "cost": 5}, {"shout": "A-1", "cost": 5}],
    }
    assert errors == [("no price", ["people", 1, "visits", 1, "cost"])]


@pytest.mark.parametrize("between", ["", "shout"])
def test_a_batch_below_a_relation_is_asked_once_for_each_distinct_parent(between: str) -> None:
    data, _, calls = run(f"{{ people {{ {between} cousins {{ {between} age }} }} }}")

    assert calls == [("age", 2)]
    assert [[cousin["age"] for cousin in one["cousins"]] for one in data["people"]] == [[], [24, 25], [24]]


def test_aliases_with_equal_arguments_share_one_call() -> None:
    _, _, calls = run(
        "{ people { one: visits(n: 1) { place } two: visits(n: 1) { id } other: visits { place } } }"
    )

    assert calls == [("visits", 3), ("visits", 3)]


def test_a_parent_without_an_answer_has_an_empty_list() -> None:
    data, errors, _ = run("{ people { visits { place } } }")

    assert data["people"][2] == {"visits": []}
    assert errors == []


def test_a_broken_batch_blanks_its_field_only_and_is_not_asked_again() -> None:
    data, errors, calls = run("{ people { name broken age } }")

    assert data["people"][0] == {"name": "a", "broken": None, "age": 21}
    assert errors == [("the plugin is broken", ["people", index, "broken"]) for index in range(3)]
    assert calls == [("broken", 3), ("age", 3)]


def test_one_object_asks_for_itself() -> None:
    data, _, calls = run("{ person { age visits { cost } } }")

    assert data["person"] == {"age": 21, "visits": [{"cost": 5}, {"cost": 5}]}
    assert calls == [("age", 1), ("visits", 1), ("cost", 2)]


def test_answers_are_not_kept_from_one_mutation_to_the_next() -> None:
    _, _, calls = run("mutation { first: grow { age } second: grow { age } }")

    assert calls == [("grow", 0), ("age", 1), ("grow", 0), ("age", 1)]


def test_answers_are_not_kept_from_one_event_to_the_next() -> None:
    calls = Calls()

    async def events() -> list[Any]:
        stream: Any = await ours.subscribe("subscription { arrivals { age } }", context_value=calls)
        return [event.data async for event in stream]

    assert asyncio.run(events()) == [{"arrivals": {"age": 21}}] * 2
    assert calls.made == [("age", 1), ("age", 1)]


def test_the_stock_executor_asks_once_per_parent_with_the_same_answers() -> None:
    document = "{ people { name broken visits(n: 1) { place cost } cousins { age } } }"

    data, errors, calls = run(document, stock)

    assert (data, errors) == run(document)[:2]
    assert calls[:2] == [("broken", 1), ("visits", 1)]


def test_an_error_keeps_the_traceback_of_its_origin() -> None:
    result = ours.execute_sync("{ people { broken } }", context_value=Calls())

    assert result.errors is not None
    (first, *_, last) = result.errors
    assert first.original_error is last.original_error
    trace = last.original_error.__traceback__ if last.original_error else None
    frames = []
    while trace is not None:
        frames.append(trace.tb_frame.f_code.co_name)
        trace = trace.tb_next
    assert frames.count("broken") == 1
    assert len(frames) < 20
