"""The products of a country file, brought into the database: added, followed by a next version, or left as they are."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select

from msingi.errors import NotFound
from msingi.rbac.models import Jurisdiction
from msingi.work import Work
from msingi_insurance.models.product import Product, ProductVersion
from msingi_insurance.rules.product_file import CountryProduct
from msingi_insurance.services.products import add_version, create_product, digest_of
from msingi_insurance.services.products_drafts import ProductDraft, VersionDraft
from msingi_insurance.services.rollout import plan_rollout
from msingi_insurance.settings import InsuranceSettings


@dataclass(slots=True)
class Applied:
    """What became of the products of a country file, by code."""

    added: list[str] = field(default_factory=list)
    followed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


def apply_country_products(work: Work) -> Applied:
    """Bring the products of the country file into the database; a second run changes nothing.

    Raises:
        NotFound: a place is not in the tree.
        DomainError: a refusal of `create_product` or `add_version`.

    """
    applied = Applied()
    for given in work.settings(InsuranceSettings).products:
        product = _apply(work, given, applied)
        for number, wave in enumerate(given.waves, start=1):
            for code in wave.places:
                place_id = _place(work, code)
                plan_rollout(work, product.id, place_id, wave=number, starts_on=wave.starts_on)
    return applied


def _apply(work: Work, given: CountryProduct, applied: Applied) -> Product:
    known = work.session.scalar(
        select(Product).where(Product.code == given.code, Product.closed_on.is_(None))
    )
    if known is None:
        applied.added.append(given.code)
        return _add(work, given)
    current = work.get(ProductVersion, known.current_version_id or known.id)
    if current.digest == digest_of(given.terms):
        applied.unchanged.append(given.code)
        return known
    applied.followed.append(given.code)
    draft = VersionDraft(
        valid_from=_first_day(given, work.today(), current.valid_from),
        reason=given.reason,
        terms=given.terms.model_dump(mode="json"),  # type: ignore[arg-type]  # JSON on the wire
    )
    add_version(work, known.id, draft, expected_version=known.version)
    return known


def _add(work: Work, given: CountryProduct) -> Product:
    draft = ProductDraft(
        code=given.code,
        name=given.name,
        jurisdiction_id=_place(work, given.place),
        date_from=given.date_from,
        date_to=given.date_to,
        reason=given.reason,
        terms=given.terms.model_dump(mode="json"),  # type: ignore[arg-type]  # JSON on the wire
    )
    return create_product(work, draft)


def _first_day(given: CountryProduct, today: date, last: date) -> date:
    return max(given.valid_from or today, last)


def _place(work: Work, code: str) -> UUID:
    place_id = work.session.scalar(select(Jurisdiction.id).where(Jurisdiction.code == code))
    if place_id is None:
        raise NotFound(type=f"Jurisdiction {code}")
    return place_id
