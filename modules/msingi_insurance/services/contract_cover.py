"""What a contract buys for a family: from its first to its last day, as the renewal of what the family had (PRM-5)."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import select

from msingi.work import Work
from msingi_insurance.models.contracts import Contract
from msingi_insurance.models.family import Family
from msingi_insurance.models.policy import Policy
from msingi_insurance.models.product import Product
from msingi_insurance.rules.renewal import leads_to
from msingi_insurance.rules.states import Stage
from msingi_insurance.services.policies_quotes import Offer, offer_to

FamilyProduct: TypeAlias = tuple[UUID, UUID]
"""A family and the product that a contract buys for it: together they are one policy."""


def enrol_day(work: Work, contract: Contract) -> date:
    """The day of enrolment under a contract: today, or the contract's first day when that is past."""
    return min(contract.date_from, work.today())


def contract_offer(
    work: Work, contract: Contract, family: Family, product_id: UUID, *, before: Policy | None
) -> Offer:
    """What a product asks of a family under a contract; who had it before renews and pays no registration.

    Raises:
        NotFound, ProductNotSold, NotStartedHere, NobodyToCover: the product cannot be had on the contract's first day.

    """
    return offer_to(
        work,
        family,
        product_id,
        stage=Stage.NEW if before is None else Stage.RENEWAL,
        enrolled=enrol_day(work, contract),
        previous_expiry=None if before is None else before.expiry_date,
        begins=contract.date_from,
    )


def later_offer(work: Work, contract: Contract, family: Family, product_id: UUID) -> Offer:
    """What each further period of a contract asks of a family: one policy registers once (PRM-5).

    Raises:
        DomainError: a refusal of ``contract_offer``.

    """
    return offer_to(
        work,
        family,
        product_id,
        stage=Stage.RENEWAL,
        enrolled=enrol_day(work, contract),
        begins=contract.date_from,
    )


def preceding_policies(
    work: Work, wanted: Collection[FamilyProduct], *, first_day: date
) -> dict[FamilyProduct, Policy]:
    """The last policy of each family under the product, or one that it replaces, that took effect and began earlier."""
    conversions = _conversions(work)
    statement = (
        select(Policy)
        .where(
            Policy.family_id.in_({family_id for family_id, _ in wanted}),
            Policy.effective_date.is_not(None),
            Policy.start_date < first_day,
        )
        .order_by(Policy.expiry_date, Policy.id)
    )
    products: dict[UUID, set[UUID]] = {}
    for family_id, product_id in wanted:
        products.setdefault(family_id, set()).add(product_id)
    return {
        (policy.family_id, product_id): policy
        for policy in work.session.scalars(statement)
        for product_id in products[policy.family_id]
        if leads_to(str(policy.product_id), str(product_id), conversions)
    }


def _conversions(work: Work) -> Mapping[str, str | None]:
    rows = work.session.execute(select(Product.id, Product.conversion_product_id))
    return {str(row.id): str(row.conversion_product_id or "") or None for row in rows}
