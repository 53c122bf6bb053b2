"""The terms of products as they stood on a day: what the batch of a past month goes by."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from msingi.rbac.models import Jurisdiction
from msingi.work import Work
from msingi_insurance import Product, ProductVersion, Terms, terms_of


@dataclass(frozen=True, slots=True)
class ProductOn:
    """A product with its terms of a day."""

    product: Product
    terms: Terms


def places_with_products(work: Work) -> dict[UUID, str]:
    """The codes of the places that products belong to, in their order."""
    statement = (
        select(Jurisdiction.id, Jurisdiction.code)
        .where(Jurisdiction.id.in_(select(Product.jurisdiction_id)))
        .order_by(Jurisdiction.code)
    )
    return dict(work.session.execute(statement).all())


def products_of_place(work: Work, place_id: UUID, day: date) -> dict[UUID, ProductOn]:
    """The products of a place in the order of their codes; one that begins after the day is left out."""
    found = select(Product.id).where(Product.jurisdiction_id == place_id)
    return products_on(work, work.session.scalars(found).all(), day)


def products_on(work: Work, product_ids: Collection[UUID], day: date) -> dict[UUID, ProductOn]:
    """The products with their terms of a day, in a fixed number of statements."""
    versions = _versions_on(work, product_ids, day)
    terms = terms_of(work, list(versions.values()))
    products = select(Product).where(Product.id.in_(list(versions))).order_by(Product.code, Product.id)
    return {one.id: ProductOn(one, terms[versions[one.id]]) for one in work.session.scalars(products)}


def _versions_on(work: Work, product_ids: Collection[UUID], day: date) -> Mapping[UUID, UUID]:
    statement = (
        select(ProductVersion.product_id, ProductVersion.id)
        .where(ProductVersion.product_id.in_(list(product_ids)), ProductVersion.valid_from <= day)
        .order_by(ProductVersion.number)
    )
    return dict(work.session.execute(statement).all())
