"""Claims that bear a code which is sent again: what they say, to compare, and what became of them (CLM-F2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Select, select

from msingi.money import Money
from msingi.work import Work
from msingi_claims.models.claim import Claim
from msingi_claims.models.facility_side import ClaimAdministrator, PreAuthorisation
from msingi_claims.models.line import ClaimLine
from msingi_claims.rules.codes import ClaimStatus, Reason
from msingi_claims.services.claim_records import ClaimRecord
from msingi_claims.services.submission import LineOutcome, Outcome
from msingi_insurance import Insuree, LineKind, VisitType
from msingi_registry import Facility

_COLUMNS: Final[Sequence[Any]] = (
    *(Claim.id, Claim.code, Claim.status, Claim.rejection_code, Claim.approved_minor),
    *(Facility.code.label("facility"), Insuree.number, Claim.diagnosis_code, Claim.further_diagnoses),
    *(Claim.date_from, Claim.date_to, Claim.date_claimed, Claim.visit_type, Claim.guarantee_number),
    *(ClaimAdministrator.code.label("administrator"), PreAuthorisation.number.label("consent")),
    *(Claim.referral_code, Claim.explanation),
)


class LineContent(NamedTuple):
    """What a line says."""

    kind: LineKind
    code: str
    quantity: Decimal
    price: Decimal
    explanation: str
    contents: tuple[tuple[LineKind, str, Decimal], ...] | None


class ClaimContent(NamedTuple):
    """Everything that a sender can say in a claim, beside its code."""

    facility: str
    insurance_number: str | None
    diagnosis: str
    further_diagnoses: tuple[str, ...]
    date_from: date | None
    date_to: date | None
    date_claimed: date | None
    visit_type: VisitType
    guarantee_number: str
    administrator: str | None
    pre_authorisation: str | None
    referral_code: str
    explanation: str
    lines: tuple[LineContent, ...]


@dataclass(frozen=True, slots=True)
class SentBefore:
    """A claim that bears a code which was sent again."""

    content: ClaimContent
    outcome: Outcome
    """What became of it; an entered claim has no reasons yet."""

    def says_the_same(self, record: ClaimRecord) -> bool:
        """Whether a record has its content; a day of claim that is left out is the one it has."""
        said = content_of(record)
        if said.date_claimed is None:
            said = said._replace(date_claimed=self.content.date_claimed)
        return said == self.content


def content_of(record: ClaimRecord) -> ClaimContent:
    """What a record says."""
    lines = tuple(
        LineContent(
            *(line.kind, line.code, line.quantity, line.price, line.explanation),
            None
            if line.contents is None
            else tuple((one.kind, one.code, one.quantity) for one in line.contents),
        )
        for line in record.lines
    )
    return ClaimContent(
        *(record.facility, record.insurance_number, record.diagnosis, tuple(record.further_diagnoses)),
        *(record.date_from, record.date_to, record.date_claimed, record.visit_type),
        *(record.guarantee_number, record.administrator, record.pre_authorisation, record.referral_code),
        *(record.explanation, lines),
    )


def claims_sent_before(
    work: Work, records: Sequence[ClaimRecord], visible: Mapping[str, UUID]
) -> Mapping[str, SentBefore]:
    """Claims of visible facilities that bear codes of the records, by code; two statements."""
    with work.everywhere():
        found = work.session.execute(_statement(records))
        rows = [row for row in found if row.facility in visible]
    if not rows:
        return {}
    lines = _lines(work, [row.id for row in rows])
    return {row.code: _sent_before(row, lines[row.id]) for row in rows}


def _statement(records: Sequence[ClaimRecord]) -> Select[Any]:
    places = select(Facility.jurisdiction_id).where(
        Facility.code.in_({record.facility for record in records})
    )
    return (
        select(*_COLUMNS)
        .join(Facility, Facility.id == Claim.facility_id)
        .join(Insuree, Insuree.id == Claim.insuree_id)
        .outerjoin(ClaimAdministrator, ClaimAdministrator.id == Claim.administrator_id)
        .outerjoin(PreAuthorisation, PreAuthorisation.id == Claim.pre_authorisation_id)
        .where(
            Claim.code.in_([record.code for record in records]),
            Claim.jurisdiction_id.in_(places),
        )
    )


def _lines(work: Work, claim_ids: Sequence[UUID]) -> dict[UUID, list[ClaimLine]]:
    found: dict[UUID, list[ClaimLine]] = {claim_id: [] for claim_id in claim_ids}
    statement = (
        select(ClaimLine)
        .where(ClaimLine.claim_id.in_(claim_ids))
        .order_by(ClaimLine.claim_id, ClaimLine.position)
    )
    for line in work.session.scalars(statement):
        found[line.claim_id].append(line)
    return found


def _sent_before(row: Any, lines: Sequence[ClaimLine]) -> SentBefore:
    content = ClaimContent(
        *(row.facility, row.number, row.diagnosis_code, tuple(row.further_diagnoses)),
        *(row.date_from, row.date_to, row.date_claimed, row.visit_type),
        *(row.guarantee_number, row.administrator, row.consent, row.referral_code),
        *(row.explanation, tuple(_content(line) for line in lines)),
    )
    rejected = row.status is ClaimStatus.REJECTED
    reasons = (Reason(row.rejection_code),) if rejected and row.rejection_code else ()
    told = tuple(
        LineOutcome(line.id, line.position, line.status, Reason(line.reason or 0))
        for line in lines
        if line.status is not None
    )
    return SentBefore(content, Outcome(row.id, row.code, row.status, reasons, row.approved_minor or 0, told))


def _content(line: ClaimLine) -> LineContent:
    held = line.contents
    return LineContent(
        *(line.kind, line.code, line.quantity),
        *(Money.from_minor(line.price_asked_minor, line.currency).amount, line.explanation),
        None if held is None else tuple((LineKind(kind), code, Decimal(much)) for kind, code, much in held),
    )
