"""Pools of control numbers: taken by officers before they go offline, filled up before they run dry (PAY-9)."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Select, func, select

from msingi.work import Work
from msingi_insurance.models.field_staff import Officer
from msingi_insurance.models.payments import PaymentReference
from msingi_insurance.models.product import Product
from msingi_insurance.payment_errors import NoNumberPool
from msingi_insurance.payment_settings import PoolSettings
from msingi_insurance.rules.references import (
    OPEN_STATES,
    AssignmentCode,
    PoolCode,
    ReferenceState,
    pool_code,
)
from msingi_insurance.services.officers import own_officer
from msingi_insurance.services.references import (
    AskedReference,
    payment_settings,
    reference_values,
    send_soon,
)


@dataclass(frozen=True, slots=True)
class TakenNumber:
    """What a pool answered (PAY-9)."""

    code: int = field(metadata={"doc": "4001 given, 4002 none available, 4003 given and running low."})
    number: str | None = field(metadata={"doc": "The number; empty when none was available."})


def take_number(work: Work, product_id: UUID, *, officer_id: UUID) -> TakenNumber:
    """Give the next free number of a product's pool to an officer who will work offline (PAY-9).

    Raises:
        NotFound: the product or the officer is not visible.
        NoNumberPool: the product has none.

    """
    _check_holder(work, officer_id)
    product = work.get(Product, product_id)
    pool = pool_of(work, product)
    with work.everywhere():
        work.session.get(Product, product.id, with_for_update=True)
        free = list(work.session.scalars(_free(product.id).limit(1)))
        available = int(work.session.scalar(_count(product.id)) or 0)
        code = pool_code(available, pool.threshold)
        if free:
            free[0].officer_id, free[0].assigned_on = officer_id, work.today()
            work.session.flush()
    if code is not PoolCode.GIVEN:
        work.enqueue("insurance.top_up_pools", key="insurance.top_up_pools")
    return TakenNumber(int(code), free[0].number if free else None)


def assign_number(
    work: Work, number: str, *, gateway: str, insuree_number: str, officer_id: UUID | None
) -> AssignmentCode:
    """Give a number that an officer holds to a family; the same assignment again is the same (PAY-9).

    Raises:
        NotFound: the officer is not visible.

    """
    if officer_id is not None:
        _check_holder(work, officer_id)
    with work.everywhere():
        reference = work.session.scalar(
            select(PaymentReference)
            .where(PaymentReference.gateway == gateway, PaymentReference.number == number)
            .with_for_update()
        )
        if reference is None or reference.state is not ReferenceState.ISSUED:
            return AssignmentCode.CANNOT_ASSIGN
        if reference.officer_id not in {None, officer_id}:
            return AssignmentCode.CANNOT_ASSIGN
        if reference.insuree_number not in {"", insuree_number}:
            return AssignmentCode.DUPLICATE
        reference.insuree_number, reference.officer_id = insuree_number, officer_id
        work.session.flush()
    return AssignmentCode.DONE


def pool_of(work: Work, product: Product) -> PoolSettings:
    """The settings of a product's pool.

    Raises:
        NoNumberPool: it has none.

    """
    pool = payment_settings(work).pools.get(product.code)
    if pool is None:
        raise NoNumberPool(product=product.code)
    return pool


def top_up_pools(work: Work) -> int:
    """Ask for numbers for every pool below its threshold; what is on the way counts (PAY-9, code 4003)."""
    pools = payment_settings(work).pools
    products = work.session.scalars(
        select(Product).where(Product.code.in_(pools), Product.closed_on.is_(None)).with_for_update()
    )
    asked = 0
    for product in products:
        pool = pools[product.code]
        waiting = int(work.session.scalar(_count(product.id, open_too=True)) or 0)
        if waiting >= pool.threshold:
            continue
        values = reference_values(work, AskedReference(pool.gateway, product, product.jurisdiction_id))
        work.insert_rows(PaymentReference, [dict(values) for _ in range(pool.batch)])
        asked += pool.batch
    if asked:
        send_soon(work)
    return asked


def _check_holder(work: Work, officer_id: UUID) -> None:
    """Numbers are taken for oneself, or for officers of the own places (attack 15)."""
    if officer_id != own_officer(work):
        work.get(Officer, officer_id)


def _free(product_id: UUID) -> Select[PaymentReference]:
    return (
        select(PaymentReference)
        .where(
            PaymentReference.product_id == product_id,
            PaymentReference.state == ReferenceState.ISSUED,
            PaymentReference.officer_id.is_(None),
            PaymentReference.insuree_number == "",
        )
        .order_by(PaymentReference.expires_on, PaymentReference.id)
    )


def _count(product_id: UUID, *, open_too: bool = False) -> Select[int]:
    states = {ReferenceState.ISSUED, *(OPEN_STATES if open_too else ())}
    return select(func.count(PaymentReference.id)).where(
        PaymentReference.product_id == product_id,
        PaymentReference.state.in_(states),
        PaymentReference.officer_id.is_(None),
        PaymentReference.insuree_number == "",
    )
