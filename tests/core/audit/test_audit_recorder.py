"""The recorder: what a flush, a bulk write, a refusal and a sensitive read leave in the trail."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from trialaudit import COUNT, SEE, TooLate, TrialLog, TrialNote, TrialPerson, create_tables, plugin

from msingi import Permission, Work
from msingi.actor import Actor, Scope
from msingi.audit.models import ENTRIES, AuditEntry
from msingi.errors import Forbidden
from msingi.ids import new_id
from msingi.platform import Platform
from msingi.rbac.models import Jurisdiction, JurisdictionClosure
from msingi.testing import AsUser, MakePlatform
from msingi.work import Origin


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    made = make_platform(plugin)
    create_tables(made.database)
    return made


@pytest.fixture
def place(platform: Platform) -> UUID:
    place_id = new_id()
    with platform.work() as work:
        work.add(Jurisdiction(id=place_id, code="CM-01", name="Nord", level=0))
        work.session.flush()
        work.add(JurisdictionClosure(ancestor_id=place_id, descendant_id=place_id, depth=0))
    return place_id


def lines(platform: Platform, **conditions: Any) -> list[AuditEntry]:
    with platform.work(writes=False) as work:
        found = work.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        work.session.expunge_all()
    return [line for line in found if all(getattr(line, key) == value for key, value in conditions.items())]


def add_person(work: Work, place: UUID, **values: Any) -> TrialPerson:
    person = TrialPerson(jurisdiction_id=place, **values)
    work.add(person)
    work.session.flush()
    return person


@pytest.mark.rule("I5", "attack 95")
def test_an_insert_leaves_one_line_with_names_only(platform: Platform, place: UUID, as_user: AsUser) -> None:
    actor = as_user("x", national=True)
    request = new_id()

    with platform.work(actor, origin=Origin(request, door="rest", basis="care")) as work, work.everywhere():
        person = add_person(work, place, visits=3, phone="+237699", name="Awa", pin="1234")

    (line,) = lines(platform, entity="trialaudit_person")
    assert line.action == "insert"
    assert line.changes == dict.fromkeys(["jurisdiction_id", "state", "visits", "phone", "name", "pin"])
    assert (line.actor_id, line.actor_kind, line.entity_id) == (actor.id, "user", person.id)
    assert (line.jurisdiction_id, line.request_id, line.door, line.basis) == (place, request, "rest", "care")


@pytest.mark.rule("attack 95", "attack 99")
def test_an_update_keeps_values_of_open_fields_only(platform: Platform, place: UUID) -> None:
    with platform.work() as work:
        person = add_person(work, place, visits=3, phone="+237699", name="Awa", pin="1234")

    with platform.work() as work:
        again = work.get(TrialPerson, person.id)
        again.state, again.visits = "seen", None
        again.phone, again.name, again.pin = "+237700", "Bea", "9999"

    (line,) = lines(platform, entity="trialaudit_person", action="update")
    assert line.changes == {
        "state": ["new", "seen"],
        "visits": [3, None],
        "phone": None,
        "name": None,
        "pin": None,
    }


def test_an_assignment_of_the_same_value_leaves_no_line(platform: Platform, place: UUID) -> None:
    with platform.work() as work:
        person = add_person(work, place, visits=3)
        person.visits = 3
        work.session.flush()

    assert lines(platform, action="update") == []


@pytest.mark.rule("I5")
def test_a_delete_records_the_removed_parts_too(platform: Platform, place: UUID) -> None:
    with platform.work() as work:
        person = add_person(work, place, notes=[TrialNote(text="a"), TrialNote(text="b")])
        orphan, deleted = (note.id for note in person.notes)

    with platform.work() as work:
        again = work.get(TrialPerson, person.id)
        again.notes.pop(0)
        work.session.flush()
        work.session.delete(again)

    assert lines(platform, action="delete")[0].entity_id == orphan
    assert {line.entity_id for line in lines(platform, action="delete")} == {orphan, deleted, person.id}
    (line,) = lines(platform, action="delete", entity="trialaudit_person")
    assert line.changes == dict.fromkeys(["jurisdiction_id", "state"])
    assert line.jurisdiction_id == place


def test_a_table_left_out_leaves_no_line(platform: Platform) -> None:
    with platform.work() as work:
        work.add(TrialLog(text="x"))
        work.insert_rows(TrialLog, [{"text": "y"}])
        work.session.execute(update(TrialLog).values(text="z"))

    assert lines(platform) == []


@pytest.mark.rule("I5")
def test_rows_written_in_bulk_leave_one_line_each(platform: Platform, place: UUID) -> None:
    ids = [new_id() for _ in range(300)]

    with platform.work() as work:
        work.insert_rows(
            TrialPerson,
            [{"id": i, "jurisdiction_id": place, "state": "new", "version": 1, "name": "Awa"} for i in ids],
        )

    found = lines(platform, entity="trialaudit_person")
    assert [line.entity_id for line in found] == ids
    assert {line.action for line in found} == {"insert"}
    assert found[0].changes == dict.fromkeys(["id", "jurisdiction_id", "state", "version", "name"])
    assert found[0].jurisdiction_id == place


@pytest.mark.rule("attack 95")
def test_a_bulk_update_leaves_its_count_and_open_values(platform: Platform, place: UUID) -> None:
    with platform.work() as work:
        for _ in range(3):
            add_person(work, place, visits=1, phone="+237699")

    with platform.work() as work:
        work.session.execute(
            update(TrialPerson).where(TrialPerson.visits == 1).values(state="shut", phone="+237700", name="X")
        )

    (line,) = lines(platform, action="update_many")
    assert line.entity == "trialaudit_person"
    assert line.changes["rows"] == 3
    assert line.changes["set"] == {"state": ["shut"], "phone": None, "name": None}
    assert "trialaudit_person.visits =" in line.changes["where"]
    assert "1" not in line.changes["where"].replace("visits_1", "")


@pytest.mark.rule("attack 95", "attack 15")
def test_a_bulk_update_in_a_scope_leaves_the_values_and_nothing_of_the_scope(
    platform: Platform, place: UUID, as_user: AsUser
) -> None:
    with platform.work() as work:
        add_person(work, place, visits=1)
    actor = as_user("trialaudit.see", at=place)

    with platform.work(actor) as work, work.scoped(Scope(frozenset({place}))):
        work.session.execute(update(TrialPerson).values(state="shut"))

    (line,) = lines(platform, action="update_many")
    assert (line.changes["rows"], line.changes["set"]) == (1, {"state": ["shut"]})


@pytest.mark.rule("attack 95")
def test_bulk_deletes_and_plain_statements_leave_lines(platform: Platform, place: UUID) -> None:
    table = TrialPerson.__table__
    with platform.work() as work:
        person = add_person(work, place)
        add_person(work, place)
        work.session.execute(update(TrialPerson), [{"id": person.id, "version": 1, "state": "shut"}])
        work.session.execute(delete(TrialPerson).where(TrialPerson.id == person.id))
        work.session.execute(delete(table))  # type: ignore[arg-type]
        row = {"jurisdiction_id": place, "state": "new", "version": 1}
        work.session.execute(insert(TrialPerson), [row, row])
        work.session.execute(insert(table).values(id=new_id(), **row))  # type: ignore[arg-type]

    found = lines(platform)[-5:]
    assert [line.action for line in found] == ["update_many", *["delete_many"] * 2, *["insert_many"] * 2]
    assert [line.changes["rows"] for line in found] == [1, 1, 1, 2, 1]


@pytest.mark.rule("I5", "attack 95")
def test_an_undone_work_leaves_its_refusal_and_no_line_of_its_changes(
    platform: Platform, place: UUID
) -> None:
    with pytest.raises(TooLate):
        approve_too_late(platform, place)

    (line,) = lines(platform)
    assert (line.action, line.changes) == ("refused", {"code": "trialaudit.too_late"})


def approve_too_late(platform: Platform, place: UUID) -> None:
    with platform.work() as work:
        add_person(work, place)
        work.audit("approved", entity="claim")
        raise TooLate(name="Awa")


@pytest.mark.rule("attack 95")
def test_a_refused_right_leaves_a_line_although_the_work_is_undone(
    platform: Platform, place: UUID, as_user: AsUser
) -> None:
    actor = as_user(COUNT, at=place)

    with pytest.raises(Forbidden):
        add_then_overreach(platform, actor, place)

    (line,) = lines(platform, action="refused")
    assert line.changes == {"code": "core.forbidden", "permission": "trialaudit.see"}
    assert (line.actor_id, line.jurisdiction_id) == (actor.id, place)
    assert lines(platform, entity="trialaudit_person") == []


def add_then_overreach(platform: Platform, actor: Actor, place: UUID) -> None:
    with platform.work(actor) as work, work.allowed(COUNT):
        add_person(work, place, name="Awa")
        work.require(SEE, place)


@pytest.mark.rule("attack 95")
def test_a_refusal_on_a_read_only_work_leaves_a_line(platform: Platform, as_user: AsUser) -> None:
    with pytest.raises(Forbidden), platform.work(as_user(COUNT), writes=False) as work:
        work.require(SEE)

    assert [line.action for line in lines(platform)] == ["refused"]


@pytest.mark.rule("attack 95")
def test_one_refusal_is_recorded_once_and_without_its_parameters(platform: Platform, as_user: AsUser) -> None:
    refusal = TooLate(name="Awa")

    with platform.work(as_user(COUNT)) as work:
        platform.trail.refused(work, refusal, entity="claim")
        platform.trail.refused(work, refusal)

    (line,) = lines(platform)
    assert (line.action, line.entity, line.changes) == ("refused", "claim", {"code": "trialaudit.too_late"})


@pytest.mark.rule("attack 95")
def test_a_kept_line_survives_a_failed_commit(platform: Platform, place: UUID) -> None:
    with pytest.raises(IntegrityError):
        fail_at_commit(platform)

    (line,) = lines(platform, action="login_failed")
    assert line.changes == {"tries": 3}


def fail_at_commit(platform: Platform) -> None:
    with platform.work() as work:
        platform.trail.keep(work, action="login_failed", entity="auth_user", details={"tries": 3})
        work.add(TrialNote(person_id=new_id(), text="nobody"))


@pytest.mark.rule("attack 32", "attack 95")
def test_a_kept_line_is_written_once_with_its_work(platform: Platform, place: UUID) -> None:
    with platform.work() as work:
        platform.trail.keep(work, action="login_failed", entity="auth_user")
        with work.session.begin_nested():
            add_person(work, place)

    assert len(lines(platform, action="login_failed")) == 1


@pytest.mark.rule("attack 32", "attack 95")
@pytest.mark.parametrize("writes", [True, False])
def test_a_sensitive_read_names_the_record(
    platform: Platform, place: UUID, as_user: AsUser, *, writes: bool
) -> None:
    with platform.work() as work:
        person = add_person(work, place)
    actor = as_user(SEE, at=place)

    with (
        platform.work(actor, writes=writes, origin=Origin(new_id(), basis="emergency")) as work,
        work.allowed(SEE),
    ):
        platform.trail.read(work, SEE, work.get(TrialPerson, person.id))

    (line,) = lines(platform, action="read")
    assert (line.entity, line.entity_id, line.basis) == ("trialaudit_person", person.id, "emergency")
    assert line.changes == {"permission": "trialaudit.see", "count": 1}
    assert (line.actor_id, line.jurisdiction_id) == (actor.id, place)


@pytest.mark.rule("attack 95")
def test_a_long_list_read_names_200_records_and_the_count(platform: Platform, as_user: AsUser) -> None:
    ids = [new_id() for _ in range(250)]

    with platform.work(as_user(SEE), writes=False) as work:
        platform.trail.record_read(work, SEE, "trialaudit_person", ids)

    (line,) = lines(platform)
    assert line.entity_id is None
    assert line.changes["count"] == 250
    assert line.changes["ids"] == [str(record_id) for record_id in ids[:200]]


@pytest.mark.rule("attack 95")
@pytest.mark.parametrize(("permission", "answer"), [(COUNT, "x"), (SEE, None), (SEE, [])])
def test_an_ordinary_or_empty_read_leaves_no_line(
    platform: Platform, as_user: AsUser, permission: Permission, answer: object
) -> None:
    with platform.work(as_user(permission), writes=False) as work:
        platform.trail.read(work, permission, answer)

    assert lines(platform) == []


@pytest.mark.rule("attack 32")
def test_an_answer_is_withheld_when_its_line_cannot_be_written(
    platform: Platform, place: UUID, as_user: AsUser
) -> None:
    with platform.database.write.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE audit_entry RENAME TO audit_gone")

    given = list[str]()
    with pytest.raises(Exception, match="audit_entry"):
        given.append(read_name(platform, as_user(SEE)))

    assert given == []


def read_name(platform: Platform, actor: Actor) -> str:
    with platform.work(actor, writes=False) as work:
        platform.trail.record_read(work, SEE, "trialaudit_person", [new_id()])
        return "Awa"


@pytest.mark.rule("attack 96")
def test_hostile_text_is_stored_as_one_clean_value(platform: Platform, as_user: AsUser) -> None:
    origin = Origin(new_id(), door="rest", basis="a\r\n\x1b[31m\x00\ud800" + "b" * 300)

    with platform.work(as_user(COUNT), origin=origin) as work:
        work.audit("noted", entity="e" * 300, details={"text": "x\x00y", "long": "z" * 600, "rate": 1e16})

    (line,) = lines(platform)
    assert line.basis.startswith("a\r\n\x1b[31m\ufffd?bb")
    assert len(line.basis) == 200
    assert len(line.entity) == 100
    assert line.changes["text"] == "x\ufffdy"
    assert line.changes["long"] == "z" * 499 + "…"
    assert line.changes["rate"] == "1e+16"


@pytest.mark.rule("FR-7")
def test_lines_are_seen_in_their_place_only(platform: Platform, place: UUID, as_user: AsUser) -> None:
    with platform.work() as work:
        person = add_person(work, place)
        add_person(work, place)
        work.audit("noted", entity="national")

    here, elsewhere = as_user("audit.read", at=place), as_user("audit.read", at=new_id())
    with platform.work(here, writes=False) as work, work.scoped(here.scope("audit.read")):
        seen = work.session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
        work.session.expunge_all()
    with platform.work(elsewhere, writes=False) as work, work.scoped(elsewhere.scope("audit.read")):
        assert work.find(AuditEntry, seen[0].id) is None

    assert [line.entity for line in seen] == ["trialaudit_person"] * 2
    assert seen[0].entity_id == person.id


@pytest.fixture(autouse=True)
def _quiet_start(request: pytest.FixtureRequest) -> None:
    """Forget the lines of the place's own creation, so that each test counts its own."""
    if "place" in request.fixturenames:
        platform: Platform = request.getfixturevalue("platform")
        request.getfixturevalue("place")
        with platform.database.write.begin() as connection:
            connection.execute(delete(ENTRIES))
