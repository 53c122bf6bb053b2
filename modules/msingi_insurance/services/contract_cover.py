"""What a contract buys for a family: from its first to its last day, as the renewal of what the family had (PRM-5)."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import select

from msingi.work import Work
from msingi_insurance.hooks import calendar_of
from msingi_insurance.models.contracts import Contract
from msingi_insurance.models.family import Family
from msingi_insurance.models.policy import Policy
from msingi_insurance.models.product import Product
from msingi_insurance.rules.renewal import is_renewed_on, leads_to
from msingi_insurance.rules.states import Stage
from msingi_insurance.rules.terms import Terms
from msingi_insurance.services.policies_quotes import Offer, offer_to
from msingi_insurance.services.products import sales_of, terms_of
from msingi_insurance.settings import InsuranceSettings

FamilyProduct: TypeAlias = tuple[UUID, UUID]
"""A family and the product that a contract buys for it: together they are one policy."""


def enrol_day(work: Work, contract: Contract) -> date:
    """The day of enrolment under a contract: today, or the contract's first day when that is past."""
    return min(contract.date_from, work.today())


def contract_offer(
    work: Work, contract: Contract, family: Family, product_id: UUID, *, before: Policy | None
) -> Offer:
    """What a product asks of a family under a contract; what follows ``before`` is a renewal and pays no registration.

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
    """The policies that a contract renews, by family and product: the last that took effect, if it can be renewed (PRM-5).

    The last one counts under the product or one that it replaces, among those that began earlier. While it is
    suspended, runs on past the window of renewal, or ended longer ago than the recurrence, the contract begins anew.
    """
    last = _last_policies(work, wanted, first_day=first_day)
    terms = _terms_on(work, {product_id for _, product_id in last}, first_day)
    days = work.settings(InsuranceSettings).renewal_days
    return {
        key: policy
        for key, policy in last.items()
        if key[1] in terms
        and is_renewed_on(
            first_day, policy.status, policy.expiry_date, terms[key[1]], days=days, calendar=calendar_of(work)
        )
    }


def _last_policies(
    work: Work, wanted: Collection[FamilyProduct], *, first_day: date
) -> dict[FamilyProduct, Policy]:
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


def _terms_on(work: Work, product_ids: Collection[UUID], day: date) -> Mapping[UUID, Terms]:
    """The terms of products on a day; one that is not there yet has none."""
    sales = sales_of(work, product_ids, on=day)
    terms = terms_of(work, {sale.version_id for sale in sales.values()})
    return {product_id: terms[sale.version_id] for product_id, sale in sales.items()}


def _conversions(work: Work) -> Mapping[str, str | None]:
    rows = work.session.execute(select(Product.id, Product.conversion_product_id))
    return {str(row.id): str(row.conversion_product_id or "") or None for row in rows}
