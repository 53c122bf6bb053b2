"""The lines of a claim at entry: what the register says of them, and the rows that they become."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from msingi.errors import DomainError
from msingi.ids import new_id
from msingi.money import MixedCurrencies, Money
from msingi_catalogue import CatalogueEntry, CatalogueItem, CatalogueService
from msingi_claims.errors import ExplanationNeeded, PriceTooHigh, QuantityTooLarge, UnknownEntry
from msingi_claims.services.drafts import LineDraft
from msingi_claims.services.registers import Registers
from msingi_insurance import LineKind

LINE_COLUMNS: Final = (
    *("id", "claim_id", "position", "kind", "code", "catalogue_id", "currency", "quantity"),
    *("price_asked_minor", "contents", "explanation"),
)


def check_lines(
    lines: Sequence[LineDraft], registers: Registers, day: date, *, currency: str, explains: bool
) -> list[DomainError]:
    """The first thing that is wrong with each line: its currency, its code, its quantity, its price."""
    found = (
        _problem(position, line, registers, day, currency=currency, explains=explains)
        for position, line in enumerate(lines, start=1)
    )
    return [problem for problem in found if problem is not None]


def line_rows(
    claim_id: UUID, lines: Sequence[LineDraft], registers: Registers, day: date
) -> Iterator[Sequence[Any]]:
    """The lines as rows, in their order."""
    for position, line in enumerate(lines, start=1):
        contents = (
            None
            if line.contents is None
            else [[one.kind.value, one.code, str(one.quantity)] for one in line.contents]
        )
        yield (
            *(new_id(), claim_id, position, line.kind, line.code),
            registers.id_of(line.kind, line.code, day),
            *(line.price.currency, line.quantity, line.price.minor, contents, line.explanation),
        )


def _problem(
    position: int, line: LineDraft, registers: Registers, day: date, *, currency: str, explains: bool
) -> DomainError | None:
    if line.price.currency != currency:
        return MixedCurrencies(left=line.price.currency, right=currency)
    if not registers.knows(line.kind, line.code, day):
        return UnknownEntry(position=position, code=line.code)
    if explains and line.kind is LineKind.SERVICE and line.quantity > 1 and not line.explanation:
        return ExplanationNeeded(position=position, code=line.code)
    return _above_maximum(position, line, registers.find(line.kind, line.code, day))


def _above_maximum(position: int, line: LineDraft, entry: CatalogueEntry | None) -> DomainError | None:
    """That an item is more than its register allows on one line, or a service dearer than one of it may be."""
    match entry:
        case CatalogueItem(max_quantity=Decimal() as quantity) if line.quantity > quantity:
            return QuantityTooLarge(position=position, most=f"{quantity.normalize():f}", code=line.code)
        case CatalogueService(max_amount=Decimal() as amount) if line.price.amount > amount:
            most = Money(amount, line.price.currency)
            return PriceTooHigh(position=position, most=str(most), code=line.code)
    return None
