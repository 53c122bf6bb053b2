"""A policy lives by its table: payments, days and decisions move it, and cover follows."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi_insurance.rules.cover import CoverFacts, CoverReason, cover_at
from msingi_insurance.rules.life import (
    TAKEN_BACK,
    TRANSITIONS,
    UNPAID,
    Activation,
    ConfirmationDate,
    Paid,
    PolicyFacts,
    PolicyStep,
    check_deletion,
    check_step,
    on_confirmation,
    on_enforcement,
    on_payment,
    on_reinstatement,
    on_suspension,
    unpaid_step,
)
from msingi_insurance.rules.refusals import PolicyHasPremiums, PolicyStepRefused, ReasonRequired
from msingi_insurance.rules.states import STATUS_CODES, InsureeStatus, PolicyStatus

START, END = date(2021, 1, 1), date(2021, 12, 31)
IDLE = PolicyFacts(PolicyStatus.IDLE, Decimal(1000), START, END)
ALLOWED = {
    (PolicyStep.PAY_IN_FULL, "idle"),
    (PolicyStep.PAY_IN_FULL, "suspended"),
    (PolicyStep.CONFIRM, "ready"),
    (PolicyStep.ENFORCE, "idle"),
    (PolicyStep.SUSPEND, "idle"),
    (PolicyStep.SUSPEND, "active"),
    (PolicyStep.WITHHOLD, "suspended"),
    (PolicyStep.REINSTATE, "suspended"),
    (PolicyStep.REINSTATE, "expired"),
    (PolicyStep.EXPIRE, "idle"),
    (PolicyStep.EXPIRE, "active"),
    (PolicyStep.EXPIRE, "suspended"),
    (PolicyStep.EXPIRE, "ready"),
    (PolicyStep.RENEW, "active"),
    (PolicyStep.RENEW, "expired"),
}


@pytest.mark.rule("POL-4")
def test_the_states_keep_the_numbers_of_trained_staff() -> None:
    assert {status.value: STATUS_CODES[status] for status in PolicyStatus} == {
        "idle": 1,
        "active": 2,
        "suspended": 4,
        "expired": 8,
        "ready": 16,
    }


@pytest.mark.rule("POL-4", "POL-11")
@pytest.mark.parametrize(("taken", "status"), list(product(PolicyStep, PolicyStatus)))
def test_only_the_steps_of_the_table_are_taken(taken: PolicyStep, status: PolicyStatus) -> None:
    if (taken, status) in ALLOWED:
        assert status in check_step(status, taken, reason="because").sources
        return
    with pytest.raises(PolicyStepRefused) as refused:
        check_step(status, taken, reason="because")
    assert refused.value.params == {"status": status.value, "step": taken.value}


@pytest.mark.rule("POL-4", "POL-11")
@pytest.mark.parametrize(
    "taken", [PolicyStep.ENFORCE, PolicyStep.SUSPEND, PolicyStep.WITHHOLD, PolicyStep.REINSTATE]
)
def test_decisions_of_people_need_a_reason(taken: PolicyStep) -> None:
    with pytest.raises(ReasonRequired):
        check_step(next(iter(TRANSITIONS[taken].sources)), taken, reason="  ")


@pytest.mark.rule("POL-11")
@pytest.mark.parametrize("reason", [UNPAID, *TAKEN_BACK.values()])
def test_only_a_suspension_for_missing_money_may_be_held_for_another_reason(reason: str) -> None:
    unpaid = replace(IDLE, status=PolicyStatus.SUSPENDED, before=PolicyStatus.ACTIVE, reason=reason)

    assert on_suspension(unpaid, reason="fraud") is PolicyStep.WITHHOLD
    assert on_suspension(IDLE, reason="fraud") is PolicyStep.SUSPEND
    with pytest.raises(ReasonRequired):
        on_suspension(unpaid, reason=" ")
    with pytest.raises(PolicyStepRefused) as refused:
        on_suspension(replace(unpaid, reason="fraud"), reason="other fraud")
    assert refused.value.params == {"status": "suspended", "step": "suspend"}


@pytest.mark.rule("POL-4")
@pytest.mark.parametrize(
    ("paid", "pay_date", "status", "effective", "reached"),
    [
        (999, date(2020, 12, 1), "idle", None, "less"),
        (1000, date(2020, 12, 1), "active", START, "full"),
        (1000, date(2021, 2, 3), "active", date(2021, 2, 3), "full"),
    ],
)
def test_the_full_value_activates_from_payment_or_start(
    paid: int, pay_date: date, status: str, effective: date | None, reached: str
) -> None:
    decided = on_payment(IDLE, Decimal(paid), pay_date=pay_date, activation=Activation.PAYMENT)

    assert (decided.status, decided.effective, decided.paid) == (status, effective, reached)


@pytest.mark.rule("POL-4", "PAY-6")
def test_paying_more_activates_and_leaves_the_excess_to_the_family() -> None:
    decided = on_payment(IDLE, Decimal(1200), pay_date=START, activation=Activation.PAYMENT)

    assert (decided.status, decided.paid, decided.excess) == (PolicyStatus.ACTIVE, Paid.MORE, Decimal(200))


@pytest.mark.rule("POL-11", "PAY-6")
@pytest.mark.parametrize("activation", list(Activation))
@pytest.mark.parametrize(
    ("reason", "stays"),
    [
        ("fraud", True),
        ("", True),
        (UNPAID, False),
        (TAKEN_BACK["refund"], False),
        (TAKEN_BACK["reversal"], False),
    ],
)
def test_the_missing_part_lifts_a_suspension_for_missing_money_only(
    reason: str, activation: Activation, *, stays: bool
) -> None:
    suspended = replace(IDLE, status=PolicyStatus.SUSPENDED, reason=reason)

    decided = on_payment(suspended, Decimal(1200), pay_date=START, activation=activation)

    assert (decided.status is PolicyStatus.SUSPENDED, decided.excess) == (stays, Decimal(200))
    assert ("stays_suspended" in [step.saying for step in decided.steps]) is stays


@pytest.mark.rule("POL-4")
def test_a_scheme_that_confirms_makes_a_paid_policy_ready_first() -> None:
    decided = on_payment(IDLE, Decimal(1000), pay_date=START, activation=Activation.CONFIRMATION)
    ready = replace(IDLE, status=decided.status)
    day, paid_on = date(2021, 3, 1), date(2021, 2, 1)

    assert (decided.status, decided.effective) == (PolicyStatus.READY, None)
    for counts_from, effective in ((ConfirmationDate.CONFIRMATION, day), (ConfirmationDate.PAYMENT, paid_on)):
        confirmed = on_confirmation(ready, confirmed=day, paid_on=paid_on, counts_from=counts_from)
        assert (confirmed.status, confirmed.effective) == (PolicyStatus.ACTIVE, effective)


@pytest.mark.rule("POL-4")
def test_activation_on_bank_match_waits_for_what_the_bank_confirmed() -> None:
    for reconciled, status in ((None, "idle"), (Decimal(999), "idle"), (Decimal(1000), "active")):
        decided = on_payment(
            IDLE, Decimal(1000), pay_date=START, activation=Activation.BANK_MATCH, reconciled=reconciled
        )
        assert decided.status == status


@pytest.mark.rule("POL-4")
def test_enforcing_covers_an_unpaid_policy_and_its_date_stays_when_it_is_paid() -> None:
    enforced = on_enforcement(IDLE, Decimal(300), pay_date=date(2021, 2, 1), reason="ministry's letter")
    active = replace(IDLE, status=enforced.status, effective=enforced.effective)

    later = on_payment(active, Decimal(1000), pay_date=date(2021, 6, 1), activation=Activation.PAYMENT)

    assert (enforced.status, enforced.effective) == (PolicyStatus.ACTIVE, date(2021, 2, 1))
    assert (later.status, later.effective, later.paid) == (
        PolicyStatus.ACTIVE,
        date(2021, 2, 1),
        Paid.FULL,
    )


@pytest.mark.rule("POL-11")
def test_reinstatement_gives_the_status_before_back() -> None:
    suspended = replace(IDLE, status=PolicyStatus.SUSPENDED)

    for before in (PolicyStatus.IDLE, PolicyStatus.ACTIVE):
        held = replace(suspended, before=before, reason="fraud")
        ended = replace(held, status=PolicyStatus.EXPIRED)
        assert on_reinstatement(held, reason="error of the clerk") is before
        assert on_reinstatement(ended, reason="error of the clerk") is before
    for wrong in (
        replace(suspended, before=PolicyStatus.EXPIRED),
        replace(suspended, status=PolicyStatus.EXPIRED),
        replace(suspended, status=PolicyStatus.EXPIRED, before=PolicyStatus.IDLE),
    ):
        with pytest.raises(PolicyStepRefused):
            on_reinstatement(wrong, reason="error of the clerk")


@pytest.mark.rule("POL-6", "PAY-2")
def test_the_job_suspends_what_is_not_paid_after_its_last_day() -> None:
    due = date(2021, 1, 31)
    after = due + timedelta(days=1)

    assert unpaid_step(IDLE, Decimal(999), last_payment=due, today=due) is None
    assert unpaid_step(IDLE, Decimal(1000), last_payment=due, today=after) is None
    found = unpaid_step(IDLE, Decimal(999), last_payment=due, today=after)
    assert found is not None
    assert found.values == {"date": due, "missing": Decimal(1)}
    ready = replace(IDLE, status=PolicyStatus.READY)
    assert unpaid_step(ready, Decimal(0), last_payment=due, today=after) is None


@pytest.mark.rule("POL-11", "D-18")
def test_d_18_a_policy_with_premiums_is_never_deleted() -> None:
    check_deletion(premiums=0)
    with pytest.raises(PolicyHasPremiums):
        check_deletion(premiums=1)


COVERED = CoverFacts(
    status=PolicyStatus.ACTIVE, start=START, effective=date(2021, 2, 1), expiry=END, valid_from=START
)
DAY = date(2021, 6, 1)


@pytest.mark.rule("POL-5")
@pytest.mark.parametrize(
    ("facts", "day", "reason"),
    [
        (COVERED, date(2021, 2, 1), "covered"),
        (COVERED, END, "covered"),
        (COVERED, date(2021, 1, 31), "not_yet_effective"),
        (COVERED, END + timedelta(days=1), "after_expiry"),
        (replace(COVERED, valid_from=None), START - timedelta(days=1), "before_start"),
        (replace(COVERED, effective=None), DAY, "not_effective"),
        (replace(COVERED, status=PolicyStatus.SUSPENDED), DAY, "policy_not_active"),
        (replace(COVERED, status=PolicyStatus.READY), DAY, "policy_not_active"),
        (replace(COVERED, valid_to=DAY), DAY, "record_not_valid"),
        (replace(COVERED, valid_to=DAY), DAY - timedelta(days=1), "covered"),
        (replace(COVERED, person=InsureeStatus.DEAD, status_date=DAY), DAY, "covered"),
        (
            replace(COVERED, person=InsureeStatus.DEAD, status_date=DAY),
            DAY + timedelta(days=1),
            "person_not_alive",
        ),
        (replace(COVERED, person=InsureeStatus.INACTIVE), DAY, "person_inactive"),
    ],
)
def test_cover_of_a_person_on_a_day(facts: CoverFacts, day: date, reason: str) -> None:
    assert cover_at(facts, day).reason == reason


@pytest.mark.rule("POL-5", "D-28")
def test_d_28_a_policy_that_expired_since_still_covered_its_days() -> None:
    expired = replace(COVERED, status=PolicyStatus.EXPIRED)

    assert cover_at(expired, END).covered
    assert not cover_at(expired, END + timedelta(days=1)).covered


@pytest.mark.rule("POL-5", "POL-11", "D-28")
@pytest.mark.parametrize(
    ("before", "told"),
    [(PolicyStatus.ACTIVE, "suspended"), (PolicyStatus.IDLE, "idle"), (PolicyStatus.READY, "ready")],
)
def test_a_policy_that_was_not_active_at_its_end_covers_no_day_by_expiring(
    before: PolicyStatus, told: str
) -> None:
    ended = cover_at(replace(COVERED, status=PolicyStatus.EXPIRED, before=before), DAY)

    assert (ended.reason, ended.step.values["status"]) == (CoverReason.POLICY_NOT_ACTIVE, told)


@pytest.mark.rule("POL-4")
@given(
    st.sampled_from(PolicyStatus),
    st.decimals(min_value=0, max_value=10**6, places=2),
    st.decimals(min_value=0, max_value=10**6, places=2),
    st.dates(min_value=date(2020, 1, 1), max_value=date(2022, 1, 1)),
    st.sampled_from(Activation),
)
def test_a_payment_activates_only_with_the_full_value_and_never_before_the_start(
    status: PolicyStatus, value: Decimal, paid: Decimal, pay_date: date, activation: Activation
) -> None:
    facts = PolicyFacts(status, value, START, END)

    decided = on_payment(facts, paid, pay_date=pay_date, activation=activation, reconciled=paid)

    if decided.status is PolicyStatus.ACTIVE and status is not PolicyStatus.ACTIVE:
        assert paid >= value
        assert decided.effective == max(pay_date, START)
    else:
        assert decided.effective is None
    assert decided.excess == max(Decimal(0), paid - value)
