"""The batch of a month: indexes of relative prices, capitation, and a bill for each facility and product (BAT-1)."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select

from msingi.errors import DomainError, NotFound
from msingi.ids import new_id
from msingi.rbac.models import Jurisdiction
from msingi.sayings import LISTED, Saying
from msingi.work import Work
from msingi_claims.models.payment import BatchRun
from msingi_claims.payment_errors import AlreadyRun, NoProductHere, PeriodNotOver
from msingi_claims.plugin import RUN_BATCHES
from msingi_claims.services.bills import issue_bills, unbilled_claims
from msingi_claims.services.capitation import capitation_owed
from msingi_claims.services.product_terms import ProductOn, places_with_products, products_of_place
from msingi_claims.services.relative_prices import value_relative_claims
from msingi_claims.services.scheme_time import last_day_of, start_of

_DECEMBER: Final = 12
_DONE: Final = 0
_FAULT: Final = 1
_ALREADY_RUN: Final = 2
_PLACES_SHOWN: Final = 20


def run_batch(work: Work, place_id: UUID, year: int, month: int, *, confirm_zero: bool = False) -> BatchRun:
    """Run the batch of a month for the products of a place, once and all or nothing (BAT-1).

    A month that is not over can be billed where nothing depends on its end, no pool and no capitation, and where
    there is something to bill; what is processed later in that month is billed with the next one.

    Raises:
        NotFound: the place is out of scope.
        NoProductHere: no product belongs to it.
        AlreadyRun: it has run (result 2); PeriodNotOver: its month has not ended, and must or has nothing to bill.
        NoPercentage, NothingAllocated: relative prices wait for what is missing (BAT-3).

    """
    place = _lock_place(work, place_id)
    with work.everywhere():
        _refuse_without_product(work, place_id, place)
        end = date(year + month // _DECEMBER, month % _DECEMBER + 1, 1)
        before = start_of(work, end)
        products = products_of_place(work, place_id, last_day_of(work, before))
        _refuse_too_early(work, products, year, month, end)
        run = _open_run(work, place_id, year, month)
        value_relative_claims(work, run, products, before, confirm_zero=confirm_zero)
        accounts = {product_id: one.terms.account_remuneration for product_id, one in products.items()}
        owed = [*unbilled_claims(work, products, before), *capitation_owed(work, run, products)]
        if not owed and work.today() < end:
            raise PeriodNotOver(month=f"{month:02}", year=year, day=end.isoformat())
        issue_bills(work, run, owed, accounts)
        work.session.flush()
    return run


def queue_batch(work: Work, place_id: UUID, year: int, month: int, *, confirm_zero: bool) -> UUID:
    """Queue the batch of a month as a job of its own; returns the job. What it refuses stands in the job."""
    return work.enqueue(
        "claims.run_month",
        key=f"claims.batch:{place_id}:{year}-{month}",
        place_id=str(place_id),
        year=year,
        month=month,
        confirm_zero=confirm_zero,
    )


def run_month_once(
    work: Work, place_id: UUID, year: int, month: int, *, confirm_zero: bool
) -> dict[str, object]:
    """Run the batch in the name of who queued it; a repeated job finds it done, and a refused run undoes itself (BAT-1).

    What is refused would be refused again, so that the job ends with it and its reason; a defect or a lost database
    fails the job, which is tried again.
    """
    with work.allowed(RUN_BATCHES):
        try:
            with work.session.begin_nested():
                run = run_batch(work, place_id, year, month, confirm_zero=confirm_zero)
        except AlreadyRun:
            return {"result": _ALREADY_RUN}
        except DomainError as refusal:
            return {"result": _FAULT, "code": refusal.code, "reason": work.say(refusal)}
        return {"result": _DONE, "claims": run.claims, "bills": run.bills, "amount": str(run.amount)}


def _lock_place(work: Work, place_id: UUID) -> str:
    """Let one run of a place wait for another; returns its code, and a place outside the scope is not found."""
    statement = select(Jurisdiction.code).where(Jurisdiction.id == place_id).with_for_update(key_share=True)
    code = work.session.scalar(statement)
    if code is None or not work.covers(work.scope, place_id):
        raise NotFound(type="Jurisdiction")
    return code


def _refuse_without_product(work: Work, place_id: UUID, place: str) -> None:
    """Refuse a place that no batch can be run for; who cares for the claims below it learns where to run one."""
    known = places_with_products(work)
    if place_id in known:
        return
    hint = Saying("Make a product first.")
    if known:
        shown = [*list(known.values())[:_PLACES_SHOWN], *(["…"] if len(known) > _PLACES_SHOWN else [])]
        hint = Saying(
            "Run the batch for a place that has products: {places}.", {"places": LISTED.join(shown)}
        )
    raise NoProductHere(place=place, hint=hint)


def _refuse_too_early(
    work: Work, products: Mapping[UUID, ProductOn], year: int, month: int, end: date
) -> None:
    waits_for_end = any(one.terms.pools or one.terms.capitation for one in products.values())
    first = end if waits_for_end else date(year, month, 1)
    if work.today() < first:
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
