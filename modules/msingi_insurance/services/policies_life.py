"""The steps that somebody decides for a policy: confirm, enforce, suspend, reinstate (POL-4, POL-11)."""

from uuid import UUID

from sqlalchemy import select

from msingi.clean_text import clean_text
from msingi.errors import NotFound, StaleVersion
from msingi.work import Work
from msingi_insurance.errors import NotPaid
from msingi_insurance.events import PoliciesActivated, PoliciesSuspended
from msingi_insurance.models.policy import Policy
from msingi_insurance.rules.life import (
    PolicyStep,
    check_step,
    cover_given_back,
    on_confirmation,
    on_enforcement,
    on_reinstatement,
    on_suspension,
)
from msingi_insurance.rules.states import PolicyStatus
from msingi_insurance.services.policies_payment import (
    PaidSum,
    activate_if_paid,
    apply_decisions,
    cover_from,
    facts_of,
    paid_sums,
)
from msingi_insurance.services.suspensions import note_reinstatements
from msingi_insurance.settings import InsuranceSettings


def confirm_policy(work: Work, policy_id: UUID, *, expected_version: int) -> Policy:
    """Make a paid policy that waits for it active (POL-4).

    Raises:
        NotFound, StaleVersion: it is not visible, or was changed meanwhile.
        PolicyStepRefused: it is not ready.
        NotPaid: its value was not received, or was given back.

    """
    policy = locked_policy(work, policy_id, expected_version)
    check_step(policy.status, PolicyStep.CONFIRM)
    paid = _paid(work, policy)
    paid_on = paid.last_day or (policy.enrol_date if policy.value_minor == 0 else None)
    if paid_on is None or paid.total < policy.value.amount:
        raise NotPaid
    decision = on_confirmation(
        facts_of(policy),
        confirmed=work.today(),
        paid_on=paid_on,
        counts_from=work.settings(InsuranceSettings).confirmation_counts_from,
    )
    apply_decisions(work, [policy], {policy.id: decision})
    return policy


def enforce_policy(work: Work, policy_id: UUID, *, reason: str, expected_version: int) -> Policy:
    """Make an idle policy active although it is not fully paid (POL-4).

    Raises:
        NotFound, StaleVersion: it is not visible, or was changed meanwhile.
        PolicyStepRefused, ReasonRequired: it is not idle, or the reason is missing.

    """
    policy = locked_policy(work, policy_id, expected_version)
    paid = _paid(work, policy)
    decision = on_enforcement(
        facts_of(policy), paid.total, pay_date=paid.last_day or work.today(), reason=reason
    )
    apply_decisions(work, [policy], {policy.id: decision})
    policy.status_reason = clean_text(reason)
    work.session.flush()
    return policy


def suspend_policy(work: Work, policy_id: UUID, *, reason: str, expected_version: int) -> Policy:
    """Suspend a policy; reinstatement restores the status of before (POL-11).

    One that is suspended for missing money is held for the new reason from now on: the suspension goes on, and no
    payment lifts it.

    Raises:
        NotFound, StaleVersion: it is not visible, or was changed meanwhile.
        PolicyStepRefused, ReasonRequired: it is neither idle nor active nor suspended for money, or the reason is missing.

    """
    policy = locked_policy(work, policy_id, expected_version)
    taken = on_suspension(facts_of(policy), reason=reason)
    policy.status_reason = clean_text(reason)
    if taken is PolicyStep.SUSPEND:
        policy.status_before, policy.status = policy.status, PolicyStatus.SUSPENDED
    work.session.flush()
    if taken is PolicyStep.SUSPEND:
        work.emit(PoliciesSuspended(policy_ids=(policy.id,)))
    return policy


def reinstate_policy(work: Work, policy_id: UUID, *, reason: str, expected_version: int) -> Policy:
    """Give a suspended policy the status of before; one whose money the bank confirmed meanwhile is active (POL-11).

    One that expired meanwhile stays expired and covers its days again, when it was active or is paid in full; else it
    has no reason any more, for one would say that it is suspended still.

    Raises:
        NotFound, StaleVersion: it is not visible, or was changed meanwhile.
        PolicyStepRefused, ReasonRequired: it neither is nor ended suspended, or the reason is missing.

    """
    policy = locked_policy(work, policy_id, expected_version)
    back = on_reinstatement(facts_of(policy), reason=reason)
    if policy.status is PolicyStatus.EXPIRED:
        _give_days_back(work, policy)
    else:
        policy.status, policy.status_before = back, None
    work.session.flush()
    note_reinstatements(work, {policy.id: work.today()})
    if policy.status is PolicyStatus.ACTIVE:
        work.emit(PoliciesActivated(policy_ids=(policy.id,)))
    else:
        activate_if_paid(work, [policy.id])
    is_over = policy.status is PolicyStatus.EXPIRED and policy.status_before is not None
    policy.status_reason = "" if is_over else clean_text(reason)
    work.session.flush()
    work.audit(
        "reinstate", entity="insurance_policy", entity_id=policy.id, details={"reason": clean_text(reason)}
    )
    return policy


def locked_policy(work: Work, policy_id: UUID, expected_version: int) -> Policy:
    """The policy, locked until the end of the work.

    Raises:
        NotFound, StaleVersion: it is not visible, or was changed meanwhile.

    """
    statement = select(Policy).where(Policy.id == policy_id).with_for_update()
    policy = work.session.scalar(statement, execution_options={"populate_existing": True})
    if policy is None:
        raise NotFound(type="Policy")
    if policy.version != expected_version:
        raise StaleVersion(current=policy.version, expected=expected_version)
    return policy


def _give_days_back(work: Work, policy: Policy) -> None:
    paid = _paid(work, policy)
    effective = cover_given_back(
        facts_of(policy),
        paid.total,
        pay_date=paid.last_day or policy.enrol_date,
        activation=work.settings(InsuranceSettings).activation,
        reconciled=paid.reconciled,
    )
    if effective is not None:
        policy.effective_date, policy.status_before = effective, None
        cover_from(work, {policy.id: (policy.enrol_date, effective)})


def _paid(work: Work, policy: Policy) -> PaidSum:
    return paid_sums(work, [policy.id]).get(policy.id, PaidSum())
