"""What the rules of premiums need to know of a family and a product, read in a fixed number of statements."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import select

from msingi.rbac.models import Jurisdiction, JurisdictionClosure
from msingi.work import Work
from msingi_insurance.errors import NobodyToCover, NotAMember, NotStartedHere, ProductNotSold
from msingi_insurance.hooks import calendar_of
from msingi_insurance.models.family import Family, Insuree
from msingi_insurance.models.product import Product
from msingi_insurance.rules.people import Member
from msingi_insurance.rules.periods import ONE_DAY
from msingi_insurance.rules.plans import quote_under_plan
from msingi_insurance.rules.premium import Quote, QuoteRequest, Scheme, quote
from msingi_insurance.rules.renewal import ProductWindow
from msingi_insurance.rules.states import RELATIONSHIP_CODES, InsureeStatus, Stage
from msingi_insurance.rules.terms import Terms
from msingi_insurance.services.covers import may_be_covered
from msingi_insurance.services.policies_plans import PlanWish, plan_for
from msingi_insurance.services.products import Sale, sales_of, terms_of
from msingi_insurance.services.rollout import has_started
from msingi_insurance.settings import InsuranceSettings
from msingi_registry import Person


@dataclass(frozen=True, slots=True)
class Place:
    """A place above a family, or its village."""

    id: UUID
    code: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A product as it is sold to a family on a day, and what it costs the family."""

    sale: Sale
    terms: Terms
    quote: Quote
    plan_id: UUID | None = None
    """The contribution plan that was named."""
    value_rule: str = ""
    """Its calculation rule, when that set the value (PRM-7)."""
    named: tuple[UUID, ...] = ()
    """The members for whom alone it is, when they are not the whole family."""
    left_out: tuple[UUID, ...] = ()
    """The other members then."""


def offer_to(  # noqa: PLR0913 - everything that a price depends on
    work: Work,
    family: Family,
    product_id: UUID,
    *,
    stage: Stage,
    enrolled: date,
    previous_expiry: date | None = None,
    plan: PlanWish | None = None,
    begins: date | None = None,
    named: Collection[UUID] | None = None,
) -> Offer:
    """What a product costs a family, or the members who are ``named``, when, and for whom (PRM-1..PRM-8).

    A renewal is priced for the day of enrolment; whether the product is sold is asked about the first day after the
    policy before it (POL-8), or about ``begins``, the first day that a contract names.

    Raises:
        NotFound: there is no such product.
        ProductNotSold: not on that day, or not in the family's place.
        NotStartedHere: its wave has not reached the family's place (TZA-07).
        NobodyToCover: the family has no active member.
        NotAMember: somebody who is named is not of the family.
        PlanNotOffered, MixedCurrencies: the contribution plan cannot set the value (PRM-7).

    """
    places = places_above(work, family.jurisdiction_id)
    if begins is None:
        begins = enrolled if previous_expiry is None else max(enrolled, previous_expiry + ONE_DAY)
    sale = _sale(work, product_id, enrolled=enrolled, begins=begins)
    _require_sold(work, sale.product, begins, {place.id for place in places})
    left_out = () if named is None else _left_out(work, family.id, named)
    only = tuple(sorted(set(named))) if named and left_out else ()
    members = _to_cover(work, family.id, left_out)
    terms = terms_of(work, [sale.version_id])[sale.version_id]
    request = QuoteRequest(
        stage=stage,
        enrolled=enrolled,
        members=members,
        places=tuple(place.code for place in places),
        previous_expiry=previous_expiry,
    )
    return replace(_offer(work, sale, terms, request, plan), named=only, left_out=left_out)


def _left_out(work: Work, family_id: UUID, named: Collection[UUID]) -> tuple[UUID, ...]:
    """The members who are not named, in the order of their ids."""
    members = set(
        work.session.scalars(
            select(Insuree.id).where(Insuree.family_id == family_id, Insuree.valid_to.is_(None))
        )
    )
    if not members.issuperset(named):
        raise NotAMember
    return tuple(sorted(members.difference(named)))


def _require_sold(work: Work, product: Product, day: date, places: set[UUID]) -> None:
    if not is_sold(product, day, places):
        raise ProductNotSold(code=product.code, day=day.isoformat())
    if not has_started(work, product.id, places, day):
        raise NotStartedHere(product=product.code, day=day.isoformat())


def _to_cover(work: Work, family_id: UUID, left_out: Collection[UUID]) -> tuple[Member, ...]:
    members = family_members(work, family_id)
    chosen = tuple(member for member in members if UUID(member.id) not in left_out)
    if not chosen:
        raise NobodyToCover
    return chosen


def _offer(work: Work, sale: Sale, terms: Terms, request: QuoteRequest, plan: PlanWish | None) -> Offer:
    """The quote of the product, or the one under the plan that is named, with the rule that set the value (PRM-7)."""
    if plan is None:
        return Offer(sale, terms, quote(terms, request, scheme_of(work)))
    ask = plan_for(work, plan, sale.product, on=request.enrolled, months=terms.insurance_period)
    quoted, calculated = quote_under_plan(terms, request, scheme_of(work), ask)
    return Offer(sale, terms, quoted, plan.plan_id, calculated.rule if quoted.from_plan else "")


def _sale(work: Work, product_id: UUID, *, enrolled: date, begins: date) -> Sale:
    """The product under the version of the enrolment, or of the first day when it opens in between."""
    for day in dict.fromkeys((enrolled, begins)):
        sale = sales_of(work, [product_id], on=day).get(product_id)
        if sale is not None:
            return sale
    raise ProductNotSold(code=work.get(Product, product_id).code, day=begins.isoformat())


def scheme_of(work: Work) -> Scheme:
    """What the whole scheme decides once."""
    settings = work.settings(InsuranceSettings)
    return settings.scheme(work.platform.profile.currency, calendar_of(work))


def family_members(work: Work, family_id: UUID) -> tuple[Member, ...]:
    """The active members as premiums see them, the head first, the others as they joined; wherever they were registered."""
    statement = (
        select(Insuree.id, Insuree.is_head, Insuree.relationship_to_head, Insuree.photo_on, Person.birth_date)
        .join(Person, Person.id == Insuree.person_id)
        .where(
            Insuree.family_id == family_id,
            Insuree.valid_to.is_(None),
            Insuree.status == InsureeStatus.ACTIVE,
        )
        .order_by(Insuree.is_head.desc(), Insuree.id)
    )
    with work.everywhere():
        rows = work.session.execute(statement).all()
    return tuple(
        Member(str(row.id), row.birth_date or date.min, RELATIONSHIP_CODES.get(row.relationship_to_head, ""))
        for row in rows
        if may_be_covered(work, row.photo_on)
    )


def places_above(work: Work, place_id: UUID) -> list[Place]:
    """The places from the country down to this one, in one statement."""
    rows = work.session.execute(
        select(Jurisdiction.id, Jurisdiction.code)
        .join(JurisdictionClosure, JurisdictionClosure.ancestor_id == Jurisdiction.id)
        .where(JurisdictionClosure.descendant_id == place_id)
        .order_by(JurisdictionClosure.depth.desc())
    )
    return [Place(row.id, row.code) for row in rows]


def is_sold(product: Product, day: date, places: Iterable[UUID]) -> bool:
    """Whether a product is sold on a day in a place below its own (PRD-1)."""
    return window_of(product).sold_on(day) and product.jurisdiction_id in set(places)


def window_of(product: Product) -> ProductWindow:
    """When a product is sold; its id stands for the code, which a closed product may share with another."""
    ends = [day for day in (product.date_to, product.closed_on) if day is not None]
    conversion = product.conversion_product_id
    return ProductWindow(
        str(product.id), product.date_from, min(ends, default=None), str(conversion) if conversion else None
    )
