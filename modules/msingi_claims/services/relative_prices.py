"""Relative prices: the index of each pool that a month closes, and the claims that it makes final (BAT-3, BAT-4)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from typing import Any, Final, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from msingi.work import Work
from msingi_claims.events import ClaimsValuated
from msingi_claims.models.claim import Claim
from msingi_claims.models.decision import ClaimDecision as DecisionRow
from msingi_claims.models.line import ClaimLine
from msingi_claims.models.payment import BatchRun, RelativeIndex
from msingi_claims.models.states import Occasion
from msingi_claims.payment_errors import NoPercentage, NothingAllocated
from msingi_claims.rules.batch import Period, percentage_of, pool_of, pool_period, relative_index, value_claim
from msingi_claims.rules.codes import ClaimStatus, LineStatus
from msingi_claims.rules.decisions import ClaimDecision, LineDecision
from msingi_claims.services.deciding import Decided, Decisions
from msingi_claims.services.documents import read_lines
from msingi_claims.services.funds import allocated_funds
from msingi_claims.services.life import Action
from msingi_claims.services.past import live_bookings
from msingi_claims.services.taking import lines_of, take_possible
from msingi_claims.services.units import Units
from msingi_claims.services.writing import write_decisions
from msingi_claims.settings import ClaimsSettings
from msingi_insurance import HospitalMeaning, PoolCare, PoolPeriod, PriceOrigin, Product, Terms
from msingi_registry import CareType, Facility

_AT_ONCE: Final = 1_000
_PARTS: Final = {PoolPeriod.MONTH: 1, PoolPeriod.QUARTER: 3, PoolPeriod.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Waiting:
    """A relative line that waits for its index."""

    claim_id: UUID
    product_id: UUID
    nominal_minor: int
    hospital: bool
    processed_at: datetime


def set_indexes(
    work: Work, run: BatchRun, products: Mapping[UUID, tuple[Product, Terms]], *, confirm_zero: bool
) -> None:
    """Compute the index of every pool that the month of a run closes and that has lines waiting.

    Raises:
        NoPercentage: lines wait, and their pool has no percentage for the period, or there is no pool.
        NothingAllocated: an index would be 0 and nobody has confirmed it.

    """
    units = Units.of(run.currency)
    waiting = waiting_lines(work, products)
    for product_id, (product, terms) in products.items():
        own = [line for line in waiting if line.product_id == product_id]
        _refuse_without_pool(run, product, terms, own)
        for pool in terms.pools:
            period = pool_period(pool.period, run.year, run.month)
            if period is None:
                continue
            lines = [
                line
                for line in own
                if pool_of(terms.pools, hospital=line.hospital) is pool.care and _inside(work, line, period)
            ]
            if lines:
                index = _Index(product, pool.care, pool.period, run, percentage_of(pool, run.month))
                _set_index(work, index, period, lines, units, confirm_zero=confirm_zero)
    work.session.flush()


def waiting_lines(work: Work, products: Mapping[UUID, tuple[Product, Terms]]) -> list[Waiting]:
    """The relative lines of processed claims that have no value yet, in one statement."""
    statement = (
        select(
            *(ClaimLine.claim_id, ClaimLine.product_id, ClaimLine.nominal_minor),
            *(Claim.care_type, Claim.processed_at, Facility.standard_type),
        )
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .join(Facility, Facility.id == Claim.facility_id)
        .where(
            Claim.status == ClaimStatus.PROCESSED,
            ClaimLine.product_id.in_(list(products)),
            ClaimLine.price_origin == PriceOrigin.RELATIVE,
            ClaimLine.status == LineStatus.PASSED,
            ClaimLine.valuated_minor.is_(None),
        )
    )
    hospitals = {kind.casefold() for kind in work.settings(ClaimsSettings).hospital_types}
    rows: Iterable[Any] = work.session.execute(statement)
    return [
        Waiting(
            row.claim_id,
            row.product_id,
            row.nominal_minor or 0,
            _is_hospital(row, products[row.product_id][1], hospitals),
            row.processed_at,
        )
        for row in rows
    ]


def value_waiting_claims(work: Work, run: BatchRun, products: Mapping[UUID, tuple[Product, Terms]]) -> int:
    """Make the claims final whose indexes are all known; other lines than relative ones stay as they are (D-15)."""
    indexes = _known_indexes(work, products)
    by_claim: dict[UUID, list[Waiting]] = defaultdict(list)
    for line in waiting_lines(work, products):
        by_claim[line.claim_id].append(line)
    ready: dict[UUID, dict[str, Decimal]] = {}
    for claim_id, lines in by_claim.items():
        found = {
            products[line.product_id][0].code: _index_of(work, line, products, indexes) for line in lines
        }
        if all(index is not None for index in found.values()):
            ready[claim_id] = cast("dict[str, Decimal]", found)
    ids = sorted(ready)
    for start in range(0, len(ids), _AT_ONCE):
        _value(work, run, {claim_id: ready[claim_id] for claim_id in ids[start : start + _AT_ONCE]})
    return len(ids)


@dataclass(frozen=True, slots=True)
class _Index:
    product: Product
    care: PoolCare
    period: PoolPeriod
    run: BatchRun
    percentage: Decimal | None

    @property
    def part(self) -> int:
        return part_of(self.period, self.run.month)


def part_of(period: PoolPeriod, month: int) -> int:
    """Which month, quarter or year of the year a month closes or lies in, from 1."""
    return (month - 1) // _PARTS[period] + 1


def _set_index(
    work: Work,
    index: _Index,
    period: Period,
    lines: Sequence[Waiting],
    units: Units,
    *,
    confirm_zero: bool,
) -> None:
    run, product = index.run, index.product
    named = {"product": product.code, "period": index.period.value, "part": index.part, "year": run.year}
    if index.percentage is None:
        raise NoPercentage(care=index.care.value, **named)
    funds = allocated_funds(work, product.id, period, units)
    if not funds and not confirm_zero:
        raise NothingAllocated(**named)
    nominal = sum(line.nominal_minor for line in lines)
    cap = work.settings(ClaimsSettings).relative_index_cap
    value = relative_index(funds, index.percentage, units.major(nominal), cap=cap)
    if value is None:
        return
    work.add(
        RelativeIndex(
            jurisdiction_id=run.jurisdiction_id,
            batch_id=run.id,
            product_id=product.id,
            care=index.care,
            year=run.year,
            period=index.period,
            part=index.part,
            currency=run.currency,
            allocated_minor=round(funds * 10**units.exponent),
            nominal_minor=nominal,
            percentage=index.percentage,
            value=value,
        )
    )


def _refuse_without_pool(run: BatchRun, product: Product, terms: Terms, lines: Sequence[Waiting]) -> None:
    for line in lines:
        if pool_of(terms.pools, hospital=line.hospital) is None:
            care = PoolCare.HOSPITAL if line.hospital else PoolCare.NON_HOSPITAL
            month = PoolPeriod.MONTH.value
            raise NoPercentage(
                product=product.code, care=care.value, period=month, part=run.month, year=run.year
            )


def _known_indexes(
    work: Work, products: Collection[UUID]
) -> dict[tuple[UUID, PoolCare, int, PoolPeriod, int], Decimal]:
    statement = select(RelativeIndex).where(RelativeIndex.product_id.in_(list(products)))
    return {
        (row.product_id, row.care, row.year, row.period, row.part): row.value
        for row in work.session.scalars(statement)
    }


def _index_of(
    work: Work,
    line: Waiting,
    products: Mapping[UUID, tuple[Product, Terms]],
    indexes: Mapping[tuple[UUID, PoolCare, int, PoolPeriod, int], Decimal],
) -> Decimal | None:
    terms = products[line.product_id][1]
    care = pool_of(terms.pools, hospital=line.hospital)
    pool = next((one for one in terms.pools if one.care is care), None)
    if pool is None or care is None:
        return None
    day = line.processed_at.astimezone(_zone(work)).date()
    key = (line.product_id, care, day.year, pool.period, part_of(pool.period, day.month))
    return indexes.get(key)


def _value(work: Work, run: BatchRun, ready: Mapping[UUID, Mapping[str, Decimal]]) -> None:
    claims = take_possible(work, ready, Action.VALUE)
    units = Units.of(run.currency)
    ids = [claim.id for claim in claims]
    lines, live, stored = lines_of(work, ids), live_bookings(work, ids, units), _last_lines(work, claims)
    decided: list[Decided] = []
    for claim in claims:
        indexes = ready[claim.id]
        positions = {row.id: position for position, row in enumerate(lines[claim.id])}
        before = ClaimDecision(
            ClaimStatus.PROCESSED,
            (),
            claim.category,
            cast("Any", None),
            has_duplicate=False,
            lines=stored[claim.id],
            consumption=tuple(
                entry._replace(line=positions[booking.row.line_id])
                for booking in live[claim.id]
                for entry in booking.entries
            ),
        )
        after = value_claim(before, _looked_up(indexes), unit=units.unit)
        given = cast("Any", sorted(indexes.items()))
        decided.append(Decided(claim, lines[claim.id], given, after, live[claim.id]))
    policies = {row.policy_id: row.product_id for rows in lines.values() for row in rows if row.policy_id}
    now = work.now()
    decisions = Decisions(decided, policies, units, cast("Any", None))
    write_decisions(work, decisions, Occasion.BATCH, {claim.id: (run.id, now) for claim in claims})
    work.emit(ClaimsValuated(claim_ids=tuple(ids)))


def _looked_up(indexes: Mapping[str, Decimal]) -> Any:
    def index_of(line: LineDecision) -> Decimal:
        return indexes[line.product or ""]

    return index_of


def _last_lines(work: Work, claims: Sequence[Any]) -> dict[UUID, tuple[LineDecision, ...]]:
    """The lines of the last decision on each claim."""
    statement = (
        select(DecisionRow.claim_id, DecisionRow.document)
        .join(Claim, Claim.id == DecisionRow.claim_id)
        .where(
            DecisionRow.claim_id.in_([claim.id for claim in claims]),
            DecisionRow.sequence == Claim.decisions,
        )
    )
    return {claim_id: read_lines(document) for claim_id, document in work.session.execute(statement)}


def _is_hospital(row: Any, terms: Terms, hospitals: Collection[str]) -> bool:
    if terms.ceiling_interpretation is HospitalMeaning.FACILITY:
        return (row.standard_type or "").casefold() in hospitals
    return bool(row.care_type is CareType.INPATIENT)


def _inside(work: Work, line: Waiting, period: Period) -> bool:
    """Whether a claim was processed in a period, half-open in the time of the scheme (BAT-1, D-14)."""
    zone = _zone(work)
    start = datetime.combine(period.start, time(), zone)
    return start <= line.processed_at < datetime.combine(period.end, time(), zone)


def _zone(work: Work) -> ZoneInfo:
    return ZoneInfo(work.platform.profile.timezone)
