"""The report of commissions: the same figures as the list of commissions, split by place, product and month."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.modules.msingi_insurance.contract_fixtures import plan
from tests.modules.msingi_insurance.money_fixtures import TODAY, Till, premiums, till_of

from msingi.actor import Actor
from msingi.plugin import Plugin
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi_insurance.models.field_staff import Officer
from msingi_insurance.plugin import READ_OFFICERS, READ_REPORTS
from msingi_insurance.rules.calculation.book import AnyRule, CalculationRule
from msingi_insurance.rules.calculation.shipped import CommissionParameters
from msingi_insurance.rules.calculation.subjects import CommissionSubject
from msingi_insurance.services.commissions import officer_commissions
from msingi_insurance.services.premium_returns import decide_return, request_reversal
from msingi_insurance.services.premiums import receive_premium

RUN = """query($by: [Text!], $since: LocalDate!, $until: LocalDate!, $place: UUID) {
  report(name: "insurance.commissions", by: $by, since: $since, until: $until, placeId: $place) {
    rows { cells } total { cells } } }"""
LAST = date(2026, 4, 1)


@pytest.fixture
def till(make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock) -> Till:
    """Two officers who earn 2.5 of 100 francs: one in the north for 3 contributions, one in the south for 1."""
    till = till_of(make_platform, as_user)
    plan(till, "COM", "commission", percent="2.5")
    for amount in (210, 210):
        till.act(lambda work, amount=amount: receive_premium(work, till.cash(till.policy(), amount)))
    south = till.policy(village="V3")
    till.act(lambda work: receive_premium(work, till.cash(south, 500, officer_id=till.other.id)))
    frozen_clock.move(days=(LAST - TODAY).days)
    late = till.policy(on=LAST)
    till.act(lambda work: receive_premium(work, till.cash(late, 220, pay_date=LAST)))
    return till


def _report(
    till: Till, *by: str, since: date = TODAY, until: date = LAST, actor: Actor | None = None, place: str = ""
) -> Any:
    asked = {
        "by": list(by),
        "since": since.isoformat(),
        "until": until.isoformat(),
        "place": str(till.scheme.places[place]) if place else None,
    }
    answer = till.scheme.run(RUN, asked, actor=actor or till.user(READ_OFFICERS))["report"]
    return [row["cells"] for row in answer["rows"]], answer["total"]["cells"]


def _listed(till: Till, since: date, until: date) -> list[list[str]]:
    def listed(work: Any) -> list[list[str]]:
        return [
            [work.get(Officer, one.officer_id).code, one.plan, str(one.collected), str(one.commission)]
            for one in officer_commissions(work, since=since, until=until)
        ]

    found: list[list[str]] = till.act(listed)
    return sorted(found)


@pytest.mark.rule("TZA-14", "TZA-06")
def test_commissions_of_the_report_are_those_of_the_list(till: Till) -> None:
    """640 francs make 16 exactly; by the contribution it would be 5 + 5 + 6 rounded, and 500 francs make 12.5, so 12."""
    rows, total = _report(till, "officer", "plan")

    assert rows == [["E1", "COM", "3", "640 XAF", "16 XAF"], ["E2", "COM", "1", "500 XAF", "12 XAF"]]
    assert total == ["", "", "4", "1140 XAF", "28 XAF"]
    for since, until in ((TODAY, LAST), (TODAY, TODAY), (LAST, LAST)):
        rows, _ = _report(till, "officer", "plan", since=since, until=until)
        assert [[row[0], row[1], *row[3:]] for row in rows] == _listed(till, since, until)


@pytest.mark.rule("TZA-14", "TZA-06")
def test_parts_of_a_commission_add_up_to_it(till: Till) -> None:
    """420 of 640 francs are 10.5 of 16: the first month gets 10, the second what is left."""
    assert _report(till, "month", "product", place="D1") == (
        [["2026-03", "CHF", "2", "420 XAF", "10 XAF"], ["2026-04", "CHF", "1", "220 XAF", "6 XAF"]],
        ["", "", "3", "640 XAF", "16 XAF"],
    )
    assert _report(till, "district") == (
        [["Garoua", "3", "640 XAF", "16 XAF"], ["Guider", "1", "500 XAF", "12 XAF"]],
        ["", "4", "1140 XAF", "28 XAF"],
    )


@pytest.mark.rule("TZA-14", "TZA-06")
def test_what_is_taken_back_takes_its_commission_along(till: Till) -> None:
    with till.scheme.platform.work() as work:
        wrong = officer_commissions(work, since=TODAY, until=TODAY)[0]
    assert wrong.collected.minor == 420
    first = till.policies[0]
    paid = _premium_of(till, first)
    request = till.act(lambda work: request_reversal(work, paid, reason="mistake"))
    till.act(lambda work: decide_return(work, request.id, approve=True))

    assert _report(till, "officer")[0] == [
        ["E1", "2", "430 XAF", "11 XAF"],
        ["E2", "1", "500 XAF", "12 XAF"],
    ]
    alone = _report(till, "officer", since=LAST - timedelta(days=1))[0]
    assert alone == [["E1", "0", "10 XAF", "0 XAF"]]


def _premium_of(till: Till, policy: Any) -> Any:
    return next(one.id for one in premiums(till.scheme) if one.policy_id == policy.id)


@pytest.mark.rule("TZA-14", "PRM-7")
def test_a_rule_of_a_plugin_is_shared_out_too(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    """Seven francs for each officer, whatever was collected: 4 for the first half, for halves go to the even number."""
    generous: Plugin = Plugin("generous", requires=["insurance"])
    rule = CalculationRule(
        id="commission",
        labels={"fr": "Sept francs", "en": "Seven francs"},
        parameters=CommissionParameters,
        subject=CommissionSubject,
        formula=lambda _subject, _parameters, _day: (Decimal(7), ()),
    )
    generous.answer(_answering(rule))
    till = till_of(make_platform, as_user, plugins=[generous])
    plan(till, "COM", "commission", percent="2.5")
    till.act(lambda work: receive_premium(work, till.cash(till.policy(), 500)))
    frozen_clock.move(days=(LAST - TODAY).days)
    till.act(lambda work: receive_premium(work, till.cash(till.policy(on=LAST), 500, pay_date=LAST)))

    assert _listed(till, TODAY, LAST) == [["E1", "COM", "1000 XAF", "7 XAF"]]
    assert _report(till, "month") == (
        [["2026-03", "1", "500 XAF", "4 XAF"], ["2026-04", "1", "500 XAF", "3 XAF"]],
        ["", "2", "1000 XAF", "7 XAF"],
    )


def _answering(rule: AnyRule) -> Any:
    def calculation_rules() -> list[AnyRule]:
        """Bring the rule."""
        return [rule]

    return calculation_rules


@pytest.mark.rule("X-02")
def test_a_district_sees_its_own_commissions_only(till: Till) -> None:
    of_guider = till.user(READ_OFFICERS, at="D2")

    rows, total = _report(till, "officer", actor=of_guider)

    assert (rows, total) == ([["E2", "1", "500 XAF", "12 XAF"]], ["", "1", "500 XAF", "12 XAF"])
    assert _report(till, actor=of_guider, place="D1") == ([], ["0", "0 XAF", "0 XAF"])


def test_who_may_not_see_officers_sees_no_commissions(till: Till) -> None:
    asked = {"by": [], "since": TODAY.isoformat(), "until": LAST.isoformat()}

    answer = till.scheme.platform.graphql.run(RUN, asked, actor=till.user(READ_REPORTS))

    assert [error["extensions"]["code"] for error in answer["errors"]] == ["core.forbidden"]


def test_without_plans_nobody_earns_anything(make_platform: MakePlatform, as_user: AsUser) -> None:
    till = till_of(make_platform, as_user)
    till.act(lambda work: receive_premium(work, till.cash(till.policy(), 210)))

    assert _report(till, "officer") == ([], ["", "0", "0 XAF", "0 XAF"])
