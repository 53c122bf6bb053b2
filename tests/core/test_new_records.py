"""New records written by plain statements are the records that a flush would have written, on both engines."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import ForeignKey, String, Table, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from msingi.audit.models import AuditEntry
from msingi.db import Model, Scoped, Versioned
from msingi.errors import InvalidInput, NotFound
from msingi.ids import new_id
from msingi.new_records import write_records
from msingi.platform import Platform
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.testing import AsUser, MakePlatform
from msingi.types import Document, SealedText
from msingi.work import Work


class Hive(Scoped, Versioned, Model):
    """A record with defaults of every kind."""

    __tablename__ = "apiary_hive"

    code: Mapped[str] = mapped_column(String(12))
    keeper: Mapped[str | None] = mapped_column(SealedText)
    frames: Mapped[int] = mapped_column(default=10)
    notes: Mapped[dict[str, Any]] = mapped_column(Document, default=dict)
    swarmed_to: Mapped[UUID | None]


class Bee(Model):
    """A record of a log that names another one."""

    __tablename__ = "apiary_bee"
    __audited__ = False

    hive_id: Mapped[UUID] = mapped_column(ForeignKey("apiary_hive.id"))


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    """The core with the tables of the apiary."""
    made = make_platform()
    tables: list[Table] = [Model.metadata.tables[name] for name in ("apiary_hive", "apiary_bee")]
    with made.database.write.begin() as connection:
        Model.metadata.create_all(connection, tables=tables)
    return made


def _places(work: Work) -> dict[str, UUID]:
    return add_places(work, [NewPlace("CM", "Country"), NewPlace("A", "A", "CM"), NewPlace("B", "B", "CM")])


def _lines(work: Work) -> dict[UUID | None, AuditEntry]:
    lines = work.session.scalars(select(AuditEntry).where(AuditEntry.entity == "apiary_hive"))
    return {line.entity_id: line for line in lines}


def test_a_record_and_its_line_are_those_of_a_flush(platform: Platform) -> None:
    values = {"keeper": "Amina", "notes": {"t": [1]}}
    with platform.work() as work:
        place = _places(work)["A"]
        plain, flushed = (Hive(id=new_id(), jurisdiction_id=place, code=code, **values) for code in "ab")
        write_records(work, [plain])
        work.add(flushed)

    with platform.work(writes=False) as work:
        one, other = (work.get(Hive, record.id) for record in (plain, flushed))
        assert (one.code, other.code) == ("a", "b")
        for name in ("jurisdiction_id", "keeper", "frames", "notes", "swarmed_to", "version"):
            assert getattr(one, name) == getattr(other, name)
        lines = _lines(work)
        shown = [(lines[one.id].changes, lines[one.id].jurisdiction_id), (lines[other.id].changes, place)]
        assert shown[0] == shown[1]
        assert set(shown[0][0]) == {"jurisdiction_id", "code", "keeper", "frames", "notes"}


def test_models_are_written_in_the_order_given(platform: Platform) -> None:
    with platform.work() as work:
        place = _places(work)["A"]
        hives = [Hive(id=new_id(), jurisdiction_id=place, code=code) for code in "ab"]
        bees = [Bee(hive_id=hive.id) for hive in hives]
        write_records(work, [hives[0], bees[0], hives[1], bees[1]])

    with platform.work() as work:
        assert set(work.session.scalars(select(Bee.hive_id))) == {hive.id for hive in hives}
        with pytest.raises(IntegrityError), work.session.begin_nested():
            write_records(work, [Bee(hive_id=new_id())])


def test_a_written_record_is_changed_like_a_loaded_one(platform: Platform) -> None:
    with platform.work() as work:
        hive = Hive(jurisdiction_id=_places(work)["A"], code="a")
        write_records(work, [hive])
        assert work.find(Hive, hive.id) is hive
        hive.frames = 8

    with platform.work(writes=False) as work:
        stored = work.get(Hive, hive.id)
        assert (stored.frames, stored.version) == (8, 2)


def test_what_a_flush_refuses_is_refused(platform: Platform, as_user: AsUser) -> None:
    with platform.work() as work:
        places = _places(work)
    actor = as_user("apiary.keep", at=places["A"])

    with pytest.raises(InvalidInput), platform.work() as work:
        write_records(work, [Hive(jurisdiction_id=places["A"], code="x" * 13)])
    with pytest.raises(NotFound), platform.work(actor) as work, work.scoped(actor.scope("apiary.keep")):
        write_records(work, [Hive(jurisdiction_id=places["B"], code="b")])
    with platform.work(actor) as work, work.scoped(actor.scope("apiary.keep")):
        write_records(work, [Hive(jurisdiction_id=places["A"], code="a")])

    with platform.work(writes=False) as work:
        assert work.session.scalars(select(Hive.code)).all() == ["a"]


def test_nothing_to_write_touches_nothing(platform: Platform) -> None:
    with platform.work() as work:
        write_records(work, [])

    with platform.work(writes=False) as work:
        assert (work.session.scalars(select(Hive)).all(), _lines(work)) == ([], {})


def test_a_savepoint_that_is_undone_takes_its_records_along(platform: Platform) -> None:
    with platform.work() as work:
        place, hive_id = _places(work)["A"], new_id()
        gone = Hive(id=hive_id, jurisdiction_id=place, code="a")
        savepoint = work.session.begin_nested()
        write_records(work, [gone])
        savepoint.rollback()
        gone.code = "changed"

        write_records(work, [Hive(id=hive_id, jurisdiction_id=place, code="b")])

        assert gone not in work.session
        assert work.session.scalars(select(Hive.code)).all() == ["b"]


def test_none_is_the_default_of_a_column(platform: Platform) -> None:
    with platform.work() as work:
        values: dict[str, Any] = {"frames": None, "notes": None}
        hive = Hive(id=new_id(), jurisdiction_id=_places(work)["A"], code="a", **values)
        write_records(work, [hive])

        assert (hive.frames, hive.notes) == (10, {})
