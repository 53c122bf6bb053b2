"""What contributions make of policies: full payment gives cover, whoever recorded it (POL-4, PAY-6)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, bindparam, case, func, select
from sqlalchemy.orm import aliased

from msingi.bulk import Recording, change_rows
from msingi.money import Money
from msingi.work import Work
from msingi_insurance.events import PoliciesActivated
from msingi_insurance.models.policy import InsureePolicy, Policy, Premium
from msingi_insurance.rules.family import effective_of_member
from msingi_insurance.rules.life import Activation, PolicyDecision, PolicyFacts, on_payment
from msingi_insurance.rules.states import PolicyStatus
from msingi_insurance.services.confirmed_money import is_confirmed
from msingi_insurance.services.suspensions import note_reinstatements
from msingi_insurance.settings import InsuranceSettings

_FEW: Final = 4
"""Rows that are cheaper changed one by one."""


_REVERSAL: Final = aliased(Premium)
_STANDS: Final = and_(Premium.reverses_id.is_(None), _REVERSAL.id.is_(None))
_PAID: Final = (
    select(
        Premium.policy_id,
        Premium.currency,
        func.sum(Premium.amount_minor).label("total"),
        func.sum(case((and_(_STANDS, is_confirmed()), Premium.amount_minor), else_=0)).label("reconciled"),
        func.max(case((and_(_STANDS, Premium.amount_minor > 0), Premium.pay_date))).label("last_day"),
    )
    .join(_REVERSAL, _REVERSAL.reverses_id == Premium.id, isouter=True)
    .where(Premium.policy_id.in_(bindparam("policies", expanding=True)), Premium.is_photo_fee.is_(False))
    .group_by(Premium.policy_id, Premium.currency)
)


@dataclass(frozen=True, slots=True)
class PaidSum:
    """What was paid for a policy, in major units: all of it, the part confirmed at a bank, and the last day."""

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
    lifted = [
        policy.id
        for policy in policies
        if policy.status is PolicyStatus.SUSPENDED
        and decisions[policy.id].status is not PolicyStatus.SUSPENDED
    ]
    apply_decisions(work, policies, decisions)
    if lifted:
        days = {policy_id: paid.get(policy_id, PaidSum()).last_day or work.today() for policy_id in lifted}
        note_reinstatements(work, days)
    return decisions


def activate_if_confirmed(work: Work, policy_ids: Collection[UUID]) -> None:
    """Take in money that was just confirmed at the bank: policies that it makes fully confirmed no longer wait (POL-4).

    A suspension stays: money that was paid before it does not lift it, reinstatement does (POL-11). The caller holds
    the locks.
    """
    if work.settings(InsuranceSettings).activation is not Activation.BANK_MATCH:
        return
    waiting = select(Policy.id).where(Policy.id.in_(policy_ids), Policy.status == PolicyStatus.IDLE)
    found = work.session.scalars(waiting).all()
    if found:
        activate_if_paid(work, found)


def apply_decisions(work: Work, policies: Iterable[Policy], decisions: Mapping[UUID, PolicyDecision]) -> None:
    """Write status and effective date of policies, and copy the date to the rows of cover (POL-4)."""
    changed = [policy for policy in policies if _changes(policy, decisions[policy.id])]
    activated = [policy for policy in changed if decisions[policy.id].status is PolicyStatus.ACTIVE]
    dates = {policy.id: (policy.enrol_date, decisions[policy.id].effective) for policy in activated}
    _write(
        work,
        Policy,
        {
            policy.id: {
                "status": decisions[policy.id].status,
                "effective_date": decisions[policy.id].effective,
                "status_before": None,
                "status_reason": "",
            }
            for policy in changed
        },
    )
    if activated:
        cover_from(work, dates)
        work.emit(PoliciesActivated(policy_ids=tuple(dates)))


def _changes(policy: Policy, decision: PolicyDecision) -> bool:
    return decision.status is not policy.status or decision.effective != policy.effective_date


def cover_from(work: Work, dates: Mapping[UUID, tuple[date, date | None]]) -> None:
    """Give rows of cover without an effective date the one of their policy, or of their own later enrolment."""
    open_rows = select(InsureePolicy.id, InsureePolicy.policy_id, InsureePolicy.enrolment_date).where(
        InsureePolicy.policy_id.in_(dates),
        InsureePolicy.effective_date.is_(None),
        InsureePolicy.valid_to.is_(None),
    )
    effective: dict[UUID, dict[str, Any]] = {}
    for row in work.session.execute(open_rows):
        enrolled, given = dates[row.policy_id]
        if given is not None:
            day = effective_of_member(
                enrolled=row.enrolment_date, policy_enrolled=enrolled, policy_effective=given
            )
            effective[row.id] = {"effective_date": day}
    _write(work, InsureePolicy, effective)


def _write(
    work: Work, model: type[Policy] | type[InsureePolicy], values: Mapping[UUID, Mapping[str, Any]]
) -> None:
    """Change rows: a few one by one with their history in full, many at once in a fixed number of statements."""
    if len(values) > _FEW:
        columns = tuple(next(iter(values.values())))
        rows = [(row_id, *(row[name] for name in columns)) for row_id, row in values.items()]
        change_rows(work, model, ("id",), columns, rows, recording=Recording.PER_ROW)
        return
    for record in work.session.scalars(select(model).where(model.id.in_(values))) if values else ():
        for name, value in values[record.id].items():
            setattr(record, name, value)
    work.session.flush()


def paid_sums(work: Work, policy_ids: Collection[UUID]) -> dict[UUID, PaidSum]:
    """What was paid for policies, photo fees left out, in one statement; a policy without contributions is left out.

    The last day is that of a contribution that still stands: neither of a refund nor of one that was reversed.
    """
    with work.everywhere():
        return {row.policy_id: _sum(row) for row in work.session.execute(_PAID, {"policies": policy_ids})}


def facts_of(policy: Policy) -> PolicyFacts:
    """What the rules of a policy's life look at."""
    return PolicyFacts(
        status=policy.status,
        value=policy.value.amount,
        start=policy.start_date,
        expiry=policy.expiry_date,
        effective=policy.effective_date,
        before=policy.status_before,
        reason=policy.status_reason,
    )


def _sum(row: Any) -> PaidSum:
    def major(minor: int) -> Decimal:
        return Money.from_minor(int(minor), row.currency).amount

    return PaidSum(major(row.total), major(row.reconciled), row.last_day)
