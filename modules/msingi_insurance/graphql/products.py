"""GraphQL operations on products and their versions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from msingi.work import Work
from msingi_insurance.graphql.terms_schema import terms_schema
from msingi_insurance.models.product import Product, ProductVersion
from msingi_insurance.plugin import EDIT_PRODUCTS, READ_PRODUCTS, plugin
from msingi_insurance.services import products as selling
from msingi_insurance.services.products_coverage import CoveragePage, CoveredKind, coverage_of
from msingi_insurance.services.products_drafts import ProductChanges, ProductDraft, VersionDraft

plugin.expose(
    Product,
    *("id", "code", "name", "jurisdiction_id", "currency", "date_from", "date_to", "closed_on"),
    *("conversion_product_id", "current_version_id", "current_version", "version"),
    allow=READ_PRODUCTS,
)
plugin.expose(
    ProductVersion,
    *("id", "product_id", "number", "valid_from", "terms", "digest", "reason", "made_at", "made_by"),
    allow=READ_PRODUCTS,
)


@dataclass(frozen=True, slots=True)
class ProductDeleted:
    """A product that was deleted."""

    id: UUID = field(metadata={"doc": "The product that was."})


@plugin.connection(
    Product,
    allow=READ_PRODUCTS,
    where=("id", "code", "name", "jurisdiction_id", "date_from", "date_to", "closed_on"),
    order=("code", "name", "id"),
)
def products(work: Work) -> Select[Product]:  # noqa: ARG001 - every connection receives it
    """Products of the whole country, closed ones among them."""
    return select(Product)


@plugin.query(allow=READ_PRODUCTS)
def product(work: Work, id: UUID) -> Product | None:  # noqa: A002 - the name callers see
    """One product."""
    return work.find(Product, id)


@plugin.connection(
    ProductVersion,
    allow=READ_PRODUCTS,
    where=("id", "product_id", "number", "valid_from"),
    order=("id", "number", "valid_from"),
)
def product_versions(work: Work) -> Select[ProductVersion]:  # noqa: ARG001
    """Versions of products with their terms."""
    return select(ProductVersion)


@plugin.query(allow=READ_PRODUCTS)
def product_terms_schema(work: Work) -> dict[str, Any]:
    """The JSON Schema of the terms of a product: what a version takes and shows."""
    return terms_schema(lambda text: work.platform.texts.get(text, work.language))


@plugin.query(allow=READ_PRODUCTS)
def product_coverage(
    work: Work,
    version_id: UUID,
    kind: CoveredKind | None = None,
    code_begins: str = "",
    first: int = 50,
    after: str | None = None,
) -> CoveragePage:
    """How a version pays for items and services, by kind and code; page on with the last code."""
    return coverage_of(work, version_id, kind=kind, code_begins=code_begins, first=first, after=after)


@plugin.mutation(allow=EDIT_PRODUCTS)
def create_product(work: Work, input: ProductDraft) -> Product:  # noqa: A002 - as callers see it
    """Add a product with its first version."""
    return selling.create_product(work, input)


@plugin.mutation(allow=EDIT_PRODUCTS)
def add_product_version(
    work: Work,
    product_id: UUID,
    input: VersionDraft,  # noqa: A002
    expected_version: int,
) -> ProductVersion:
    """Add a next version; policies that were sold keep theirs."""
    return selling.add_version(work, product_id, input, expected_version=expected_version)


@plugin.mutation(allow=EDIT_PRODUCTS)
def change_product(
    work: Work,
    id: UUID,  # noqa: A002
    input: ProductChanges,  # noqa: A002
    expected_version: int,
) -> Product:
    """Change name, window or conversion of a product; its terms change by a next version."""
    return selling.change_product(work, id, input, expected_version=expected_version)


@plugin.mutation(allow=EDIT_PRODUCTS)
def close_product(work: Work, id: UUID, expected_version: int) -> Product:  # noqa: A002
    """Close a product: nothing more is sold, its policies live on."""
    return selling.close_product(work, id, expected_version=expected_version)


@plugin.mutation(allow=EDIT_PRODUCTS)
def delete_product(work: Work, id: UUID, expected_version: int) -> ProductDeleted:  # noqa: A002
    """Delete a product that was never sold."""
    return ProductDeleted(selling.delete_product(work, id, expected_version=expected_version))


@plugin.extend(Product, allow=READ_PRODUCTS)
def version_sold(
    parents: Sequence[Product], work: Work, on: date | None = None
) -> dict[UUID, ProductVersion]:
    """The version under which the product is sold on a day, today when left out."""
    sales = selling.sales_of(work, [parent.id for parent in parents], on=on or work.today())
    versions = work.by_ids(ProductVersion, {sale.version_id for sale in sales.values()})
    return {product_id: versions[sale.version_id] for product_id, sale in sales.items()}
