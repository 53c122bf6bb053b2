"""The report of user activity: who signed in and changed what, by the days of the country, inside the reader's places."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from tests.core.auth.conftest import Town

from msingi.actor import Actor
from msingi.audit.models import AuditEntry
from msingi.audit.plugin import READ
from msingi.audit.services.searching import EntryQuery, search
from msingi.auth.models import User
from msingi.auth.plugin import READ_CONTACTS, READ_USERS
from msingi.reports import Question
from msingi.reports.engine import run_report
from msingi.testing import AsUser

RUN = """query($by: [Text!], $since: LocalDate!, $until: LocalDate!, $place: UUID) {
  report(name: "audit.user_activity", by: $by, since: $since, until: $until, placeId: $place) {
    rows { cells } total { cells } } }"""


@pytest.fixture
def people(town: Town) -> dict[str, User]:
    """Amina of the north signs in a minute before and after the 1st of April begins in the country, Bello of the south once."""
    made = {"amina": town.person("amina"), "bello": town.person("bello", at="south")}
    town.clock.move(days=29, hours=13, minutes=59)
    for who in ("amina", "bello"):
        token = town.login(who).token
        town.ask(
            token, lambda work: work.audit("extract", entity="claim", jurisdiction_id=town.places["south"])
        )
    town.clock.move(minutes=2)
    token = town.login("amina").token

    def rename(work: Any) -> None:
        with work.everywhere():
            work.get(User, made["amina"].id).display_name = "Amina D."
            work.get(User, made["amina"].id).language = "fr"

    town.ask(token, rename)
    return made


def _report(
    town: Town, reader: Actor, *by: str, since: str = "2026-03-31", until: str = "2026-04-30", place: str = ""
) -> Any:
    asked = {
        "by": list(by),
        "since": since,
        "until": until,
        "place": str(town.places[place]) if place else None,
    }
    answer = town.platform.graphql.run(RUN, asked, actor=reader)
    table = answer["data"]["report"]
    return [row["cells"] for row in table["rows"]], table["total"]["cells"]


@pytest.mark.rule("FR-7")
def test_sign_ins_and_changes_stand_by_account_and_table(
    town: Town, people: dict[str, User], as_user: AsUser
) -> None:
    rows, total = _report(town, as_user(READ, national=True), "account", "table", "action")

    amina, bello = str(people["amina"].id), str(people["bello"].id)
    assert sorted(rows) == sorted(
        [
            [amina, "auth_user", "auth.login", "2", "0", "0"],
            [amina, "auth_user", "update", "0", "1", "0"],
            [amina, "claim", "extract", "0", "0", "1"],
            [bello, "auth_user", "auth.login", "1", "0", "0"],
            [bello, "claim", "extract", "0", "0", "1"],
        ]
    )
    assert total == ["", "", "", "3", "1", "2"]


@pytest.mark.rule("FR-7")
def test_days_and_months_of_activity_are_those_of_the_country(
    town: Town, people: dict[str, User], as_user: AsUser
) -> None:
    """In London, whose instants the trail keeps, it was March at both times."""
    reader = as_user(READ, national=True)

    assert _report(town, reader, "month")[0] == [["2026-03", "2", "0", "2"], ["2026-04", "1", "1", "0"]]
    assert _report(town, reader, "year", until="2099-12-31")[1] == ["", "3", "1", "2"]
    assert _report(town, reader, until="2026-03-31")[1] == ["2", "0", "2"]
    assert _report(town, reader, since="2026-04-01")[1] == ["1", "1", "0"]
    assert _report(town, reader, "month", since="2027-01-01", until="2027-12-31") == ([], ["", "0", "0", "0"])


@pytest.mark.parametrize("by", [(), ("month",), ("year",)])
def test_a_report_of_instants_may_cover_all_time(
    town: Town, people: dict[str, User], as_user: AsUser, by: tuple[str, ...]
) -> None:
    question = Question("audit.user_activity", by, date.min, date.max, town.places["north"])

    with town.platform.work(as_user(READ, national=True), writes=False) as work:
        assert run_report(work, question).total[len(by) :][0] == 3


@pytest.mark.rule("X-02")
def test_activity_is_that_of_the_lines_which_the_search_finds(
    town: Town, people: dict[str, User], as_user: AsUser
) -> None:
    of_the_south = as_user(READ, at=town.places["south"])

    rows, total = _report(town, of_the_south, "account", since="2026-03-02")

    with town.platform.work(of_the_south) as work, work.allowed(READ):
        lines = search(work, EntryQuery(), first=1000)
    told = [line for line in lines if line.action not in {"read", "refused"}]
    assert sum(int(cell) for row in rows for cell in row[1:]) == len(told) > 3
    assert [int(cell) for cell in total[1:]] == [
        sum(line.action == "auth.login" for line in told),
        sum(line.action in {"insert", "update"} for line in told),
        sum(line.action not in {"insert", "update", "auth.login"} for line in told),
    ]
    assert _report(town, of_the_south, place="north") == ([], ["0", "0", "0"])


@pytest.mark.rule("P4", "attack 95")
def test_nobody_is_named_to_who_may_not_see_the_account(
    town: Town, people: dict[str, User], as_user: AsUser
) -> None:
    town.system(lambda work: setattr(work.get(User, people["bello"].id), "email", "bello@example.org"))
    of_the_south = as_user(READ, READ_USERS, READ_CONTACTS, at=town.places["south"])

    hidden, _ = _report(town, as_user(READ, national=True), "username")
    shown, _ = _report(town, of_the_south, "username")
    every = _report(town, as_user(READ, READ_USERS, national=True), "username", "account", "table", "action")

    assert [row[0] for row in hidden] == [""]
    assert [row[0] for row in shown] == ["bello", ""]
    assert {row[0] for row in every[0]} == {"amina", "bello", ""}
    assert not any(secret in cell for row in every[0] for cell in row for secret in ("@", "Amina D."))


@pytest.mark.rule("P4", "attack 32", "attack 95")
def test_the_report_of_activity_asks_for_the_right_of_the_search_and_leaves_a_line(
    town: Town, people: dict[str, User], as_user: AsUser
) -> None:
    asked = {"by": [], "since": "2026-03-01", "until": "2026-04-30"}

    refused = town.platform.graphql.run(RUN, asked, actor=as_user(READ_USERS, national=True))
    before = town.audited("read")
    _report(town, as_user(READ, national=True))

    assert [error["extensions"]["code"] for error in refused["errors"]] == ["core.forbidden"]
    assert town.audited("read") == before + 1
    newest = select(AuditEntry).where(AuditEntry.action == "read").order_by(AuditEntry.id.desc())
    line = town.system(lambda work: work.session.scalars(newest).first())
    assert (line.entity, line.changes["permission"]) == ("report audit.user_activity", "audit.read")
