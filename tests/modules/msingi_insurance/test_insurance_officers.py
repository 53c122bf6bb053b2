"""Officers: where they work, and their cash: expected, counted, confirmed by somebody else."""

from datetime import timedelta
from typing import Any

import pytest
from tests.modules.msingi_insurance.money_fixtures import TODAY, VALUE, Till, francs, premiums, till_of

from msingi.actor import Actor
from msingi.testing import AsUser, MakePlatform
from msingi_insurance.models.cash import CashCount, CashState
from msingi_insurance.payment_errors import (
    AlreadyDecided,
    CashAlreadyOpen,
    CodeTaken,
    DifferenceUnexplained,
    DutiesConflict,
    NoCash,
    OfficerNotThere,
    ReturnImpossible,
)
from msingi_insurance.plugin import CONFIRM_CASH, COUNT_CASH, READ_OFFICERS
from msingi_insurance.services.cash import CountedCash, confirm_cash, count_cash, open_cash
from msingi_insurance.services.officers import (
    OfficerChanges,
    OfficerDraft,
    create_officer,
    require_at_work,
    update_officer,
)
from msingi_insurance.services.premium_returns import decide_return, request_reversal
from msingi_insurance.services.premiums import receive_premium

COUNTS = "query { cashCounts { nodes { state expected counted difference officerId } } }"


@pytest.fixture
def till(make_platform: MakePlatform, as_user: AsUser) -> Till:
    return till_of(make_platform, as_user)


def collect(till: Till, amount: int) -> Any:
    policy = till.policy()
    return till.act(lambda work: receive_premium(work, till.cash(policy, amount)))


def step(till: Till, actor: Actor, function: Any) -> CashCount:
    with till.scheme.platform.work(actor) as work, work.everywhere():
        count: CashCount = function(work)
        work.session.flush()
    return count


@pytest.mark.rule("TZA-14")
def test_an_officer_works_in_named_places_and_until_a_day(till: Till) -> None:
    places = till.scheme.places
    changes = OfficerChanges(works_to=TODAY, place_ids=[places["V3"]])
    till.act(lambda work: update_officer(work, till.officer.id, changes))

    def at_work(place: str, days: int) -> None:
        till.act(
            lambda work: require_at_work(work, till.officer.id, places[place], TODAY + timedelta(days=days))
        )

    at_work("V3", 0)
    for place, days in (("V1", 0), ("V3", 1)):
        with pytest.raises(OfficerNotThere):
            at_work(place, days)
    draft = OfficerDraft(code="E1", name="Twin", jurisdiction_id=places["D1"])
    with pytest.raises(CodeTaken):
        till.act(lambda work: create_officer(work, draft))


@pytest.mark.rule("TZA-14", "attack 24")
def test_cash_is_counted_by_one_and_confirmed_by_another(till: Till) -> None:
    collect(till, VALUE)
    collect(till, 300)
    counter, chief = till.user(COUNT_CASH), till.user(CONFIRM_CASH)
    officer = Actor(counter.kind, id=till.officer.user_id, name="E1", grants=counter.grants)

    count = step(till, counter, lambda work: open_cash(work, till.officer.id))
    with pytest.raises(CashAlreadyOpen):
        step(till, counter, lambda work: open_cash(work, till.officer.id))
    with pytest.raises(AlreadyDecided):
        step(till, chief, lambda work: confirm_cash(work, count.id))
    with pytest.raises(DifferenceUnexplained):
        step(till, counter, lambda work: count_cash(work, count.id, CountedCash(counted=francs(1200))))
    given = CountedCash(counted=francs(1200), handed_to="Bank", slip="S-9", note="coins lost")
    step(till, counter, lambda work: count_cash(work, count.id, given))
    for same in (counter, officer):
        with pytest.raises(DutiesConflict) as conflict:
            step(till, same, lambda work: confirm_cash(work, count.id))
        told = till.scheme.platform.texts.refusal(conflict.value, "fr")
        assert told.startswith("Une autre personne que celle qui a ")
    confirmed = step(till, chief, lambda work: confirm_cash(work, count.id))

    assert (count.expected_minor, confirmed.state) == (1300, CashState.CONFIRMED)
    assert till.balances() == {"1420": 1200, "4210": 1300, "5210": 100}
    shown = till.scheme.run(COUNTS, actor=till.user(READ_OFFICERS, at="D1"))["cashCounts"]["nodes"]
    assert shown == [
        {
            "state": "CONFIRMED",
            "expected": "1300 XAF",
            "counted": "1200 XAF",
            "difference": "-100 XAF",
            "officerId": str(till.officer.id),
        }
    ]
    with pytest.raises(NoCash):
        step(till, counter, lambda work: open_cash(work, till.officer.id))


@pytest.mark.rule("TZA-14", "PAY-6")
def test_cash_that_was_handed_over_goes_back_from_the_bank(till: Till) -> None:
    premium = collect(till, VALUE)
    count = till.act(lambda work: open_cash(work, till.officer.id))
    request = till.act(lambda work: request_reversal(work, premium.id, reason="mistake"))
    with pytest.raises(ReturnImpossible):
        till.act(lambda work: decide_return(work, request.id, approve=True))
    surplus = CountedCash(counted=francs(VALUE + 10), note="found")
    till.act(lambda work: count_cash(work, count.id, surplus))
    till.act(lambda work: confirm_cash(work, count.id))

    till.act(lambda work: decide_return(work, request.id, approve=True))

    assert till.balances() == {"1420": 10, "4290": 10}
    assert sum(row.amount_minor for row in premiums(till.scheme)) == 0
    with pytest.raises(NoCash):
        till.act(lambda work: open_cash(work, till.officer.id))
