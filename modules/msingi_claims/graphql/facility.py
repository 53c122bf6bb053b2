"""GraphQL operations beside claims: attachments, feedback, consent, administrators, paper."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from msingi.graphql.scalars import Text
from msingi.work import Work
from msingi_claims.models.claim import Claim
from msingi_claims.models.facility_side import Attachment, ClaimAdministrator, Feedback, PreAuthorisation
from msingi_claims.models.intake import PaperBatch
from msingi_claims.models.states import AttachmentType
from msingi_claims.plugin import (
    DECIDE_CONSENT,
    DELIVER_FEEDBACK,
    EDIT_ADMINISTRATORS,
    ENTER_CLAIMS,
    READ_CLAIMS,
    REQUEST_CONSENT,
    plugin,
)
from msingi_claims.services import attaching, consents, feedback, paper
from msingi_claims.services.consents import AdministratorDraft, ConsentDecision, ConsentRequest
from msingi_claims.services.drafts import ClaimDraft
from msingi_claims.services.feedback import FeedbackAnswers
from msingi_claims.services.paper import PaperBatchDraft

plugin.expose(
    Attachment,
    *("id", "claim_id", "type", "title", "media_type", "size", "digest", "address", "added_at", "added_by"),
    allow=READ_CLAIMS,
)
plugin.expose(
    PreAuthorisation,
    *("id", "number", "insuree_id", "facility_id", "kind", "code", "quantity", "amount", "reason", "state"),
    *("valid_from", "valid_to", "requested_at", "requested_by", "decided_at", "decided_by", "decision"),
    "version",
    allow=READ_CLAIMS,
)
plugin.expose(
    ClaimAdministrator,
    *("id", "code", "name", "facility_id", "user_id", "phone", "email", "valid_to", "version"),
    allow=READ_CLAIMS,
    guarded={"phone": EDIT_ADMINISTRATORS, "email": EDIT_ADMINISTRATORS},
)
plugin.expose(
    Feedback,
    *("id", "claim_id", "officer_id", "care_rendered", "payment_asked", "drug_prescribed"),
    *("drug_received", "mark", "heard_on", "delivered_at"),
    allow=DELIVER_FEEDBACK,
)
plugin.expose(
    PaperBatch,
    *("id", "number", "facility_id", "double_key", "expected", "opened_at", "closed_at", "version"),
    allow=READ_CLAIMS,
)


@plugin.connection(
    PreAuthorisation, allow=READ_CLAIMS, where=("number", "insuree_id", "facility_id", "state"), order=("id",)
)
def pre_authorisations(work: Work) -> Select[tuple[PreAuthorisation]]:  # noqa: ARG001 - every connection receives it
    """Requests for consent before care."""
    return select(PreAuthorisation)


@plugin.connection(ClaimAdministrator, allow=READ_CLAIMS, where=("code", "facility_id"), order=("code", "id"))
def claim_administrators(work: Work) -> Select[tuple[ClaimAdministrator]]:  # noqa: ARG001
    """Who answers for the claims of facilities."""
    return select(ClaimAdministrator)


@plugin.mutation(allow=ENTER_CLAIMS)
def attach_address(
    work: Work,
    claim_id: UUID,
    address: Text,
    type: AttachmentType,  # noqa: A002 - the name callers see
    title: Text,
) -> Attachment:
    """Note where a document of a claim is kept; only on hosts that the installation allows."""
    return attaching.attach_address(work, claim_id, address, type=type, title=title)


@plugin.mutation(allow=DELIVER_FEEDBACK)
def deliver_feedback(work: Work, claim_id: UUID, input: FeedbackAnswers) -> Feedback:  # noqa: A002
    """Write down what the patient of a selected claim says."""
    return feedback.deliver_feedback(work, claim_id, input)


@plugin.mutation(allow=REQUEST_CONSENT)
def request_consent(work: Work, input: ConsentRequest) -> PreAuthorisation:  # noqa: A002
    """Ask for consent before care is given."""
    return consents.request_consent(work, input)


@plugin.mutation(allow=DECIDE_CONSENT)
def decide_consent(work: Work, id: UUID, input: ConsentDecision, expected_version: int) -> PreAuthorisation:  # noqa: A002
    """Decide on a request for consent."""
    return consents.decide_consent(work, id, input, expected_version=expected_version)


@plugin.mutation(allow=EDIT_ADMINISTRATORS)
def name_claim_administrator(work: Work, input: AdministratorDraft) -> ClaimAdministrator:  # noqa: A002
    """Name who answers for the claims of a facility."""
    return consents.name_administrator(work, input)


@plugin.mutation(allow=EDIT_ADMINISTRATORS)
def end_claim_administrator(
    work: Work,
    id: UUID,  # noqa: A002 - the name callers see
    last_day: date,
    expected_version: int,
) -> ClaimAdministrator:
    """End the office of a claim administrator."""
    return consents.end_administrator(work, id, last_day=last_day, expected_version=expected_version)


@plugin.mutation(allow=ENTER_CLAIMS)
def open_paper_batch(work: Work, input: PaperBatchDraft) -> PaperBatch:  # noqa: A002
    """Open a bundle of paper claims."""
    return paper.open_batch(work, input)


@plugin.mutation(allow=ENTER_CLAIMS)
def key_paper_claim(work: Work, batch_id: UUID, input: ClaimDraft) -> UUID | None:  # noqa: A002
    """Key in a claim of a bundle; answers with the claim once it is entered, empty after the first of two keyings."""
    return paper.key_claim(work, batch_id, input)


@plugin.extend(Claim, allow=READ_CLAIMS)
def attachments(parents: Sequence[Claim], work: Work) -> dict[UUID, list[Attachment]]:
    """Documents of the claim."""
    return work.children(Attachment.claim_id, parents)
