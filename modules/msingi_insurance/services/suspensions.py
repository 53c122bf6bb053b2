"""Suspensions are kept by their day, so that a period can be asked how many there were (P3)."""

from collections.abc import Collection
from uuid import UUID

from msingi.bulk import write_rows
from msingi.work import Work
from msingi_insurance.models.policy import Policy
from msingi_insurance.models.suspensions import PolicySuspension


def note_suspensions(work: Work, policy_ids: Collection[UUID]) -> None:
    """Note that policies were suspended today, in two statements."""
    policies = work.by_ids(Policy, policy_ids)
    rows = [(policy.jurisdiction_id, policy.id, work.today()) for policy in policies.values()]
    write_rows(work, PolicySuspension, ("jurisdiction_id", "policy_id", "suspended_on"), rows)
