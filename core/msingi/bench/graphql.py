"""Benchmarks of the GraphQL executor: a page of a thousand objects, and one extension field on it."""

import asyncio
import datetime as dt
import gc
from collections.abc import Callable, Mapping, Sequence
from statistics import median
from time import process_time
from typing import Any, Final
from uuid import UUID

import orjson
import strawberry
from sqlalchemy import Engine, create_engine, insert, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import StaticPool
from strawberry.dataloader import DataLoader
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.types import ExecutionResult
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from msingi.graphql.batch import batch_field
from msingi.graphql.executor import MsingiExecutionContext
from msingi.graphql.pages import RowPage

PARENTS: Final = 1000
ROUNDS: Final = 15
QUICK_ROUNDS: Final = 2
CACHES: Final = (ParserCache, ValidationCache)


class Tables(DeclarativeBase):
    """The tables of the benchmark."""


class Insuree(Tables):
    """A row with fifteen plain columns."""

    __tablename__ = "bench_insuree"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    family_id: Mapped[UUID]
    insurance_number: Mapped[str]
    last_name: Mapped[str]
    other_names: Mapped[str]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    village: Mapped[str]
    profession: Mapped[str]
    born_on: Mapped[dt.date]
    enrolled_on: Mapped[dt.date]
    family_size: Mapped[int]
    visits: Mapped[int]
    is_head: Mapped[bool]
    is_active: Mapped[bool]


@strawberry.type(name="Insuree")
class InsureeNode:
    """The fifteen columns as plain fields."""

    id: UUID
    family_id: UUID
    insurance_number: str
    last_name: str
    other_names: str
    phone: str | None
    email: str | None
    village: str
    profession: str
    born_on: dt.date
    enrolled_on: dt.date
    family_size: int
    visits: int
    is_head: bool
    is_active: bool


@strawberry.type
class Query:
    """Lists of the objects that the benchmark puts into the context."""

    @strawberry.field
    def insurees(self, info: strawberry.Info) -> list[InsureeNode]:
        """The list in the context."""
        found: list[InsureeNode] = info.context
        return found


PAGE: Final = """{ insurees { id familyId insuranceNumber lastName otherNames phone email village profession
bornOn enrolledOn familySize visits isHead isActive } }"""
COLUMNS: Final = tuple(Insuree.__table__.columns)


def graphql_page(*, quick: bool, database_url: str | None = None) -> dict[str, float]:  # noqa: ARG001
    """Compare a page of 1,000 objects with 15 fields to the stock executor and to the floor (ratios of CPU time).

    Timed, on every side: from the text of one operation to the bytes of its response, that is cached parsing and
    validation, execution, and orjson. The select and its fetching are outside on every side: `stock` and `orm`
    answer with ORM instances and `rows` with a row page of a Core select, all loaded from SQLite beforehand;
    the floor is `dict(zip)` and orjson over the same rows, without GraphQL. Quick: 2 rounds instead of 15.
    `database_url` is ignored: no query is timed.
    """
    engine = _filled_engine()
    ours, stock = _schema(MsingiExecutionContext), _schema(None)
    with Session(engine) as session:
        objects = session.scalars(select(Insuree)).all()
        page: RowPage[Insuree] = RowPage.of(session.execute(select(*COLUMNS)))
        contenders: dict[str, Callable[[], bytes]] = {
            "stock": lambda: _respond(stock, PAGE, objects),
            "orm": lambda: _respond(ours, PAGE, objects),
            "rows": lambda: _respond(ours, PAGE, RowPage(page.columns, page.rows)),
        }
        _require_same_bytes(contenders)
        times = _measure(
            contenders | {"floor": lambda: _floor(page.rows)},
            rounds=QUICK_ROUNDS if quick else ROUNDS,
        )
    return {
        f"{side}_vs_{other}": _ratio(times[side], times[other])
        for side in ("orm", "rows")
        for other in ("stock", "floor")
    }


def graphql_extension(*, quick: bool, database_url: str | None = None) -> dict[str, float]:  # noqa: ARG001
    """Compare one extension field on 1,000 parents to a data loader (ratio of CPU time).

    Timed: one operation from text to bytes over parents that are already loaded, the same dictionary look-ups
    as the work of the extension; ours is one call of a batch function, the other side an asynchronous
    resolver per parent that awaits a `DataLoader` of unlimited batch size. Quick: 2 rounds instead of 15.
    `database_url` is ignored: there is no query.
    """
    parents = [Parent(id=UUID(int=number), name=f"parent {number}") for number in range(PARENTS)]
    loading_parents = [LoadingParent(id=parent.id, name=parent.name) for parent in parents]
    balances = {parent.id: number for number, parent in enumerate(parents)}
    batched = _ExtendedSchema(ParentQuery, extensions=CACHES, execution_context_class=MsingiExecutionContext)
    loading = strawberry.Schema(LoadingQuery, extensions=CACHES)
    document = "{ parents { id name balance } }"
    with asyncio.Runner() as runner:
        contenders: dict[str, Callable[[], bytes]] = {
            "batched": lambda: _respond(batched, document, (parents, balances)),
            "dataloader": lambda: runner.run(_respond_later(loading, document, loading_parents, balances)),
        }
        _require_same_bytes(contenders)
        times = _measure(
            contenders,
            rounds=QUICK_ROUNDS if quick else ROUNDS,
        )
    return {"batched_vs_dataloader": _ratio(times["batched"], times["dataloader"])}


@strawberry.type
class Parent:
    """An object with an extension field."""

    id: UUID
    name: str


@strawberry.type
class ParentQuery:
    """The parents of the batched side."""

    @strawberry.field
    def parents(self, info: strawberry.Info) -> list[Parent]:
        """All parents."""
        parents: list[Parent] = info.context[0]
        return parents


def _balances(parents: Sequence[Parent], info: strawberry.Info, _given: dict[str, Any]) -> Mapping[UUID, int]:
    known = info.context[1]
    return {parent.id: known[parent.id] for parent in parents}


class _ExtendedSchema(strawberry.Schema):
    def get_fields(self, type_definition: StrawberryObjectDefinition) -> list[StrawberryField]:
        fields = super().get_fields(type_definition)
        if type_definition.origin is not Parent:
            return fields
        return [*fields, batch_field(_balances, name="balance", type_=int | None)]


@strawberry.type(name="Parent")
class LoadingParent:
    """A parent whose extension field awaits a data loader."""

    id: UUID
    name: str

    @strawberry.field
    async def balance(self, info: strawberry.Info) -> int | None:
        """The balance, by the loader in the context."""
        found: int | None = await info.context[1].load(self.id)
        return found


@strawberry.type
class LoadingQuery:
    """The parents of the data loader's side."""

    @strawberry.field
    def parents(self, info: strawberry.Info) -> list[LoadingParent]:
        """All parents."""
        parents: list[LoadingParent] = info.context[0]
        return parents


def _schema(executor: type[MsingiExecutionContext] | None) -> strawberry.Schema:
    return strawberry.Schema(Query, extensions=CACHES, execution_context_class=executor)


def _respond(schema: strawberry.Schema, document: str, context: object) -> bytes:
    return _encode(schema.execute_sync(document, context_value=context))


async def _respond_later(
    schema: strawberry.Schema, document: str, parents: Sequence[LoadingParent], balances: Mapping[UUID, int]
) -> bytes:
    async def load(keys: list[UUID]) -> list[int]:
        return [balances[key] for key in keys]

    loader: DataLoader[UUID, int] = DataLoader(load_fn=load)
    return _encode(await schema.execute(document, context_value=(parents, loader)))


def _encode(result: ExecutionResult) -> bytes:
    if result.errors:
        raise RuntimeError(f"the benchmark failed: {result.errors[0].message}")
    return orjson.dumps({"data": result.data})


def _floor(rows: Sequence[Sequence[object]]) -> bytes:
    names = tuple(column.name for column in COLUMNS)
    return orjson.dumps({"data": {"insurees": [dict(zip(names, row, strict=True)) for row in rows]}})


def _filled_engine() -> Engine:
    engine = create_engine("sqlite://", poolclass=StaticPool)
    Tables.metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(insert(Insuree), [_row(number) for number in range(PARENTS)])
    return engine


def _row(number: int) -> dict[str, object]:
    return {
        "id": UUID(int=number + 1),
        "family_id": UUID(int=number // 5 + 1),
        "insurance_number": f"CM-{number:09d}",
        "last_name": f"Ngono {number}",
        "other_names": f"Marie Thérèse {number}",
        "phone": f"+2376{number:08d}" if number % 3 else None,
        "email": f"n{number}@example.org" if number % 4 == 0 else None,
        "village": f"Village {number % 40}",
        "profession": "farmer",
        "born_on": dt.date(1950, 1, 1) + dt.timedelta(days=number * 17),
        "enrolled_on": dt.date(2024, 1, 1) + dt.timedelta(days=number % 365),
        "family_size": number % 9 + 1,
        "visits": number % 30,
        "is_head": number % 5 == 0,
        "is_active": number % 7 != 0,
    }


def _require_same_bytes(contenders: Mapping[str, Callable[[], bytes]]) -> None:
    if len({run() for run in contenders.values()}) > 1:
        raise RuntimeError("the contenders do not do the same work")


def _measure(contenders: Mapping[str, Callable[[], bytes]], *, rounds: int) -> dict[str, list[float]]:
    """Run the contenders in turn and return the CPU seconds of each round; the first round only warms up.

    The collector of garbage rests meanwhile, as in ``timeit``: whom it interrupts is chance.
    """
    times: dict[str, list[float]] = {name: [] for name in contenders}
    gc.collect()
    gc.disable()
    try:
        for name, run in [*contenders.items()] * (rounds + 1):
            start = process_time()
            run()
            times[name].append(process_time() - start)
    finally:
        gc.enable()
    return {name: taken[1:] for name, taken in times.items()}


def _ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Return the median of the ratios, round by round, so that a slow moment of the machine hits both sides."""
    return median(own / other for own, other in zip(ours, theirs, strict=True))
