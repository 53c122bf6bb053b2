"""Suspensions and their ends are kept by their days, so that a past day can be asked what was in force (P1, P3, P6)."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select

from msingi.bulk import write_rows
from msingi.work import Work
from msingi_insurance.models.policy import Policy
from msingi_insurance.models.suspensions import PolicyReinstatement, PolicySuspension


def note_suspensions(work: Work, policy_ids: Collection[UUID]) -> None:
    """Note that policies were suspended today, in two statements."""
    _note(work, PolicySuspension, "suspended_on", policy_ids)


def note_reinstatements(work: Work, policy_ids: Collection[UUID]) -> None:
    """Note that the suspensions of policies ended today, where one had not ended yet; one statement where none had."""
    ended = (
        select(func.count())
        .select_from(PolicyReinstatement)
        .where(PolicyReinstatement.policy_id == PolicySuspension.policy_id)
        .scalar_subquery()
    )
    suspended = (
        select(PolicySuspension.policy_id)
        .where(PolicySuspension.policy_id.in_(sorted(policy_ids)))
        .group_by(PolicySuspension.policy_id)
        .having(func.count() > ended)
    )
    _note(work, PolicyReinstatement, "reinstated_on", work.session.scalars(suspended).all())


def _note(
    work: Work, model: type[PolicySuspension | PolicyReinstatement], day: str, policy_ids: Collection[UUID]
) -> None:
    if policy_ids:
        policies = work.by_ids(Policy, policy_ids)
        rows = [(policy.jurisdiction_id, policy.id, work.today()) for policy in policies.values()]
        write_rows(work, model, ("jurisdiction_id", "policy_id", day), rows)
