"""The products of a country file, brought into the database: added, followed by a next version, or left as they are."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select

from msingi.rbac.models import Jurisdiction
from msingi.work import Work
from msingi_insurance.errors import UnknownCountryPlace
from msingi_insurance.models.product import Product, ProductVersion
from msingi_insurance.rules.product_file import CountryProduct
from msingi_insurance.services.products import add_version, create_product, digest_of
from msingi_insurance.services.products_drafts import ProductDraft, VersionDraft
from msingi_insurance.services.rollout import PlannedWave, plan_waves
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
        UnknownCountryPlace: a place is not in the tree.
        DomainError: a refusal of `create_product` or `add_version`.

    """
    applied = Applied()
    products = work.settings(InsuranceSettings).products
    places = _places(work, {code for given in products for code in _codes(given)})
    for given in products:
        product = _apply(work, given, places, applied)
        waves = {
            places[code]: PlannedWave(number, wave.starts_on)
            for number, wave in enumerate(given.waves, start=1)
            for code in wave.places
        }
        plan_waves(work, product.id, waves)
    return applied


def differing_products(work: Work) -> Applied:
    """What `apply_country_products` would do now, in one statement; places and waves are not compared."""
    found = Applied()
    products = work.settings(InsuranceSettings).products
    statement = (
        select(Product.code, ProductVersion.digest)
        .join(ProductVersion, ProductVersion.id == Product.current_version_id)
        .where(Product.code.in_([given.code for given in products]), Product.closed_on.is_(None))
    )
    digests = {row.code: row.digest for row in work.session.execute(statement)} if products else {}
    for given in products:
        if given.code not in digests:
            found.added.append(given.code)
        elif digests[given.code] == digest_of(given.terms):
            found.unchanged.append(given.code)
        else:
            found.followed.append(given.code)
    return found


def missing_places(work: Work) -> list[str]:
    """The places that products of the country file name and the tree has not; none while the tree is empty."""
    wanted = {code for given in work.settings(InsuranceSettings).products for code in _codes(given)}
    if not wanted or work.session.scalar(select(Jurisdiction.id).limit(1)) is None:
        return []
    return sorted(wanted - _known_places(work, wanted).keys())


def _codes(given: CountryProduct) -> Iterator[str]:
    yield given.place
    for wave in given.waves:
        yield from wave.places


def _apply(work: Work, given: CountryProduct, places: Mapping[str, UUID], applied: Applied) -> Product:
    known = work.session.scalar(
        select(Product).where(Product.code == given.code, Product.closed_on.is_(None))
    )
    if known is None:
        applied.added.append(given.code)
        return _add(work, given, places[given.place])
    current = work.get(ProductVersion, known.current_version_id or known.id)
    if current.digest == digest_of(given.terms):
        applied.unchanged.append(given.code)
        return known
    applied.followed.append(given.code)
    draft = VersionDraft(
        valid_from=_first_day(given, work.today(), current.valid_from),
        reason=given.reason,
        terms=given.terms.model_dump(mode="json"),
    )
    add_version(work, known.id, draft, expected_version=known.version)
    return known


def _add(work: Work, given: CountryProduct, place_id: UUID) -> Product:
    draft = ProductDraft(
        code=given.code,
        name=given.name,
        jurisdiction_id=place_id,
        date_from=given.date_from,
        date_to=given.date_to,
        reason=given.reason,
        terms=given.terms.model_dump(mode="json"),
    )
    return create_product(work, draft)


def _first_day(given: CountryProduct, today: date, last: date) -> date:
    return max(given.valid_from or today, last)


def _places(work: Work, codes: Collection[str]) -> dict[str, UUID]:
    """The places by code, in one statement."""
    found = _known_places(work, codes)
    for code in sorted(codes):
        if code not in found:
            raise UnknownCountryPlace(place=code)
    return found


def _known_places(work: Work, codes: Collection[str]) -> dict[str, UUID]:
    statement = select(Jurisdiction.code, Jurisdiction.id).where(Jurisdiction.code.in_(sorted(codes)))
    return {row.code: row.id for row in work.session.execute(statement)}
