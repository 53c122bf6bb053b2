"""Card checks for many at once: who lives below a place, covered by what, and what is left of it (POL-10, CLM-F7)."""

import base64
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from msingi.actor import Scope
from msingi.scoping import scope_criterion, subtree_of
from msingi.work import Work
from msingi_insurance.hooks import InsuranceHooks
from msingi_insurance.models.family import Insuree, InsureePhoto
from msingi_insurance.models.product import Product
from msingi_insurance.rules.allowances import AmountLeft, ceiling_left, deductible_left
from msingi_insurance.rules.consumption import Consumed
from msingi_insurance.rules.cover import CoverReason
from msingi_insurance.rules.states import PolicyStatus
from msingi_insurance.services.covers_book import PersonCover, covers_at
from msingi_insurance.services.products_terms import terms_of
from msingi_registry import Person


@dataclass(frozen=True, slots=True)
class CardCover:
    """A policy whose period holds the day, and what is left of it for the insuree."""

    product_code: str
    product_name: str
    status: PolicyStatus
    reason: CoverReason
    expiry: date
    deductible: AmountLeft | None
    ceiling: AmountLeft | None


@dataclass(frozen=True, slots=True)
class Card:
    """What a card check shows of one insuree."""

    insuree_id: UUID
    number: str
    given_name: str
    family_name: str
    birth_date: date | None
    covers: tuple[CardCover, ...]
    photo: bytes | None = None


@dataclass(frozen=True, slots=True)
class CardPage:
    """Cards in the order of their insurees, and after which one the next page begins; None at the end."""

    cards: tuple[Card, ...]
    after: UUID | None


def cards_below(
    work: Work, place_id: UUID, *, on: date, most: int, after: UUID | None = None, with_photos: bool = False
) -> CardPage:
    """The cards of insurees who live below a place, at most so many; a number of statements that does not grow.

    The caller's scope limits the insurees; persons, policies and care count wherever they are (D-28).
    """
    statement = _insurees(work.scope, place_id, after).limit(most + 1)
    with work.everywhere():
        rows = work.session.execute(statement).all()
    shown = rows[:most]
    ids = [row.id for row in shown]
    photos = _photos(work, ids) if with_photos and ids else {}
    with work.everywhere():
        covers = covers_at(work, ids, on)
        found = _left(work, covers, on)
    cards = tuple(
        Card(
            row.id,
            *(row.number, row.given_name, row.family_name, row.birth_date),
            tuple(found[one.policy_id, row.id] for one in covers[row.id]),
            photos.get(row.id),
        )
        for row in shown
    )
    return CardPage(cards, ids[-1] if len(rows) > most else None)


def _insurees(scope: Scope, place_id: UUID, after: UUID | None) -> Any:
    statement = (
        select(
            *(Insuree.id, Insuree.number, Person.given_name, Person.family_name, Person.birth_date),
        )
        .join(Person, Person.id == Insuree.person_id)
        .where(Insuree.jurisdiction_id.in_(subtree_of([place_id])), Insuree.valid_to.is_(None))
        .order_by(Insuree.id)
    )
    inside = scope_criterion(Insuree.jurisdiction_id, scope)
    if inside is not None:
        statement = statement.where(inside)
    return statement if after is None else statement.where(Insuree.id > after)


def _left(
    work: Work, covers: Mapping[UUID, Sequence[PersonCover]], on: date
) -> dict[tuple[UUID, UUID], CardCover]:
    """The covers with what is left, by policy and insuree."""
    every = [one for several in covers.values() for one in several]
    if not every:
        return {}
    products = work.by_ids(Product, {one.product_id for one in every})
    versions = terms_of(work, {one.product_version_id for one in every})
    consumed = _consumed(work, [one for one in every if one.covered], on)
    found = {}
    for one in every:
        key = (one.policy_id, one.insuree_id)
        terms, used = (
            versions[one.product_version_id],
            consumed.get(key) or Consumed(policy_id=one.policy_id, insuree_id=one.insuree_id),
        )
        product = products[one.product_id]
        found[key] = CardCover(
            *(product.code, product.name, one.status, one.reason, one.cover_to),
            deductible_left(terms.deductible, used.deducted) if one.covered else None,
            ceiling_left(terms, used.paid, members=one.members) if one.covered else None,
        )
    return found


def _consumed(work: Work, covers: Sequence[PersonCover], on: date) -> dict[tuple[UUID, UUID], Consumed]:
    if not covers:
        return {}
    answers = work.ask(InsuranceHooks.consumption)(
        work=work,
        policy_ids={one.policy_id for one in covers},
        insuree_ids={one.insuree_id for one in covers},
        on=on,
    )
    return {(one.policy_id, one.insuree_id): one for answer in answers for one in answer}


def _photos(work: Work, insuree_ids: Collection[UUID]) -> dict[UUID, bytes]:
    """The current photo of each, in one statement; an earlier one is overwritten by a later one."""
    statement = (
        select(InsureePhoto.insuree_id, InsureePhoto.content)
        .where(InsureePhoto.insuree_id.in_(list(insuree_ids)), InsureePhoto.rejected == "")
        .order_by(InsureePhoto.taken_on, InsureePhoto.id)
    )
    return {row.insuree_id: base64.b64decode(row.content) for row in work.session.execute(statement)}
