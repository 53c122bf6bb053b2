"""The base price of one unit of a line (ADJ-2, step 2)."""

from decimal import Decimal
from typing import Final, NamedTuple

from msingi_catalogue import PackageType
from msingi_claims.rules.codes import StepKind
from msingi_claims.rules.compiled import CompiledProduct
from msingi_claims.rules.values import LineInput
from msingi_insurance import PriceOrigin

ZERO: Final = Decimal(0)
# Bound once: an attribute of an enumeration costs as much as the step that uses it.
_PRICE_LIST: Final = PriceOrigin.PRICE_LIST
_PRICED_PACKAGE: Final = PackageType.PRICED
_PRICE: Final = StepKind.PRICE
WITHOUT_LIST: Final = {
    origin: f"{origin}-register" for origin in PriceOrigin if origin is not PriceOrigin.CLAIM
}
"""What makes the price of a line of the register that a reviewer passed although no list of the facility holds it."""
WITHOUT_REGISTER: Final = {origin: f"{origin}-asked" for origin in WITHOUT_LIST}
"""What makes the price of one that the register does not hold either."""


class BasePrice(NamedTuple):
    """The base price of one, and the step that made it."""

    amount: Decimal
    made_by: StepKind


def base_price(line: LineInput, origin: PriceOrigin, product: CompiledProduct) -> BasePrice:
    """The reviewer's price when there is one, 0 included (D-2, D-3); else by the origin of the price.

    A priced package whose contents differ from its definition is worth 0.
    """
    if line.review is not None and line.review.price is not None:
        return BasePrice(line.review.price, StepKind.REVIEWER_PRICE)
    if _is_wrong_package(line):
        return BasePrice(ZERO, StepKind.CARE_PACKAGE)
    return BasePrice(_by_origin(line, origin, product), _PRICE)


def price_source(line: LineInput, origin: PriceOrigin) -> str:
    """What makes a price by its origin: the origin itself, or what stands in where no list of the facility holds the line."""
    if origin is PriceOrigin.CLAIM or (line.listed is not None and line.listed.override is not None):
        return origin
    if line.entry is None:
        return WITHOUT_REGISTER[origin]
    return origin if line.listed is not None else WITHOUT_LIST[origin]


def list_price(line: LineInput) -> Decimal:
    """The price of the facility's list: its own one, 0 included (D-3), or the register's.

    What is not in the register either, and was passed by a reviewer, has the price that was asked.
    """
    if line.listed is not None and line.listed.override is not None:
        return line.listed.override
    return line.price_asked if line.entry is None else line.entry.price


def _by_origin(line: LineInput, origin: PriceOrigin, product: CompiledProduct) -> Decimal:
    if origin is _PRICE_LIST:
        listed = list_price(line)
        return listed if product.pays_list_price else min(line.price_asked, listed)
    return _asked(line) if origin is PriceOrigin.CLAIM else list_price(line)


def _asked(line: LineInput) -> Decimal:
    """What was asked; a fixed package never costs more than the register says."""
    if line.entry is not None and line.entry.package_type is PackageType.FIXED:
        return min(line.price_asked, line.entry.price)
    return line.price_asked


def _is_wrong_package(line: LineInput) -> bool:
    entry = line.entry
    return entry is not None and entry.package_type is _PRICED_PACKAGE and line.contents != entry.contents
