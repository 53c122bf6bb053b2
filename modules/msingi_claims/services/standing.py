"""Which policies were in force on a day, whatever became of them since (POL-5, P1, P6, BAT-7)."""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from msingi_insurance import InsureePolicy, Policy, PolicyReinstatement, PolicyStatus, PolicySuspension


def in_force_on(day: date) -> ColumnElement[bool]:
    """That a policy had taken effect, was not over and was not suspended at the end of a day.

    A policy is judged by the days of its suspensions and of their ends, not by what it is today: one that was
    suspended later was in force before.
    """
    suspended_later = select(PolicySuspension.policy_id).where(PolicySuspension.suspended_on > day)
    return and_(
        Policy.start_date <= day,
        Policy.effective_date <= day,
        Policy.expiry_date >= day,
        or_(
            Policy.status == PolicyStatus.ACTIVE,
            and_(Policy.status == PolicyStatus.EXPIRED, _had_cover()),
            and_(Policy.status == PolicyStatus.SUSPENDED, Policy.id.in_(suspended_later)),
        ),
        Policy.id.not_in(_suspended_on(day)),
    )


def covered_on(day: date) -> Iterator[ColumnElement[bool]]:
    """That a policy covered an insuree on a day: criteria on both tables (POL-5)."""
    yield in_force_on(day)
    yield InsureePolicy.start_date <= day
    yield InsureePolicy.effective_date <= day
    yield InsureePolicy.expiry_date >= day
    yield or_(InsureePolicy.valid_to.is_(None), InsureePolicy.valid_to > day)


def _had_cover() -> ColumnElement[bool]:
    """That an expired policy was active at its end, or when it was suspended; the days of that are left out anyway."""
    return or_(Policy.status_before.is_(None), Policy.status_before == PolicyStatus.ACTIVE)


def _suspended_on(day: date) -> Select[UUID]:
    """Policies with more suspensions than ends of suspensions up to the end of a day."""
    ended = (
        select(func.count())
        .select_from(PolicyReinstatement)
        .where(
            PolicyReinstatement.policy_id == PolicySuspension.policy_id,
            PolicyReinstatement.reinstated_on <= day,
        )
        .scalar_subquery()
    )
    return (
        select(PolicySuspension.policy_id)
        .where(PolicySuspension.suspended_on <= day)
        .group_by(PolicySuspension.policy_id)
        .having(func.count() > ended)
    )
