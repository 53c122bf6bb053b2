"""Row pages: rows that stand as objects for any executor, and go straight into the response of ours."""

from typing import Any, cast

import pytest
import strawberry
from graphql import GraphQLError
from sqlalchemy import create_engine, literal, select

from msingi.graphql.executor import MsingiExecutionContext
from msingi.graphql.pages import RowPage

PAGE: RowPage[Any] = RowPage(("id", "full_name"), [(1, "Ada"), (2, "Bo")])


@strawberry.type
class Person:
    id: int
    full_name: str


@strawberry.type
class Connection:
    nodes: list[Person]
    total_count: int


@strawberry.type
class Query:
    @strawberry.field
    def people(self, info: strawberry.Info) -> list[Person]:
        return cast("list[Person]", info.context)

    @strawberry.field
    def connection(self, info: strawberry.Info) -> Connection:
        return Connection(nodes=info.context, total_count=len(info.context))

    @strawberry.field
    def groups(self, info: strawberry.Info) -> list[Connection]:
        return [Connection(nodes=info.context, total_count=number) for number in range(3)]


class QuietSchema(strawberry.Schema):
    def process_errors(self, errors: list[GraphQLError], execution_context: Any = None) -> None:
        """Faults are the subject here."""


ours = QuietSchema(Query, execution_context_class=MsingiExecutionContext)
stock = QuietSchema(Query)


def run(schema: strawberry.Schema, document: str, page: RowPage[Any]) -> tuple[Any, list[tuple[str, Any]]]:
    result = schema.execute_sync(document, context_value=page)
    return result.data, [(error.message, error.path) for error in result.errors or ()]


def test_a_page_is_a_sequence_of_parents() -> None:
    assert len(PAGE) == 2
    assert [(person.id, person.full_name) for person in PAGE] == [(1, "Ada"), (2, "Bo")]
    assert PAGE[1].full_name == "Bo"
    assert [person.id for person in PAGE[:1]] == [1]


def test_the_views_of_a_page_are_made_once() -> None:
    assert PAGE[0] is next(iter(PAGE))


def test_a_page_takes_its_columns_from_the_select() -> None:
    with create_engine("sqlite://").connect() as connection:
        result = connection.execute(select(literal(1).label("id"), literal("one").label("word")))
        page: RowPage[Any] = RowPage.of(result)

    assert page.columns == ("id", "word")
    assert [(row.id, row.word) for row in page] == [(1, "one")]


@pytest.mark.parametrize("schema", [ours, stock])
def test_what_is_made_of_columns_is_made_for_those_who_ask(schema: strawberry.Schema) -> None:
    making: list[str] = []

    def full_name(given: str, family: str) -> str:
        making.append(given)
        if not family:
            raise ValueError("no family name")
        return f"{given} {family}"

    rows = [(1, "Ada", "Lovelace"), (2, "Bo", "")]
    page: RowPage[Any] = RowPage(("id", "given", "family"), rows, {"full_name": (full_name, (1, 2))})

    assert run(schema, "{ people { id } }", page)[0] == {"people": [{"id": 1}, {"id": 2}]}
    assert making == []
    first = RowPage[Any](page.columns, page.rows[:1], page.made)
    assert run(schema, "{ people { fullName } }", first) == ({"people": [{"fullName": "Ada Lovelace"}]}, [])
    assert run(schema, "{ people { fullName } }", page) == (
        None,
        [("no family name", ["people", 1, "fullName"])],
    )


@pytest.mark.parametrize("schema", [ours, stock])
def test_a_list_resolver_returns_a_page(schema: strawberry.Schema) -> None:
    expected = [{"name": "Ada", "id": 1}, {"name": "Bo", "id": 2}]

    assert run(schema, "{ people { name: fullName id } }", PAGE) == ({"people": expected}, [])


@pytest.mark.parametrize("schema", [ours, stock])
def test_a_connection_holds_a_page(schema: strawberry.Schema) -> None:
    data, errors = run(schema, "{ connection { totalCount nodes { id } } }", PAGE)

    assert data == {"connection": {"totalCount": 2, "nodes": [{"id": 1}, {"id": 2}]}}
    assert errors == []


def test_pages_of_several_parents_are_completed_together() -> None:
    data, errors = run(ours, "{ groups { totalCount nodes { id } } }", PAGE)

    assert data["groups"] == [{"totalCount": number, "nodes": [{"id": 1}, {"id": 2}]} for number in range(3)]
    assert errors == []


@pytest.mark.parametrize(
    "page",
    [
        RowPage(("id",), [(1,), (2,)]),
        RowPage(("id", "full_name"), [(1, "Ada"), (2,)]),
        RowPage(("id", "full_name"), [(1, "Ada", "more"), (2, "Bo", "more")]),
        RowPage(("id", "full_name"), [(2**31, "Ada"), (2, None)]),
        RowPage(("id", "full_name"), []),
    ],
    ids=["missing column", "ragged", "wide", "illegal values", "empty"],
)
def test_a_faulty_page_gives_the_errors_of_the_stock_executor(page: RowPage[Any]) -> None:
    document = "{ people { id fullName } }"

    assert run(ours, document, page) == run(stock, document, page)
