"""Lists out, in the columns of the imports: read back with replace they change nothing (attack 63)."""

import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_, select

from msingi.money import exponent_of
from msingi.tabular import Cell, Column, write_csv, write_json, write_xlsx, write_xml
from msingi.work import Work
from msingi_catalogue.errors import UnknownFormat, UnknownRegister
from msingi_catalogue.imports.columns import diagnosis_columns, item_columns, price_columns, service_columns
from msingi_catalogue.imports.contents import write_parts
from msingi_catalogue.imports.strategy import ListKind
from msingi_catalogue.models import Diagnosis, MedicalItem, MedicalService, PriceList
from msingi_catalogue.services.packages import contents_of
from msingi_catalogue.services.price_lists import priced_on

_Rows = Iterable[Sequence[Cell]]
_List = tuple[Sequence[str], _Rows]

WRITERS: Final[Mapping[str, tuple[Callable[..., None], str]]] = MappingProxyType(
    {
        "csv": (write_csv, "text/csv; charset=utf-8"),
        "xlsx": (write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        "json": (write_json, "application/json"),
        "xml": (write_xml, "application/xml"),
    }
)
"""How each format is written, and its media type."""


def export_list(work: Work, kind: str, form: str) -> bytes:
    """What a register or the price lists hold today, as a file.

    Raises:
        UnknownRegister: there are no lists of this kind.
        UnknownFormat: lists are not written in this format.

    """
    if kind not in _LISTS:
        raise UnknownRegister(kind=kind[:40], kinds=", ".join(_LISTS))
    if form not in WRITERS:
        raise UnknownFormat(form=form[:10], forms=", ".join(WRITERS))
    header, rows = _LISTS[kind](work)
    target = io.BytesIO()
    WRITERS[form][0](target, header, rows)
    return target.getvalue()


def _items(work: Work) -> _List:
    return _register(work, MedicalItem, item_columns(_exponent(work)))


def _diagnoses(work: Work) -> _List:
    return _register(work, Diagnosis, diagnosis_columns())


def _services(work: Work) -> _List:
    entries = _live(work, MedicalService)
    contents = contents_of(work, [entry.id for entry in entries], work.today())
    things = {
        thing
        for parts in contents.values()
        for part in parts
        for thing in (part.item_id, part.sub_service_id)
        if thing is not None
    }
    codes = _codes(work, things)
    exponent = _exponent(work)
    columns = service_columns(exponent)
    rows = (
        [
            write_parts(contents[entry.id], codes, exponent) or None
            if column.name == "contents"
            else _cell(entry, column, exponent)
            for column in columns
        ]
        for entry in entries
    )
    return [column.name for column in columns], rows


def _price_lists(work: Work) -> _List:
    exponent = _exponent(work)
    return [column.name for column in price_columns(exponent)], _price_rows(work, exponent)


def _price_rows(work: Work, exponent: int) -> Iterator[Sequence[Cell]]:
    lists = work.session.scalars(select(PriceList).order_by(PriceList.code)).all()
    for price_list in lists:
        for (kind, code), line in sorted(priced_on(work, price_list).items()):
            minor = line.price_override_minor
            price = None if minor is None else Decimal(minor).scaleb(-exponent)
            yield [price_list.code, kind.value, code, price, line.valid_from]


def _register(work: Work, model: Any, columns: Sequence[Column]) -> _List:
    exponent = _exponent(work)
    rows = ([_cell(entry, column, exponent) for column in columns] for entry in _live(work, model))
    return [column.name for column in columns], rows


def _live(work: Work, model: Any) -> Sequence[Any]:
    holding = or_(model.valid_to.is_(None), model.valid_to >= work.today())
    return work.session.scalars(select(model).where(holding).order_by(model.code)).all()


def _cell(entry: Any, column: Column, exponent: int) -> Cell:
    value = getattr(entry, "valid_from" if column.field == "since" else column.field)
    if value is not None and column.field.endswith("_minor"):
        return Decimal(value).scaleb(-exponent)
    return value.value if isinstance(value, StrEnum) else value


def _codes(work: Work, things: Iterable[UUID]) -> dict[UUID, str]:
    wanted = list(things)
    found: dict[UUID, str] = {}
    for model in (MedicalItem, MedicalService):
        found.update(work.session.execute(select(model.id, model.code).where(model.id.in_(wanted))).all())
    return found


def _exponent(work: Work) -> int:
    return exponent_of(work.platform.profile.currency)


_LISTS: Final[Mapping[str, Callable[[Work], _List]]] = MappingProxyType(
    {
        ListKind.ITEMS.value: _items,
        ListKind.SERVICES.value: _services,
        ListKind.DIAGNOSES.value: _diagnoses,
        ListKind.PRICE_LIST.value: _price_lists,
    }
)
