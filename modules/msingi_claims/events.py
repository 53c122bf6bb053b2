"""What claims tell other plugins: ids only; one event for one claim or for many."""

from uuid import UUID

from msingi.plugin import Event
from msingi_claims.plugin import plugin


class _OfClaims(Event):
    claim_ids: tuple[UUID, ...]


@plugin.event
class ClaimsEntered(_OfClaims):
    """Claims were entered."""


@plugin.event
class ClaimsChanged(_OfClaims):
    """Claims that were not yet submitted were changed."""


@plugin.event
class ClaimsDeleted(_OfClaims):
    """Claims that were not yet submitted were deleted."""


@plugin.event
class ClaimsSubmitted(_OfClaims):
    """Claims passed the checks of submission."""


@plugin.event
class ClaimsRejected(_OfClaims):
    """Claims were rejected, at submission or later."""


@plugin.event
class RejectionsUndone(_OfClaims):
    """Claims that were rejected in error are checked again (F36)."""


@plugin.event
class ClaimsSelected(_OfClaims):
    """Claims were selected for review or feedback."""

    purpose: str


@plugin.event
class ClaimQueried(Event):
    """A reviewer asked the facility about a claim."""

    claim_id: UUID
    query_id: UUID


@plugin.event
class ClaimQueryAnswered(Event):
    """The facility answered a question about a claim."""

    claim_id: UUID
    query_id: UUID


@plugin.event
class ClaimsReviewed(_OfClaims):
    """Reviews of claims were delivered."""


@plugin.event
class ReviewsOverdue(_OfClaims):
    """Reviews are later than they should be (CLM-7)."""


@plugin.event
class ClaimsProcessed(_OfClaims):
    """Claims were processed; they wait for the index of their relative prices."""


@plugin.event
class ClaimsValuated(_OfClaims):
    """The value of claims became final."""


@plugin.event
class ClaimsPaid(_OfClaims):
    """The payment of claims was confirmed."""


@plugin.event
class PaymentsReturned(_OfClaims):
    """The money of claims that counted as paid came back: they wait for payment again (F36)."""


@plugin.event
class ClaimRestored(Event):
    """A rejected claim was taken up again as a new one."""

    claim_id: UUID
    from_claim_id: UUID


@plugin.event
class FeedbackDelivered(Event):
    """A patient said something about the care of a claim."""

    claim_id: UUID


@plugin.event
class FeedbackPrompted(Event):
    """An officer is asked to visit the patient of a claim."""

    claim_id: UUID
    officer_id: UUID
