"""Single entries of the registers: add, change, end; nothing is ever deleted."""

from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Select, or_, select

from msingi.db import Model
from msingi.errors import DomainError
from msingi.money import MixedCurrencies, Money
from msingi.work import Work
from msingi_catalogue.errors import CodeTaken, PeriodInvalid
from msingi_catalogue.models import Diagnosis, MedicalItem, MedicalService
from msingi_catalogue.services.inputs import (
    DiagnosisChanges,
    DiagnosisInput,
    ItemChanges,
    ItemInput,
    ServiceChanges,
    ServiceInput,
)
from msingi_catalogue.services.packages import change_contents, check_package
from msingi_catalogue.services.registers import DIAGNOSES, ITEMS, SERVICES, RegisterKind
from msingi_catalogue.services.stamps import lock_register
from msingi_catalogue.services.writing import (
    EntryDraft,
    end_entries,
    live_rows,
    require_country,
    write_entries,
)
from msingi_registry import words_begin

_Entry = TypeVar("_Entry", bound=Model)
_NOT_VALUES = frozenset({"code", "valid_from", "contents"})
_MAY_BE_EMPTY = frozenset({"frequency_days", "max_quantity", "max_amount_minor"})


def search_entries(model: Any, search: str | None) -> Select[Any]:
    """Entries by the beginning of their code, or by beginnings of words of a name in either language."""
    statement = select(model)
    if search is None:
        return statement
    typed = search.strip()
    return statement.where(
        or_(model.code.startswith(typed.upper(), autoescape=True), words_begin(model.search_text, typed))
    )


def create_item(work: Work, given: ItemInput) -> MedicalItem:
    """Add an item to the register of the country.

    Raises:
        CodeTaken: the code is in use, or was.
        CountryOnly: the right in use is not national.
        FieldMissing: type or price is missing.

    """
    return _create(work, ITEMS, MedicalItem, given.code, given)


def update_item(
    work: Work, item_id: UUID, given: ItemChanges, *, expected_version: int | None = None
) -> MedicalItem:
    """Correct an item, or give it new terms from a day on; the past stays as it was.

    Raises:
        NotFound: there is none.
        StaleVersion: somebody else changed it meanwhile.
        LaterTermsKnown: terms that begin later are recorded already.

    """
    return _update(work, ITEMS, work.get(MedicalItem, item_id, expected_version=expected_version), given)


def create_service(work: Work, given: ServiceInput) -> MedicalService:
    """Add a service, with what it contains when it is a package.

    Raises:
        CodeTaken: the code is in use, or was.
        FieldMissing: type, level, category or price is missing.
        UnknownContent: it would contain something that is not in the register.

    """
    service = _create(work, SERVICES, MedicalService, given.code, given)
    return _fill_package(work, service, given)


def update_service(
    work: Work, service_id: UUID, given: ServiceChanges, *, expected_version: int | None = None
) -> MedicalService:
    """Correct a service, or give it new terms or contents from a day on; the past stays as it was.

    Raises:
        NotFound: there is none.
        StaleVersion: somebody else changed it meanwhile.
        LaterTermsKnown: terms that begin later are recorded already.

    """
    before = work.get(MedicalService, service_id, expected_version=expected_version)
    return _fill_package(work, _update(work, SERVICES, before, given), given)


def create_diagnosis(work: Work, given: DiagnosisInput) -> Diagnosis:
    """Add a diagnosis.

    Raises:
        CodeTaken: the code is in use, or was.
        FieldMissing: the classification or its edition is missing.

    """
    return _create(work, DIAGNOSES, Diagnosis, given.code, given)


def update_diagnosis(
    work: Work, diagnosis_id: UUID, given: DiagnosisChanges, *, expected_version: int | None = None
) -> Diagnosis:
    """Correct a diagnosis, or take it up again.

    Raises:
        NotFound: there is none.
        StaleVersion: somebody else changed it meanwhile.

    """
    return _update(
        work, DIAGNOSES, work.get(Diagnosis, diagnosis_id, expected_version=expected_version), given
    )


def end_entry(
    work: Work,
    kind: RegisterKind,
    model: type[_Entry],
    entry_id: UUID,
    last: date | None,
    *,
    expected_version: int | None = None,
) -> _Entry:
    """End an entry: ``last`` is its last day, today when left out. Past days keep it.

    Raises:
        NotFound: there is none.
        StaleVersion: somebody else changed it meanwhile.
        PeriodInvalid: the day lies in the past, or before the entry began.

    """
    require_country(work)
    lock_register(work)
    entry: Any = work.get(model, entry_id, expected_version=expected_version)
    day = last or work.today()
    if day < work.today() or day < entry.valid_from:
        raise PeriodInvalid
    rows = live_rows(work, kind, [entry.code])
    end_entries(work, kind, rows.values(), day)
    return work.get(model, entry_id)


def minor_of(work: Work, amount: Money) -> int:
    """An amount in minor units of the installation's currency.

    Raises:
        MixedCurrencies: it is in another currency.

    """
    own = work.platform.profile.currency
    if amount.currency != own:
        raise MixedCurrencies(left=amount.currency, right=own)
    return amount.minor


def _create(work: Work, kind: RegisterKind, model: type[_Entry], code: str, given: BaseModel) -> _Entry:
    require_country(work)
    lock_register(work)
    if live_rows(work, kind, [code]):
        raise CodeTaken(taken=code)
    _write(work, kind, code, given)
    return work.get(model, live_rows(work, kind, [code])[code]["id"])


def _update(work: Work, kind: RegisterKind, entry: _Entry, given: BaseModel) -> _Entry:
    code: str = entry.code  # type: ignore[attr-defined]
    _write(work, kind, code, given)
    return work.get(type(entry), entry.id)


def _write(work: Work, kind: RegisterKind, code: str, given: BaseModel) -> None:
    (effect,) = write_entries(
        work, kind, [EntryDraft(code, _values(work, given), getattr(given, "valid_from", None))]
    )
    if isinstance(effect, DomainError):
        raise effect


def _values(work: Work, given: BaseModel) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in given.model_fields_set - _NOT_VALUES:
        value = getattr(given, name)
        stored = f"{name}_minor" if name in {"price", "max_amount"} else name
        if value is not None or stored in _MAY_BE_EMPTY:
            values[stored] = minor_of(work, value) if isinstance(value, Money) else value
    return values


def _fill_package(work: Work, service: MedicalService, given: ServiceChanges) -> MedicalService:
    if given.contents is not None:
        begins = service.valid_from if isinstance(given, ServiceInput) else given.valid_from or work.today()
        drafts = [
            (content.kind, content.code, content.quantity, minor_of(work, content.price))
            for content in given.contents
        ]
        effect = change_contents(work, {service.code: drafts}, begins={service.code: begins})[service.code]
        if isinstance(effect, DomainError):
            raise effect
    check_package(work, service)
    return work.get(MedicalService, service.id)
