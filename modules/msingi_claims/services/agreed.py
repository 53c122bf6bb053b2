"""The consents that claims name, and how much of each is used up by which claim (CLM-11)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, and_, func, select, type_coerce

from msingi.work import Work
from msingi_claims.models.claim import Claim
from msingi_claims.models.facility_side import PreAuthorisation
from msingi_claims.models.line import QUANTITY_PLACES, ClaimLine
from msingi_claims.models.states import COUNTED
from msingi_claims.rules.codes import LineStatus
from msingi_claims.rules.consent import ConsentUse
from msingi_claims.rules.history import History
from msingi_claims.rules.values import ClaimInput, Consent
from msingi_claims.services.units import Units


def with_consents(
    work: Work, claims: Sequence[Any], inputs: Mapping[UUID, ClaimInput], units: Units
) -> Mapping[UUID, ClaimInput]:
    """The claims with the consents that they name; no statement when none names one, else one."""
    named = {claim.id: claim.pre_authorisation_id for claim in claims if claim.pre_authorisation_id}
    if not named:
        return inputs
    consents = _consents(work, set(named.values()), units)
    return {
        claim_id: replace(given, consent=consents[named[claim_id]]) if claim_id in named else given
        for claim_id, given in inputs.items()
    }


def add_consent_uses(work: Work, history: History, inputs: Iterable[ClaimInput], units: Units) -> None:
    """Note what claims have used of the consents; a claim counts from its submission until it is rejected.

    The policies of the patient are locked before, so that two claims never use the same rest (ADJ-11).
    """
    ids = {given.consent.id for given in inputs if given.consent is not None}
    if not ids:
        return
    with work.everywhere():
        for row in work.session.execute(_uses(ids)):
            quantity = Decimal(int(row.quantity)).scaleb(-QUANTITY_PLACES)
            use = ConsentUse(quantity, units.major(int(row.worth)))
            history.note_consent(row.consent_id, row.claim_id, use)


def _consents(work: Work, ids: Collection[UUID], units: Units) -> dict[UUID, Consent]:
    consent = PreAuthorisation
    statement = select(
        *(consent.id, consent.number, consent.kind, consent.code, consent.quantity, consent.amount_minor)
    ).where(consent.id.in_(sorted(ids)))
    with work.everywhere():
        rows = work.session.execute(statement).all()
    return {
        row.id: Consent(row.id, row.number, (row.kind, row.code), row.quantity, units.major(row.amount_minor))
        for row in rows
    }


def _uses(ids: Collection[Any]) -> Any:
    """Quantity and worth, before anything is shared, of what passed under each consent, by claim."""
    return (
        select(
            *(Claim.pre_authorisation_id.label("consent_id"), Claim.id.label("claim_id")),
            func.sum(type_coerce(ClaimLine.accepted_quantity, BigInteger)).label("quantity"),
            func.sum(ClaimLine.gross_minor - ClaimLine.refused_minor).label("worth"),
        )
        .join(PreAuthorisation, PreAuthorisation.id == Claim.pre_authorisation_id)
        .join(
            ClaimLine,
            and_(
                *(ClaimLine.claim_id == Claim.id, ClaimLine.kind == PreAuthorisation.kind),
                ClaimLine.code == PreAuthorisation.code,
            ),
        )
        .where(
            Claim.pre_authorisation_id.in_(sorted(ids)),
            Claim.status.in_(COUNTED),
            ClaimLine.status == LineStatus.PASSED,
        )
        .group_by(Claim.pre_authorisation_id, Claim.id)
    )
