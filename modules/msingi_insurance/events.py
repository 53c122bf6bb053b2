"""What insurance tells other plugins about families, insurees and policies."""

from datetime import date
from uuid import UUID

from msingi.plugin import Event
from msingi_insurance.plugin import plugin


@plugin.event
class FamilyEnrolled(Event):
    """A family was enrolled with its insurees, the head among them."""

    family_id: UUID
    head_id: UUID
    insuree_ids: tuple[UUID, ...]
    jurisdiction_id: UUID


@plugin.event
class FamilyMoved(Event):
    """A family moved to another village, with the insurees and policies that are named."""

    family_id: UUID
    insuree_ids: tuple[UUID, ...]
    policy_ids: tuple[UUID, ...]
    from_id: UUID
    to_id: UUID


@plugin.event
class InsureesAdded(Event):
    """Insurees joined a family."""

    family_id: UUID
    insuree_ids: tuple[UUID, ...]
    jurisdiction_id: UUID


@plugin.event
class InsureesLeft(Event):
    """Insurees left a family, for another one or for none."""

    family_id: UUID
    insuree_ids: tuple[UUID, ...]


@plugin.event
class InsureesEnded(Event):
    """Insurees became inactive or died; their cover ended on the day."""

    insuree_ids: tuple[UUID, ...]
    last_day: date


@plugin.event
class PolicyEnrolled(Event):
    """A policy was enrolled, new or as a renewal."""

    policy_id: UUID
    family_id: UUID
    product_id: UUID
    previous_policy_id: UUID | None
    jurisdiction_id: UUID


@plugin.event
class PoliciesActivated(Event):
    """Policies became active: paid, confirmed, enforced or reinstated."""

    policy_ids: tuple[UUID, ...]


@plugin.event
class PoliciesSuspended(Event):
    """Policies were suspended, by somebody or because they were not paid in time."""

    policy_ids: tuple[UUID, ...]


@plugin.event
class PoliciesExpired(Event):
    """Policies came to their end."""

    policy_ids: tuple[UUID, ...]
