"""Lists out: places and facilities of the reader's scope, in the columns of the imports (attack 63)."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from msingi.rbac.models import FACILITY, Jurisdiction
from msingi.scoping import scope_criterion
from msingi.tabular import write_csv, write_xlsx
from msingi.tabular.writing import Cell
from msingi.work import Work
from msingi_registry.facility_errors import UnknownListKind
from msingi_registry.models.facility import Facility, FacilityIdentifier, FacilityService
from msingi_registry.models.imports import ImportKind

_FACILITY: Final = (
    *("code", "name", "place", "type", "standard_type", "tier", "ownership", "legal_form", "care_type"),
    *("status", "latitude", "longitude", "coordinate_source", "beds", "opened_on"),
)
_PLACE: Final = ("code", "name", "parent", "valid_from")
_Rows = Iterator[Sequence[Cell]]


def export_list(work: Work, kind: str, form: str) -> bytes:
    """The list as a file; ``form`` is csv or xlsx. Texts that a spreadsheet would compute stay texts.

    Raises:
        UnknownListKind: lists of this kind are not given out; persons are never listed (ID-23).

    """
    if kind not in _LISTS:
        raise UnknownListKind(kind=kind[:40], kinds=", ".join(_LISTS))
    header, rows = _LISTS[kind](work)
    target = io.BytesIO()
    write = write_xlsx if form == "xlsx" else write_csv
    write(target, header, rows)
    return target.getvalue()


def _facilities(work: Work) -> tuple[Sequence[str], _Rows]:
    return (*_FACILITY, "number", "list", "services"), _facility_rows(work)


def _facility_rows(work: Work) -> _Rows:
    services = _services(work)
    numbers = _numbers(work)
    leaf, place = aliased(Jurisdiction), aliased(Jurisdiction)
    columns = [
        place.code.label("place") if name == "place" else getattr(Facility, name) for name in _FACILITY
    ]
    statement = (
        select(Facility.id, *columns)
        .join(leaf, leaf.id == Facility.jurisdiction_id)
        .join(place, place.id == leaf.parent_id)
        .order_by(Facility.code)
    )
    for row in work.session.execute(statement):
        system, value = numbers.get(row.id, (None, None))
        yield [*map(_cell, row[1:]), value, system, ";".join(services.get(row.id, ()))]


def _services(work: Work) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    statement = select(FacilityService.facility_id, FacilityService.service).order_by(FacilityService.service)
    for facility, service in work.session.execute(statement):
        found.setdefault(facility, []).append(service)
    return found


def _numbers(work: Work) -> dict[UUID, tuple[str, str]]:
    columns = (FacilityIdentifier.facility_id, FacilityIdentifier.system, FacilityIdentifier.value)
    statement = (
        select(*columns).where(FacilityIdentifier.occurrence == 1).order_by(FacilityIdentifier.id.desc())
    )
    return {facility: (system, value) for facility, system, value in work.session.execute(statement)}


def _places(work: Work) -> tuple[Sequence[str], _Rows]:
    languages = work.platform.profile.languages
    return (*_PLACE, *(f"name_{language}" for language in languages)), _place_rows(work, languages)


def _place_rows(work: Work, languages: Sequence[str]) -> _Rows:
    parent = aliased(Jurisdiction)
    columns = (Jurisdiction.code, Jurisdiction.name, parent.code, Jurisdiction.valid_from, Jurisdiction.names)
    statement = (
        select(*columns)
        .outerjoin(parent, parent.id == Jurisdiction.parent_id)
        .where(Jurisdiction.kind != FACILITY)
        .order_by(Jurisdiction.level, Jurisdiction.code)
    )
    criterion = scope_criterion(Jurisdiction.id, work.scope)
    if criterion is not None:
        statement = statement.where(criterion)
    for code, name, above, valid_from, names in work.session.execute(statement):
        yield [code, name, above, valid_from, *(names.get(language) for language in languages)]


def _cell(value: Any) -> Cell:
    return getattr(value, "value", value)  # type: ignore[no-any-return]


_LISTS: Final[Mapping[str, Callable[[Work], tuple[Sequence[str], _Rows]]]] = MappingProxyType(
    {ImportKind.JURISDICTIONS.value: _places, ImportKind.FACILITIES.value: _facilities}
)
