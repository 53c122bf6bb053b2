"""Enters claims, one or many at once: what they name must exist, the checks of submission come later."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, delete, select

from msingi.bulk import Recording, write_rows
from msingi.errors import DomainError, NotFound
from msingi.ids import new_id
from msingi.work import Work
from msingi_catalogue import CatalogueDiagnosis, diagnoses_by_code
from msingi_claims.errors import (
    CodeTaken,
    CodeTooLong,
    FutureDate,
    NothingClaimed,
    SeveralMistakes,
    TooManyLines,
    TooMuchAsked,
    UnknownAdministrator,
    UnknownDiagnosis,
    UnknownPatient,
)
from msingi_claims.events import ClaimsChanged, ClaimsDeleted, ClaimsEntered
from msingi_claims.facility_errors import ConsentNotGiven
from msingi_claims.models.claim import Claim
from msingi_claims.models.facility_side import ClaimAdministrator, PreAuthorisation
from msingi_claims.models.line import ClaimLine
from msingi_claims.models.states import Channel, PreAuthorisationState
from msingi_claims.rules.codes import ClaimStatus
from msingi_claims.services.drafts import ClaimDraft
from msingi_claims.services.entry_lines import LINE_COLUMNS, check_lines, line_rows
from msingi_claims.services.life import Action, require_reason
from msingi_claims.services.registers import Registers
from msingi_claims.services.taking import take_claim
from msingi_claims.services.units import Units
from msingi_claims.settings import ClaimsSettings
from msingi_insurance import Insuree
from msingi_registry import CareType, Facility

_COLUMNS: Final = (
    *("id", "jurisdiction_id", "code", "insuree_id", "facility_id", "diagnosis_id", "diagnosis_code"),
    *("further_diagnoses", "date_from", "date_to", "target_date", "date_claimed", "visit_type", "care_type"),
    *("channel", "currency", "claimed_minor", "guarantee_number", "administrator_id"),
    *("pre_authorisation_id", "explanation", "patient_condition", "refer_from_id", "refer_to_id"),
    *("referral_code", "restored_from_id", "restored_times", "entered_at", "entered_by"),
)

# Built once: to build these statements costs more than to run them for one claim.
_FACILITIES: Final = select(Facility.id, Facility.jurisdiction_id).where(
    Facility.id.in_(bindparam("ids", expanding=True))
)
_INSUREES: Final = select(Insuree.id, Insuree.number).where(
    Insuree.number.in_(bindparam("numbers", expanding=True))
    | Insuree.id.in_(bindparam("ids", expanding=True))
)
_TAKEN: Final = select(Claim.code).where(Claim.code.in_(bindparam("codes", expanding=True)))
MOST_ASKED_MINOR: Final = 10**13
"""Above any real claim of any currency, and far enough below 64 bits that sums over claims fit (attack 55)."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a restored claim keeps of the rejected one."""

    claim_id: UUID | None = None
    times: int = 0


@dataclass(frozen=True, slots=True)
class Entered:
    """Claims that were entered, and the refusals of those that were not, both by their place in the list."""

    ids: Mapping[int, UUID]
    refusals: Mapping[int, Sequence[DomainError]]


def enter_claim(work: Work, draft: ClaimDraft, *, channel: Channel, origin: Origin = Origin()) -> UUID:
    """Enter one claim.

    Raises:
        SeveralMistakes: everything that is wrong with it; nothing was written.
        DomainError: the one thing that is wrong with it.

    """
    entered = enter_claims(work, [draft], channel=channel, origin=origin)
    _refuse(entered.refusals.get(0, ()))
    return entered.ids[0]


def enter_claims(
    work: Work, drafts: Sequence[ClaimDraft], *, channel: Channel, origin: Origin = Origin()
) -> Entered:
    """Enter those claims that name what exists; the others are answered with every reason."""
    known = _Known.read(work, drafts)
    ids: dict[int, UUID] = {}
    refusals: dict[int, Sequence[DomainError]] = {}
    rows: list[Sequence[Any]] = []
    lines: list[Sequence[Any]] = []
    for place, draft in enumerate(drafts):
        problems = known.problems(work, draft)
        if problems:
            refusals[place] = problems
            continue
        ids[place] = claim_id = new_id()
        known.codes.add(draft.code)
        rows.append(_row(work, claim_id, draft, known, channel, origin))
        lines.extend(line_rows(claim_id, draft.lines, known.registers, _target(work, draft)))
    write_rows(work, Claim, _COLUMNS, rows, recording=Recording.PER_ROW)
    write_rows(work, ClaimLine, LINE_COLUMNS, lines)
    if ids:
        work.emit(ClaimsEntered(claim_ids=tuple(ids.values())))
    return Entered(ids, refusals)


def edit_claim(work: Work, claim_id: UUID, draft: ClaimDraft, *, expected_version: int) -> Claim:
    """Replace what a claim says that was not submitted yet.

    Raises:
        WrongStatus: it was submitted; nothing was changed (attack 91).
        SeveralMistakes: everything that is wrong with the draft.
        DomainError: the one thing that is wrong with it.

    """
    claim = take_claim(work, claim_id, Action.EDIT, expected_version=expected_version)
    if draft.facility_id != claim.facility_id:
        raise NotFound(type="Facility")
    known = _Known.read(work, [draft])
    known.codes.discard(claim.code)
    _refuse(known.problems(work, draft))
    row = _row(work, claim.id, draft, known, claim.channel, Origin())
    kept = {
        "id",
        "jurisdiction_id",
        "channel",
        "restored_from_id",
        "restored_times",
        "entered_at",
        "entered_by",
    }
    for name, value in zip(_COLUMNS, row, strict=True):
        if name not in kept:
            setattr(claim, name, value)
    claim.co_author_id = work.actor.id
    _replace_lines(work, claim, draft, known)
    work.emit(ClaimsChanged(claim_ids=(claim.id,)))
    return claim


def delete_claim(work: Work, claim_id: UUID, *, reason: str, expected_version: int) -> Claim:
    """Make a claim void that was not submitted; it keeps its code and its history.

    Raises:
        WrongStatus: it was submitted; nothing was changed.
        ReasonRequired: nobody says why.

    """
    require_reason(reason)
    claim = take_claim(work, claim_id, Action.DELETE, expected_version=expected_version)
    claim.status = ClaimStatus.VOID
    claim.closed_at, claim.closed_by, claim.closed_reason = work.now(), work.actor.id, reason
    work.emit(ClaimsDeleted(claim_ids=(claim.id,)))
    return claim


def _refuse(problems: Sequence[DomainError]) -> None:
    """Tell all that is wrong at once; one mistake alone keeps its own code (D-24)."""
    if len(problems) > 1:
        raise SeveralMistakes.of(problems)
    if problems:
        raise problems[0]


@dataclass(slots=True)
class _Known:
    """What drafts name, as far as it exists; read with a fixed number of statements."""

    facilities: Mapping[UUID, Any]
    numbers: Mapping[str, UUID]
    insurees: Collection[UUID]
    diagnoses: Mapping[str, CatalogueDiagnosis]
    codes: set[str]
    administrators: Mapping[tuple[UUID, str], UUID]
    consents: Mapping[str, Any]
    registers: Registers
    units: Units

    @classmethod
    def read(cls, work: Work, drafts: Sequence[ClaimDraft]) -> "_Known":
        units = Units.of(work.platform.profile.currency)
        facilities = _facilities(work, {draft.facility_id for draft in drafts})
        numbers, insurees = _insurees(work, drafts)
        wanted = {code for draft in drafts for code in (draft.diagnosis, *draft.further_diagnoses)}
        registers = Registers(work, (), units)
        registers.know(work, {(line.kind, line.code) for draft in drafts for line in draft.lines})
        return cls(
            facilities,
            numbers,
            insurees,
            diagnoses_by_code(work, wanted),
            _taken(work, [draft.code for draft in drafts]),
            _administrators(work, drafts),
            _consents(work, drafts),
            registers,
            units,
        )

    def problems(self, work: Work, draft: ClaimDraft) -> list[DomainError]:
        """Everything that is wrong with a draft (D-24)."""
        settings = work.settings(ClaimsSettings)
        problems: list[DomainError] = []
        if draft.facility_id not in self.facilities:
            problems.append(NotFound(type="Facility"))
        if self.insuree_of(draft) is None:
            problems.append(UnknownPatient())
        if len(draft.code) > settings.code_length:
            problems.append(CodeTooLong(most=settings.code_length))
        elif draft.code in self.codes:
            problems.append(CodeTaken(code=draft.code))
        codes = (draft.diagnosis, *draft.further_diagnoses)
        problems += [UnknownDiagnosis(code=code) for code in codes if code not in self.diagnoses]
        if max(draft.date_claimed or date.min, draft.date_to or draft.date_from or date.min) > work.today():
            problems.append(FutureDate())
        if draft.administrator is not None and self.administrator_of(draft) is None:
            problems.append(UnknownAdministrator(code=draft.administrator))
        if draft.pre_authorisation is not None and not self._is_agreed(work, draft):
            problems.append(ConsentNotGiven(number=draft.pre_authorisation))
        return problems + self._line_problems(work, draft, settings)

    def insuree_of(self, draft: ClaimDraft) -> UUID | None:
        """The patient, when one is named and exists."""
        if draft.insuree_id is not None:
            return draft.insuree_id if draft.insuree_id in self.insurees else None
        return self.numbers.get(draft.insurance_number or "")

    def administrator_of(self, draft: ClaimDraft) -> UUID | None:
        """The claim administrator of the facility with the code of the draft."""
        return self.administrators.get((draft.facility_id, draft.administrator or ""))

    def consent_of(self, draft: ClaimDraft) -> UUID | None:
        """The consent that a draft names."""
        return None if draft.pre_authorisation is None else self.consents[draft.pre_authorisation].id

    def _is_agreed(self, work: Work, draft: ClaimDraft) -> bool:
        consent = self.consents.get(draft.pre_authorisation or "")
        if consent is None or consent.state is not PreAuthorisationState.GRANTED:
            return False
        day = _target(work, draft)
        within = consent.valid_from <= day <= consent.valid_to
        who = (consent.insuree_id, consent.facility_id) == (self.insuree_of(draft), draft.facility_id)
        what = any((line.kind, line.code) == (consent.kind, consent.code) for line in draft.lines)
        return bool(within and who and what)

    def _line_problems(self, work: Work, draft: ClaimDraft, settings: ClaimsSettings) -> list[DomainError]:
        if not draft.lines:
            return [NothingClaimed()]
        if len(draft.lines) > settings.lines_most:
            return [TooManyLines(most=settings.lines_most)]
        day, currency = _target(work, draft), work.platform.profile.currency
        explains = settings.explain_quantities and not draft.explanation
        problems = check_lines(draft.lines, self.registers, day, currency=currency, explains=explains)
        asked = sum(line.quantity * line.price.amount for line in draft.lines)
        return problems if asked <= self.units.major(MOST_ASKED_MINOR) else [*problems, TooMuchAsked()]


def _row(
    work: Work, claim_id: UUID, draft: ClaimDraft, known: _Known, channel: Channel, origin: Origin
) -> Sequence[Any]:
    units = known.units
    claimed = sum(units.minor(_worth(line, units)) for line in draft.lines)
    stays = draft.date_from is not None and draft.date_to is not None and draft.date_to > draft.date_from
    return (
        *(claim_id, known.facilities[draft.facility_id].jurisdiction_id, draft.code),
        *(known.insuree_of(draft), draft.facility_id, known.diagnoses[draft.diagnosis].id, draft.diagnosis),
        *(list(draft.further_diagnoses), draft.date_from, draft.date_to, _target(work, draft)),
        *(draft.date_claimed or work.today(), draft.visit_type),
        CareType.INPATIENT if stays else CareType.OUTPATIENT,
        *(channel, work.platform.profile.currency, claimed, draft.guarantee_number),
        *(known.administrator_of(draft), known.consent_of(draft), draft.explanation),
        *(draft.patient_condition, draft.refer_from_id, draft.refer_to_id, draft.referral_code),
        *(origin.claim_id, origin.times, work.now(), work.actor.id),
    )


def _worth(line: Any, units: Units) -> Any:
    """What is asked for a line, rounded half to even once."""
    return (line.quantity * line.price.amount).quantize(units.unit)


def _target(work: Work, draft: ClaimDraft) -> date:
    return draft.date_to or draft.date_from or draft.date_claimed or work.today()


def _replace_lines(work: Work, claim: Claim, draft: ClaimDraft, known: _Known) -> None:
    before = [
        [row.code, str(row.quantity), row.price_asked_minor]
        for row in work.session.execute(
            select(ClaimLine.code, ClaimLine.quantity, ClaimLine.price_asked_minor)
            .where(ClaimLine.claim_id == claim.id)
            .order_by(ClaimLine.position)
        )
    ]
    work.session.execute(delete(ClaimLine).where(ClaimLine.claim_id == claim.id))
    rows = list(line_rows(claim.id, draft.lines, known.registers, claim.target_date))
    write_rows(work, ClaimLine, LINE_COLUMNS, rows)
    after = [[line.code, str(line.quantity), line.price.minor] for line in draft.lines]
    work.audit(
        "edit_lines",
        entity=Claim.__tablename__,
        entity_id=claim.id,
        jurisdiction_id=claim.jurisdiction_id,
        details={"before": before, "after": after},
    )


def _facilities(work: Work, ids: Collection[UUID]) -> Mapping[UUID, Any]:
    """Those facilities that the actor may write for: in the present scope."""
    return {row.id: row for row in work.session.execute(_FACILITIES, {"ids": sorted(ids)})}


def _insurees(work: Work, drafts: Sequence[ClaimDraft]) -> tuple[Mapping[str, UUID], Collection[UUID]]:
    """Insurees by number and by id, wherever they live: the sick travel."""
    numbers = sorted({draft.insurance_number for draft in drafts if draft.insurance_number})
    ids = sorted({draft.insuree_id for draft in drafts if draft.insuree_id})
    with work.everywhere():
        rows = work.session.execute(_INSUREES, {"ids": ids, "numbers": numbers}).all()
    return {row.number: row.id for row in rows if row.number}, {row.id for row in rows}


def _taken(work: Work, codes: Sequence[str]) -> set[str]:
    with work.everywhere():
        return set(work.session.scalars(_TAKEN, {"codes": codes}))


def _administrators(work: Work, drafts: Sequence[ClaimDraft]) -> Mapping[tuple[UUID, str], UUID]:
    codes = {draft.administrator for draft in drafts if draft.administrator}
    if not codes:
        return {}
    today = work.today()
    statement = select(ClaimAdministrator.id, ClaimAdministrator.facility_id, ClaimAdministrator.code).where(
        ClaimAdministrator.code.in_(sorted(codes)),
        ClaimAdministrator.valid_to.is_(None) | (ClaimAdministrator.valid_to >= today),
    )
    return {(row.facility_id, row.code): row.id for row in work.session.execute(statement)}


def _consents(work: Work, drafts: Sequence[ClaimDraft]) -> Mapping[str, Any]:
    numbers = {draft.pre_authorisation for draft in drafts if draft.pre_authorisation}
    if not numbers:
        return {}
    consent = PreAuthorisation
    statement = select(
        *(consent.id, consent.number, consent.insuree_id, consent.facility_id, consent.state),
        *(consent.kind, consent.code),
        *(consent.valid_from, consent.valid_to),
    ).where(consent.number.in_(sorted(numbers)))
    return {row.number: row for row in work.session.execute(statement)}
