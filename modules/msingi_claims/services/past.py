"""What patients and policies have used up before: sums of the consumption ledger, and earlier claims."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, bindparam, func, select, type_coerce

from msingi.table_statistics import unindexed
from msingi.work import Work
from msingi_claims.findings import EarlierClaim
from msingi_claims.models.claim import Claim
from msingi_claims.models.decision import ConsumptionEntry
from msingi_claims.models.line import QUANTITY_PLACES, ClaimLine
from msingi_claims.models.states import COUNTED
from msingi_claims.rules.codes import ConsumptionKind, LineStatus
from msingi_claims.rules.compiled import LineKey
from msingi_claims.rules.decisions import Consumption
from msingi_claims.rules.history import History
from msingi_claims.rules.values import ClaimInput
from msingi_claims.services.units import Units
from msingi_insurance import Category, LineKind
from msingi_registry import Facility


def earlier_claims(work: Work, insuree_ids: Collection[UUID], *, since: date) -> list[EarlierClaim]:
    """The claims of patients that count, in the whole country, with their lines, in one statement."""
    wanted = {"insurees": sorted(set(insuree_ids)), "since": since}
    found: dict[UUID, EarlierClaim] = {}
    with work.everywhere():
        for row in work.session.execute(_counted_claims(), wanted):
            claim = found.get(row.id)
            if claim is None:
                claim = found[row.id] = _earlier(row)
            claim.lines.append(((row.kind, row.code), row.quantity, row.status))
    return list(found.values())


def _earlier(row: Any) -> EarlierClaim:
    where = (row.facility_id, row.facility_code)
    what = (row.diagnosis_code, row.category or Category.VISIT)
    return EarlierClaim(row.id, row.insuree_id, *where, row.date_from, row.target_date, *what)


@cache
def _counted_claims() -> Any:
    """Built once: to build it costs more than to run it for one patient."""
    return (
        select(
            *(Claim.id, Claim.insuree_id, Claim.facility_id, Facility.code.label("facility_code")),
            *(Claim.date_from, Claim.target_date, Claim.diagnosis_code, Claim.category),
            *(ClaimLine.kind, ClaimLine.code, ClaimLine.quantity, ClaimLine.status),
        )
        .join(ClaimLine, ClaimLine.claim_id == Claim.id)
        .join(Facility, Facility.id == Claim.facility_id)
        .where(
            Claim.insuree_id.in_(bindparam("insurees", expanding=True)),
            Claim.target_date >= bindparam("since"),
            unindexed(Claim.status).in_(COUNTED),
        )
    )


def remember(history: History, earlier: Iterable[EarlierClaim], inputs: Collection[ClaimInput]) -> None:
    """Note in a history what these claims may meet of earlier ones: doubles of their days, what has a frequency."""
    days = {(given.patient.id, given.target_date) for given in inputs}
    rare = {line.key for given in inputs for line in given.lines if line.entry and line.entry.frequency_days}
    for claim in earlier:
        history.add_claim(claim.insuree_id, claim.category, claim=claim.claim_id, day=claim.target_date)
        if (claim.insuree_id, claim.target_date) in days:
            history.add_fingerprint(claim.fingerprint())
        if not rare:
            continue
        for key, _, status in claim.lines:
            if status is LineStatus.PASSED and key in rare:
                history.add_passed_line(claim.insuree_id, key, claim.target_date)


def add_ledger(
    work: Work, history: History, policy_ids: Collection[UUID], limited: Collection[LineKey], units: Units
) -> None:
    """Add what the policies have used up; quantities of the limited items and services only.

    One statement for money, and one for quantities when any is limited.
    """
    if not policy_ids:
        return
    history.add_consumption(money_used(work, policy_ids, units))
    if limited:
        history.add_consumption(quantities_used(work, policy_ids, limited))


def money_used(work: Work, policy_ids: Collection[UUID], units: Units) -> Iterable[Consumption]:
    """Sums of money by policy, insuree, kind of care and category, in one statement."""
    for row in work.session.execute(_sums_of_money(), {"policies": sorted(policy_ids)}):
        whose = (row.policy_id, row.insuree_id, row.hospital)
        if row.deducted:
            yield Consumption(ConsumptionKind.DEDUCTED, *whose, units.major(int(row.deducted)), 0)
        if row.counted:
            yield Consumption(ConsumptionKind.REMUNERATED, *whose, units.major(int(row.counted)), 0)
        if row.of_category:
            amount = units.major(int(row.of_category))
            yield Consumption(ConsumptionKind.CATEGORY, *whose, amount, 0, row.category)


@cache
def _sums_of_money() -> Any:
    entry = ConsumptionEntry
    return (
        select(
            *(entry.policy_id, entry.insuree_id, entry.hospital, entry.category),
            func.sum(entry.sign * entry.deducted_minor).label("deducted"),
            func.sum(entry.sign * entry.counted_minor).label("counted"),
            func.sum(entry.sign * entry.category_minor).label("of_category"),
        )
        .where(entry.policy_id.in_(bindparam("policies", expanding=True)))
        .group_by(entry.policy_id, entry.insuree_id, entry.hospital, entry.category)
    )


def quantities_used(
    work: Work, policy_ids: Collection[UUID], limited: Collection[LineKey] | None
) -> Iterable[Consumption]:
    """Sums of quantities by policy, insuree, kind and code; of some items and services, or of all."""
    entry = ConsumptionEntry
    quantity = func.sum(entry.sign * type_coerce(entry.quantity, BigInteger))
    statement = (
        select(entry.policy_id, entry.insuree_id, entry.kind, entry.code, quantity.label("used"))
        .where(entry.policy_id.in_(sorted(policy_ids)))
        .group_by(entry.policy_id, entry.insuree_id, entry.kind, entry.code)
    )
    if limited is not None:
        statement = statement.where(entry.code.in_(sorted({code for _, code in limited})))
    for row in work.session.execute(statement):
        used = Decimal(int(row.used)).scaleb(-QUANTITY_PLACES)
        key: LineKey = (row.kind, row.code)
        yield Consumption(
            *(ConsumptionKind.QUANTITY, row.policy_id, row.insuree_id, False, used, 0, None, key)
        )


@dataclass(frozen=True, slots=True)
class Booking:
    """A row of the ledger that is not taken back, and the same as the rules write it."""

    row: Any
    entries: tuple[Consumption, ...]


def live_bookings(work: Work, claim_ids: Collection[UUID], units: Units) -> Mapping[UUID, Sequence[Booking]]:
    """The rows of claims that no other row takes back, by claim, in one statement (D-7)."""
    entry = ConsumptionEntry
    reversal = select(entry.reverses_id).where(
        entry.claim_id.in_(list(claim_ids)), entry.reverses_id.is_not(None)
    )
    statement = select(
        *(entry.id, entry.claim_id, entry.line_id, entry.policy_id, entry.insuree_id, entry.kind),
        *(entry.code, entry.target_date, entry.hospital, entry.category, entry.currency),
        *(entry.deducted_minor, entry.counted_minor, entry.category_minor, entry.quantity),
    ).where(entry.claim_id.in_(list(claim_ids)), entry.sign == 1, entry.id.not_in(reversal))
    found: dict[UUID, list[Booking]] = {claim_id: [] for claim_id in claim_ids}
    for row in work.session.execute(statement):
        found[row.claim_id].append(Booking(row, tuple(_entries(row, units))))
    return found


def _entries(row: Any, units: Units) -> Iterable[Consumption]:
    whose = (row.policy_id, row.insuree_id, row.hospital)
    if row.deducted_minor:
        yield Consumption(ConsumptionKind.DEDUCTED, *whose, units.major(row.deducted_minor), 0)
    if row.counted_minor:
        yield Consumption(ConsumptionKind.REMUNERATED, *whose, units.major(row.counted_minor), 0)
    if row.category_minor:
        amount = units.major(row.category_minor)
        yield Consumption(ConsumptionKind.CATEGORY, *whose, amount, 0, row.category)
    if row.quantity:
        key: tuple[LineKind, str] = (row.kind, row.code)
        yield Consumption(ConsumptionKind.QUANTITY, *whose, row.quantity, 0, None, key)
