"""A quote case and the services tell the same story: payments, days that pass, status, effect and credit (POL-4, POL-6)."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from tests.modules.msingi_insurance.money_fixtures import TODAY, VALUE, till_of

from msingi.errors import DomainError
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi.work import Work
from msingi_insurance.case.consistency import inconsistencies
from msingi_insurance.case.judging import quote_case
from msingi_insurance.case.living import life_of
from msingi_insurance.case.model import QuoteCase
from msingi_insurance.models.policy import Policy
from msingi_insurance.rules.states import PolicyStatus
from msingi_insurance.services.policies_daily import expire_chunk, suspend_chunk
from msingi_insurance.services.policies_life import confirm_policy
from msingi_insurance.services.premiums import receive_premium

TERMS = {"lump_sum": VALUE, "threshold": 6, "insurance_period": 3}
CYCLES = {"start_cycles": ["01-04"], "grace_period_enrolment": 2}


@pytest.mark.rule("POL-4", "POL-6", "PAY-2", "PAY-6")
@pytest.mark.parametrize(
    ("terms", "payments", "until"),
    [
        ({}, [], 0),
        ({}, [], 1),
        ({}, [(0, VALUE)], 5),
        ({"grace_period_payment": 1}, [(3, 400)], 30),
        ({"grace_period_payment": 1}, [(3, 400)], 31),
        ({"grace_period_payment": 1}, [(3, 400), (40, 600)], 41),
        ({"grace_period_payment": 1}, [(3, 400), (40, 599)], 41),
        ({"grace_period_payment": 1}, [(3, 700), (9, 700)], 10),
        ({"grace_period_payment": 1}, [(3, VALUE)], 91),
        ({"grace_period_payment": 1}, [(3, VALUE)], 92),
        ({"grace_period_payment": 1}, [(3, 400)], 95),
        ({"grace_period_payment": 1}, [(3, 400), (95, 600)], 96),
        (CYCLES, [(3, VALUE)], 4),
        (CYCLES, [(3, VALUE), (35, 50)], 36),
    ],
)
def test_a_case_tells_what_the_services_make_of_a_policy(
    make_platform: MakePlatform,
    as_user: AsUser,
    frozen_clock: FrozenClock,
    terms: dict[str, Any],
    payments: list[tuple[int, int]],
    until: int,
) -> None:
    till = till_of(make_platform, as_user, terms={"grace_period_payment": 0, **TERMS, **terms})
    policy = till.policy()
    passed = 0
    for day, amount in [*payments, (until, 0)]:
        frozen_clock.move(days=day - passed)
        passed = day
        till.act(_daily)
        if amount:
            paid_on = TODAY + timedelta(days=day)
            till.act(
                lambda work, on=paid_on, much=amount: receive_premium(
                    work, till.cash(policy, much, pay_date=on)
                )
            )

    case = QuoteCase.model_validate(
        {
            "scheme": {"currency": "XAF"},
            "product": {**TERMS, **terms},
            "policy": {"enrolled": TODAY},
            "family": [{"id": "head", "born": "1980-01-01"}],
            "payments": [{"day": TODAY + timedelta(days=day), "amount": amount} for day, amount in payments],
            "as_of": TODAY + timedelta(days=until),
        }
    )
    life = life_of(case, quote_case(case))
    stands = till.get(policy)
    assert (life.status, life.effective) == (stands.status, stands.effective_date)


@pytest.mark.rule("POL-4", "POL-6")
@pytest.mark.parametrize("counts_from", ["confirmation", "payment"])
@pytest.mark.parametrize(
    ("terms", "payments", "confirmed", "until"),
    [
        ({}, [(18, VALUE)], 3, 20),
        ({}, [(1, VALUE), (18, 50)], 3, 20),
        ({}, [(1, VALUE), (110, 50)], 3, 111),
        ({}, [(1, 400), (5, 600)], 5, 6),
        ({}, [(1, VALUE)], 40, 41),
        ({"insurance_period": 1, "grace_period_payment": 3}, [], None, 150),
    ],
)
def test_a_case_confirms_when_somebody_did_and_suspends_what_lives(
    make_platform: MakePlatform,
    as_user: AsUser,
    frozen_clock: FrozenClock,
    counts_from: str,
    terms: dict[str, Any],
    payments: list[tuple[int, int]],
    confirmed: int | None,
    until: int,
) -> None:
    """Each day passes: what was paid before somebody confirms counts, what comes after does not, whatever its day."""
    terms = {"grace_period_payment": 1, **TERMS, **terms}
    scheme = {"activation": "confirmation", "confirmation_counts_from": counts_from}
    till = till_of(make_platform, as_user, terms=terms, **scheme)
    policy, seen = till.policy(), set()

    def confirm(work: Work) -> None:
        confirm_policy(work, policy.id, expected_version=work.get(Policy, policy.id).version)

    for day in range(until + 1):
        if day:
            frozen_clock.move(days=1)
            till.act(_daily)
        seen.add(till.get(policy).status)
        for much in (amount for paid, amount in payments if paid == day):
            given = till.cash(policy, much, pay_date=TODAY + timedelta(days=day))
            till.act(lambda work, given=given: receive_premium(work, given))
        if day == confirmed:
            with suppress(DomainError):
                till.act(confirm)

    case = QuoteCase.model_validate(
        {
            "scheme": {"currency": "XAF", "activation": "confirmation", "confirmation_date": counts_from},
            "product": terms,
            "policy": {
                "enrolled": TODAY,
                "confirmed": None if confirmed is None else TODAY + timedelta(days=confirmed),
            },
            "family": [{"id": "head", "born": "1980-01-01"}],
            "payments": [{"day": TODAY + timedelta(days=day), "amount": amount} for day, amount in payments],
            "as_of": TODAY + timedelta(days=until),
        }
    )
    life, stands = life_of(case, quote_case(case)), till.get(policy)
    assert (life.status, life.effective) == (stands.status, stands.effective_date)
    suspended = any(step.saying == "suspended_unpaid" for step in life.steps)
    assert suspended is (PolicyStatus.SUSPENDED in seen)


@pytest.mark.rule("POL-6")
def test_a_scheme_that_suspends_nobody_says_so_in_its_case() -> None:
    case = {
        "scheme": {"currency": "XAF", "suspend_unpaid": False},
        "product": {"grace_period_payment": 1, **TERMS},
        "policy": {"enrolled": TODAY},
        "family": [{"id": "head", "born": "1980-01-01"}],
        "as_of": TODAY + timedelta(days=60),
    }
    told = QuoteCase.model_validate(case)
    assert life_of(told, quote_case(told)).status is PolicyStatus.IDLE
    told = QuoteCase.model_validate({**case, "scheme": {"currency": "XAF"}})
    assert life_of(told, quote_case(told)).status is PolicyStatus.SUSPENDED


@pytest.mark.rule("PAY-1")
def test_a_payment_below_the_smallest_coin_is_named() -> None:
    case = {
        "product": TERMS,
        "policy": {"enrolled": "2026-03-02"},
        "family": [{"id": "head", "born": "1980-01-01"}],
        "payments": [{"day": "2026-03-02", "amount": "999.5"}, {"day": "2026-03-02", "amount": "1000"}],
    }
    assert [(one.path, one.values) for one in inconsistencies(case)] == [
        ("$.payments[0].amount", {"currency": "XAF", "unit": "1"})
    ]
    assert not list(inconsistencies({**case, "scheme": {"currency": "TZS"}}))


def _daily(work: Work) -> None:
    suspend_chunk(work, None)
    expire_chunk(work)
