"""The contents of a package in one cell: ``I:PARA500*10@50;S:CONS1*1@2000``."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final
from uuid import UUID

from msingi.tabular import CellRefused, Parser
from msingi_catalogue.models import ServiceContent
from msingi_catalogue.services.inputs import ContentKind
from msingi_catalogue.services.packages import ContentDraft

_PART: Final = re.compile(
    r"(?P<kind>[IS]):(?P<code>[A-Z0-9][A-Z0-9 ._/:#+()-]{0,29})"
    r"\*(?P<quantity>[0-9]{1,9}(?:\.[0-9]{1,2})?)@(?P<price>[0-9]{1,15}(?:\.[0-9]{1,4})?)"
)


def parse_contents(exponent: int) -> Parser[tuple[ContentDraft, ...]]:
    """A parser of contents whose prices have the decimals of the currency; an empty cell is an empty package."""

    def parse(cell: str) -> tuple[ContentDraft, ...]:
        return tuple(_part(part.strip(), exponent) for part in cell.split(";") if part.strip())

    return parse


def write_parts(contents: Iterable[ServiceContent], codes: Mapping[UUID, str], exponent: int) -> str:
    """Contents as one cell, in the order of kinds and codes."""
    parts = []
    for content in contents:
        kind = ContentKind.ITEM if content.item_id else ContentKind.SERVICE
        code = next(codes[thing] for thing in (content.item_id, content.sub_service_id) if thing is not None)
        price = Decimal(content.price_minor).scaleb(-exponent)
        parts.append(f"{kind.value}:{code}*{content.quantity:f}@{price:f}")
    return ";".join(sorted(parts))


def _part(part: str, exponent: int) -> ContentDraft:
    match = _PART.fullmatch(part)
    if match is None:
        raise CellRefused("catalogue.contents_unreadable")
    quantity, price = Decimal(match["quantity"]), Decimal(match["price"]).scaleb(exponent)
    if not quantity or price != int(price):
        raise CellRefused("catalogue.contents_unreadable")
    return ContentKind(match["kind"]), match["code"].strip(), quantity, int(price)
