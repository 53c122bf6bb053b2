"""The batch of a month: indexes of relative prices, capitation, and a bill for each facility and product (BAT-1)."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from msingi.errors import NotFound
from msingi.ids import new_id
from msingi.rbac.models import ADMIN, Jurisdiction
from msingi.work import Work
from msingi_claims.models.payment import BatchRun
from msingi_claims.payment_errors import AlreadyRun, PeriodNotOver
from msingi_claims.services.bills import issue_bills, unbilled_claims
from msingi_claims.services.capitation import capitation_owed
from msingi_claims.services.relative_prices import set_indexes, value_waiting_claims
from msingi_insurance import Product, Terms, terms_of

_DECEMBER: Final = 12


def run_batch(work: Work, place_id: UUID, year: int, month: int, *, confirm_zero: bool = False) -> BatchRun:
    """Run the batch of a month for the products of a place, once and all or nothing (BAT-1).

    A month that is not over can be billed where nothing depends on its end: no pool and no capitation.

    Raises:
        NotFound: the place is not one of products, or out of scope.
        AlreadyRun: it has run (result 2); PeriodNotOver: its month has not ended.
        NoPercentage, NothingAllocated: relative prices wait for what is missing (BAT-3).

    """
    _refuse_unseen(work, place_id)
    with work.everywhere():
        products = _products_of(work, place_id)
        end = date(year + month // _DECEMBER, month % _DECEMBER + 1, 1)
        _refuse_too_early(work, products, year, month, end)
        run = _open_run(work, place_id, year, month)
        set_indexes(work, run, products, confirm_zero=confirm_zero)
        value_waiting_claims(work, run, products)
        before = datetime.combine(end, time(), ZoneInfo(work.platform.profile.timezone))
        accounts = {product_id: terms.account_remuneration for product_id, (_, terms) in products.items()}
        owed = [*unbilled_claims(work, products, before), *capitation_owed(work, run, products)]
        issue_bills(work, run, owed, accounts)
        work.session.flush()
    return run


def _refuse_unseen(work: Work, place_id: UUID) -> None:
    kind = work.session.scalar(select(Jurisdiction.kind).where(Jurisdiction.id == place_id))
    if kind != ADMIN or not work.covers(work.scope, place_id):
        raise NotFound(type="Jurisdiction")


def _products_of(work: Work, place_id: UUID) -> dict[UUID, tuple[Product, Terms]]:
    statement = select(Product).where(Product.jurisdiction_id == place_id).order_by(Product.code)
    products = [one for one in work.session.scalars(statement) if one.current_version_id is not None]
    terms = terms_of(work, [one.current_version_id for one in products if one.current_version_id])
    return {one.id: (one, terms[one.current_version_id]) for one in products if one.current_version_id}


def _refuse_too_early(
    work: Work, products: Mapping[UUID, tuple[Product, Terms]], year: int, month: int, end: date
) -> None:
    today = work.today()
    waits_for_end = any(terms.pools or terms.capitation for _, terms in products.values())
    first = end if waits_for_end else date(year, month, 1)
    if today < first:
        raise PeriodNotOver(month=f"{month:02}", year=year, day=first.isoformat())


def _open_run(work: Work, place_id: UUID, year: int, month: int) -> BatchRun:
    known = select(BatchRun.id).where(
        BatchRun.jurisdiction_id == place_id, BatchRun.year == year, BatchRun.month == month
    )
    if work.session.scalar(known) is not None:
        raise AlreadyRun(month=f"{month:02}", year=year)
    run = BatchRun(
        id=new_id(),
        jurisdiction_id=place_id,
        year=year,
        month=month,
        claims=0,
        bills=0,
        currency=work.platform.profile.currency,
        amount_minor=0,
        run_at=work.now(),
        run_by=work.actor.id,
    )
    work.add(run)
    work.session.flush()
    return run
