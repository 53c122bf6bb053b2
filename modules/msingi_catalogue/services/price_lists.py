"""Price lists: written set-wise, held by facilities or places, never changed in the past (D-3)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import or_, select

from msingi.errors import DomainError, NotFound
from msingi.ids import new_id
from msingi.rbac.models import Jurisdiction
from msingi.work import Work
from msingi_catalogue.errors import (
    AssignmentOverlaps,
    CodeTaken,
    FieldMissing,
    ListKindDiffers,
    PeriodInvalid,
    UnknownCode,
)
from msingi_catalogue.models import MedicalItem, MedicalService, PriceList, PriceListAssignment, PriceListLine
from msingi_catalogue.rules.changes import Effect
from msingi_catalogue.rules.entries import ValidPeriod
from msingi_catalogue.rules.validity import last_day_before, overlap
from msingi_catalogue.services.inputs import (
    PricedKind,
    PriceListChanges,
    PriceListInput,
    kinds_priced,
)
from msingi_catalogue.services.lines import LineDraft, LineTable, write_lines
from msingi_catalogue.services.registers import ITEMS, SERVICES
from msingi_catalogue.services.stamps import lock_register
from msingi_catalogue.services.writing import live_rows

LineKey = tuple[PricedKind, str]
"""What a line prices: kind and code."""


@dataclass(frozen=True, slots=True)
class PriceChange:
    """A price in minor units from a day on, today when left out; None takes the catalogue price, 0 is free (D-3)."""

    price_minor: int | None
    since: date | None = None


_Row = tuple[UUID, UUID | None, UUID | None]
_TABLE: Final = LineTable(
    PriceListLine, ("price_list_id", "item_id", "service_id"), ("currency", "price_override_minor")
)


def create_price_list(work: Work, given: PriceListInput) -> PriceList:
    """Add a price list without lines, which holds nowhere yet.

    Raises:
        CodeTaken: another list bears the code.
        FieldMissing: the name or the date is missing.
        PeriodInvalid: it would end before it begins.
        NotFound: the place does not exist or lies outside the scope.

    """
    place = _own_place(work, given.place_id)
    lock_register(work)
    if work.session.scalar(select(PriceList.id).where(PriceList.code == given.code)) is not None:
        raise CodeTaken(taken=given.code)
    missing = [name for name in ("name", "dated") if getattr(given, name) is None]
    if missing:
        raise FieldMissing(fields=", ".join(missing))
    values = given.model_dump(exclude={"place_id", "valid_from"})
    begins = given.valid_from or work.today()
    _check_period(begins, given.valid_to)
    fixed = {"place_id": place, "currency": work.platform.profile.currency, "stamp": new_id()}
    price_list = work.add(PriceList(**values, **fixed, valid_from=begins))
    work.session.flush()
    return price_list


def update_price_list(
    work: Work, list_id: UUID, given: PriceListChanges, *, expected_version: int | None = None
) -> PriceList:
    """Correct a price list, or end it by its last day.

    Raises:
        NotFound: it does not exist, or its place lies outside the scope.
        StaleVersion: somebody else changed it meanwhile.
        PeriodInvalid: it would end before it begins, or in the past.

    """
    lock_register(work)
    price_list = own_price_list(work, list_id, expected_version=expected_version)
    values = given.model_dump(exclude_unset=True)
    if values.get("valid_to") is not None:
        _check_period(max(price_list.valid_from, work.today()), values["valid_to"])
    for name, value in values.items():
        if value is not None or name == "valid_to":
            setattr(price_list, name, value)
    renew_list(price_list)
    work.session.flush()
    return price_list


def set_prices(
    work: Work,
    price_list: PriceList,
    wanted: Mapping[LineKey, PriceChange],
    *,
    removed: Collection[LineKey] = (),
) -> dict[LineKey, Effect | DomainError]:
    """Bring lines of a list to these prices, and take others off from today on; the answer is per line.

    A line that is new to the list may begin in the past, a known one changes today at the earliest. Whoever
    changes a list waits for the others until their transaction ends.
    """
    lock_register(work)
    ids = entry_ids(work, [*wanted, *removed])
    answers: dict[LineKey, Effect | DomainError] = {}
    drafts: dict[_Row, LineDraft] = {}
    keys: dict[_Row, LineKey] = {}
    for key in [*wanted, *removed]:
        mistakes = mistakes_of_line(price_list, key, ids)
        if mistakes:
            answers[key] = mistakes[0]
            continue
        row = _row(price_list.id, key, ids)
        keys[row] = key
        drafts[row] = _draft(price_list, wanted.get(key))
    effects = write_lines(work, _TABLE, _newest(work, price_list.id), drafts)
    answers |= {keys[row]: effect for row, effect in effects.items()}
    if any(effect in {Effect.CREATED, Effect.UPDATED} for effect in effects.values()):
        renew_list(price_list)
        work.session.flush()
    return answers


def entry_ids(work: Work, keys: Collection[LineKey]) -> dict[LineKey, UUID]:
    """The items and services of these kinds and codes; what the registers do not have is left out."""
    found: dict[LineKey, UUID] = {}
    for kind, register in ((PricedKind.ITEM, ITEMS), (PricedKind.SERVICE, SERVICES)):
        codes = [code for own, code in keys if own is kind]
        if codes:
            found.update({(kind, code): row["id"] for code, row in live_rows(work, register, codes).items()})
    return found


def mistakes_of_line(price_list: PriceList, key: LineKey, ids: Mapping[LineKey, UUID]) -> list[DomainError]:
    """Everything for which a list does not take a line, whatever its price."""
    mistakes: list[DomainError] = []
    if key[0] not in kinds_priced(price_list.kind):
        mistakes.append(ListKindDiffers(price_list=price_list.code))
    return mistakes if key in ids else [*mistakes, UnknownCode(unknown=key[1])]


def priced_on(work: Work, price_list: PriceList) -> Mapping[LineKey, PriceListLine]:
    """The lines of a list that hold today or later, by kind and code."""
    statement = (
        select(PriceListLine, MedicalItem.code.label("item"), MedicalService.code.label("service"))
        .outerjoin(MedicalItem, MedicalItem.id == PriceListLine.item_id)
        .outerjoin(MedicalService, MedicalService.id == PriceListLine.service_id)
        .where(
            PriceListLine.price_list_id == price_list.id,
            or_(PriceListLine.valid_to.is_(None), PriceListLine.valid_to >= work.today()),
        )
        .order_by(PriceListLine.valid_from)
    )
    return {
        (PricedKind.ITEM, item) if item is not None else (PricedKind.SERVICE, service): line
        for line, item, service in work.session.execute(statement)
    }


def assign_price_list(
    work: Work,
    list_id: UUID,
    place_id: UUID,
    *,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> PriceListAssignment:
    """Let a list hold for a facility (its leaf) or for all below a place; the nearest one to a facility wins.

    Raises:
        NotFound: the list does not exist, or the place lies outside the scope.
        PeriodInvalid: it would end before it begins.
        AssignmentOverlaps: another list prices the same things there in the same days.

    """
    lock_register(work)
    price_list = work.get(PriceList, list_id)
    place = _own_place(work, place_id)
    begins = valid_from or work.today()
    _check_period(begins, valid_to)
    _refuse_overlap(work, price_list, place, ValidPeriod(begins, valid_to))
    assignment = work.add(
        PriceListAssignment(
            price_list_id=price_list.id, jurisdiction_id=place, valid_from=begins, valid_to=valid_to
        )
    )
    work.session.flush()
    return assignment


def end_assignment(
    work: Work, assignment_id: UUID, last: date | None = None, *, expected_version: int | None = None
) -> PriceListAssignment:
    """End where a list holds: ``last`` is the last day, yesterday when left out, never before its first day.

    Raises:
        NotFound: there is none, or its place lies outside the scope.
        StaleVersion: somebody else changed it meanwhile.
        PeriodInvalid: the day lies before yesterday.

    """
    lock_register(work)
    assignment = work.get(PriceListAssignment, assignment_id, expected_version=expected_version)
    earliest = last_day_before(assignment.valid_from, work.today())
    day = last or earliest
    if day < earliest:
        raise PeriodInvalid
    assignment.valid_to = day
    work.session.flush()
    return assignment


def own_price_list(work: Work, list_id: UUID, *, expected_version: int | None = None) -> PriceList:
    """A price list that the right in use may change.

    Raises:
        NotFound: it does not exist, or its place lies outside the scope.
        StaleVersion: somebody else changed it meanwhile.

    """
    price_list = work.get(PriceList, list_id, expected_version=expected_version)
    _own_place(work, price_list.place_id)
    return price_list


def renew_list(price_list: PriceList) -> None:
    """Let the revision rise; compiled copies become stale."""
    price_list.revision += 1
    price_list.stamp = new_id()


def _own_place(work: Work, place_id: UUID) -> UUID:
    place = work.find(Jurisdiction, place_id)
    if place is None or not work.covers(work.scope, place_id):
        raise NotFound(type="Jurisdiction")
    return place.id


def _check_period(begins: date, ends: date | None) -> None:
    if ends is not None and ends < begins:
        raise PeriodInvalid


def _refuse_overlap(work: Work, price_list: PriceList, place: UUID, period: ValidPeriod) -> None:
    statement = (
        select(PriceListAssignment.valid_from, PriceListAssignment.valid_to, PriceList.code, PriceList.kind)
        .join(PriceList, PriceList.id == PriceListAssignment.price_list_id)
        .where(PriceListAssignment.jurisdiction_id == place)
    )
    own = kinds_priced(price_list.kind)
    for row in work.session.execute(statement):
        if own & kinds_priced(row.kind) and overlap(ValidPeriod(row.valid_from, row.valid_to), period):
            raise AssignmentOverlaps(price_list=row.code)


def _draft(price_list: PriceList, change: PriceChange | None) -> LineDraft:
    if change is None:
        return LineDraft(None)
    values = {"currency": price_list.currency, "price_override_minor": change.price_minor}
    return LineDraft(values, change.since)


def _row(list_id: UUID, key: LineKey, ids: Mapping[LineKey, UUID]) -> _Row:
    return (list_id, ids[key], None) if key[0] is PricedKind.ITEM else (list_id, None, ids[key])


def _newest(work: Work, list_id: UUID) -> dict[_Row, Mapping[str, Any]]:
    found: dict[_Row, Mapping[str, Any]] = {}
    statement = (
        select(*PriceListLine.__table__.columns)
        .where(PriceListLine.price_list_id == list_id)
        .order_by(PriceListLine.valid_from)
    )
    for row in work.session.execute(statement):
        found[row.price_list_id, row.item_id, row.service_id] = dict(row._mapping)  # noqa: SLF001 - public by documentation
    return found
