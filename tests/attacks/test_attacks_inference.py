"""Nothing is learnt from what is not shown: lists, counts, pages, filters and aggregates (attacks 19, 20)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from graphql import get_named_type
from tests.attacks.asking import comparable, holding
from tests.attacks.conftest import Served, shipped
from tests.attacks.schema_paths import Path, Schema, leaves_of
from tests.attacks.tables_filled import fill

from msingi.db import Scoped
from msingi.types import SealedText

PAGES = (1, 3, 50)
SEARCHES = ("zqs", "zqn", "zq")
OWN_LOG = {"auditEntries"}
"""Lists that grow because somebody asks; the matrix of paths looks at what they show."""
REVIEWED = {
    ("Job", "attempts"): "of one job of one's own",
    ("Jurisdiction", "facilityCount"): "counts facilities, never persons",
    ("CoveragePage", "totalCount"): "counts lines of a product's terms, never persons",
    ("TrialLine", "accounts"): "counts accounts of the ledger, which have owners of every kind",
    (
        "OwnPolicyHolder",
        "memberCount",
    ): "counts members of a holder for which the reader acts, who may read each of them",
    ("FindingCount", "count"): "counts lines of published lists of facilities, never persons",
}
"""Numbers that count something, and why they give no group of persons away. A new one is looked at by a person."""
KNOWN_EVERYWHERE = {"products", "productVersions"}
"""Lists without scope: what a country sells is known in every district."""
Question = tuple[str, dict[str, Any]]


@pytest.mark.long
@pytest.mark.rule("attack 19", "attack 100")
def test_invisible_rows_change_no_list_count_page_order_or_search(
    make_served: Callable[..., Served], record_property: Callable[[str, object], None]
) -> None:
    served = make_served(*(plugin.name for plugin in shipped()[1:]), regions=("north",))
    schema = Schema(served.platform)
    everybody = frozenset(served.platform.permissions)
    minister = holding(served.northerner, everybody, everywhere_from=served.world.places["CM"])
    questions = [
        (path, question)
        for path in _lists(schema)
        if path.root not in KNOWN_EVERYWHERE
        for question in _questions(served, schema, path)
    ]

    widest = {path.root: question for path, question in reversed(questions)}

    def seen_nationally() -> dict[str, str]:
        return {
            root: comparable(served.platform.graphql.run(*question, actor=minister))
            for root, question in widest.items()
        }

    before, seen_before = (
        [comparable(served.engine(*question)) for _, question in questions],
        seen_nationally(),
    )
    fill(served.world, "south")
    after, seen_after = [comparable(served.engine(*question)) for _, question in questions], seen_nationally()

    changed = [
        question for (_, question), old, new in zip(questions, before, after, strict=True) if old != new
    ]
    would_show = {root for root in widest if seen_before[root] != seen_after[root]}
    scoped = {
        path.root for path in _lists(schema) if issubclass(schema.exposed[path.type_.name].model, Scoped)
    }
    record_property("cells", len(questions))
    assert changed == []
    assert scoped - would_show == set()


@pytest.mark.rule("attack 20")
def test_nothing_counts_persons_for_those_who_may_not_read_each_of_them(served: Served) -> None:
    """What is proven: there is no aggregate over persons, so none needs the threshold of five.

    The one number about persons is ``totalCount`` of a list; it needs the permission that shows every person
    counted, and it is cut to the caller's places (the test above). Whoever sees it may read all of its rows, and
    two of them differ by rows that the caller may read. Every other number that counts is listed in REVIEWED.
    """
    schema = Schema(served.platform)
    numbers = {
        (name, field)
        for name, type_ in schema.core.type_map.items()
        if not name.startswith("__") and hasattr(type_, "fields") and name not in {"Query", "Mutation"}
        for field, definition in type_.fields.items()
        if get_named_type(definition.type).name == "Int" and _counts(field)
    }
    personal = [path for path in _all_lists(schema) if _is_about_persons(schema, path)]

    lists = {
        (f"{path.root[0].upper()}{path.root[1:]}Connection", "totalCount") for path in _all_lists(schema)
    }
    assert numbers - lists == REVIEWED.keys()
    assert {path.root for path in personal} >= {"users"}
    for path in personal:
        assert schema.exposed[path.type_.name].allow.name in path.permissions


def _counts(field: str) -> bool:
    return any(word in field.lower() for word in ("count", "total", "sum", "attempts")) and field != "total"


def _is_about_persons(schema: Schema, path: Path) -> bool:
    model = schema.exposed[path.type_.name].model
    return any(isinstance(column.type, SealedText) for column in model.__table__.columns)


def _all_lists(schema: Schema) -> list[Path]:
    """The ways to the nodes of every paged list."""
    pages = [path for path in schema.paths("query") if path.fields == ("nodes",)]
    return [path for path in pages if "orderBy" in schema.roots("query")[path.root].args]


def _lists(schema: Schema) -> list[Path]:
    return [path for path in _all_lists(schema) if path.root not in OWN_LOG]


def _questions(served: Served, schema: Schema, path: Path) -> Iterator[Question]:
    """Every order with every page size, and every filter that could point at hidden rows: one document for all."""
    arguments = schema.roots("query")[path.root].args
    document = _document(path, arguments)
    orders: Any = get_named_type(arguments["orderBy"].type)
    for number, order in enumerate(orders.values):
        yield document, {"first": PAGES[number % 3], "orderBy": [order]}
    for condition in _conditions(served, arguments):
        yield document, {"first": 1, "where": condition}
    for text in SEARCHES if "search" in arguments else ():
        yield document, {"search": text}


def _conditions(served: Served, arguments: dict[str, Any]) -> Iterator[dict[str, Any]]:
    filters = get_named_type(arguments["where"].type).fields if "where" in arguments else {}
    for place in ("CM", "north", "south", "south_leaf") if "within" in filters else ():
        yield {"within": str(served.world.places[place])}
    for field, tests in filters.items():
        for text in SEARCHES if get_named_type(tests.type).name == "TextFilter" else ():
            yield {field: {"startsWith": text}}


def _document(path: Path, arguments: dict[str, Any]) -> str:
    asked = [name for name in ("first", "orderBy", "where", "search") if name in arguments]
    heads = ", ".join(f"${name}: {_nullable(arguments[name].type)}" for name in asked)
    given = ", ".join(f"{name}: ${name}" for name in asked)
    leaves = " ".join(leaves_of(path.type_))
    page = "totalCount pageInfo { hasNextPage startCursor endCursor } edges { cursor }"
    return f"query({heads}) {{ {path.root}({given}) {{ {page} nodes {{ {leaves} }} }} }}"


def _nullable(type_: Any) -> Any:
    return getattr(type_, "of_type", type_) if str(type_).endswith("!") else type_
