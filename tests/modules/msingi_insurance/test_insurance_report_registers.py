"""The report of registers: what stands active and inactive in each place today, and when it last changed."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from tests.modules.msingi_insurance.money_fixtures import TODAY, Till, till_of

from msingi.actor import Actor
from msingi.auth.models import User, UserStatus
from msingi.ids import new_id
from msingi.reports import Question
from msingi.reports.engine import run_report
from msingi.reports.files import as_file
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi.work import Work
from msingi_catalogue import Diagnosis, PriceList, PriceListKind
from msingi_insurance.models.contracts import PolicyHolder
from msingi_insurance.models.family import Family, Insuree
from msingi_insurance.models.field_staff import Officer
from msingi_insurance.models.payers import Payer
from msingi_insurance.plugin import READ_REPORTS
from msingi_insurance.plugin import plugin as insurance
from msingi_insurance.rules.states import InsureeStatus, PayerType
from msingi_registry import Facility, FacilityState

RUN = """query($by: [Text!], $since: LocalDate!, $until: LocalDate!, $place: UUID) {
  report(name: "insurance.registers", by: $by, since: $since, until: $until, placeId: $place) {
    columns { name kind } rows { cells } total { cells } } }"""
ENDED = TODAY - timedelta(days=1)


@pytest.fixture
def till(make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock) -> Till:
    """Garoua has two families, Guider one; nearly every register has something that is over or has not begun."""
    till = till_of(make_platform, as_user)
    gone = till.scheme.enrol(till.scheme.child())
    till.scheme.enrol()
    till.scheme.enrol(village="V3")
    frozen_clock.instant = datetime(2026, 3, 9, 23, 30, tzinfo=UTC)

    def end(work: Work) -> None:
        work.get(Family, gone.family.id).valid_to = TODAY
        work.get(Insuree, gone.insurees[0].id).status = InsureeStatus.DEAD
        work.get(Officer, till.officer.id).works_to = ENDED

    till.act(end)
    frozen_clock.instant = datetime(2026, 3, 2, 9, tzinfo=UTC)
    till.act(lambda work: _others(work, till))
    return till


def _others(work: Work, till: Till) -> None:
    places = till.scheme.places
    for code, status, last in (
        ("a", UserStatus.ACTIVE, None),
        ("b", UserStatus.SUSPENDED, None),
        ("c", UserStatus.ACTIVE, ENDED),
    ):
        work.add(
            User(jurisdiction_id=places["D1"], username=code, display_name=code, status=status, valid_to=last)
        )
    for end in (None, TODAY):
        name = f"Fund {end}"
        work.add(Payer(jurisdiction_id=places["D2"], type=PayerType.DONOR, name=name, closed_on=end))
    work.add(PolicyHolder(jurisdiction_id=places["D2"], code="H", name="Mill"))
    named = {
        "name_fr": "Fièvre",
        "name_en": "Fever",
        "search_text": " fever",
        "classification": "icd10",
        "classification_version": "2019",
    }
    for code, last in (("A01", None), ("A02", TODAY), ("A03", ENDED)):
        work.add(Diagnosis(code=code, valid_from=date(2026, 1, 1), valid_to=last, **named))
    work.add(
        PriceList(
            code="P",
            name="Prices",
            kind=PriceListKind.BOTH,
            dated=TODAY,
            place_id=places["R1"],
            currency="XAF",
            stamp=new_id(),
            valid_from=TODAY + timedelta(days=1),
        )
    )
    work.add(
        Facility(
            jurisdiction_id=places["F1"],
            code="F1",
            name="CSI de Pitoa",
            search_name=" csi",
            type="CSI",
            status=FacilityState.OPERATIONAL,
        )
    )


def _report(
    till: Till, *by: str, actor: Actor | None = None, place: str = "", until: str = "2026-12-31"
) -> Any:
    asked = {
        "by": list(by),
        "since": "2026-01-01",
        "until": until,
        "place": str(till.scheme.places[place]) if place else None,
    }
    answer = till.scheme.run(RUN, asked, actor=actor or _national(till))["report"]
    return [row["cells"] for row in answer["rows"]]


def _national(till: Till) -> Actor:
    return till.as_user(READ_REPORTS, at=till.scheme.places["CM"], national=True)


@pytest.mark.rule("TZA-06")
def test_each_register_tells_what_is_active_and_when_it_last_changed(till: Till) -> None:
    """At half past eleven at night in London, a day later began in the country."""
    assert _report(till, "district", "register") == [
        ["Garoua", "facilities", "1", "0", "2026-03-02"],
        ["Garoua", "families", "1", "1", "2026-03-10"],
        ["Garoua", "insurees", "2", "1", "2026-03-10"],
        ["Garoua", "officers", "0", "1", "2026-03-10"],
        ["Garoua", "places", "3", "0", "2026-03-02"],
        ["Garoua", "users", "1", "2", "2026-03-02"],
        ["Guider", "families", "1", "0", "2026-03-02"],
        ["Guider", "insurees", "1", "0", "2026-03-02"],
        ["Guider", "officers", "1", "0", "2026-03-02"],
        ["Guider", "payers", "1", "1", "2026-03-02"],
        ["Guider", "places", "2", "0", "2026-03-02"],
        ["Guider", "policy_holders", "1", "0", "2026-03-02"],
        ["", "diagnoses", "2", "1", "2026-03-02"],
        ["", "places", "2", "0", "2026-03-02"],
        ["", "price_lists", "0", "1", "2026-03-02"],
        ["", "products", "1", "0", "2026-03-02"],
    ]


@pytest.mark.rule("TZA-06")
def test_what_belongs_to_no_place_stands_under_the_country(till: Till) -> None:
    of_the_country = _report(till, "country", "register", place="CM")

    assert ["Cameroun", "diagnoses", "2", "1", "2026-03-02"] in of_the_country
    assert {row[0] for row in of_the_country} == {"Cameroun"}
    assert ["price_lists", "0", "1", ""] in _report(till, "register", place="R1")
    assert "diagnoses" not in {row[0] for row in _report(till, "register", place="R1")}


@pytest.mark.rule("TZA-06")
def test_the_period_limits_the_last_change_and_not_what_is_counted(till: Till) -> None:
    rows = {row[0]: row[1:] for row in _report(till, "register", until="2026-03-09")}

    assert rows["families"] == ["2", "1", "2026-03-02"]
    assert rows["officers"] == ["1", "1", "2026-03-02"]
    assert {row[0]: row[3] for row in _report(till, "register", until="2026-02-28")}["families"] == ""
    assert {row[0] for row in _report(till, "month", until="2026-03-31")} == {"", "2026-03"}


@pytest.mark.rule("X-02")
def test_a_district_sees_its_own_registers_only(till: Till) -> None:
    of_guider = till.user(READ_REPORTS, at="D2")

    assert _report(till, "district", "register", actor=of_guider) == [
        ["Guider", "families", "1", "0", "2026-03-02"],
        ["Guider", "insurees", "1", "0", "2026-03-02"],
        ["Guider", "officers", "1", "0", "2026-03-02"],
        ["Guider", "payers", "1", "1", "2026-03-02"],
        ["Guider", "places", "2", "0", ""],
        ["Guider", "policy_holders", "1", "0", "2026-03-02"],
    ]
    assert _report(till, "register", actor=of_guider, place="D1") == []


def test_before_there_is_any_place_nothing_is_counted(make_platform: MakePlatform, as_user: AsUser) -> None:
    platform = make_platform(insurance)
    asked = {"by": ["country", "register"], "since": "2026-01-01", "until": "2026-12-31"}

    answer = platform.graphql.run(RUN, asked, actor=as_user(READ_REPORTS, national=True))

    assert answer["data"]["report"]["rows"] == []


def test_the_last_change_is_a_day_also_in_files(till: Till) -> None:

    with till.scheme.platform.work(till.user(READ_REPORTS), language="fr", writes=False) as work:
        place = till.scheme.places["D1"]
        asked = Question("insurance.registers", ("register",), TODAY, date(2026, 3, 31), place)
        table = run_report(work, asked)
        lines = as_file(work, table, "csv").decode("utf-8-sig").splitlines()
        assert as_file(work, table, "pdf").startswith(b"%PDF")
        assert as_file(work, table, "xlsx").startswith(b"PK")

    assert lines[0] == "Registre,Actifs,Inactifs,Dernier changement dans la période"
    assert "families,1,1,2026-03-10" in lines
    assert table.total[-1] == date(2026, 3, 10)
