"""Takes feedback files of devices in, record by record; a file that comes twice changes nothing (CLM-F4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import select

from msingi.errors import DomainError
from msingi.work import Work
from msingi_claims.errors import UnreadableAnswers
from msingi_claims.models.facility_side import Feedback
from msingi_claims.services.feedback import FeedbackAnswers, Heard, deliver_all
from msingi_insurance import FiledFeedback, Officer

_YES_OR_NO: Final = {"0": False, "1": True}


@dataclass(frozen=True, slots=True)
class FeedbackOutcome:
    """What became of one record: kept now or before, or refused."""

    claim_id: UUID
    refusal: DomainError | None


def take_feedback(work: Work, records: Sequence[FiledFeedback]) -> list[FeedbackOutcome]:
    """Keep the feedback of a file; a record that is refused does not stop the others, one that is known is done."""
    outcomes: dict[int, DomainError | None] = {}
    heard: dict[Heard, int] = {}
    repeats: dict[int, int] = {}
    kept = _kept(work, [record.claim_id for record in records])
    for place, record in enumerate(records):
        try:
            said = _heard(record)
        except UnreadableAnswers as refusal:
            outcomes[place] = refusal
            continue
        if kept.get(record.claim_id) == (record.officer_code, said.answers):
            outcomes[place] = None
        else:
            repeats[place] = heard.setdefault(said, place)
    outcomes |= dict(zip(heard.values(), deliver_all(work, list(heard)), strict=True))
    outcomes |= {place: outcomes[first] for place, first in repeats.items()}
    return [FeedbackOutcome(record.claim_id, outcomes[place]) for place, record in enumerate(records)]


def _heard(record: FiledFeedback) -> Heard:
    """The five characters: four times 0 or 1 in the order of the answers, then the mark from 0 to 5."""
    answers, mark = record.answers[:-1], record.answers[-1]
    if not set(answers) <= _YES_OR_NO.keys() or not mark.isdecimal():
        raise UnreadableAnswers
    given: list[Any] = [_YES_OR_NO[one] for one in answers]
    names = ("care_rendered", "payment_asked", "drug_prescribed", "drug_received")
    try:
        said = FeedbackAnswers(**dict(zip(names, given, strict=True)), mark=int(mark), heard_on=record.day)
    except ValidationError:
        raise UnreadableAnswers from None
    return Heard(record.claim_id, said, record.officer_code, record.insuree_number)


def _kept(work: Work, claim_ids: Sequence[UUID]) -> dict[UUID, tuple[str, FeedbackAnswers]]:
    """What was delivered before, as far as it is visible, with the code of who heard it."""
    statement = select(Feedback).where(Feedback.claim_id.in_(sorted(set(claim_ids))))
    rows = work.session.scalars(statement).all()
    with work.everywhere():
        officers = work.by_ids(Officer, [row.officer_id for row in rows])
    return {
        row.claim_id: (
            officers[row.officer_id].code,
            FeedbackAnswers.model_validate(row, from_attributes=True),
        )
        for row in rows
        if row.officer_id is not None
    }
