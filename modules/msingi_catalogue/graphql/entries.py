"""The GraphQL face of the registers: lists, single entries, and their changes."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select

from msingi.work import Work
from msingi_catalogue.models import Diagnosis, MedicalItem, MedicalService, ServiceContent
from msingi_catalogue.plugin import EDIT_CATALOGUE, READ_CATALOGUE, plugin
from msingi_catalogue.services import entries
from msingi_catalogue.services.inputs import (
    DiagnosisChanges,
    DiagnosisInput,
    ItemChanges,
    ItemInput,
    ServiceChanges,
    ServiceInput,
)
from msingi_catalogue.services.packages import contents_of, things_of
from msingi_catalogue.services.registers import DIAGNOSES, ITEMS, SERVICES

_NAMED = ("id", "code", "name_fr", "name_en", "source", "valid_from", "valid_to", "version")
_TERMS = ("price", "care_type", "frequency_days", "patient_mask")
_FILTERS = ("code", "name_fr", "name_en", "source", "valid_from", "valid_to")
_ORDERS = ("code", "name_fr", "name_en", "id")

plugin.expose(Diagnosis, *_NAMED, "classification", "classification_version", allow=READ_CATALOGUE)
plugin.expose(
    MedicalItem, *_NAMED, "type", "package", *_TERMS, "max_quantity", allow=READ_CATALOGUE, name="Item"
)
plugin.expose(
    MedicalService,
    *(*_NAMED, "type", "package_type", "manual_price", "level", "category", *_TERMS, "max_amount"),
    allow=READ_CATALOGUE,
    name="Service",
)
plugin.expose(ServiceContent, "id", "quantity", "price", "valid_from", "valid_to", allow=READ_CATALOGUE)


@plugin.connection(Diagnosis, allow=READ_CATALOGUE, where=(*_FILTERS, "classification"), order=_ORDERS)
def diagnoses(work: Work, search: str | None = None) -> Select[Diagnosis]:  # noqa: ARG001
    """Diagnoses; ``search`` takes the beginning of a code, or beginnings of words in French or English."""
    return entries.search_entries(Diagnosis, search)


@plugin.connection(MedicalItem, allow=READ_CATALOGUE, where=(*_FILTERS, "type", "care_type"), order=_ORDERS)
def items(work: Work, search: str | None = None) -> Select[MedicalItem]:  # noqa: ARG001
    """Items; ``search`` takes the beginning of a code, or beginnings of words in French or English."""
    return entries.search_entries(MedicalItem, search)


@plugin.connection(
    MedicalService,
    allow=READ_CATALOGUE,
    where=(*_FILTERS, "type", "package_type", "level", "category", "care_type"),
    order=_ORDERS,
    name="services",
)
def list_services(work: Work, search: str | None = None) -> Select[MedicalService]:  # noqa: ARG001
    """Services; ``search`` takes the beginning of a code, or beginnings of words in French or English."""
    return entries.search_entries(MedicalService, search)


@plugin.extend(MedicalService, allow=READ_CATALOGUE)
def contents(parents: Sequence[MedicalService], work: Work) -> dict[UUID, list[ServiceContent]]:
    """What the package contains today; empty for a simple service."""
    return contents_of(work, [parent.id for parent in parents], work.today())


@plugin.extend(ServiceContent, allow=READ_CATALOGUE, name="item")
def item_of_content(parents: Sequence[ServiceContent], work: Work) -> dict[UUID, MedicalItem]:
    """The item, when it is one."""
    return things_of(work, MedicalItem, parents, ServiceContent.item_id)


@plugin.extend(ServiceContent, allow=READ_CATALOGUE, name="service")
def service_of_content(parents: Sequence[ServiceContent], work: Work) -> dict[UUID, MedicalService]:
    """The service, when it is one."""
    return things_of(work, MedicalService, parents, ServiceContent.sub_service_id)


@plugin.mutation(allow=EDIT_CATALOGUE)
def create_item(work: Work, input: ItemInput) -> MedicalItem:  # noqa: A002 - the name that callers see
    """Add an item; type, price and one name are needed."""
    return entries.create_item(work, input)


@plugin.mutation(allow=EDIT_CATALOGUE)
def update_item(
    work: Work,
    id: UUID,  # noqa: A002
    input: ItemChanges,  # noqa: A002
    expected_version: int | None = None,
) -> MedicalItem:
    """Correct an item; a new price or other new terms begin a new period, past days keep the old ones."""
    return entries.update_item(work, id, input, expected_version=expected_version)


@plugin.mutation(allow=EDIT_CATALOGUE)
def end_item(
    work: Work,
    id: UUID,  # noqa: A002
    last_day: date | None = None,
    expected_version: int | None = None,
) -> MedicalItem:
    """End an item; its last day is today when left out, and past days keep it."""
    return entries.end_entry(work, ITEMS, MedicalItem, id, last_day, expected_version=expected_version)


@plugin.mutation(allow=EDIT_CATALOGUE)
def create_service(work: Work, input: ServiceInput) -> MedicalService:  # noqa: A002
    """Add a service; type, level, category, price and one name are needed."""
    return entries.create_service(work, input)


@plugin.mutation(allow=EDIT_CATALOGUE)
def update_service(
    work: Work,
    id: UUID,  # noqa: A002
    input: ServiceChanges,  # noqa: A002
    expected_version: int | None = None,
) -> MedicalService:
    """Correct a service; new terms or contents begin a new period, past days keep the old ones."""
    return entries.update_service(work, id, input, expected_version=expected_version)


@plugin.mutation(allow=EDIT_CATALOGUE)
def end_service(
    work: Work,
    id: UUID,  # noqa: A002
    last_day: date | None = None,
    expected_version: int | None = None,
) -> MedicalService:
    """End a service; its last day is today when left out, and past days keep it."""
    return entries.end_entry(work, SERVICES, MedicalService, id, last_day, expected_version=expected_version)


@plugin.mutation(allow=EDIT_CATALOGUE)
def create_diagnosis(work: Work, input: DiagnosisInput) -> Diagnosis:  # noqa: A002
    """Add a diagnosis; classification, edition and one name are needed."""
    return entries.create_diagnosis(work, input)


@plugin.mutation(allow=EDIT_CATALOGUE)
def update_diagnosis(
    work: Work,
    id: UUID,  # noqa: A002
    input: DiagnosisChanges,  # noqa: A002
    expected_version: int | None = None,
) -> Diagnosis:
    """Correct a diagnosis, or take up again one that was ended."""
    return entries.update_diagnosis(work, id, input, expected_version=expected_version)


@plugin.mutation(allow=EDIT_CATALOGUE)
def end_diagnosis(
    work: Work,
    id: UUID,  # noqa: A002
    last_day: date | None = None,
    expected_version: int | None = None,
) -> Diagnosis:
    """End a diagnosis; its last day is today when left out, and past days keep it."""
    return entries.end_entry(work, DIAGNOSES, Diagnosis, id, last_day, expected_version=expected_version)
