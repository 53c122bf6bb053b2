"""What contributions make of policies: full payment gives cover, whoever recorded it (POL-4, PAY-6)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select

from msingi.money import Money
from msingi.work import Work
from msingi_insurance.events import PoliciesActivated
from msingi_insurance.models.policy import InsureePolicy, Policy, Premium
from msingi_insurance.rules.family import effective_of_member
from msingi_insurance.rules.life import PolicyDecision, PolicyFacts, on_payment
from msingi_insurance.rules.states import PolicyStatus
from msingi_insurance.settings import InsuranceSettings


@dataclass(frozen=True, slots=True)
class PaidSum:
    """What was paid for a policy, in major units: all of it, the part that a bank reported, and the last day."""

    total: Decimal = Decimal(0)
    reconciled: Decimal = Decimal(0)
    last_day: date | None = None


def activate_if_paid(work: Work, policy_ids: Collection[UUID]) -> dict[UUID, PolicyDecision]:
    """Take the contributions of policies in: those that are fully paid become active or ready, with their cover.

    A fixed number of statements, whatever the number of policies; the caller holds their locks. Returns the
    decisions by policy: status, effective date, what was paid too much, and why.
    """
    policies = work.session.scalars(select(Policy).where(Policy.id.in_(policy_ids)).order_by(Policy.id)).all()
    paid = paid_sums(work, [policy.id for policy in policies])
    activation = work.settings(InsuranceSettings).activation
    decisions: dict[UUID, PolicyDecision] = {}
    for policy in policies:
        found = paid.get(policy.id, PaidSum())
        decisions[policy.id] = on_payment(
            facts_of(policy),
            found.total,
            pay_date=found.last_day or policy.enrol_date,
            activation=activation,
            reconciled=found.reconciled,
        )
    apply_decisions(work, policies, decisions)
    return decisions


def apply_decisions(work: Work, policies: Iterable[Policy], decisions: Mapping[UUID, PolicyDecision]) -> None:
    """Write status and effective date of policies, and copy the date to the rows of cover (POL-4)."""
    activated: list[Policy] = []
    for policy in policies:
        decision = decisions[policy.id]
        if decision.status is policy.status and decision.effective == policy.effective_date:
            continue
        if decision.status is PolicyStatus.ACTIVE:
            activated.append(policy)
        policy.status, policy.effective_date = decision.status, decision.effective
        policy.status_before, policy.status_reason = None, ""
    work.session.flush()
    if activated:
        cover_from(work, activated)
        work.emit(PoliciesActivated(policy_ids=tuple(policy.id for policy in activated)))


def cover_from(work: Work, policies: Sequence[Policy]) -> None:
    """Give the rows of cover that have no effective date yet the one of their policy, or of their later enrolment."""
    by_id = {policy.id: policy for policy in policies}
    rows = work.session.scalars(
        select(InsureePolicy).where(
            InsureePolicy.policy_id.in_(by_id),
            InsureePolicy.effective_date.is_(None),
            InsureePolicy.valid_to.is_(None),
        )
    )
    for row in rows:
        policy = by_id[row.policy_id]
        if policy.effective_date is not None:
            row.effective_date = effective_of_member(
                enrolled=row.enrolment_date,
                policy_enrolled=policy.enrol_date,
                policy_effective=policy.effective_date,
            )
    work.session.flush()


def paid_sums(work: Work, policy_ids: Collection[UUID]) -> dict[UUID, PaidSum]:
    """What was paid for policies, photo fees left out, in one statement; a policy without contributions is left out."""
    reconciled = case((Premium.payment_id.is_not(None), Premium.amount_minor), else_=0)
    statement = (
        select(
            Premium.policy_id,
            Premium.currency,
            func.sum(Premium.amount_minor).label("total"),
            func.sum(reconciled).label("reconciled"),
            func.max(case((Premium.reverses_id.is_(None), Premium.pay_date))).label("last_day"),
        )
        .where(Premium.policy_id.in_(policy_ids), Premium.is_photo_fee.is_(False))
        .group_by(Premium.policy_id, Premium.currency)
    )
    with work.everywhere():
        return {row.policy_id: _sum(row) for row in work.session.execute(statement)}


def facts_of(policy: Policy) -> PolicyFacts:
    """What the rules of a policy's life look at."""
    return PolicyFacts(
        status=policy.status,
        value=policy.value.amount,
        start=policy.start_date,
        expiry=policy.expiry_date,
        effective=policy.effective_date,
    )


def _sum(row: Any) -> PaidSum:
    def major(minor: int) -> Decimal:
        return Money.from_minor(int(minor), row.currency).amount

    return PaidSum(major(row.total), major(row.reconciled), row.last_day)
