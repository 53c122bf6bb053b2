"""What insurance tells other plugins about money and renewals."""

from datetime import date
from uuid import UUID

from msingi.plugin import Event
from msingi_insurance.plugin import plugin


@plugin.event
class ContributionsReceived(Event):
    """Contributions were recorded, each for a policy."""

    premium_ids: tuple[UUID, ...]
    policy_ids: tuple[UUID, ...]


@plugin.event
class ContributionReturned(Event):
    """A contribution was reversed, or an excess refunded, by decision of a second person."""

    premium_id: UUID
    policy_id: UUID
    kind: str


@plugin.event
class ReferenceIssued(Event):
    """A gateway gave the number under which a payment can be made."""

    reference_id: UUID


@plugin.event
class PaymentReceived(Event):
    """Money came; it lies in suspense until its policies are found."""

    payment_id: UUID


@plugin.event
class PaymentMatched(Event):
    """Money went to policies."""

    payment_id: UUID
    policy_ids: tuple[UUID, ...]


@plugin.event
class PaymentUnmatched(Event):
    """Money came that no policy was found for; it waits in suspense."""

    payment_id: UUID


@plugin.event
class RenewalDue(Event):
    """A family is to be told that its cover ends in so many days (30, 14, 7 or 0)."""

    renewal_id: UUID
    policy_id: UUID
    family_id: UUID
    officer_id: UUID | None
    days: int
    last_day: date


@plugin.event
class CashConfirmed(Event):
    """An officer's cash was confirmed and posted."""

    count_id: UUID
    officer_id: UUID


@plugin.event
class ContractApproved(Event):
    """A contract of a policy holder was approved and can be invoiced."""

    contract_id: UUID


@plugin.event
class ContractPaid(Event):
    """The invoice of a contract was paid; its policies were made."""

    contract_id: UUID
    policy_ids: tuple[UUID, ...]
