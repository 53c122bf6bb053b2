"""A quote case and the services tell the same story: payments, days that pass, status, effect and credit (POL-4, POL-6)."""

from datetime import timedelta
from typing import Any

import pytest
from tests.modules.msingi_insurance.money_fixtures import TODAY, VALUE, till_of

from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi.work import Work
from msingi_insurance.case.judging import quote_case
from msingi_insurance.case.living import life_of
from msingi_insurance.case.model import QuoteCase
from msingi_insurance.services.policies_daily import expire_chunk, suspend_chunk
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


def _daily(work: Work) -> None:
    suspend_chunk(work, None)
    expire_chunk(work)
