"""Products: added, followed by next versions, closed; what was sold never changes (PRD-1, INS-A5)."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from msingi.errors import NotFound
from msingi.ids import new_id
from msingi.rbac.models import ADMIN, Jurisdiction
from msingi.work import Work
from msingi_catalogue import items_by_code, services_by_code
from msingi_insurance.errors import (
    PoolsInTheMiddle,
    ProductClosed,
    ProductCodeTaken,
    SameTerms,
    UnknownCoverage,
    VersionTooEarly,
)
from msingi_insurance.models.policy import Policy
from msingi_insurance.models.product import Product, ProductVersion
from msingi_insurance.plugin import EDIT_PRODUCTS
from msingi_insurance.rules.pool_changes import first_day_of_change
from msingi_insurance.rules.refusals import ProductDatesInvalid, ProductHasPolicies
from msingi_insurance.rules.renewal import check_conversion
from msingi_insurance.rules.terms import LineKind, Terms
from msingi_insurance.services.products_drafts import ProductChanges, ProductDraft, VersionDraft
from msingi_insurance.services.products_terms import terms_of

__all__ = [
    "Sale",
    "add_version",
    "change_product",
    "close_product",
    "create_product",
    "delete_product",
    "digest_of",
    "sales_of",
    "terms_of",
    "versions_of",
]
_CODES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Sale:
    """A product, and the version under which it is sold on a day."""

    product: Product
    version_id: UUID


def create_product(work: Work, draft: ProductDraft) -> Product:
    """Add a product with its first version.

    Raises:
        Forbidden: the caller may not decide for the place.
        NotFound: the place or the conversion product does not exist.
        ProductCodeTaken, ProductDatesInvalid, ConversionCycle, UnknownCoverage: PRD-1, PRD-10.

    """
    terms = draft.read_terms()
    work.require(EDIT_PRODUCTS, draft.jurisdiction_id)
    _check_place(work, draft.jurisdiction_id)
    _check_dates(draft.date_from, draft.date_to)
    _refuse_taken(work, draft.code)
    _check_coverage(work, terms, on=draft.date_from)
    product = Product(
        id=new_id(),
        currency=work.platform.profile.currency,
        **draft.model_dump(include={"code", "name", "jurisdiction_id", "date_from", "date_to"}),
    )
    _check_conversion(work, product.code, draft.conversion_product_id)
    product.conversion_product_id = draft.conversion_product_id
    work.add(product)
    work.session.flush()
    _append(work, product, terms, number=1, valid_from=draft.date_from, reason=draft.reason)
    return product


def add_version(
    work: Work, product_id: UUID, draft: VersionDraft, *, expected_version: int
) -> ProductVersion:
    """Add a next version; policies that were sold keep theirs.

    Raises:
        NotFound, StaleVersion, Forbidden, ProductClosed: the product cannot be changed by the caller, or any more.
        VersionTooEarly, SameTerms, PoolsInTheMiddle, UnknownCoverage: the version cannot follow.

    """
    product = _editable(work, product_id, expected_version)
    terms = draft.read_terms()
    last = _last_version(work, product.id)
    if draft.valid_from < last.valid_from:
        raise VersionTooEarly(earliest=last.valid_from.isoformat())
    if digest_of(terms) == last.digest:
        raise SameTerms(number=last.number)
    _check_pools(work, terms_of(work, [last.id])[last.id], terms, draft.valid_from)
    _check_coverage(work, terms, on=draft.valid_from)
    return _append(
        work, product, terms, number=last.number + 1, valid_from=draft.valid_from, reason=draft.reason
    )


def change_product(
    work: Work, product_id: UUID, changes: ProductChanges, *, expected_version: int
) -> Product:
    """Change name, window or conversion of a product; its terms change by a next version.

    Raises:
        NotFound, StaleVersion, Forbidden, ProductClosed: the product cannot be changed by the caller, or any more.
        ProductDatesInvalid, ConversionCycle: PRD-1.

    """
    product = _editable(work, product_id, expected_version)
    if "conversion_product_id" in changes.model_fields_set:
        _check_conversion(work, product.code, changes.conversion_product_id)
        product.conversion_product_id = changes.conversion_product_id
    product.name = changes.name or product.name
    product.date_from = changes.date_from or product.date_from
    if "date_to" in changes.model_fields_set:
        product.date_to = changes.date_to
    _check_dates(product.date_from, product.date_to)
    work.session.flush()
    return product


def close_product(work: Work, product_id: UUID, *, expected_version: int) -> Product:
    """Close a product today: nothing more is sold, its policies live on, its code is free.

    Raises:
        NotFound, StaleVersion, Forbidden, ProductClosed: the product cannot be closed by the caller, or again.

    """
    product = _editable(work, product_id, expected_version)
    product.closed_on = work.today()
    work.session.flush()
    return product


def delete_product(work: Work, product_id: UUID, *, expected_version: int) -> UUID:
    """Delete a product that was never sold; returns its id.

    Raises:
        NotFound, StaleVersion, Forbidden: the product cannot be deleted by the caller.
        ProductHasPolicies: it was sold; close it (PRD-1).

    """
    product = work.get(Product, product_id, expected_version=expected_version)
    work.require(EDIT_PRODUCTS, product.jurisdiction_id)
    with work.everywhere():
        sold = work.session.scalar(select(Policy.id).where(Policy.product_id == product.id).limit(1))
    if sold is not None:
        raise ProductHasPolicies
    product.current_version_id = None
    work.session.flush()
    for version in versions_of(work, [product.id])[product.id]:
        work.session.delete(version)
    work.session.flush()
    work.session.delete(product)
    work.session.flush()
    return product.id


def sales_of(work: Work, product_ids: Collection[UUID], *, on: date) -> dict[UUID, Sale]:
    """The products with the version that is sold on a day, in two statements; one without such a version is left out."""
    if not product_ids:
        return {}
    products = work.session.scalars(select(Product).where(Product.id.in_(product_ids))).all()
    rows = work.session.execute(
        select(ProductVersion.product_id, ProductVersion.id)
        .where(ProductVersion.product_id.in_(product_ids), ProductVersion.valid_from <= on)
        .order_by(ProductVersion.number)
    )
    latest = {row.product_id: row.id for row in rows}
    return {one.id: Sale(one, latest[one.id]) for one in products if one.id in latest}


def versions_of(work: Work, product_ids: Collection[UUID]) -> dict[UUID, list[ProductVersion]]:
    """The versions by product, the first one first, in one statement."""
    statement = select(ProductVersion).where(ProductVersion.product_id.in_(product_ids))
    found: dict[UUID, list[ProductVersion]] = {product_id: [] for product_id in product_ids}
    for version in work.session.scalars(statement.order_by(ProductVersion.number)):
        found[version.product_id].append(version)
    return found


def digest_of(terms: Terms) -> str:
    """SHA-256 of the terms in canonical form: equal terms have equal digests, however their numbers were written."""
    return hashlib.sha256(
        json.dumps(_canonical(terms.model_dump()), sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


def _canonical(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, Mapping):
        return {name: _canonical(inner) for name, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_canonical(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def _append(
    work: Work, product: Product, terms: Terms, *, number: int, valid_from: date, reason: str
) -> ProductVersion:
    version = ProductVersion(
        id=new_id(),
        product_id=product.id,
        number=number,
        valid_from=valid_from,
        terms=terms.model_dump(mode="json"),
        digest=digest_of(terms),
        reason=reason,
        made_at=work.now(),
        made_by=work.actor.id,
    )
    work.add(version)
    work.session.flush()
    product.current_version_id = version.id
    work.session.flush()
    return version


def _check_pools(work: Work, before: Terms, after: Terms, asked: date) -> None:
    possible = first_day_of_change(before.pools, after.pools, asked=asked, today=work.today())
    if possible != asked:
        raise PoolsInTheMiddle(asked=asked.isoformat(), earliest=possible.isoformat())


def _editable(work: Work, product_id: UUID, expected_version: int) -> Product:
    product = work.get(Product, product_id, expected_version=expected_version)
    work.require(EDIT_PRODUCTS, product.jurisdiction_id)
    if product.closed_on is not None:
        raise ProductClosed(code=product.code)
    return product


def _last_version(work: Work, product_id: UUID) -> ProductVersion:
    return versions_of(work, [product_id])[product_id][-1]


def _check_place(work: Work, place_id: UUID) -> None:
    kind = work.session.scalar(select(Jurisdiction.kind).where(Jurisdiction.id == place_id))
    if kind != ADMIN:
        raise NotFound(type="Jurisdiction")


def _check_dates(date_from: date, date_to: date | None) -> None:
    if date_to is not None and date_to < date_from:
        raise ProductDatesInvalid


def _refuse_taken(work: Work, code: str) -> None:
    taken = select(Product.id).where(Product.code == code, Product.closed_on.is_(None))
    if work.session.scalar(taken.limit(1)) is not None:
        raise ProductCodeTaken(code=code)


def _check_conversion(work: Work, code: str, conversion_id: UUID | None) -> None:
    """Refuse a conversion that leads back to the product; chains follow the products that are not closed."""
    if conversion_id is None:
        return
    columns = select(Product.id, Product.code, Product.conversion_product_id)
    rows = work.session.execute(columns.where(Product.closed_on.is_(None))).all()
    codes = {row.id: row.code for row in rows}
    if conversion_id not in codes:
        raise NotFound(type="Product")
    chain = {row.code: codes.get(row.conversion_product_id) for row in rows}
    check_conversion(code, codes[conversion_id], chain)


def _check_coverage(work: Work, terms: Terms, *, on: date) -> None:
    items = [line.code for line in terms.coverage if line.kind is LineKind.ITEM]
    services = [line.code for line in terms.coverage if line.kind is LineKind.SERVICE]
    known_items = items_by_code(work, items, on) if items else {}
    known_services = services_by_code(work, services, on) if services else {}
    missing = [code for code in items if code not in known_items]
    missing += [code for code in services if code not in known_services]
    if missing:
        raise UnknownCoverage(codes=", ".join(missing[:_CODES_SHOWN]))
