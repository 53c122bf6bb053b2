"""The card check: whether somebody is covered on a day, by what, and what is left of it (POL-10, D-28, TZA-15)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import BindParameter, Uuid, bindparam, select, union_all

from msingi.errors import NotFound
from msingi.work import Work
from msingi_catalogue import CatalogueEntry, items_by_code, services_by_code
from msingi_insurance.hooks import InsuranceHooks, calendar_of
from msingi_insurance.models.family import FormerNumber, Insuree
from msingi_insurance.models.product import Product
from msingi_insurance.rules.allowances import (
    AmountLeft,
    CategoryLeft,
    LineLeft,
    Standing,
    categories_left,
    ceiling_left,
    deductible_left,
    line_left,
    not_covered,
)
from msingi_insurance.rules.consumption import Consumed, LineKey
from msingi_insurance.rules.cover import CoverReason
from msingi_insurance.rules.people import is_adult
from msingi_insurance.rules.terms import LineKind
from msingi_insurance.rules.trace import render
from msingi_insurance.services.covers_book import PersonCover, covers_at
from msingi_insurance.services.products_terms import terms_of
from msingi_insurance.settings import InsuranceSettings
from msingi_registry import Person

_NUMBER: Final[BindParameter[str]] = bindparam("number")
_WHO: Final = (
    select(
        Insuree.id,
        Insuree.number,
        Insuree.person_id,
        Insuree.jurisdiction_id,
        Person.given_name,
        Person.family_name,
        Person.birth_date,
    )
    .join(Person, Person.id == Insuree.person_id)
    .limit(1)
)
_BY_ID: Final = _WHO.where(Insuree.id == bindparam("id", type_=Uuid()))
_BY_NUMBER: Final = _WHO.where(
    Insuree.id
    == union_all(
        select(Insuree.id).where(Insuree.number == _NUMBER),
        select(FormerNumber.insuree_id).where(FormerNumber.number == _NUMBER),
    )
    .limit(1)
    .scalar_subquery()
)
MOST_LINES: Final = 100
"""Items and services that one enquiry asks about."""
NO_POLICY: Final = "Not covered: there is no policy for this day."
"""What is said when nothing can be explained; a key of the catalogue."""


@dataclass(frozen=True, slots=True)
class CheckedInsuree:
    """Who was asked about; names are shown to those who may read insurees."""

    id: UUID
    number: str
    person_id: UUID
    jurisdiction_id: UUID
    given_name: str
    family_name: str
    birth_date: date | None


@dataclass(frozen=True, slots=True)
class CheckedCover:
    """How the insuree stands under one policy on the day."""

    cover: PersonCover
    product: Product
    deductible: AmountLeft | None
    ceiling: AmountLeft | None
    categories: tuple[CategoryLeft, ...]
    lines: tuple[LineLeft, ...]


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The answer to an enquiry; the policies that cover come first, the others say why not."""

    insuree: CheckedInsuree
    on: date
    covered: bool
    reason: CoverReason
    explanation: str
    covers: tuple[CheckedCover, ...]


def check_eligibility(
    work: Work,
    *,
    number: str | None,
    insuree_id: UUID | None,
    on: date,
    items: Sequence[str] = (),
    services: Sequence[str] = (),
) -> Eligibility:
    """Whether an insuree is covered on a day, and what is left; wherever the insuree lives.

    Read from the tables at every enquiry, never from a memory (D-28). The line of the audit trail is the caller's.

    Raises:
        NotFound: nobody bears or bore the number.

    """
    with work.everywhere():
        insuree = _find(work, number=number, insuree_id=insuree_id)
        covers = covers_at(work, [insuree.id], on)[insuree.id]
        covers = tuple(one for one in covers if one.covered) or covers
        checked = _check(work, insuree, covers, on, _keys(items, services))
    reason = covers[0].reason if covers else CoverReason.NO_POLICY
    return Eligibility(
        insuree=insuree,
        on=on,
        covered=reason is CoverReason.COVERED,
        reason=reason,
        explanation=_explained(work, covers),
        covers=checked,
    )


def _check(
    work: Work, insuree: CheckedInsuree, covers: Sequence[PersonCover], on: date, keys: Sequence[LineKey]
) -> tuple[CheckedCover, ...]:
    holding = [one for one in covers if one.covered]
    products = work.by_ids(Product, {one.product_id for one in covers})
    if not holding:
        return tuple(CheckedCover(one, products[one.product_id], None, None, (), ()) for one in covers)
    consumed = _consumed(work, holding, on)
    entries = _entries(work, keys, on)
    return tuple(
        _checked(work, insuree, one, products[one.product_id], consumed, entries, on) for one in holding
    )


def _checked(
    work: Work,
    insuree: CheckedInsuree,
    cover: PersonCover,
    product: Product,
    consumed: Mapping[UUID, Consumed],
    entries: Mapping[LineKey, CatalogueEntry | None],
    on: date,
) -> CheckedCover:
    terms = terms_of(work, [cover.product_version_id])[cover.product_version_id]
    used = consumed.get(cover.policy_id, Consumed(policy_id=cover.policy_id, insuree_id=insuree.id))
    majority = work.settings(InsuranceSettings).age_of_majority
    standing = Standing(
        terms=terms,
        stage=cover.stage,
        cover_from=cover.cover_from or cover.start_date,
        policy_effective=cover.effective_date,
        members=cover.members,
        adult=is_adult(insuree.birth_date or date.min, on, age_of_majority=majority),
        consumed=used,
        calendar=calendar_of(work),
    )
    return CheckedCover(
        cover=cover,
        product=product,
        deductible=deductible_left(terms.deductible, used.deducted),
        ceiling=ceiling_left(terms, used.paid, members=cover.members),
        categories=categories_left(terms, used),
        lines=tuple(
            not_covered(key)
            if entry is None
            else line_left(standing, key, on=on, frequency_days=entry.frequency_days)
            for key, entry in entries.items()
        ),
    )


def _consumed(work: Work, covers: Sequence[PersonCover], on: date) -> dict[UUID, Consumed]:
    answers = work.ask(InsuranceHooks.consumption)(
        work=work,
        policy_ids=[one.policy_id for one in covers],
        insuree_ids=[covers[0].insuree_id],
        on=on,
    )
    return {one.policy_id: one for answer in answers for one in answer}


def _entries(work: Work, keys: Sequence[LineKey], on: date) -> dict[LineKey, CatalogueEntry | None]:
    """What the catalogue says of items and services on a day; None of what it does not hold then (CLM-2, check 1)."""
    items = [code for kind, code in keys if kind is LineKind.ITEM]
    services = [code for kind, code in keys if kind is LineKind.SERVICE]
    known: dict[LineKind, Mapping[str, CatalogueEntry]] = {
        LineKind.ITEM: items_by_code(work, items, on) if items else {},
        LineKind.SERVICE: services_by_code(work, services, on) if services else {},
    }
    return {(kind, code): known[kind].get(code) for kind, code in keys}


def _keys(items: Sequence[str], services: Sequence[str]) -> list[LineKey]:
    keys = [*((LineKind.ITEM, code) for code in items), *((LineKind.SERVICE, code) for code in services)]
    return list(dict.fromkeys(keys))[:MOST_LINES]


def _find(work: Work, *, number: str | None, insuree_id: UUID | None) -> CheckedInsuree:
    asked = (_BY_ID, {"id": insuree_id}) if number is None else (_BY_NUMBER, {"number": number})
    row = next(iter(work.session.rows(*asked)), None)
    if row is None:
        raise NotFound(type="Insuree")
    return CheckedInsuree(*row)


def _explained(work: Work, covers: Sequence[PersonCover]) -> str:
    """Why the insuree is covered or not, in the reader's language (INS-A4)."""
    texts = work.platform.texts
    if not covers:
        return texts.get(NO_POLICY, work.language)
    currency = work.platform.profile.currency
    return render([covers[0].cover.step], texts, language=work.language, currency=currency)[0]
