"""The lines of claims with what the registers and price lists say of them at the target date."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import literal, select, union_all

from msingi.work import Work
from msingi_catalogue import (
    Catalogue,
    CatalogueEntry,
    CatalogueService,
    MedicalItem,
    MedicalService,
    PackageContent,
    PackageType,
    PriceTable,
    open_catalogue,
)
from msingi_claims.models.states import ReviewVerdict
from msingi_claims.rules.codes import Reason, Verdict
from msingi_claims.rules.compiled import LineKey
from msingi_claims.rules.values import (
    ContentQuantity,
    EarlierOutcome,
    LineInput,
    LineReview,
    ListedPrice,
    RegisterEntry,
    contents_of,
)
from msingi_claims.services.units import Units
from msingi_insurance import LineKind

_NO_CONTENTS: Final[frozenset[ContentQuantity]] = frozenset()
_NOT_REVIEWED: Final = LineReview()
_REASONS: Final[Mapping[int, Reason]] = {reason.value: reason for reason in Reason}


class Registers:
    """The catalogue as lines need it; what was looked up once is remembered for the next line."""

    def __init__(self, work: Work, facility_ids: Collection[UUID], units: Units) -> None:
        self._catalogue: Catalogue = open_catalogue(work, facility_ids)
        self._units = units
        self._tables: dict[tuple[UUID, date], PriceTable] = {}
        self._others: Mapping[LineKey, UUID] = {}
        self._entries: dict[tuple[int, date | None], RegisterEntry] = {}
        """By the identity of an entry: the catalogue holds it as long as this object lives."""

    def lines(self, rows: Sequence[Any], facility_id: UUID, day: date) -> tuple[LineInput, ...]:
        """The stored lines of a claim as the rules take them."""
        prices = self._prices(facility_id, day)
        return tuple([self._line(row, prices, day) for row in rows])

    def find(self, kind: LineKind, code: str, day: date) -> CatalogueEntry | None:
        """The entry of the register with the terms of the day; None when it does not hold then (check 1)."""
        if kind is LineKind.ITEM:
            return self._catalogue.items.by_code(code, day)
        return self._catalogue.services.by_code(code, day)

    def know(self, work: Work, keys: Collection[LineKey]) -> None:
        """Look up entries that hold on some other day; one statement, and only when there may be such."""
        today = work.today()
        missing = [key for key in keys if self.find(*key, today) is None]
        if missing:
            self._others = _entries_ever(work, missing)

    def knows(self, kind: LineKind, code: str, day: date) -> bool:
        """Whether the register holds it, now or ever, as far as it was looked up."""
        return (kind, code) in self._others or self.find(kind, code, day) is not None

    def id_of(self, kind: LineKind, code: str, day: date) -> UUID | None:
        """The item or the service."""
        found = self.find(kind, code, day)
        return self._others.get((kind, code)) if found is None else found.id

    def _line(self, row: Any, prices: PriceTable, day: date) -> LineInput:
        kind, code, major = row.kind, row.code, self._units.major
        found = self.find(kind, code, day)
        entry = listed = outcome = None
        if found is not None:
            entry = self._entry(found, day)
            price = prices.price_of(found)
            listed = None if price is None else ListedPrice(price)
        if row.submitted_reason is not None:
            outcome = EarlierOutcome(_REASONS[row.submitted_reason], row.submitted_policy_id)
        contents = _contents(row.contents, entry)
        asked, review = major(row.price_asked_minor), self._review(row)
        return LineInput(kind, code, row.quantity, asked, entry, listed, contents, review, outcome)

    def _review(self, row: Any) -> LineReview:
        quantity, price, verdict = row.approved_quantity, row.approved_price_minor, row.verdict
        if quantity is None and price is None and verdict is None and row.deduction_rate is None:
            return _NOT_REVIEWED
        return LineReview(quantity, self._units.major(price), _verdict(verdict), row.deduction_rate)

    def _prices(self, facility_id: UUID, day: date) -> PriceTable:
        table = self._tables.get((facility_id, day))
        if table is None:
            table = self._tables[facility_id, day] = self._catalogue.prices(facility_id, day)
        return table

    def _entry(self, found: CatalogueEntry, day: date) -> RegisterEntry:
        package = isinstance(found, CatalogueService) and found.package_type is not PackageType.SIMPLE
        key = (id(found), day if package else None)
        entry = self._entries.get(key)
        if entry is None:
            entry = self._entries[key] = self._register_entry(found, day)
        return entry

    def _register_entry(self, found: CatalogueEntry, day: date) -> RegisterEntry:
        terms = (found.price, found.care_type, found.frequency_days, found.patient_mask)
        if not isinstance(found, CatalogueService):
            return RegisterEntry(*terms)
        contents = contents_of(self._content(one, day) for one in found.contents_on(day))
        return RegisterEntry(*terms, found.package_type, found.category, contents)

    def _content(self, content: PackageContent, day: date) -> ContentQuantity:
        kind = LineKind.ITEM if content.is_item else LineKind.SERVICE
        register = self._catalogue.items if content.is_item else self._catalogue.services
        entry: CatalogueEntry | None = register.by_id(content.id, day)
        return ContentQuantity(kind, str(content.id) if entry is None else entry.code, content.quantity)


def _verdict(stored: ReviewVerdict | None) -> Verdict | None:
    return None if stored is None else Verdict(stored.value)


def _contents(stored: Sequence[Any] | None, entry: RegisterEntry | None) -> frozenset[ContentQuantity]:
    """What a line says that it held; one that says nothing held what the register says (ADJ-2)."""
    if stored is None:
        return _NO_CONTENTS if entry is None else entry.contents
    return contents_of(ContentQuantity(LineKind(kind), code, Decimal(much)) for kind, code, much in stored)


def _entries_ever(work: Work, keys: Collection[LineKey]) -> dict[LineKey, UUID]:
    """Items and services by kind and code, whatever the day, in one statement."""
    parts = [
        select(literal(kind.value).label("kind"), model.code, model.id).where(
            model.code.in_(sorted({code for one, code in keys if one is kind}))
        )
        for kind, model in ((LineKind.ITEM, MedicalItem), (LineKind.SERVICE, MedicalService))
    ]
    rows = work.session.execute(union_all(*parts))
    return {(LineKind(row.kind), row.code): row.id for row in rows}
