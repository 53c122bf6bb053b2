"""Suspensions and their ends are kept by their days, so that a past day can be asked what was in force (P1, P3, P6)."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from msingi.bulk import write_rows
from msingi.work import Work
from msingi_insurance.models.policy import Policy
from msingi_insurance.models.suspensions import PolicyReinstatement, PolicySuspension


def note_suspensions(work: Work, policy_ids: Collection[UUID]) -> None:
    """Note that policies were suspended today, in two statements."""
    _note(work, PolicySuspension, "suspended_on", dict.fromkeys(policy_ids, work.today()))


def note_reinstatements(work: Work, ends: Mapping[UUID, date]) -> None:
    """Note on which day the open suspension of each policy ended, never before it began; nothing where none is open.

    A suspension that a payment lifts ends on the day of the payment, however late it was recorded, so that no day
    from the effective date on is left out for it.
    """
    ended = (
        select(func.count())
        .select_from(PolicyReinstatement)
        .where(PolicyReinstatement.policy_id == PolicySuspension.policy_id)
        .scalar_subquery()
    )
    last_day = func.max(PolicySuspension.suspended_on).label("last_day")
    suspended = (
        select(PolicySuspension.policy_id, last_day)
        .where(PolicySuspension.policy_id.in_(sorted(ends)))
        .group_by(PolicySuspension.policy_id)
        .having(func.count() > ended)
    )
    with work.everywhere():  # a suspension keeps the village in which the policy was then
        rows = work.session.execute(suspended).all()
    days = {row.policy_id: max(row.last_day, ends[row.policy_id]) for row in rows}
    _note(work, PolicyReinstatement, "reinstated_on", days)


def _note(
    work: Work, model: type[PolicySuspension | PolicyReinstatement], column: str, days: Mapping[UUID, date]
) -> None:
    if days:
        policies = work.by_ids(Policy, days)
        rows = [(policy.jurisdiction_id, policy.id, days[policy.id]) for policy in policies.values()]
        write_rows(work, model, ("jurisdiction_id", "policy_id", column), rows)
