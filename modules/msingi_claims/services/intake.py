"""Takes claims that a file or a system sends: entered and submitted together, answered one by one (TZA-30)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from sqlalchemy import select

from msingi.clean_text import clean_text
from msingi.errors import DomainError
from msingi.money import Money
from msingi.work import Work
from msingi_claims.errors import (
    CodeTaken,
    CodeTooLong,
    EndBeforeStart,
    NothingAsked,
    OtherContent,
    UnknownAdministrator,
    UnknownDiagnosis,
    UnknownEntry,
    UnknownFacility,
    UnknownPatient,
)
from msingi_claims.models.claim import Claim
from msingi_claims.models.line import ClaimLine
from msingi_claims.models.states import Channel
from msingi_claims.rules.codes import ClaimStatus
from msingi_claims.services.drafts import ClaimDraft, LineDraft
from msingi_claims.services.entry import enter_claims
from msingi_claims.services.submission import Outcome, submit_claims
from msingi_insurance import Insuree, LineKind, VisitType
from msingi_registry import Facility

MOST: Final = 1000
_LONGEST: Final = 1000


class UploadCode(IntEnum):
    """The result codes of claim files, as trained staff know them."""

    SUCCESS = 0
    FACILITY = 1
    DUPLICATE_CODE = 2
    INSURANCE_NUMBER = 3
    END_BEFORE_START = 4
    DIAGNOSIS = 5
    AMOUNT_ZERO = 6
    ITEM = 7
    SERVICE = 8
    ADMINISTRATOR = 9
    FATAL = -1


def _clean(value: object) -> object:
    """Text as GraphQL would take it: a file is no way around (attacks 21, 57)."""
    try:
        return clean_text(value, most=_LONGEST, lines=True) if isinstance(value, str) else value
    except DomainError as refusal:
        raise ValueError(str(refusal)) from refusal


_Clean = Annotated[str, BeforeValidator(_clean)]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LineRecord(_Record):
    """A line as a file or a system writes it; the price is in the currency of the installation."""

    kind: LineKind
    code: _Clean = Field(min_length=1, max_length=50)
    quantity: Decimal = Field(gt=0, le=99_999, max_digits=9, decimal_places=2)
    price: Decimal = Field(ge=0, max_digits=15, decimal_places=4)
    explanation: _Clean = Field(default="", max_length=500)


class ClaimRecord(_Record):
    """A claim as a file or a system writes it: everything by its code."""

    code: _Clean = Field(min_length=1, max_length=50)
    facility: _Clean = Field(min_length=1, max_length=50)
    insurance_number: _Clean = Field(min_length=1, max_length=50)
    administrator: _Clean | None = Field(default=None, max_length=20)
    diagnosis: _Clean = Field(min_length=1, max_length=30)
    further_diagnoses: list[_Clean] = Field(default=[], max_length=4)
    date_from: date
    date_to: date | None = None
    date_claimed: date | None = None
    visit_type: VisitType = VisitType.OTHER
    guarantee_number: _Clean = Field(default="", max_length=50)
    pre_authorisation: _Clean | None = Field(default=None, max_length=20)
    referral_code: _Clean = Field(default="", max_length=50)
    explanation: _Clean = Field(default="", max_length=1000)
    lines: list[LineRecord] = Field(max_length=1000)


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


def take_records(work: Work, records: Sequence[ClaimRecord], *, channel: Channel) -> list[Taken]:
    """Enter and submit claims; one that was sent before with the same content is answered as it stands.

    Claims that cannot be entered leave nothing behind; the others are not held up by them.
    """
    facilities = _facilities(work, records)
    known = _known(work, records)
    answers: dict[int, Taken] = {}
    drafts: dict[int, ClaimDraft] = {}
    seen: set[str] = set()
    for place, record in enumerate(records):
        problems = _problems(record, facilities, repeated=record.code in seen)
        seen.add(record.code)
        if not problems and record.code in known:
            answers[place] = _again(record, known[record.code])
        elif problems:
            answers[place] = _refused(record, problems)
        else:
            try:
                drafts[place] = _draft(work, record, facilities)
            except DomainError as refusal:
                answers[place] = _refused(record, [refusal])
    answers |= _enter(work, records, drafts, channel)
    return [answers[place] for place in range(len(records))]


def _enter(
    work: Work, records: Sequence[ClaimRecord], drafts: Mapping[int, ClaimDraft], channel: Channel
) -> dict[int, Taken]:
    places = list(drafts)
    entered = enter_claims(work, list(drafts.values()), channel=channel)
    outcomes = {one.claim_id: one for one in submit_claims(work, entered.ids.values())} if entered.ids else {}
    answers = {
        places[at]: _refused(records[places[at]], problems) for at, problems in entered.refusals.items()
    }
    for at, claim_id in entered.ids.items():
        outcome = outcomes[claim_id]
        rejected = outcome.status is ClaimStatus.REJECTED
        answers[places[at]] = Taken(
            records[places[at]].code,
            "rejected" if rejected else "success",
            UploadCode.SUCCESS,
            claim_id,
            outcome,
        )
    return answers


def _problems(record: ClaimRecord, facilities: Mapping[str, UUID], *, repeated: bool) -> list[DomainError]:
    """What a file is answered with before anything else is looked at."""
    problems: list[DomainError] = []
    if record.facility not in facilities:
        problems.append(UnknownFacility(code=record.facility))
    if repeated:
        problems.append(CodeTaken(code=record.code))
    if record.date_to is not None and record.date_to < record.date_from:
        problems.append(EndBeforeStart())
    if not sum(line.quantity * line.price for line in record.lines):
        problems.append(NothingAsked())
    return problems


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
    CodeTooLong: UploadCode.FATAL,
    OtherContent: UploadCode.DUPLICATE_CODE,
    UnknownPatient: UploadCode.INSURANCE_NUMBER,
    EndBeforeStart: UploadCode.END_BEFORE_START,
    UnknownDiagnosis: UploadCode.DIAGNOSIS,
    NothingAsked: UploadCode.AMOUNT_ZERO,
    UnknownAdministrator: UploadCode.ADMINISTRATOR,
}


def _draft(work: Work, record: ClaimRecord, facilities: Mapping[str, UUID]) -> ClaimDraft:
    currency = work.platform.profile.currency
    values = record.model_dump(exclude={"facility", "lines"})
    lines = [
        LineDraft(
            kind=line.kind,
            code=line.code,
            quantity=line.quantity,
            price=Money(line.price, currency),
            explanation=line.explanation,
        )
        for line in record.lines
    ]
    return ClaimDraft(facility_id=facilities[record.facility], lines=lines, **values)


@dataclass(frozen=True, slots=True)
class _Before:
    """A claim that bears a code which was sent again."""

    claim_id: UUID
    status: ClaimStatus
    content: tuple[Any, ...]


def _again(record: ClaimRecord, before: _Before) -> Taken:
    """The answer to a repeat: as it stands when it is the same, else a conflict."""
    if before.content != _content_of(record):
        return _refused(record, [OtherContent(code=record.code)])
    rejected = before.status is ClaimStatus.REJECTED
    result = "rejected" if rejected else "success"
    return Taken(record.code, result, UploadCode.SUCCESS, before.claim_id)


def _content_of(record: ClaimRecord) -> tuple[Any, ...]:
    lines = tuple((line.kind, line.code, line.quantity, line.price) for line in record.lines)
    return (
        *(record.facility, record.insurance_number, record.diagnosis, record.date_from, record.date_to),
        lines,
    )


def _known(work: Work, records: Sequence[ClaimRecord]) -> Mapping[str, _Before]:
    """Visible claims that bear codes of the records, with what they say; two statements."""
    statement = (
        select(
            *(Claim.id, Claim.code, Claim.status, Facility.code.label("facility"), Insuree.number),
            *(Claim.diagnosis_code, Claim.date_from, Claim.date_to),
        )
        .join(Facility, Facility.id == Claim.facility_id)
        .join(Insuree, Insuree.id == Claim.insuree_id)
        .where(
            Claim.code.in_([record.code for record in records]),
            Claim.jurisdiction_id.in_(
                select(Facility.jurisdiction_id).where(
                    Facility.code.in_({record.facility for record in records})
                )
            ),
        )
    )
    visible = set(_facilities(work, records))
    with work.everywhere():
        rows = [row for row in work.session.execute(statement) if row.facility in visible]
    if not rows:
        return {}
    lines = _known_lines(work, [row.id for row in rows])
    return {row.code: _Before(row.id, row.status, (*row[3:8], tuple(lines.get(row.id, ())))) for row in rows}


def _known_lines(work: Work, claim_ids: Sequence[UUID]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    statement = (
        select(ClaimLine)
        .where(ClaimLine.claim_id.in_(claim_ids))
        .order_by(ClaimLine.claim_id, ClaimLine.position)
    )
    for line in work.session.scalars(statement):
        price = Money.from_minor(line.price_asked_minor, line.currency).amount
        found.setdefault(line.claim_id, []).append((line.kind, line.code, line.quantity, price))
    return found


def _facilities(work: Work, records: Sequence[ClaimRecord]) -> Mapping[str, UUID]:
    """Facilities of the actor's places by code."""
    codes = {record.facility for record in records}
    rows = work.session.execute(select(Facility.code, Facility.id).where(Facility.code.in_(sorted(codes))))
    return {row.code: row.id for row in rows}
