"""The session listener: no statement of any shape reads or writes rows of another jurisdiction."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import (
    Select,
    delete,
    exists,
    func,
    literal,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import aliased, joinedload, selectinload
from tests.core.rbac.wards import SEE, Land, Visit, Ward, land, northerner, notes_of, work

from msingi.actor import Actor, Scope
from msingi.db import LIMITED
from msingi.errors import NotFound
from msingi.ids import new_id
from msingi.scoping import scope_criterion
from msingi.testing import AsUser
from msingi.work import Work

__all__ = ["land", "northerner", "work"]

_visit = aliased(Visit)
_sub = select(Visit.id).subquery()
_cte = select(Visit.id, Visit.note).cte()

READS: dict[str, tuple[Callable[[], Select[Any]], list[str]]] = {
    "column": (lambda: select(Visit.note), ["NF", "NF"]),
    "label": (lambda: select(Visit.note.label("n")), ["NF", "NF"]),
    "alias": (lambda: select(_visit.note), ["NF", "NF"]),
    "alias joined": (lambda: select(_visit.note).join(Ward, Ward.id == _visit.ward_id), ["NF"]),
    "outer join hides the other side": (
        lambda: select(func.coalesce(Ward.name, "hidden")).select_from(Visit).outerjoin(Visit.ward),
        ["NF", "hidden"],
    ),
    "self join": (lambda: select(_visit.note).join(Visit, Visit.ward_id == _visit.ward_id), ["NF", "NF"]),
    "count": (lambda: select(func.count()).select_from(Visit), [2]),  # type: ignore[list-item]
    "count of subquery": (lambda: select(func.count()).select_from(select(Visit).subquery()), [2]),  # type: ignore[list-item]
    "maximum": (lambda: select(func.max(Visit.note)), ["NF"]),
    "group": (lambda: select(Visit.note).group_by(Visit.note), ["NF"]),
    "subquery in from": (lambda: select(Visit.note).join(_sub, _sub.c.id == Visit.id), ["NF", "NF"]),
    "only a subquery": (lambda: select(select(Visit.note).subquery().c.note), ["NF", "NF"]),
    "cte": (lambda: select(_cte.c.note), ["NF", "NF"]),
    "in a where clause": (
        lambda: select(literal("x")).where(exists(select(Visit.id).where(Visit.note == "SF"))),
        [],
    ),
    "in subselect of another entity": (
        lambda: select(Ward.name).where(Ward.id.in_(select(Visit.ward_id))),
        ["NF"],
    ),
    "scalar subquery": (
        lambda: select(select(func.count(Visit.id)).where(Visit.note == "SF").scalar_subquery()),
        [0],  # type: ignore[list-item]
    ),
}


@pytest.mark.rule("attack 15", "attack 19")
def test_a_select_of_any_shape_sees_only_rows_in_scope(work: Work) -> None:
    seen = {shape: sorted(work.session.scalars(make())) for shape, (make, _) in READS.items()}

    assert seen == {shape: expected for shape, (_, expected) in READS.items()}


@pytest.mark.rule("attack 15")
def test_unions_are_filtered_in_both_branches(work: Work) -> None:
    both = union_all(select(Visit.note), select(Visit.note).where(Visit.note == "SF"))

    assert sorted(work.session.scalars(both)) == ["NF", "NF"]


@pytest.mark.rule("attack 15")
def test_foreign_and_missing_ids_get_the_same_answer(work: Work, land: Land) -> None:
    answers = []
    for record_id in (land.visit_south, new_id()):
        with pytest.raises(NotFound) as refusal:
            work.get(Visit, record_id)
        answers.append((refusal.value.code, refusal.value.params))

    assert answers[0] == answers[1]
    assert work.find(Visit, land.visit_north) is not None


@pytest.mark.rule("attack 15")
def test_the_identity_map_does_not_leak_rows_loaded_before(work: Work, land: Land) -> None:
    with work.everywhere():
        hidden = work.get(Visit, land.visit_south)

    assert work.find(Visit, hidden.id) is None
    assert work.session.get(Visit, (hidden.id,)) is None
    assert work.session.get(Visit, land.visit_north, with_for_update=True) is not None


@pytest.mark.rule("attack 16")
@pytest.mark.parametrize("preloaded", [False, True], ids=["fresh", "in the identity map"])
@pytest.mark.parametrize("load", [selectinload, joinedload])
def test_a_relationship_does_not_lead_out_of_scope(
    work: Work, land: Land, load: Callable[..., Any], *, preloaded: bool
) -> None:
    kept = []
    if preloaded:
        with work.everywhere():
            kept = [work.get(Ward, land.ward_south)]

    visits = work.session.scalars(select(Visit).options(load(Visit.ward))).all()

    assert {visit.id: visit.ward and visit.ward.name for visit in visits} == {
        land.visit_north: "NF",
        land.visit_across: None,
    }
    assert len(kept) == preloaded


@pytest.mark.rule("attack 16")
@pytest.mark.parametrize("load", [selectinload, joinedload])
def test_a_collection_holds_only_rows_in_scope(land: Land, as_user: AsUser, load: Callable[..., Any]) -> None:
    with land.platform.work(as_user(SEE, at=land.south)) as work, work.allowed(SEE):
        ward = work.session.scalars(select(Ward).options(load(Ward.visits))).unique().one()

        assert [visit.id for visit in ward.visits] == [land.visit_south]


@pytest.mark.rule("attack 16")
def test_the_batch_readers_of_the_core_are_filtered(work: Work, land: Land) -> None:
    found = work.by_ids(Visit, [land.visit_north, land.visit_south])
    parents = [Ward(id=land.ward_south), Ward(id=land.ward_north)]
    children = work.children(Visit.ward_id, parents)

    assert set(found) == {land.visit_north}
    assert [row.id for row in children[land.ward_south]] == [land.visit_across]
    assert [row.id for row in children[land.ward_north]] == [land.visit_north]


@pytest.mark.rule("attack 15")
def test_bulk_update_touches_only_rows_in_scope(work: Work, land: Land) -> None:
    work.session.execute(update(Visit).values(note="changed"))
    work.session.finish()

    assert notes_of(land) == [
        (land.visit_north, "changed"),
        (land.visit_south, "SF"),
        (land.visit_across, "changed"),
    ]


@pytest.mark.rule("attack 15")
def test_bulk_delete_touches_only_rows_in_scope(work: Work, land: Land) -> None:
    work.session.execute(delete(Visit))
    work.session.finish()

    assert notes_of(land) == [(land.visit_south, "SF")]


def _insert_one(work: Work, land: Land) -> None:
    work.add(Visit(jurisdiction_id=land.south, ward_id=land.ward_north, note="x"))
    work.session.flush()


def _insert_many(work: Work, land: Land) -> None:
    row = {"ward_id": land.ward_north, "note": "x"}
    work.insert_rows(Visit, [row | {"jurisdiction_id": place} for place in (land.clinic, land.south)])


def _move_out(work: Work, land: Land) -> None:
    work.get(Visit, land.visit_north).jurisdiction_id = land.south
    work.session.flush()


def _pull_in(work: Work, land: Land) -> None:
    with work.everywhere():
        hidden = work.get(Visit, land.visit_south)
    hidden.jurisdiction_id = land.clinic
    work.session.flush()


def _delete_hidden(work: Work, land: Land) -> None:
    with work.everywhere():
        hidden = work.get(Visit, land.visit_south)
    work.session.delete(hidden)
    work.session.flush()


def _smuggle(work: Work, land: Land) -> None:
    work.add(Visit(jurisdiction_id=land.south, ward_id=land.ward_north, note="x"))
    with work.everywhere():
        work.session.scalars(select(Visit)).all()


def _remembered(work: Work, land: Land) -> None:
    with work.scoped(Scope(frozenset({land.south}))):
        work.check_places({land.south})
    _insert_one(work, land)


@pytest.mark.rule("attack 15")
@pytest.mark.parametrize(
    "attempt",
    [_insert_one, _insert_many, _move_out, _pull_in, _delete_hidden, _smuggle, _remembered],
)
def test_nothing_is_written_outside_the_scope(
    land: Land, northerner: Actor, attempt: Callable[[Work, Land], None]
) -> None:
    before = notes_of(land)

    with pytest.raises(NotFound), land.platform.work(northerner) as work, work.allowed(SEE):
        attempt(work, land)

    assert notes_of(land) == before


def test_what_is_pending_is_written_under_the_scope_that_made_it(land: Land, northerner: Actor) -> None:
    with land.platform.work(northerner) as work, work.allowed(SEE):
        added = work.add(Visit(jurisdiction_id=land.clinic, ward_id=land.ward_north, note="new"))

    assert (added.id, "new") in notes_of(land)


@pytest.mark.rule("attack 15")
def test_without_a_permission_there_is_no_row(land: Land, northerner: Actor) -> None:
    with land.platform.work(northerner) as work:
        assert work.session.scalars(select(Visit)).all() == []
        assert work.session.scalar(select(func.count(Visit.id))) == 0
        assert work.find(Visit, land.visit_north) is None


@pytest.mark.rule("attack 19")
def test_one_statement_follows_each_scope_in_turn(land: Land, northerner: Actor) -> None:
    statement = select(Visit.note).order_by(Visit.id)
    scopes = [
        (Scope(frozenset({land.north})), ["NF", "NF"]),
        (Scope(frozenset({land.south})), ["SF"]),
        (Scope(frozenset({land.north, land.south})), ["NF", "SF", "NF"]),
        (Scope(), []),
        (Scope(everywhere=True), ["NF", "SF", "NF"]),
        (Scope(frozenset({land.south})), ["SF"]),
    ]

    with land.platform.work(northerner) as work:
        for scope, expected in scopes:
            with work.scoped(scope):
                assert list(work.session.scalars(statement)) == expected


@pytest.mark.rule("attack 15")
def test_statements_on_bare_tables_use_the_same_criterion(work: Work, land: Land) -> None:
    table = Visit.__table__
    statement = select(table.c.note)

    criterion = scope_criterion(table.c.jurisdiction_id, work.scope)
    nothing = scope_criterion(table.c.jurisdiction_id, Scope())

    assert criterion is not None
    assert nothing is not None
    is_limited = {LIMITED: True}
    assert list(work.session.scalars(statement.where(criterion), execution_options=is_limited)) == [
        "NF",
        "NF",
    ]
    assert list(work.session.scalars(statement.where(nothing), execution_options=is_limited)) == []
    assert scope_criterion(table.c.jurisdiction_id, Scope(everywhere=True)) is None
