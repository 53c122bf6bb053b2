"""Finds the enrolment officers who can visit patients, and asks them to (CLM-3)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from msingi.bulk import Recording, write_rows
from msingi.rbac.models import JurisdictionClosure
from msingi.work import Work
from msingi_claims.errors import NoOfficer
from msingi_claims.events import FeedbackPrompted
from msingi_claims.models.facility_side import FeedbackPrompt
from msingi_insurance import Insuree, Officer, OfficerVillage


def prompt_officers(work: Work, claims: Sequence[Any], *, refuses: bool = False) -> set[UUID]:
    """Ask the officer of each patient's village; returns the claims for which there is one.

    Raises:
        NoOfficer: ``refuses`` is set, and no officer with a telephone serves the place of some patient.

    """
    if not claims:
        return set()
    officers = _officers(work, {claim.insuree_id for claim in claims})
    found = [claim for claim in claims if claim.insuree_id in officers]
    if refuses and len(found) < len(claims):
        raise NoOfficer.of(claims, [claim for claim in claims if claim.insuree_id not in officers])
    rows = [(officers[one.insuree_id][0], one.id, officers[one.insuree_id][1], work.now()) for one in found]
    columns = ("jurisdiction_id", "claim_id", "officer_id", "prompted_at")
    with work.everywhere():
        write_rows(work, FeedbackPrompt, columns, rows, recording=Recording.PER_ROW)
    for claim in found:
        work.emit(FeedbackPrompted(claim_id=claim.id, officer_id=officers[claim.insuree_id][1]))
    return {claim.id for claim in found}


def _officers(work: Work, insuree_ids: set[UUID]) -> Mapping[UUID, tuple[UUID, UUID]]:
    """Village and nearest officer of each patient, wherever they live; in one statement."""
    statement = (
        select(Insuree.id, Insuree.jurisdiction_id, Officer.id.label("officer_id"), Officer.phone)
        .join(JurisdictionClosure, JurisdictionClosure.descendant_id == Insuree.jurisdiction_id)
        .join(OfficerVillage, OfficerVillage.jurisdiction_id == JurisdictionClosure.ancestor_id)
        .join(Officer, Officer.id == OfficerVillage.officer_id)
        .where(
            Insuree.id.in_(sorted(insuree_ids)),
            Officer.works_to.is_(None) | (Officer.works_to >= work.today()),
        )
        .order_by(Insuree.id, JurisdictionClosure.depth, Officer.id)
    )
    found: dict[UUID, tuple[UUID, UUID]] = {}
    with work.everywhere():
        for row in work.session.execute(statement):
            if row.phone:
                found.setdefault(row.id, (row.jurisdiction_id, row.officer_id))
    return found
