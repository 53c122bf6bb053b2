"""Rows written and changed in bulk are the rows that single ones would be, on both engines."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import BigInteger, String, Table, UniqueConstraint, event, func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from msingi.audit.models import AuditEntry
from msingi.audit.services import seal, verify
from msingi.audit.trail import Change
from msingi.bulk import NotRecorded, Recording, change_rows, write_rows
from msingi.db import Model, Scoped, Versioned
from msingi.errors import InvalidInput, NotFound, StaleVersion
from msingi.ids import new_id
from msingi.platform import Platform
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.testing import AsUser, MakePlatform
from msingi.types import Document, Scaled, SealedText
from msingi.work import Work


class Shade(StrEnum):
    """How ripe a fruit is."""

    GREEN = "green"
    RIPE = "ripe"


class Fruit(Scoped, Versioned, Model):
    """A row with a column of every type."""

    __tablename__ = "orchard_fruit"
    __table_args__ = (UniqueConstraint("code"),)

    code: Mapped[str] = mapped_column(String(12))
    shade: Mapped[Shade] = mapped_column(default=Shade.GREEN)
    weight: Mapped[Decimal | None] = mapped_column(Scaled(3))
    price_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    picked_at: Mapped[datetime | None]
    picked_on: Mapped[date | None]
    tree_id: Mapped[UUID | None]
    bruised: Mapped[bool] = mapped_column(default=False)
    notes: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    owner: Mapped[str | None] = mapped_column(SealedText)


class Leaf(Scoped, Model):
    """A row of a log."""

    __tablename__ = "orchard_leaf"
    __audited__ = False

    code: Mapped[str] = mapped_column(String(12))


COLUMNS = (
    "jurisdiction_id",
    "code",
    "shade",
    "weight",
    "picked_at",
    "picked_on",
    "tree_id",
    "bruised",
    "notes",
    "owner",
)
MORNING = datetime(2026, 3, 2, 8, 30, 15, 250, tzinfo=UTC)


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    """The core with the tables of the orchard."""
    made = make_platform()
    tables: list[Table] = [Model.metadata.tables[name] for name in ("orchard_fruit", "orchard_leaf")]
    with made.database.write.begin() as connection:
        Model.metadata.create_all(connection, tables=tables)
    return made


def _places(work: Work) -> dict[str, UUID]:
    return add_places(
        work, [NewPlace("CM", "Country"), NewPlace("A", "North", "CM"), NewPlace("B", "South", "CM")]
    )


def _filled(work: Work, place: UUID, count: int, *, prefix: str = "F") -> list[UUID]:
    ids = [new_id() for _ in range(count)]
    rows = [(row_id, place, f"{prefix}{number}") for number, row_id in enumerate(ids)]
    write_rows(work, Fruit, ("id", "jurisdiction_id", "code"), rows, recording=Recording.BY_CALLER)
    return ids


def _change(work: Work, keys: tuple[str, ...], rows: list[tuple[object, ...]]) -> int:
    return change_rows(work, Fruit, keys, ("price_minor",), rows, recording=Recording.BY_CALLER)


def test_what_comes_again_arrives_again_and_sealed_texts_never_alike(platform: Platform) -> None:
    owner, tree = "Amina Sali", new_id()
    with platform.work() as work:
        place = _places(work)["A"]
        fixed = (tree, MORNING, Decimal(1), owner)
        rows = [(place, f"C{number}", *fixed) for number in range(3)]
        other = (place, "D", new_id(), None, None, None)
        columns = ("jurisdiction_id", "code", "tree_id", "picked_at", "weight", "owner")
        write_rows(work, Fruit, columns, [*rows[:2], other, rows[2]], recording=Recording.BY_CALLER)

    with platform.work(writes=False) as work:
        found = work.session.scalars(select(Fruit).where(Fruit.tree_id == tree).order_by(Fruit.code)).all()
        told = [(one.code, one.picked_at, one.weight, one.owner) for one in found]
        sealed = work.session.connection().execute(text("SELECT owner FROM orchard_fruit ORDER BY code"))
        kept = [bytes(value) for (value,) in sealed if value is not None]

    assert told == [(f"C{number}", MORNING, Decimal(1), owner) for number in range(3)]
    assert len(set(kept)) == 3


@pytest.mark.parametrize("at_once", [1, 2], ids=["one by one", "together"])
def test_every_type_arrives_as_by_the_session(platform: Platform, at_once: int) -> None:
    tree = new_id()
    texts = 'tab\t back\\slash \n "quoted" é 漢 \\N'
    values = ("c", Shade.RIPE, Decimal("0.125"), MORNING, date(2026, 3, 1), tree, True, {"t": [texts]}, texts)
    with platform.work() as work:
        place = _places(work)["A"]
        empty: tuple[object, ...] = ("d", Shade.GREEN, None, None, None, None, False, {}, None)
        rows = [(place, *values), (place, *empty)]
        for start in range(0, len(rows), at_once):
            part = rows[start : start + at_once]
            write_rows(work, Fruit, COLUMNS, part, recording=Recording.PER_ROW)

    with platform.work(writes=False) as work:
        first, second = work.session.scalars(select(Fruit).order_by(Fruit.code))
        assert tuple(getattr(first, name) for name in COLUMNS) == (place, *values)
        assert tuple(getattr(second, name) for name in COLUMNS) == (place, *empty)
        assert (first.version, first.price_minor, first.id.version) == (1, 0, 7)


def test_an_audited_model_asks_who_records(platform: Platform) -> None:
    with pytest.raises(NotRecorded), platform.work() as work:
        write_rows(work, Fruit, ("jurisdiction_id", "code"), [(new_id(), "a")])
    with pytest.raises(NotRecorded), platform.work() as work:
        change_rows(work, Fruit, ("id",), ("code",), [(new_id(), "a")])


@pytest.mark.rule("attack 94")
def test_one_line_for_each_row_is_written_and_sealed(platform: Platform, frozen_clock: Any) -> None:
    with platform.work() as work:
        place = _places(work)["A"]
        rows = [(place, f"F{number}") for number in range(120)]
        write_rows(work, Fruit, ("jurisdiction_id", "code"), rows, recording=Recording.PER_ROW)
        keys = [(row_id, 5) for row_id in work.session.scalars(select(Fruit.id))]
        change_rows(work, Fruit, ("id",), ("price_minor",), keys, recording=Recording.PER_ROW)
    frozen_clock.move(minutes=5)
    with platform.work() as work:
        seal(work)

    with platform.work(writes=False) as work:
        counted = select(AuditEntry.action, func.count()).where(AuditEntry.entity == "orchard_fruit")
        assert dict(work.session.execute(counted.group_by(AuditEntry.action)).all()) == {
            "insert": 120,
            "update": 120,
        }
        report = verify(work)
        assert (report.intact, report.unsealed) == (True, 0)


def test_changes_of_business_objects_are_told_at_once(platform: Platform) -> None:
    with platform.work() as work:
        place = _places(work)["A"]
        changes = [Change(new_id(), {"state": ["checked", "paid"]}, place) for _ in range(60)]
        work.platform.trail.changed_many(work, "update", "claim", changes)

    with platform.work(writes=False) as work:
        lines = work.session.scalars(select(AuditEntry).where(AuditEntry.entity == "claim")).all()
        assert {line.entity_id for line in lines} == {change.record_id for change in changes}
        assert {(line.action, line.jurisdiction_id) for line in lines} == {("update", place)}
        assert lines[0].changes == {"state": ["checked", "paid"]}
        assert verify(work).intact


@pytest.mark.rule("attack 15")
def test_places_outside_the_scope_are_refused(platform: Platform, as_user: AsUser) -> None:
    with platform.work() as work:
        places = _places(work)
        outside = _filled(work, places["B"], 2)
        inside = new_id()
        row = [(inside, places["A"], "in")]
        write_rows(work, Fruit, ("id", "jurisdiction_id", "code"), row, recording=Recording.BY_CALLER)
    actor = as_user("orchard.pick", at=places["A"])

    with (
        pytest.raises(NotFound),
        platform.work(actor) as work,
        work.scoped(actor.scope("orchard.pick")),
    ):
        write_rows(work, Leaf, ("jurisdiction_id", "code"), [(places["A"], "a"), (places["B"], "b")])
    with (
        pytest.raises(NotFound),
        platform.work(actor) as work,
        work.scoped(actor.scope("orchard.pick")),
    ):
        _change(work, ("id",), [(inside, 7), (outside[0], 7)])

    with platform.work(writes=False) as work:
        assert work.session.scalar(select(func.count()).select_from(Leaf)) == 0
        assert set(work.session.scalars(select(Fruit.price_minor))) == {0}


def test_each_row_gets_its_own_values_and_the_next_version(platform: Platform) -> None:
    with platform.work() as work:
        ids = _filled(work, _places(work)["A"], 3)
        loaded = work.get(Fruit, ids[1])
        rows = [(row_id, number * 100, Shade.RIPE) for number, row_id in enumerate(ids)]

        assert (
            change_rows(work, Fruit, ("id",), ("price_minor", "shade"), rows, recording=Recording.BY_CALLER)
            == 3
        )
        assert (loaded.price_minor, loaded.shade, loaded.version) == (100, Shade.RIPE, 2)
        found = work.session.execute(select(Fruit.id, Fruit.price_minor, Fruit.version).order_by(Fruit.id))
        assert [tuple(row) for row in found] == [(ids[0], 0, 2), (ids[1], 100, 2), (ids[2], 200, 2)]


@pytest.mark.parametrize("in_all", [2, 150], ids=["one by one", "together"])
def test_every_type_arrives_in_a_change(platform: Platform, in_all: int) -> None:
    tree = new_id()
    values = (Shade.RIPE, Decimal("0.125"), MORNING, date(2026, 3, 1), tree, True, {"t": ["é"]}, "\\N")
    empty: tuple[object, ...] = (Shade.GREEN, None, None, None, None, False, {}, None)
    with platform.work() as work:
        ids = _filled(work, _places(work)["A"], in_all)
        rows = [(row_id, *(values if row_id == ids[0] else empty)) for row_id in ids]
        changed = change_rows(work, Fruit, ("id",), COLUMNS[2:], rows, recording=Recording.PER_ROW)

        assert changed == in_all
        first, second = (work.get(Fruit, row_id) for row_id in ids[:2])
        assert tuple(getattr(first, name) for name in COLUMNS[2:]) == values
        assert tuple(getattr(second, name) for name in COLUMNS[2:]) == empty
        assert (first.code, first.version, second.version) == ("F0", 2, 2)


@pytest.mark.rule("attack 15")
def test_only_rows_that_were_locked_in_scope_are_changed_without_asking(
    platform: Platform, as_user: AsUser
) -> None:
    with platform.work() as work:
        places = _places(work)
        inside, outside = _filled(work, places["A"], 1), _filled(work, places["B"], 1, prefix="G")
    actor = as_user("orchard.pick", at=places["A"])

    with platform.work(actor) as work, work.scoped(actor.scope("orchard.pick")):
        locked = list(work.session.scalars(select(Fruit.id).with_for_update()))
        assert locked == inside
        rows = [(row_id, 7) for row_id in locked]
        change_rows(work, Fruit, ("id",), ("price_minor",), rows, recording=Recording.BY_CALLER, locked=True)
    with platform.work(writes=False) as work:
        assert [work.get(Fruit, row_id).price_minor for row_id in (*inside, *outside)] == [7, 0]


def test_the_same_change_is_the_same_statement_again(platform: Platform, as_user: AsUser) -> None:
    with platform.work() as work:
        places = _places(work)
        ids = _filled(work, places["A"], 30)
    actor = as_user("orchard.pick", at=places["A"])
    sent: list[str] = []

    @event.listens_for(platform.database.write, "before_cursor_execute")
    def note(*arguments: Any) -> None:
        sent.append(arguments[2])

    for price in (3, 5):
        with platform.work(actor) as work, work.scoped(actor.scope("orchard.pick")):
            assert _change(work, ("id",), [(row_id, price) for row_id in ids]) == 30

    first, second = (statement for statement in sent if statement.startswith("UPDATE orchard_fruit"))
    assert first == second


def test_a_row_that_moved_on_or_is_missing_refuses_all(platform: Platform) -> None:
    with platform.work() as work:
        ids = _filled(work, _places(work)["A"], 2)
    with pytest.raises(StaleVersion), platform.work() as work:
        _change(work, ("id", "version"), [(ids[0], 1, 5), (ids[1], 2, 5)])
    with pytest.raises(NotFound), platform.work() as work:
        _change(work, ("id",), [(ids[0], 5), (new_id(), 5)])
    with pytest.raises(ValueError, match="same key"), platform.work() as work:
        _change(work, ("id",), [(ids[0], 5), (ids[0], 6)])

    with platform.work(writes=False) as work:
        assert set(work.session.scalars(select(Fruit.price_minor))) == {0}


@pytest.mark.rule("attack 57")
def test_a_text_longer_than_its_column_is_refused_by_name(platform: Platform) -> None:
    with pytest.raises(InvalidInput) as refusal, platform.work() as work:
        write_rows(work, Leaf, ("jurisdiction_id", "code"), [(_places(work)["A"], "x" * 13)])

    assert '"path": "code"' in json.dumps(refusal.value.params)


def test_a_broken_constraint_is_a_failure_of_the_database(platform: Platform) -> None:
    with platform.work() as work:
        place = _places(work)["A"]
    rows = [(place, "same"), (place, "same")]
    with pytest.raises(IntegrityError), platform.work() as work:
        write_rows(work, Fruit, ("jurisdiction_id", "code"), rows, recording=Recording.BY_CALLER)


def test_nothing_to_do_touches_nothing(platform: Platform) -> None:
    with platform.work() as work:
        write_rows(work, Leaf, ("jurisdiction_id", "code"), [])
        assert change_rows(work, Leaf, ("id",), ("code",), []) == 0
        assert work.session.scalar(select(func.count()).select_from(Leaf)) == 0
