"""Relative prices: the index of each pool that a month closes, and the claims that it makes final (BAT-3, BAT-4)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from msingi.work import Work
from msingi_claims.models.claim import Claim
from msingi_claims.models.line import ClaimLine
from msingi_claims.models.payment import BatchRun, RelativeIndex
from msingi_claims.payment_errors import NoPercentage, NothingAllocated
from msingi_claims.rules.batch import Period, percentage_of, pool_of, pool_period, relative_index
from msingi_claims.rules.codes import ClaimStatus, LineStatus
from msingi_claims.services.funds import allocated_funds
from msingi_claims.services.product_terms import ProductOn, products_on
from msingi_claims.services.scheme_time import last_day_of, start_of
from msingi_claims.services.units import Units
from msingi_claims.services.valuation import Indexes, value_claims
from msingi_claims.settings import ClaimsSettings
from msingi_insurance import Pool, PoolCare, PoolPeriod, PriceOrigin

_PARTS: Final = {PoolPeriod.MONTH: 1, PoolPeriod.QUARTER: 3, PoolPeriod.YEAR: 12}
Products: TypeAlias = Mapping[UUID, ProductOn]
_Key: TypeAlias = tuple[UUID, PoolCare, int, PoolPeriod, int]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A relative line that waits for its index."""

    claim_id: UUID
    product_id: UUID
    policy_id: UUID
    nominal_minor: int
    hospital: bool
    processed_at: datetime


@dataclass(frozen=True, slots=True)
class _Run:
    """A run with the lines that wait for it and for others, and the products of all of them."""

    work: Work
    batch: BatchRun
    own: Products
    every: Products
    waiting: Sequence[Waiting]


def value_relative_claims(
    work: Work, batch: BatchRun, products: Products, before: datetime, *, confirm_zero: bool
) -> int:
    """Compute the index of each pool that a run closes, and make final the claims whose indexes are all known.

    A claim of several products waits until the last of them has its index, whichever run sets it. Returns how many
    claims became final.

    Raises:
        NoPercentage: lines wait, and their pool has no percentage for the period, or there is no pool.
        NothingAllocated: an index would be 0 and nobody has confirmed it.

    """
    waiting = _waiting_lines(work, products, before)
    others = {line.product_id for line in waiting} - set(products)
    every = {**products, **products_on(work, others, last_day_of(work, before))} if others else products
    run = _Run(work, batch, products, every, waiting)
    for product_id, owner in products.items():
        lines = [line for line in waiting if line.product_id == product_id and line.nominal_minor]
        _refuse_without_pool(batch, owner, lines)
        for pool in owner.terms.pools:
            _set_index(run, owner, pool, lines, confirm_zero=confirm_zero)
    work.session.flush()
    ready = _ready(run)
    value_claims(work, batch, ready)
    return len(ready)


def _waiting_lines(work: Work, products: Products, before: datetime) -> list[Waiting]:
    """The relative lines without value of claims that wait for a product, in one statement; with those of others."""
    waits = (
        ClaimLine.price_origin == PriceOrigin.RELATIVE,
        ClaimLine.status == LineStatus.PASSED,
        ClaimLine.valuated_minor.is_(None),
    )
    of_products = select(ClaimLine.claim_id).where(ClaimLine.product_id.in_(list(products)), *waits)
    statement = (
        select(
            *(ClaimLine.claim_id, ClaimLine.product_id, ClaimLine.policy_id, ClaimLine.nominal_minor),
            *(ClaimLine.hospital, Claim.processed_at),
        )
        .join(Claim, Claim.id == ClaimLine.claim_id)
        .where(
            Claim.status == ClaimStatus.PROCESSED,
            Claim.processed_at < before,
            Claim.id.in_(of_products),
            *waits,
        )
    )
    rows: Iterable[Any] = work.session.execute(statement)
    return [Waiting(row[0], row[1], row[2], row[3] or 0, bool(row[4]), row[5]) for row in rows]


def _set_index(
    run: _Run, owner: ProductOn, pool: Pool, waiting: Iterable[Waiting], *, confirm_zero: bool
) -> None:
    period = pool_period(pool.period, run.batch.year, run.batch.month)
    lines = [] if period is None else _lines_of_pool(run.work, owner, pool, period, waiting)
    if period is None or not lines:
        return
    percentage = percentage_of(pool, run.batch.month)
    part = _part_of(pool.period, run.batch.month)
    named = {"product": owner.product.code, "period": pool.period.value, "part": part, "year": run.batch.year}
    if percentage is None:
        raise NoPercentage(care=pool.care.value, **named)
    units = Units.of(run.batch.currency)
    funds = allocated_funds(run.work, owner.product.id, period, units)
    if not funds and not confirm_zero:
        raise NothingAllocated(**named)
    nominal = sum(line.nominal_minor for line in lines)
    cap = run.work.settings(ClaimsSettings).relative_index_cap
    run.work.add(
        RelativeIndex(
            jurisdiction_id=run.batch.jurisdiction_id,
            batch_id=run.batch.id,
            product_id=owner.product.id,
            care=pool.care,
            year=run.batch.year,
            period=pool.period,
            part=part,
            currency=run.batch.currency,
            allocated_minor=round(funds * 10**units.exponent),
            nominal_minor=nominal,
            percentage=percentage,
            value=relative_index(funds, percentage, units.major(nominal), cap=cap),
        )
    )


def _lines_of_pool(
    work: Work, owner: ProductOn, pool: Pool, period: Period, waiting: Iterable[Waiting]
) -> list[Waiting]:
    """The lines that a pool pays, of claims processed in a period: half-open in the scheme's time (BAT-1, D-14)."""
    start, end = start_of(work, period.start), start_of(work, period.end)
    return [
        line
        for line in waiting
        if start <= line.processed_at < end
        and pool_of(owner.terms.pools, hospital=line.hospital) is pool.care
    ]


def _refuse_without_pool(batch: BatchRun, owner: ProductOn, lines: Iterable[Waiting]) -> None:
    for line in lines:
        if pool_of(owner.terms.pools, hospital=line.hospital) is None:
            care = PoolCare.HOSPITAL if line.hospital else PoolCare.NON_HOSPITAL
            raise NoPercentage(
                product=owner.product.code,
                care=care.value,
                period=PoolPeriod.MONTH.value,
                part=batch.month,
                year=batch.year,
            )


def _ready(run: _Run) -> dict[UUID, Indexes]:
    """The claims whose every waiting line has an index; a line that is worth 0 waits for none."""
    known = _known_indexes(run.work, run.every)
    zone = ZoneInfo(run.work.platform.profile.timezone)
    found: dict[UUID, dict[tuple[UUID, bool], Decimal | None]] = defaultdict(dict)
    for line in run.waiting:
        indexes = found[line.claim_id]
        if line.nominal_minor:
            index = _index_of(line, run.every.get(line.product_id), known, zone)
            indexes[line.policy_id, line.hospital] = index
    return {
        claim_id: {key: index for key, index in indexes.items() if index is not None}
        for claim_id, indexes in found.items()
        if None not in indexes.values()
    }


def _index_of(
    line: Waiting, owner: ProductOn | None, known: Mapping[_Key, Decimal], zone: ZoneInfo
) -> Decimal | None:
    care = None if owner is None else pool_of(owner.terms.pools, hospital=line.hospital)
    if owner is None or care is None:
        return None
    period = next(pool.period for pool in owner.terms.pools if pool.care is care)
    day = line.processed_at.astimezone(zone).date()
    return known.get((line.product_id, care, day.year, period, _part_of(period, day.month)))


def _known_indexes(work: Work, products: Products) -> dict[_Key, Decimal]:
    statement = select(RelativeIndex).where(RelativeIndex.product_id.in_(list(products)))
    return {
        (row.product_id, row.care, row.year, row.period, row.part): row.value
        for row in work.session.scalars(statement)
    }


def _part_of(period: PoolPeriod, month: int) -> int:
    """Which part of the year a month lies in: quarter 1 for March, 1 for a year."""
    return (month - 1) // _PARTS[period] + 1
