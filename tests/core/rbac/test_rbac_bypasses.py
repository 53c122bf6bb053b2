"""Statements that nothing limits: refused while a scope holds, for writing and for reading."""

from collections.abc import Callable
from contextlib import suppress

import pytest
from sqlalchemy import column, delete, func, insert, select, text, union_all, update
from tests.core.rbac.wards import Land, Visit, land, northerner, notes_of, work

from msingi.db import UnscopedStatement
from msingi.work import Work

__all__ = ["land", "northerner", "work"]
_table = Visit.__table__

BYPASSES: dict[str, Callable[[Work, Land], object]] = {
    "insert": lambda work, land: work.session.execute(
        insert(Visit), [{"jurisdiction_id": land.south, "ward_id": land.ward_south, "note": "x"}]
    ),
    "insert values": lambda work, land: work.session.execute(
        insert(Visit).values(jurisdiction_id=land.south, ward_id=land.ward_south, note="x")
    ),
    "insert into the table": lambda work, land: work.session.execute(
        insert(Visit.__table__).values(jurisdiction_id=land.south, ward_id=land.ward_south, note="x")  # type: ignore[arg-type]
    ),
    "update by keys": lambda work, land: work.session.execute(
        update(Visit), [{"id": land.visit_south, "note": "x"}]
    ),
    "update of the table": lambda work, _land: work.session.execute(update(Visit.__table__).values(note="x")),  # type: ignore[arg-type]
    "delete from the table": lambda work, _land: work.session.execute(delete(Visit.__table__)),  # type: ignore[arg-type]
    "update that moves": lambda work, land: work.session.execute(
        update(Visit).values(jurisdiction_id=land.south)
    ),
    "update that moves by parameters": lambda work, land: work.session.execute(
        update(Visit).where(Visit.note == "NF"), {"jurisdiction_id": land.south}
    ),
    "bulk_update_mappings": lambda work, land: work.session.bulk_update_mappings(
        Visit.__mapper__, [{"id": land.visit_south, "note": "x"}]
    ),
    "bulk_insert_mappings": lambda work, land: work.session.bulk_insert_mappings(
        Visit.__mapper__, [{"jurisdiction_id": land.south, "ward_id": land.ward_south, "note": "x"}]
    ),
    "bulk_save_objects": lambda work, land: work.session.bulk_save_objects(
        [Visit(jurisdiction_id=land.south, ward_id=land.ward_south, note="x")]
    ),
}


QUESTIONS: dict[str, Callable[[Work], object]] = {
    "text": lambda work: work.session.execute(text("SELECT note FROM scopetest_visit")),
    "text as a select": lambda work: work.session.execute(
        text("SELECT note FROM scopetest_visit").columns(column("note"))
    ),
    "the table": lambda work: work.session.execute(select(_table)),
    "a column of the table": lambda work: work.session.scalars(select(_table.c.note)),
    "a count of the table": lambda work: work.session.scalar(select(func.count()).select_from(_table)),
    "a table inside": lambda work: work.session.scalar(
        select(select(func.count()).select_from(_table).scalar_subquery())
    ),
    "rows of the table": lambda work: work.session.rows(select(_table.c.note)),
    "objects from text": lambda work: work.session.scalars(
        select(Visit).from_statement(text("SELECT * FROM scopetest_visit"))
    ),
    "objects from the table": lambda work: work.session.scalars(select(Visit).from_statement(select(_table))),
    "text for a table": lambda work: work.session.scalars(
        select(text("note")).select_from(text("scopetest_visit"))
    ),
    "a table beside its model": lambda work: work.session.scalars(
        union_all(select(Visit.note), select(_table.c.note))
    ),
    "rows of two": lambda work: work.session.rows(union_all(select(_table.c.note), select(_table.c.note))),
}


@pytest.mark.rule("attack 15")
@pytest.mark.parametrize("way", QUESTIONS)
def test_a_question_that_would_pass_by_the_scope_is_refused(work: Work, land: Land, way: str) -> None:
    with pytest.raises(UnscopedStatement):
        QUESTIONS[way](work)
    with work.everywhere():
        QUESTIONS[way](work)


@pytest.mark.rule("attack 15")
def test_a_statement_that_would_pass_by_the_scope_is_refused(work: Work, land: Land) -> None:
    before = notes_of(land)
    refused = []

    for way, attempt in BYPASSES.items():
        with suppress(UnscopedStatement):
            attempt(work, land)
            continue
        refused.append(way)
    work.session.finish()

    assert refused == list(BYPASSES)
    assert notes_of(land) == before
