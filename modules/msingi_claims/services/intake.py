"""Takes claims that a file or a system sends: entered and submitted together, answered one by one (TZA-30)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import select

from msingi.errors import DomainError
from msingi.money import Money
from msingi.work import Work
from msingi_claims.errors import (
    CodeTaken,
    UnknownAdministrator,
    UnknownDiagnosis,
    UnknownEntry,
    UnknownFacility,
    UnknownPatient,
)
from msingi_claims.intake_errors import EndBeforeStart, NothingAsked, OtherContent, TotalDiffers
from msingi_claims.models.states import Channel
from msingi_claims.rules.codes import ClaimStatus
from msingi_claims.services.claim_records import ClaimRecord, UploadCode, WrongRecord
from msingi_claims.services.drafts import ClaimDraft, LineDraft
from msingi_claims.services.entry import enter_claims
from msingi_claims.services.sent_before import SentBefore, claims_sent_before
from msingi_claims.services.submission import Outcome, submit_claims
from msingi_claims.services.units import Units
from msingi_insurance import LineKind
from msingi_registry import Facility

MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one claim that was sent."""

    code: str
    result: str
    """success, rejected or error."""
    upload_code: UploadCode
    claim_id: UUID | None = None
    outcome: Outcome | None = None
    problems: Sequence[DomainError] = ()


def take_records(work: Work, sent: Sequence[ClaimRecord | WrongRecord], *, channel: Channel) -> list[Taken]:
    """Enter and submit claims; one that was sent before with the same content is answered as it stands.

    Claims that cannot be entered leave nothing behind; the others are not held up by them. A claim with the same
    content that was entered and never submitted is submitted now.
    """
    records = {place: one for place, one in enumerate(sent) if isinstance(one, ClaimRecord)}
    facilities = _facilities(work, records.values())
    known = claims_sent_before(work, list(records.values()), facilities)
    answers = {place: _unread(one) for place, one in enumerate(sent) if isinstance(one, WrongRecord)}
    drafts: dict[int, ClaimDraft] = {}
    waiting: dict[int, UUID] = {}
    seen: set[str] = set()
    unit = Units.of(work.platform.profile.currency).unit
    for place, record in records.items():
        problems = _problems(record, facilities, unit, repeated=record.code in seen)
        seen.add(record.code)
        match _refused(record, problems) if problems else _judged(work, record, facilities, known):
            case Taken() as answer:
                answers[place] = answer
            case ClaimDraft() as draft:
                drafts[place] = draft
            case claim_id:
                waiting[place] = claim_id
    answers |= _enter(work, records, drafts, waiting, channel)
    return [answers[place] for place in range(len(sent))]


def _judged(
    work: Work, record: ClaimRecord, facilities: Mapping[str, UUID], known: Mapping[str, SentBefore]
) -> Taken | ClaimDraft | UUID:
    """The answer to a claim, or what is to be entered, or which claim has yet to be submitted."""
    before = known.get(record.code)
    if before is not None:
        return _again(record, before)
    try:
        return _draft(work, record, facilities)
    except DomainError as refusal:
        return _refused(record, [refusal])


def _again(record: ClaimRecord, before: SentBefore) -> Taken | UUID:
    """A repeat is answered as it stands, or submitted when nobody did; other content, or a deleted claim, is a conflict."""
    status = before.outcome.status
    if status is ClaimStatus.VOID:
        return _refused(record, [CodeTaken(code=record.code)])
    if not before.says_the_same(record):
        return _refused(record, [OtherContent(code=record.code)])
    return before.outcome.claim_id if status is ClaimStatus.ENTERED else _answered(before.outcome)


def _enter(
    work: Work,
    records: Mapping[int, ClaimRecord],
    drafts: Mapping[int, ClaimDraft],
    waiting: Mapping[int, UUID],
    channel: Channel,
) -> dict[int, Taken]:
    """Enter what is new, and submit it together with what waited for it."""
    places = list(drafts)
    entered = enter_claims(work, list(drafts.values()), channel=channel)
    submitted = {places[at]: claim_id for at, claim_id in entered.ids.items()} | dict(waiting)
    outcomes = {one.claim_id: one for one in submit_claims(work, submitted.values())} if submitted else {}
    answers = {
        places[at]: _refused(records[places[at]], problems) for at, problems in entered.refusals.items()
    }
    return answers | {place: _answered(outcomes[claim_id]) for place, claim_id in submitted.items()}


def _answered(outcome: Outcome) -> Taken:
    rejected = outcome.status is ClaimStatus.REJECTED
    result = "rejected" if rejected else "success"
    return Taken(outcome.code, result, UploadCode.SUCCESS, outcome.claim_id, outcome)


def _problems(
    record: ClaimRecord, facilities: Mapping[str, UUID], unit: Decimal, *, repeated: bool
) -> list[DomainError]:
    """What a file is answered with before anything else is looked at."""
    problems: list[DomainError] = []
    if record.facility not in facilities:
        problems.append(UnknownFacility(code=record.facility))
    if repeated:
        problems.append(CodeTaken(code=record.code))
    if record.date_to is not None and record.date_to < record.date_from:
        problems.append(EndBeforeStart())
    asked = record.asked(unit)
    if not asked:
        problems.append(NothingAsked())
    elif record.total is not None and record.total != asked:
        problems.append(TotalDiffers(sum=f"{asked.normalize():f}"))
    return problems


def _unread(wrong: WrongRecord) -> Taken:
    return Taken(wrong.code, "error", wrong.upload_code, problems=wrong.problems)


def _refused(record: ClaimRecord, problems: Sequence[DomainError]) -> Taken:
    return Taken(record.code, "error", _upload_code(record, problems[0]), problems=problems)


def _upload_code(record: ClaimRecord, problem: DomainError) -> UploadCode:
    if isinstance(problem, UnknownEntry):
        position = int(str(problem.params["position"]))
        item = record.lines[position - 1].kind is LineKind.ITEM
        return UploadCode.ITEM if item else UploadCode.SERVICE
    return _CODES.get(type(problem), UploadCode.FATAL)


_CODES: Final[Mapping[type[DomainError], UploadCode]] = {
    UnknownFacility: UploadCode.FACILITY,
    CodeTaken: UploadCode.DUPLICATE_CODE,
    OtherContent: UploadCode.DUPLICATE_CODE,
    UnknownPatient: UploadCode.INSURANCE_NUMBER,
    EndBeforeStart: UploadCode.END_BEFORE_START,
    UnknownDiagnosis: UploadCode.DIAGNOSIS,
    NothingAsked: UploadCode.AMOUNT_ZERO,
    UnknownAdministrator: UploadCode.ADMINISTRATOR,
}


def _draft(work: Work, record: ClaimRecord, facilities: Mapping[str, UUID]) -> ClaimDraft:
    currency = work.platform.profile.currency
    values = record.model_dump(exclude={"facility", "total", "lines"})
    lines = [
        LineDraft(
            kind=line.kind,
            code=line.code,
            quantity=line.quantity,
            price=Money(line.price, currency),
            explanation=line.explanation,
            contents=line.contents,
        )
        for line in record.lines
    ]
    return ClaimDraft(facility_id=facilities[record.facility], lines=lines, **values)


def _facilities(work: Work, records: Iterable[ClaimRecord]) -> Mapping[str, UUID]:
    """Facilities of the actor's places by code."""
    codes = {record.facility for record in records}
    rows = work.session.execute(select(Facility.code, Facility.id).where(Facility.code.in_(sorted(codes))))
    return {row.code: row.id for row in rows}
