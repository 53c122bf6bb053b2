"""Prices of items, services and packages, exact and in major units (PRD-11, ADJ-2, D-3)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID


def price_in_force(override: Decimal | None, catalogue: Decimal) -> Decimal:
    """The list price: the price of the line when it has one, 0 included, else that of the catalogue (D-3)."""
    return catalogue if override is None else override


def capped_price(asked: Decimal, service_price: Decimal) -> Decimal:
    """The price of a fixed package: what is asked, at most the price of the service."""
    return min(asked, service_price)


@dataclass(frozen=True, slots=True)
class Content:
    """Something in a package: an item or a service, how many, and the price of one inside the package."""

    id: UUID
    quantity: Decimal
    price: Decimal


@dataclass(frozen=True, slots=True)
class ContentDifference:
    """An item or a service of which a claim provides another quantity than the package defines."""

    id: UUID
    defined: Decimal
    provided: Decimal


def package_price(contents: Iterable[Content]) -> Decimal:
    """The price of a priced package: the sum of its contents."""
    return sum((content.quantity * content.price for content in contents), Decimal(0))


def content_differences(
    contents: Iterable[Content], provided: Mapping[UUID, Decimal]
) -> tuple[ContentDifference, ...]:
    """Where a claim departs from the package, missing and foreign contents included; empty when all match."""
    defined: dict[UUID, Decimal] = {}
    for content in contents:
        defined[content.id] = defined.get(content.id, Decimal(0)) + content.quantity
    differences = (
        ContentDifference(thing, defined.get(thing, Decimal(0)), provided.get(thing, Decimal(0)))
        for thing in dict.fromkeys((*defined, *provided))
    )
    return tuple(one for one in differences if one.defined != one.provided)
