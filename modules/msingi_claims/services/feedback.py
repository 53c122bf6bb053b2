"""Writes down what patients say about their care, one or many at once; it never changes money (CLM-3)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from msingi.audit.trail import Change
from msingi.bulk import Recording, write_rows
from msingi.errors import DomainError, NotFound
from msingi.rbac.models import JurisdictionClosure
from msingi.work import Work
from msingi_claims import events
from msingi_claims.errors import FutureDate, NotSelected, UnknownOfficer, UnknownPatient
from msingi_claims.models.claim import Claim
from msingi_claims.models.facility_side import Feedback, FeedbackPrompt
from msingi_claims.models.states import Purpose
from msingi_claims.rules.codes import Selection
from msingi_claims.services.changing import change_locked
from msingi_claims.services.life import Action, require_status
from msingi_insurance import Insuree, Officer, OfficerVillage

_ANSWERS: Final = ("care_rendered", "payment_asked", "drug_prescribed", "drug_received", "mark", "heard_on")
_COLUMNS: Final = ("jurisdiction_id", "claim_id", "officer_id", "delivered_at", "delivered_by", *_ANSWERS)


class FeedbackAnswers(BaseModel):
    """What a patient says about the care of a claim."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    care_rendered: bool = Field(description="Whether the care was given.")
    payment_asked: bool = Field(description="Whether money was asked.")
    drug_prescribed: bool = Field(description="Whether a drug was prescribed.")
    drug_received: bool = Field(description="Whether the drug was received.")
    mark: int = Field(ge=0, le=5, description="Mark from 0 to 5.")
    heard_on: date = Field(description="Day of the visit.")


@dataclass(frozen=True, slots=True)
class Heard:
    """What somebody heard from the patient of a claim, and as far as it is said, who heard it of whom."""

    claim_id: UUID
    answers: FeedbackAnswers
    officer_code: str | None = None
    insuree_number: str | None = None


def deliver_feedback(work: Work, claim_id: UUID, answers: FeedbackAnswers) -> Feedback:
    """Keep what the patient of a selected claim said, once.

    Raises:
        NotFound: neither the claim nor the patient's village is visible; an unknown claim is answered the same.
        NotSelected: the claim was not selected for feedback, or it was delivered already.
        WrongStatus: the claim is not under way any more.
        FutureDate: the visit has not been yet.

    """
    (refusal,) = deliver_all(work, [Heard(claim_id, answers)])
    if refusal is not None:
        raise refusal
    return work.session.scalars(select(Feedback).where(Feedback.claim_id == claim_id)).one()


def deliver_all(work: Work, heard: Sequence[Heard]) -> list[DomainError | None]:
    """Keep what can be kept, once for each claim; for each the refusal, or None.

    A number of statements that does not depend on how much was heard; refusals are those of ``deliver_feedback``,
    and UnknownPatient or UnknownOfficer when the number is not the patient's, or nobody there bears the code.
    """
    known = _Known.read(work, heard)
    refusals = [known.refusal(work, one) for one in heard]
    kept: dict[UUID, Heard] = {}
    for place, one in enumerate(heard):
        if refusals[place] is None and kept.setdefault(one.claim_id, one) is not one:
            refusals[place] = NotSelected(purpose=Purpose.FEEDBACK.value)
    _keep(work, list(kept.values()), known)
    return refusals


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of claims that somebody was heard about; their rows are locked."""

    prompts: Mapping[UUID, FeedbackPrompt]
    visible: Collection[UUID]
    """Claims that are visible although nobody was asked to visit their patients."""
    claims: Mapping[UUID, Any]
    officers: "_Officers"

    @classmethod
    def read(cls, work: Work, heard: Sequence[Heard]) -> "_Known":
        ids = sorted({one.claim_id for one in heard})
        prompts = {
            one.claim_id: one
            for one in work.session.scalars(select(FeedbackPrompt).where(FeedbackPrompt.claim_id.in_(ids)))
        }
        others = [claim_id for claim_id in ids if claim_id not in prompts]
        visible = work.by_ids(Claim, others).keys() if others else ()
        with work.everywhere():
            claims = {row.id: row for row in work.session.execute(_locking(list(prompts)))}
        codes = {one.officer_code for one in heard if one.officer_code is not None}
        return cls(prompts, visible, claims, _Officers.read(work, codes, prompts.values()))

    def officer_of(self, one: Heard) -> UUID:
        """Who heard it: the one who says so, else the one who was asked to."""
        if one.officer_code is None:
            return self.prompts[one.claim_id].officer_id
        officer_id: UUID = self.officers.by_code[one.officer_code].id
        return officer_id

    def refusal(self, work: Work, one: Heard) -> DomainError | None:
        """Why it cannot be kept."""
        try:
            self._check(work, one)
        except DomainError as refusal:
            return refusal
        return None

    def _check(self, work: Work, one: Heard) -> None:
        if one.answers.heard_on > work.today():
            raise FutureDate
        claim = self.claims.get(one.claim_id)
        if claim is None:
            if one.claim_id in self.visible:
                raise NotSelected(purpose=Purpose.FEEDBACK.value)
            raise NotFound(type="Claim")
        if one.insuree_number is not None and one.insuree_number != claim.number:
            raise UnknownPatient
        if one.officer_code is not None:
            self.officers.require(one.officer_code, self.prompts[one.claim_id])
        require_status(Action.FEEDBACK, [claim])
        if claim.feedback_status is not Selection.SELECTED:
            raise NotSelected(purpose=Purpose.FEEDBACK.value)


@dataclass(frozen=True, slots=True)
class _Officers:
    """Who bears the codes, and where they may have heard patients."""

    by_code: Mapping[str, Any]
    visible: Collection[UUID]
    """Places of officers within the scope of the caller."""
    serving: Collection[tuple[UUID, UUID]]
    """Officers with the places of patients that they serve or work above."""

    @classmethod
    def read(cls, work: Work, codes: Collection[str], prompts: Collection[FeedbackPrompt]) -> "_Officers":
        if not codes:
            return cls({}, (), ())
        bearers = select(Officer.code, Officer.id, Officer.jurisdiction_id).where(
            Officer.code.in_(sorted(codes))
        )
        with work.everywhere():
            by_code = {row.code: row for row in work.session.execute(bearers)}
            serving = work.session.execute(_serving(codes, {prompt.jurisdiction_id for prompt in prompts}))
            pairs = {(row.id, row.place_id) for row in serving}
        places = {row.jurisdiction_id for row in by_code.values()}
        return cls(by_code, work.visible_places(places, work.scope), pairs)

    def require(self, code: str, prompt: FeedbackPrompt) -> None:
        """Refuse an officer who was not asked, is not the caller's, and has nothing to do with the patient's place."""
        officer = self.by_code.get(code)
        if officer is None or not (
            officer.id == prompt.officer_id
            or officer.jurisdiction_id in self.visible
            or (officer.id, prompt.jurisdiction_id) in self.serving
        ):
            raise UnknownOfficer(code=code)


def _keep(work: Work, heard: Sequence[Heard], known: _Known) -> None:
    if not heard:
        return
    now, author = work.now(), work.actor.id
    rows = [
        (
            known.prompts[one.claim_id].jurisdiction_id,
            *(one.claim_id, known.officer_of(one), now, author),
            *(getattr(one.answers, name) for name in _ANSWERS),
        )
        for one in heard
    ]
    write_rows(work, Feedback, _COLUMNS, rows, recording=Recording.PER_ROW)
    with work.everywhere():
        status = [(one.claim_id, Selection.DELIVERED) for one in heard]
        change_locked(work, Claim, ["feedback_status"], status)
        changed = {"feedback_status": [Selection.SELECTED.value, Selection.DELIVERED.value]}
        changes = [Change(one.claim_id, changed, known.claims[one.claim_id].jurisdiction_id) for one in heard]
        work.platform.trail.changed_many(work, "update", Claim.__tablename__, changes)
    for one in heard:
        work.emit(events.FeedbackDelivered(claim_id=one.claim_id))


def _locking(claim_ids: Sequence[UUID]) -> Any:
    return (
        select(Claim.id, Claim.jurisdiction_id, Claim.status, Claim.feedback_status, Insuree.number)
        .join(Insuree, Insuree.id == Claim.insuree_id)
        .where(Claim.id.in_(claim_ids))
        .order_by(Claim.id)
        .with_for_update(of=Claim)
    )


def _serving(codes: Collection[str], places: Collection[UUID]) -> Any:
    return (
        select(Officer.id, JurisdictionClosure.descendant_id.label("place_id"))
        .outerjoin(OfficerVillage, OfficerVillage.officer_id == Officer.id)
        .join(
            JurisdictionClosure,
            JurisdictionClosure.ancestor_id.in_([Officer.jurisdiction_id, OfficerVillage.jurisdiction_id]),
        )
        .where(Officer.code.in_(sorted(codes)), JurisdictionClosure.descendant_id.in_(sorted(places)))
        .distinct()
    )
