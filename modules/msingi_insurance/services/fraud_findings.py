"""Signs of fraud in enrolment, looked for by a job and shown to those who control: questions, never verdicts (attack 89)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Subquery, delete, func, or_, select

from msingi.ids import new_id
from msingi.work import Work
from msingi_insurance.models.family import Insuree, InsureePhoto
from msingi_insurance.models.findings import EnrolmentFinding
from msingi_insurance.models.policy import Policy, Premium
from msingi_insurance.rules.fraud import (
    ContributionFacts,
    EnrolmentFacts,
    Finding,
    FraudLimits,
    look_at_contributions,
    look_at_enrolments,
)
from msingi_insurance.services.premium_posting import scheme_place
from msingi_registry import persons_sharing_phones

LOOKED_BACK: Final = timedelta(days=366)
_AT_ONCE: Final = 5_000


def find_signs(work: Work) -> int:
    """Look at the contributions and enrolments of a year and replace what was found before."""
    limits = FraudLimits()
    since = work.today() - LOOKED_BACK
    contributions, places = _contributions(work, since)
    found = look_at_contributions(contributions, limits)
    enrolments, homes = _enrolments(work)
    found += look_at_enrolments(enrolments, limits)
    work.session.execute(delete(EnrolmentFinding))
    rows = [_row(work, finding, {**places, **homes}) for finding in found]
    for start in range(0, len(rows), _AT_ONCE):
        work.insert_rows(EnrolmentFinding, rows[start : start + _AT_ONCE])
    return len(rows)


def recorded_on(record_id: UUID, zone: ZoneInfo) -> date:
    """The day on which a record was made: its identifier says so, whatever the dates in it claim."""
    milliseconds = record_id.int >> 80
    return datetime.fromtimestamp(milliseconds / 1000, UTC).astimezone(zone).date()


def _contributions(work: Work, since: date) -> tuple[list[ContributionFacts], dict[str, UUID]]:
    zone = ZoneInfo(work.platform.profile.timezone)
    statement = select(
        Premium.id,
        Premium.jurisdiction_id,
        Premium.officer_id,
        Premium.product_id,
        Premium.receipt,
        Premium.pay_date,
    ).where(Premium.pay_date >= since, Premium.amount_minor > 0)
    facts: list[ContributionFacts] = []
    places: dict[str, UUID] = {}
    for row in work.session.execute(statement.order_by(Premium.id)):
        places[str(row.id)] = row.jurisdiction_id
        facts.append(
            ContributionFacts(
                id=str(row.id),
                officer=str(row.officer_id or ""),
                product=str(row.product_id),
                receipt=row.receipt,
                pay_date=row.pay_date,
                recorded=recorded_on(row.id, zone),
            )
        )
    return facts, places


def _enrolments(work: Work) -> tuple[list[EnrolmentFacts], dict[str, UUID]]:
    """Only insurees whose photo or telephone somebody else has too are read: the others can show nothing."""
    photos, phones = _shared_photos(), persons_sharing_phones().subquery()
    rows = work.session.execute(
        select(
            *(Insuree.id, Insuree.jurisdiction_id, Insuree.family_id),
            *(photos.c.digest.label("photo"), phones.c.digest.label("phone")),
        )
        .outerjoin(photos, photos.c.insuree_id == Insuree.id)
        .outerjoin(phones, phones.c.person_id == Insuree.person_id)
        .where(
            Insuree.valid_to.is_(None),
            Insuree.family_id.is_not(None),
            or_(photos.c.digest.is_not(None), phones.c.digest.is_not(None)),
        )
        .order_by(Insuree.id)
    ).all()
    officers = _officers(work, sorted({row.family_id for row in rows}))
    facts = [
        EnrolmentFacts(
            id=str(row.id),
            family=str(row.family_id),
            officer=officers.get(row.family_id, ""),
            photo=row.photo,
            phone=row.phone,
        )
        for row in rows
    ]
    return list(dict.fromkeys(facts)), {str(row.id): row.jurisdiction_id for row in rows}


def _shared_photos() -> Subquery:
    """Insurees with a picture that others have too."""
    shared = (
        select(InsureePhoto.digest)
        .group_by(InsureePhoto.digest)
        .having(func.count(InsureePhoto.insuree_id.distinct()) > 1)
    )
    rows = select(InsureePhoto.insuree_id, InsureePhoto.digest).where(InsureePhoto.digest.in_(shared))
    return rows.distinct().subquery()


def _officers(work: Work, family_ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """Who sold policies to these families."""
    found: dict[UUID, str] = {}
    for start in range(0, len(family_ids), _AT_ONCE):
        some = Policy.family_id.in_(family_ids[start : start + _AT_ONCE])
        rows = select(Policy.family_id, Policy.officer_id).where(some, Policy.officer_id.is_not(None))
        found |= {row.family_id: str(row.officer_id) for row in work.session.execute(rows)}
    return found


def _row(work: Work, finding: Finding, places: Mapping[str, UUID]) -> dict[str, Any]:
    return {
        "id": new_id(),
        "jurisdiction_id": _place(work, finding.records, places),
        "sign": finding.sign,
        "officers": [officer for officer in finding.officers if officer],
        "records": list(finding.records),
        "found_at": work.now(),
    }


def _place(work: Work, records: Sequence[str], places: Mapping[str, UUID]) -> UUID:
    """The place of the records; signs over several places belong to the top of the tree."""
    found = {places[record] for record in records}
    return found.pop() if len(found) == 1 else scheme_place(work)
