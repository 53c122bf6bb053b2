"""Writes down what patients say about their care; it never changes money (CLM-3)."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from msingi.work import Work
from msingi_claims import events
from msingi_claims.errors import FutureDate, NotSelected
from msingi_claims.models.claim import Claim
from msingi_claims.models.facility_side import Feedback, FeedbackPrompt
from msingi_claims.models.states import Purpose
from msingi_claims.rules.codes import Selection
from msingi_claims.services.life import Action
from msingi_claims.services.taking import take_claim


class FeedbackAnswers(BaseModel):
    """What a patient says about the care of a claim."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    care_rendered: bool = Field(description="Whether the care was given.")
    payment_asked: bool = Field(description="Whether money was asked.")
    drug_prescribed: bool = Field(description="Whether a drug was prescribed.")
    drug_received: bool = Field(description="Whether the drug was received.")
    mark: int = Field(ge=0, le=5, description="Mark from 0 to 5.")
    heard_on: date = Field(description="Day of the visit.")


def deliver_feedback(work: Work, claim_id: UUID, answers: FeedbackAnswers) -> Feedback:
    """Keep what the patient of a selected claim said, once.

    Raises:
        NotFound: neither the claim nor the patient's village is visible; an unknown claim is answered the same.
        NotSelected: the claim was not selected for feedback, or it was delivered already.
        FutureDate: the visit has not been yet.

    """
    if answers.heard_on > work.today():
        raise FutureDate
    prompt = work.session.scalar(select(FeedbackPrompt).where(FeedbackPrompt.claim_id == claim_id))
    if prompt is None:
        work.get(Claim, claim_id)
        raise NotSelected(purpose=Purpose.FEEDBACK.value)
    with work.everywhere():
        claim = take_claim(work, claim_id, Action.FEEDBACK)
    if claim.feedback_status is not Selection.SELECTED:
        raise NotSelected(purpose=Purpose.FEEDBACK.value)
    feedback = work.add(
        Feedback(
            jurisdiction_id=prompt.jurisdiction_id,
            claim_id=claim.id,
            officer_id=prompt.officer_id,
            delivered_at=work.now(),
            delivered_by=work.actor.id,
            **answers.model_dump(),
        )
    )
    with work.everywhere():
        claim.feedback_status = Selection.DELIVERED
    work.emit(events.FeedbackDelivered(claim_id=claim.id))
    return feedback
