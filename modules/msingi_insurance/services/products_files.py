"""Products as files: read into the database, written from it; places and conversions by their codes (D-1)."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select

from msingi.errors import NotFound
from msingi.rbac.models import Jurisdiction
from msingi.work import Work
from msingi_insurance.models.product import Product, ProductVersion
from msingi_insurance.rules.product_file import ProductFile
from msingi_insurance.rules.terms import Terms
from msingi_insurance.services.products import add_version, create_product, digest_of
from msingi_insurance.services.products_drafts import ProductDraft, VersionDraft


class Loaded(StrEnum):
    """What became of a product file."""

    CREATED = "created"
    NEXT_VERSION = "next_version"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class LoadedProduct:
    """The product of a file, and what was done."""

    code: str
    outcome: Loaded
    version: int


def load_product(work: Work, file: ProductFile) -> LoadedProduct:
    """Add the product of a file, or its terms as a next version when they differ from the current ones.

    Raises:
        NotFound: the place or the conversion product is unknown.
        DomainError: the product is refused as over the API.

    """
    known = _open_product(work, file.code)
    if known is None:
        create_product(work, _draft(work, file))
        return LoadedProduct(file.code, Loaded.CREATED, 1)
    current = work.get(ProductVersion, known.current_version_id or known.id)
    if current.digest == digest_of(file.terms):
        return LoadedProduct(file.code, Loaded.UNCHANGED, current.number)
    draft = VersionDraft(
        valid_from=file.valid_from or max(work.today(), current.valid_from),
        reason=file.reason,
        terms=file.terms.model_dump(mode="json"),
    )
    made = add_version(work, known.id, draft, expected_version=known.version)
    return LoadedProduct(file.code, Loaded.NEXT_VERSION, made.number)


def product_file(work: Work, code: str) -> ProductFile:
    """The file of a product with its current terms.

    Raises:
        NotFound: no open product bears the code.

    """
    product = _open_product(work, code)
    if product is None:
        raise NotFound(type="Product")
    version = work.get(ProductVersion, product.current_version_id or product.id)
    place = work.get(Jurisdiction, product.jurisdiction_id)
    conversion = work.find(Product, product.conversion_product_id) if product.conversion_product_id else None
    return ProductFile.model_construct(  # a stored version is written as it is
        code=product.code,
        name=product.name,
        place=place.code,
        date_from=product.date_from,
        date_to=product.date_to,
        conversion=conversion.code if conversion else None,
        valid_from=version.valid_from,
        reason=version.reason,
        terms=Terms.model_validate(version.terms),
    )


def _draft(work: Work, file: ProductFile) -> ProductDraft:
    conversion = _open_product(work, file.conversion) if file.conversion else None
    if file.conversion and conversion is None:
        raise NotFound(type="Product")
    return ProductDraft(
        code=file.code,
        name=file.name,
        jurisdiction_id=_place(work, file.place),
        date_from=file.date_from,
        date_to=file.date_to,
        conversion_product_id=conversion.id if conversion else None,
        reason=file.reason,
        terms=file.terms.model_dump(mode="json"),
    )


def _open_product(work: Work, code: str) -> Product | None:
    return work.session.scalar(select(Product).where(Product.code == code, Product.closed_on.is_(None)))


def _place(work: Work, code: str) -> UUID:
    place_id = work.session.scalar(select(Jurisdiction.id).where(Jurisdiction.code == code))
    if place_id is None:
        raise NotFound(type="Jurisdiction")
    return place_id
