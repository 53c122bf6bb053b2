"""Whatever way a record under a sensitive right is shown by, a line tells of it (P4)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import pytest
import trialaudit
from sqlalchemy import Select, literal, select
from starlette.testclient import TestClient
from trialaudit import COUNT, SEE, TrialPerson

from msingi import Plugin, Work
from msingi.actor import ANONYMOUS
from msingi.audit.models import ENTRIES
from msingi.auth.services.accounts import NewUser, create_user
from msingi.auth.services.login import login
from msingi.http import create_app
from msingi.http.rest import RestRequest
from msingi.platform import Platform
from msingi.rbac.grants import grant_role
from msingi.rbac.models import Policy, Role
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.reports import Rows, counted
from msingi.testing import AsUser, MakePlatform

PASSWORD = "Mvog-Mbi 1976 sous la pluie"
ways = Plugin("trialways", requires=["trialaudit"])
ways.expose(TrialPerson, "id", "state", "visits", "version", allow=SEE)


@dataclass(frozen=True)
class Visit:
    """A visit and whose it was."""

    person: TrialPerson = field(metadata={"doc": "Who came."})


@ways.query(allow=COUNT)
def last_visits(work: Work) -> list[Visit]:
    """The last visits."""
    return [Visit(person) for person in work.session.scalars(select(TrialPerson).order_by(TrialPerson.id))]


@ways.connection(TrialPerson, allow=COUNT, order=("id",))
def people(work: Work) -> Select[TrialPerson]:
    """Everybody."""
    return select(TrialPerson)


@ways.mutation(allow=COUNT)
def greet(work: Work, id: UUID, visits: int | None = None) -> TrialPerson:  # noqa: A002 - the name that callers see
    """Count a visit, or only say hello."""
    person = work.get(TrialPerson, id)
    person.visits = visits if visits is not None else person.visits
    return person


@ways.extend(TrialPerson, allow=COUNT)
def friends(people: Sequence[TrialPerson], work: Work) -> dict[UUID, list[TrialPerson]]:
    """The others."""
    everybody = work.session.scalars(select(TrialPerson)).all()
    return {one.id: [other for other in everybody if other.id != one.id] for one in people}


@ways.route("GET", "/cards/{id}", allow=SEE)
def card(work: Work, request: RestRequest) -> dict[str, Any]:
    """A card."""
    return {"state": work.get(TrialPerson, UUID(request.path["id"])).state}


@ways.route("GET", "/told/{id}", allow=SEE)
def told(work: Work, request: RestRequest) -> dict[str, Any]:
    """Two records of which the function tells itself."""
    ids = [UUID(request.path["id"])] * 2
    work.platform.trail.record_read(work, SEE, "trialaudit_person", ids)
    return {}


@ways.report("visits", title="Visits", allow=SEE, by={"state": "State"}, sums=[counted("people", "People")])
def visits(work: Work) -> Rows:
    """One row per person."""
    return select(
        TrialPerson.jurisdiction_id.label("place_id"),
        literal(date(2026, 3, 2)).label("day"),
        TrialPerson.state.label("state"),
        literal(1).label("people"),
    )


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    made = make_platform(trialaudit.plugin, ways)
    trialaudit.create_tables(made.database)
    return made


@pytest.fixture
def place(platform: Platform) -> UUID:
    with platform.work() as work:
        return add_places(work, [NewPlace(code="CM", name="Cameroun")])["CM"]


@pytest.fixture
def pair(platform: Platform, place: UUID) -> list[UUID]:
    """Two people."""
    with platform.work() as work:
        people = [work.add(TrialPerson(jurisdiction_id=place)) for _ in range(2)]
        work.session.flush()
        return sorted(person.id for person in people)


def reads(platform: Platform) -> list[tuple[str, list[UUID]]]:
    """What was read under the sensitive right: the entity and the ids of each line."""
    columns = (ENTRIES.c.entity, ENTRIES.c.entity_id, ENTRIES.c.changes)
    asked = select(*columns).where(ENTRIES.c.action == "read").order_by(ENTRIES.c.id)
    with platform.work(writes=False) as work:
        lines = work.session.execute(asked).all()
    assert {line.changes["permission"] for line in lines} <= {SEE.name}
    return [
        (line.entity, [line.entity_id] if line.entity_id else sorted(map(UUID, line.changes.get("ids", []))))
        for line in lines
    ]


@pytest.mark.rule("P4", "attack 32")
@pytest.mark.parametrize(
    "question",
    ["{ lastVisits { person { id state } } }", "{ people { nodes { id state } } }"],
)
def test_records_below_a_field_under_another_right_are_told(
    platform: Platform, pair: list[UUID], as_user: AsUser, question: str
) -> None:
    answer = platform.graphql.run(question, {}, actor=as_user(SEE, COUNT, national=True))

    assert "errors" not in answer
    assert reads(platform) == [("trialaudit_person", pair)]


@pytest.mark.rule("P4", "attack 32")
def test_records_in_a_field_added_to_others_are_told(
    platform: Platform, pair: list[UUID], as_user: AsUser
) -> None:
    question = "{ people(first: 1) { nodes { friends { id } } } }"

    answer = platform.graphql.run(question, {}, actor=as_user(SEE, COUNT, national=True))

    assert [friend["id"] for friend in answer["data"]["people"]["nodes"][0]["friends"]] == [str(pair[1])]
    assert sorted(reads(platform)) == [("trialaudit_person", [one]) for one in pair]


@pytest.mark.rule("P4", "attack 32")
@pytest.mark.parametrize(("visits", "told"), [(None, ["insert", "read"]), (7, ["insert", "update"])])
def test_a_change_that_changes_nothing_is_a_reading(
    platform: Platform, pair: list[UUID], as_user: AsUser, visits: int | None, told: list[str]
) -> None:
    question = "mutation ($id: UUID!, $visits: Int) { greet(id: $id, visits: $visits) { state } }"
    given = {"id": str(pair[0]), "visits": visits}

    platform.graphql.run(question, given, actor=as_user(SEE, COUNT, national=True))

    asked = select(ENTRIES.c.action).where(ENTRIES.c.entity_id == pair[0]).order_by(ENTRIES.c.id)
    with platform.work(writes=False) as work:
        assert list(work.session.scalars(asked)) == told


@pytest.mark.rule("P4", "attack 32")
def test_a_file_is_told_by_its_door_unless_the_door_tells_more(
    platform: Platform, place: UUID, pair: list[UUID]
) -> None:
    headers = {"authorization": f"Bearer {_token_of_a_reader(platform, place)}", "x-msingi-request": "1"}
    with TestClient(create_app(platform), base_url="http://localhost", headers=headers) as client:
        replies = [client.get(f"/api/trialways/{door}/{pair[0]}") for door in ("cards", "told")]
        missing = client.get(f"/api/trialways/cards/{place}")

    assert [reply.status_code for reply in (*replies, missing)] == [200, 200, 404]
    assert reads(platform) == [("api/cards/{id}", [pair[0]]), ("trialaudit_person", [pair[0]])]


@pytest.mark.rule("P4", "attack 32")
def test_a_report_under_a_sensitive_right_is_told(
    platform: Platform, pair: list[UUID], as_user: AsUser
) -> None:
    question = """{ report(name: "trialways.visits", by: ["state"], since: "2026-01-01", until: "2026-12-31") {
      rows { cells } } }"""

    answer = platform.graphql.run(question, {}, actor=as_user(SEE, national=True))

    assert answer["data"]["report"]["rows"] == [{"cells": ["new", str(len(pair))]}]
    assert reads(platform) == [("report trialways.visits", [])]


def _token_of_a_reader(platform: Platform, place: UUID) -> str:
    with platform.work() as work:
        role = work.add(Role(name="reader", labels={}, preset=False))
        work.session.flush()
        work.add(Policy(role_id=role.id, module="trialaudit", action="see"))
        user, once = create_user(work, NewUser(username="awa", display_name="Awa", jurisdiction_id=place))
        grant_role(work, user.id, role=role.name, jurisdiction_id=place)
    with platform.work(ANONYMOUS) as work:
        return login(work, "awa", once, new_password=PASSWORD).token
