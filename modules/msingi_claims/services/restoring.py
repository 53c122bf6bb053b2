"""Takes rejected claims up again as new ones, linked to the old, as often as the setting allows."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import aliased

from msingi.money import Money
from msingi.work import Work
from msingi_claims.errors import RestoredAlready, RestoredTooOften, TakenUpAgain
from msingi_claims.events import ClaimRestored
from msingi_claims.models.claim import Claim
from msingi_claims.models.facility_side import ClaimAdministrator, PreAuthorisation
from msingi_claims.models.line import ClaimLine
from msingi_claims.rules.codes import ClaimStatus
from msingi_claims.services.drafts import ClaimDraft, ContentDraft, LineDraft
from msingi_claims.services.entry import Origin, enter_claim
from msingi_claims.services.life import Action
from msingi_claims.services.taking import take_claim
from msingi_claims.settings import ClaimsSettings

_GIVEN_UP: Final = frozenset({ClaimStatus.REJECTED, ClaimStatus.VOID})


def restore_claim(work: Work, claim_id: UUID, *, code: str) -> UUID:
    """Enter the care of a rejected claim again under a new code; returns the new claim.

    Raises:
        WrongStatus: the claim is not rejected.
        RestoredAlready: another claim took it up, and was not deleted.
        TakenUpAgain: the claim that this one took up itself is no longer rejected.
        RestoredTooOften: the setting allows no more.

    """
    old = take_claim(work, claim_id, Action.RESTORE)
    most = work.settings(ClaimsSettings).restore_most
    if old.restored_times >= most:
        raise RestoredTooOften(times=old.restored_times)
    taken = select(Claim.id).where(Claim.restored_from_id == old.id, Claim.status != ClaimStatus.VOID)
    if work.session.scalar(taken.limit(1)) is not None:
        raise RestoredAlready
    refuse_taken_up(work, [old])
    origin = Origin(old.id, old.restored_times + 1)
    fresh = enter_claim(work, _draft(work, old, code), channel=old.channel, origin=origin)
    work.emit(ClaimRestored(claim_id=fresh, from_claim_id=old.id))
    return fresh


def refuse_taken_up(work: Work, claims: Sequence[Any]) -> None:
    """Refuse to bring claims back whose care stands on another claim: it would be paid twice (attacks 84, 91).

    One statement for each step of restoring, which the setting limits.

    Raises:
        TakenUpAgain: a claim restored from one of them, or that one of them restored, is not rejected or deleted.

    """
    ahead = {claim.id: {claim.id} for claim in claims}
    known = set(ahead)
    standing: set[UUID] = set()
    with work.everywhere():
        while ahead:
            found: dict[UUID, set[UUID]] = {}
            for row in work.session.execute(_related(ahead, known)):
                asked = found.setdefault(row.id, set())
                asked |= ahead.get(row.restored_from_id, set()) | ahead.get(row.restored_as, set())
                if row.status not in _GIVEN_UP:
                    standing |= asked
            ahead = found
            known |= ahead.keys()
    if standing:
        raise TakenUpAgain.of(claims, [claim for claim in claims if claim.id in standing])


def _related(
    ahead: Collection[UUID], known: Collection[UUID]
) -> Select[UUID, ClaimStatus, UUID | None, UUID]:
    """The claims next to these on the way of restoring; ``restored_as`` is the one of these that restored it."""
    fresh = aliased(Claim)
    return (
        select(Claim.id, Claim.status, Claim.restored_from_id, fresh.id.label("restored_as"))
        .outerjoin(fresh, and_(fresh.restored_from_id == Claim.id, fresh.id.in_(sorted(ahead))))
        .where(
            Claim.restored_from_id.in_(sorted(ahead)) | fresh.id.is_not(None),
            Claim.id.not_in(sorted(known)),
        )
    )


def _draft(work: Work, old: Claim, code: str) -> ClaimDraft:
    lines = work.session.scalars(
        select(ClaimLine).where(ClaimLine.claim_id == old.id).order_by(ClaimLine.position)
    )
    return ClaimDraft(
        code=code,
        facility_id=old.facility_id,
        insuree_id=old.insuree_id,
        diagnosis=old.diagnosis_code,
        further_diagnoses=list(old.further_diagnoses),
        date_from=old.date_from,
        date_to=old.date_to,
        date_claimed=work.today(),
        visit_type=old.visit_type,
        guarantee_number=old.guarantee_number,
        administrator=_code(work, ClaimAdministrator.code, old.administrator_id),
        pre_authorisation=_code(work, PreAuthorisation.number, old.pre_authorisation_id),
        explanation=old.explanation,
        patient_condition=old.patient_condition,
        refer_from_id=old.refer_from_id,
        refer_to_id=old.refer_to_id,
        referral_code=old.referral_code,
        lines=[_line(line) for line in lines],
    )


def _line(line: ClaimLine) -> LineDraft:
    contents = line.contents and [
        ContentDraft(kind=kind, code=code, quantity=Decimal(much)) for kind, code, much in line.contents
    ]
    return LineDraft(
        kind=line.kind,
        code=line.code,
        quantity=line.quantity,
        price=Money.from_minor(line.price_asked_minor, line.currency),
        explanation=line.explanation,
        contents=contents,
    )


def _code(work: Work, column: Any, record_id: UUID | None) -> str | None:
    return (
        None
        if record_id is None
        else work.session.scalar(select(column).where(column.class_.id == record_id))
    )
