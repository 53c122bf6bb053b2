"""Fills a database with the claims of the peer workload: decided, checked, entered and rejected ones."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final
from uuid import UUID

from msingi.bulk import Recording, write_rows
from msingi.ids import new_id
from msingi.platform import Platform
from msingi.work import Work
from msingi_claims.models.claim import Claim
from msingi_claims.models.decision import ConsumptionEntry
from msingi_claims.models.line import ClaimLine
from msingi_claims.models.states import Channel
from msingi_claims.peer.country import YEAR, Insured, Listed, PeerCountry, analyse, claims_present
from msingi_claims.rules.codes import ClaimStatus, LineStatus, Selection
from msingi_insurance import Category, LimitationType, PriceOrigin, VisitType
from msingi_registry import CareType

CLAIMS: Final = 12_000
SERVICE_LINES: Final = 3
ITEM_LINES: Final = 2
DAYS: Final = 280
_STEP: Final = 5_000
_SHARES: Final = (
    *[ClaimStatus.VALUATED] * 8,
    *[ClaimStatus.CHECKED] * 2,
    ClaimStatus.ENTERED,
    ClaimStatus.REJECTED,
)
_EIGHTY, _HUNDRED = 80, 100
_COUNTED: Final = frozenset({ClaimStatus.VALUATED, ClaimStatus.CHECKED})
_DECIDED: Final = _COUNTED | {ClaimStatus.REJECTED}


def fill_claims(platform: Platform, country: PeerCountry, amount: int = CLAIMS) -> None:
    """Write claims with their lines and what they consumed, unless the database holds some already."""
    if claims_present(platform):
        return
    rng = Random(3)  # noqa: S311 - made-up claims
    for start in range(0, amount, _STEP):
        with platform.work() as work:
            _write(work, country, range(start, min(start + _STEP, amount)), rng)
    analyse(platform)


def draw_lines(country: PeerCountry, rng: Random) -> list[tuple[Listed, int]]:
    """Three services once and two items twice, none named twice: what a claim of the workload holds."""
    services = rng.sample(country.services, SERVICE_LINES)
    items = rng.sample(country.items, ITEM_LINES)
    return [(one, 1) for one in services] + [(one, 2) for one in items]


def _write(work: Work, country: PeerCountry, numbers: Sequence[int], rng: Random) -> None:
    claims: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    entries: list[dict[str, Any]] = []
    currency = work.platform.profile.currency
    for number in numbers:
        status = _SHARES[number % len(_SHARES)]
        insured = rng.choice(country.insured)
        drawn = draw_lines(country, rng)
        day = date(YEAR, 1, 1) + timedelta(days=rng.randrange(DAYS))
        claim = _claim(country, number, status, insured, drawn, day, currency, rng)
        claims.append(claim)
        of_claim = list(_lines(claim, insured, country.product, drawn, currency))
        lines += of_claim
        if status in _COUNTED:
            entries += (_entry(claim, line, insured) for line in of_claim)
    for model, rows in ((Claim, claims), (ClaimLine, lines), (ConsumptionEntry, entries)):
        columns = tuple(rows[0])
        values = [tuple(row[name] for name in columns) for row in rows]
        recording = Recording.BY_CALLER if model is Claim else None
        write_rows(work, model, columns, values, recording=recording)


def _claim(
    country: PeerCountry,
    number: int,
    status: ClaimStatus,
    insured: Insured,
    drawn: Sequence[tuple[Listed, int]],
    day: date,
    currency: str,
    rng: Random,
) -> dict[str, Any]:
    diagnosis_id, diagnosis_code = rng.choice(country.diagnoses)
    asked = sum(listed.price_minor * quantity for listed, quantity in drawn)
    paid = sum(_paid(listed, quantity) for listed, quantity in drawn)
    counted, valuated = status in _COUNTED, status is ClaimStatus.VALUATED
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC) + timedelta(days=1)
    return {
        "id": new_id(),
        "jurisdiction_id": country.hospital_leaf,
        "code": f"C{number:09}",
        "insuree_id": insured.insuree_id,
        "facility_id": country.hospital,
        "diagnosis_id": diagnosis_id,
        "diagnosis_code": diagnosis_code,
        "date_from": day,
        "date_to": day,
        "target_date": day,
        "date_claimed": day + timedelta(days=1),
        "visit_type": VisitType.OTHER,
        "care_type": CareType.OUTPATIENT,
        "status": status,
        "category": Category.VISIT,
        "review_status": Selection.IDLE,
        "feedback_status": Selection.IDLE,
        "channel": Channel.WEB,
        "rejection_code": 1 if status is ClaimStatus.REJECTED else None,
        "currency": currency,
        "claimed_minor": asked,
        "approved_minor": paid if counted else None,
        "valuated_minor": paid if valuated else None,
        "remunerated_minor": paid if valuated else None,
        "patient_share_minor": asked - paid if counted else None,
        "decisions": 1 if status in _DECIDED else 0,
        "entered_at": at,
        "submitted_at": at if status in _DECIDED else None,
        "processed_at": at if valuated else None,
        "valuated_at": at if valuated else None,
    }


def _lines(
    claim: dict[str, Any],
    insured: Insured,
    product: UUID,
    drawn: Sequence[tuple[Listed, int]],
    currency: str,
) -> Iterator[dict[str, Any]]:
    counted, rejected = claim["status"] in _COUNTED, claim["status"] is ClaimStatus.REJECTED
    for position, (listed, quantity) in enumerate(drawn, start=1):
        gross, paid = listed.price_minor * quantity, _paid(listed, quantity)
        status = LineStatus.PASSED if counted else LineStatus.REFUSED if rejected else None
        yield {
            "id": new_id(),
            "claim_id": claim["id"],
            "position": position,
            "kind": listed.kind,
            "code": listed.code,
            "catalogue_id": listed.id,
            "currency": currency,
            "quantity": Decimal(quantity),
            "price_asked_minor": listed.price_minor,
            "status": status,
            "reason": 0 if counted else 21 if rejected else None,
            "product_id": product if counted else None,
            "policy_id": insured.policy_id if counted else None,
            "accepted_quantity": Decimal(quantity) if counted else None,
            "limitation": LimitationType.CO_INSURANCE if counted else None,
            "limitation_value": Decimal(_EIGHTY) if counted else None,
            "price_origin": PriceOrigin.PRICE_LIST if counted else None,
            "price_adjusted_minor": listed.price_minor if counted else None,
            "gross_minor": gross if counted else None,
            "refused_minor": 0 if counted else None,
            "deductible_minor": 0 if counted else None,
            "patient_share_minor": gross - paid if counted else None,
            "excess_minor": 0 if counted else None,
            "excess_category_minor": 0 if counted else None,
            "valuated_minor": paid if counted else None,
            "remunerated_minor": paid if counted else None,
        }


def _entry(claim: dict[str, Any], line: dict[str, Any], insured: Insured) -> dict[str, Any]:
    return {
        "claim_id": claim["id"],
        "line_id": line["id"],
        "sequence": 1,
        "policy_id": insured.policy_id,
        "insuree_id": insured.insuree_id,
        "kind": line["kind"],
        "code": line["code"],
        "target_date": claim["target_date"],
        "hospital": False,
        "category": Category.VISIT,
        "currency": claim["currency"],
        "deducted_minor": 0,
        "counted_minor": line["remunerated_minor"],
        "category_minor": 0,
        "quantity": Decimal(0),
        "sign": 1,
        "booked_at": claim["submitted_at"],
    }


def _paid(listed: Listed, quantity: int) -> int:
    return round(Decimal(listed.price_minor * quantity * _EIGHTY) / _HUNDRED)
