"""The daily work on policies: those that ended expire, those not paid in time are suspended; in chunks, set-wise."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, case, func, select, update
from sqlalchemy.orm import aliased

from msingi.money import Money
from msingi.work import Work
from msingi_insurance.events import PoliciesExpired, PoliciesSuspended
from msingi_insurance.hooks import calendar_of
from msingi_insurance.models.policy import Policy, Premium
from msingi_insurance.rules.life import TRANSITIONS, UNPAID, PolicyFacts, PolicyStep, unpaid_step
from msingi_insurance.rules.periods import last_payment_date
from msingi_insurance.rules.states import PolicyStatus
from msingi_insurance.rules.terms import Terms
from msingi_insurance.services.products import terms_of

CHUNK: Final = 2_000
_SUSPENDED: Final = Policy.status == PolicyStatus.SUSPENDED
_AT_ITS_END: Final = case(
    (Policy.status == PolicyStatus.ACTIVE, None),
    (_SUSPENDED, func.coalesce(Policy.status_before, PolicyStatus.IDLE)),
    else_=Policy.status,
)
"""What an expired policy keeps: one that was not active at its end covers no day (POL-5)."""
_STILL_HELD: Final = case((_SUSPENDED, Policy.status_reason), else_="")
"""A suspension outlives the policy, with its reason (POL-11)."""


def expire_chunk(work: Work, *, most: int = CHUNK) -> int:
    """Set policies expired whose last day has passed; returns how many, fewer than ``most`` when none is left (POL-4)."""
    due = (
        select(Policy.id)
        .where(
            Policy.status.in_(TRANSITIONS[PolicyStep.EXPIRE].sources),
            Policy.expiry_date < work.today(),
        )
        .order_by(Policy.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    ids = tuple(work.session.scalars(due))
    if ids:
        _set(work, ids, status=PolicyStatus.EXPIRED, status_before=_AT_ITS_END, status_reason=_STILL_HELD)
        work.emit(PoliciesExpired(policy_ids=ids))
    return len(ids)


def suspend_chunk(work: Work, after: UUID | None, *, most: int = CHUNK) -> tuple[int, UUID | None]:
    """Suspend policies that are not fully paid after their last day to pay (POL-6).

    Looks at the next ``most`` underpaid policies after an id; returns how many were suspended and where to go on,
    None at the end.
    """
    locked = _locked(work, after, most)
    rows = work.session.execute(_underpaid(work).where(Policy.id.in_(locked))).all()
    terms = terms_of(work, {row.product_version_id for row in rows})
    by_status: dict[PolicyStatus, list[UUID]] = defaultdict(list)
    for row in rows:
        if _is_late(work, row, terms[row.product_version_id]):
            by_status[row.status].append(row.id)
    for status, ids in by_status.items():
        _set(work, ids, status=PolicyStatus.SUSPENDED, status_before=status, status_reason=UNPAID)
        work.emit(PoliciesSuspended(policy_ids=tuple(ids)))
    done = sum(map(len, by_status.values()))
    return done, locked[-1] if len(locked) == most else None


def _locked(work: Work, after: UUID | None, most: int) -> Sequence[UUID]:
    """The next policies to look at, locked: what was paid while their lock was waited for is read afterwards."""
    due = _underpaid(work).with_only_columns(Policy.id).order_by(Policy.id).limit(most)
    due = due if after is None else due.where(Policy.id > after)
    return work.session.scalars(due.with_for_update(of=Policy)).all()


def _underpaid(work: Work) -> Select[*tuple[Any, ...]]:
    before = aliased(Policy)
    paid = (
        select(func.coalesce(func.sum(Premium.amount_minor), 0))
        .where(Premium.policy_id == Policy.id, Premium.is_photo_fee.is_(False))
        .scalar_subquery()
    )
    return (
        select(
            Policy.id,
            Policy.status,
            Policy.stage,
            Policy.value_minor,
            Policy.currency,
            Policy.enrol_date,
            Policy.start_date,
            Policy.expiry_date,
            Policy.effective_date,
            Policy.product_version_id,
            before.expiry_date.label("previous_expiry"),
            paid.label("paid"),
        )
        .join(before, before.id == Policy.previous_policy_id, isouter=True)
        .where(
            Policy.status.in_(TRANSITIONS[PolicyStep.SUSPEND].sources),
            Policy.enrol_date < work.today(),
            Policy.value_minor > paid,
        )
    )


def _is_late(work: Work, row: Any, terms: Terms) -> bool:
    last_day = last_payment_date(
        terms,
        row.stage,
        enrolled=row.enrol_date,
        start=row.start_date,
        previous_expiry=row.previous_expiry,
        calendar=calendar_of(work),
    )
    facts = PolicyFacts(
        status=row.status,
        value=Money.from_minor(row.value_minor, row.currency).amount,
        start=row.start_date,
        expiry=row.expiry_date,
        effective=row.effective_date,
    )
    paid = Money.from_minor(int(row.paid), row.currency).amount
    return unpaid_step(facts, paid, last_payment=last_day, today=work.today()) is not None


def _set(work: Work, ids: Sequence[UUID], **values: Any) -> None:
    work.session.execute(
        update(Policy).where(Policy.id.in_(ids)).values(version=Policy.version + 1, **values),
        execution_options={"synchronize_session": False},
    )
