"""The columns of lists: how each cell is read."""

import re
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, TypeVar

from msingi.money import MAX_MINOR
from msingi.tabular import CellRefused, Column, Parser, cells, neutralise
from msingi_catalogue.imports.contents import parse_contents
from msingi_catalogue.rules.kinds import ItemType, PackageType, ServiceCategory, ServiceLevel, ServiceType
from msingi_catalogue.services.inputs import CODE_PATTERN, PricedKind
from msingi_registry import CareType

_CODE: Final = re.compile(CODE_PATTERN)
_CODE_LENGTH: Final = 30
_States = TypeVar("_States", bound=StrEnum)
_TRUTH: Final = {
    "true": True,
    "yes": True,
    "oui": True,
    "1": True,
    "false": False,
    "no": False,
    "non": False,
    "0": False,
}
_optional = cells.optional


def item_columns(exponent: int) -> tuple[Column, ...]:
    """Columns of lists of items; prices have the decimals of the currency."""
    return (
        *_entry_columns(),
        _column("type", _words(ItemType)),
        _column("package", _text(250)),
        *_term_columns(exponent),
        _column("max_quantity", _quantity()),
    )


def service_columns(exponent: int) -> tuple[Column, ...]:
    """Columns of lists of services; prices have the decimals of the currency."""
    return (
        *_entry_columns(),
        _column("type", _words(ServiceType)),
        _column("package_type", _words(PackageType)),
        _column("manual_price", cells.choice(_TRUTH)),
        _column("level", _words(ServiceLevel)),
        _column("category", _words(ServiceCategory)),
        *_term_columns(exponent),
        _column("max_amount", _amount(exponent), "max_amount_minor"),
        Column("contents", "contents", parse_contents(exponent), required=False),
    )


def diagnosis_columns() -> tuple[Column, ...]:
    """Columns of lists of diagnoses."""
    return (
        *_entry_columns(),
        _column("classification", _text(30)),
        _column("classification_version", _text(30)),
    )


def price_columns(exponent: int) -> tuple[Column, ...]:
    """Columns of price lists; an empty price takes that of the catalogue, 0 is free (D-3)."""
    return (
        Column("list", "price_list", read_code),
        Column("kind", "kind", _words(PricedKind)),
        Column("code", "code", read_code),
        _column("price", _amount(exponent), "price_minor"),
        _column("valid_from", cells.date(), "since"),
    )


def read_code(cell: str) -> str:
    """A code: capitals and digits; small letters are taken as capitals."""
    code = cells.text(maximum=_CODE_LENGTH)(cell).strip().upper()
    if not _CODE.fullmatch(code):
        raise CellRefused("catalogue.code_invalid")
    return code


def _entry_columns() -> tuple[Column, ...]:
    return (
        Column("code", "code", read_code),
        _column("name_fr", _text(250)),
        _column("name_en", _text(250)),
        _column("source", _text(100)),
        _column("valid_from", cells.date(), "since"),
    )


def _term_columns(exponent: int) -> tuple[Column, ...]:
    return (
        _column("price", _amount(exponent), "price_minor"),
        _column("care_type", _words(CareType)),
        _column("frequency_days", cells.integer(minimum=0, maximum=36_500)),
        _column("patient_mask", cells.integer(minimum=0, maximum=15)),
    )


def _column(name: str, parse: Parser[Any], field: str | None = None) -> Column:
    return Column(name, field or name, _optional(parse), required=False)


def _text(maximum: int) -> Parser[str]:
    read = cells.text(maximum=maximum)

    def parse(cell: str) -> str:
        text = read(cell).strip()
        kept = text.removeprefix("'")
        return kept if neutralise(kept) == text else text  # an export made it harmless

    return parse


def _words(states: type[_States]) -> Parser[_States]:
    return cells.choice({state.value: state for state in states})


def _quantity() -> Parser[Decimal]:
    return cells.decimal(minimum=Decimal("0.01"), maximum=Decimal(10**9), places=2)


def _amount(exponent: int) -> Parser[int]:
    most = Decimal(MAX_MINOR).scaleb(-exponent - 3)
    read = cells.decimal(minimum=Decimal(0), maximum=most, places=exponent)
    return lambda cell: int(read(cell).scaleb(exponent))
