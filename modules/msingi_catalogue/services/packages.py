"""What packages contain, written set-wise; changes begin on a day and leave the past as it was."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeVar
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import InstrumentedAttribute

from msingi.db import Model
from msingi.errors import DomainError
from msingi.work import Work
from msingi_catalogue.errors import ContentsOfSimpleService, PackageInPackage, UnknownContent
from msingi_catalogue.models import MedicalService, ServiceContent
from msingi_catalogue.rules.changes import Effect
from msingi_catalogue.rules.kinds import PackageType
from msingi_catalogue.services.inputs import ContentKind
from msingi_catalogue.services.lines import LineDraft, LineTable, write_lines
from msingi_catalogue.services.registers import ITEMS, SERVICES
from msingi_catalogue.services.stamps import renew_register
from msingi_catalogue.services.writing import live_rows

_Model = TypeVar("_Model", bound=Model)
_Line = TypeVar("_Line", bound=Hashable)

ContentDraft = tuple[ContentKind, str, Decimal, int]
"""Kind, code, quantity, price of one in minor units."""

_Key = tuple[UUID, UUID | None, UUID | None]
_TABLE: Final = LineTable(
    ServiceContent, ("service_id", "item_id", "sub_service_id"), ("quantity", "currency", "price_minor")
)


def change_contents(
    work: Work, wanted: Mapping[str, Sequence[ContentDraft]], *, begins: Mapping[str, date]
) -> dict[str, Effect | DomainError]:
    """Bring packages, by code, to all these contents from a day on; answers what became of each package."""
    items, services = _parts(work, wanted.values(), packages=wanted)
    newest = _newest(work, [services[code]["id"] for code in wanted])
    answers: dict[str, Effect | DomainError] = {}
    lines: dict[_Key, LineDraft] = {}
    packages: dict[UUID, str] = {}
    for code, contents in wanted.items():
        mistakes = _mistakes(services[code]["package_type"], contents, items, services)
        answers[code] = mistakes[0] if mistakes else Effect.UNCHANGED
        if not mistakes:
            own = services[code]["id"]
            packages[own] = code
            lines.update({line: LineDraft(None) for line in newest if line[0] == own})
            lines.update(_drafts(work, own, contents, items, services, begins[code]))
    for key, effect in write_lines(work, _TABLE, newest, lines).items():
        if effect is not Effect.UNCHANGED:
            answers[packages[key[0]]] = effect if isinstance(effect, DomainError) else Effect.UPDATED
    if Effect.UPDATED in answers.values():
        renew_register(work)
    return answers


def contents_mistakes(
    work: Work,
    wanted: Mapping[_Line, tuple[PackageType | None, Sequence[ContentDraft]]],
    *,
    coming: Mapping[str, PackageType],
) -> dict[_Line, list[DomainError]]:
    """Everything that is wrong with contents, by line; a type of package that is not known is not judged.

    ``coming`` are services that are written before the contents, with what they will be.
    """
    items, services = _parts(work, [contents for _, contents in wanted.values()])
    known = {**services, **{code: {"package_type": kind} for code, kind in coming.items()}}
    return {line: _mistakes(kind, contents, items, known) for line, (kind, contents) in wanted.items()}


def check_package(work: Work, service: MedicalService) -> None:
    """Refuse a simple service with contents.

    Raises:
        ContentsOfSimpleService: it has contents that hold today or later.

    """
    if service.package_type is not PackageType.SIMPLE:
        return
    holding = ServiceContent.valid_to.is_(None) | (ServiceContent.valid_to > work.today())
    if work.session.scalar(select(exists().where(ServiceContent.service_id == service.id, holding))):
        raise ContentsOfSimpleService


def contents_of(work: Work, service_ids: Iterable[UUID], on: date) -> dict[UUID, list[Any]]:
    """The contents of packages on a day, in one query."""
    wanted = list(service_ids)
    found: dict[UUID, list[Any]] = {service: [] for service in wanted}
    statement = (
        select(ServiceContent)
        .where(
            ServiceContent.service_id.in_(wanted),
            ServiceContent.valid_from <= on,
            ServiceContent.valid_to.is_(None) | (ServiceContent.valid_to >= on),
        )
        .order_by(ServiceContent.id)
    )
    for content in work.session.scalars(statement):
        found[content.service_id].append(content)
    return found


def things_of(
    work: Work, model: type[_Model], parents: Sequence[Any], column: InstrumentedAttribute[UUID | None]
) -> dict[UUID, _Model]:
    """What each line or content is about, where it is of this model, in one query."""
    found = work.by_ids(model, [getattr(parent, column.key) for parent in parents])
    return {parent.id: found[thing] for parent in parents if (thing := getattr(parent, column.key)) in found}


def _drafts(
    work: Work,
    package: UUID,
    contents: Sequence[ContentDraft],
    items: Mapping[str, Mapping[str, Any]],
    services: Mapping[str, Mapping[str, Any]],
    begins: date,
) -> Iterator[tuple[_Key, LineDraft]]:
    currency = work.platform.profile.currency
    for kind, code, quantity, price in contents:
        values = {"quantity": quantity, "currency": currency, "price_minor": price}
        if kind is ContentKind.ITEM:
            yield (package, items[code]["id"], None), LineDraft(values, begins)
        else:
            yield (package, None, services[code]["id"]), LineDraft(values, begins)


def _newest(work: Work, service_ids: Sequence[UUID]) -> dict[_Key, Mapping[str, Any]]:
    found: dict[_Key, Mapping[str, Any]] = {}
    table = ServiceContent.__table__
    statement = (
        select(*table.columns)
        .where(ServiceContent.service_id.in_(service_ids))
        .order_by(ServiceContent.valid_from)
    )
    for row in work.session.execute(statement):
        key = (row.service_id, row.item_id, row.sub_service_id)
        found[key] = dict(row._mapping)  # noqa: SLF001 - public by documentation
    return found


def _parts(
    work: Work, wanted: Iterable[Sequence[ContentDraft]], *, packages: Iterable[str] = ()
) -> tuple[Mapping[str, Mapping[str, Any]], Mapping[str, Mapping[str, Any]]]:
    """The items that packages contain, and the services with the packages themselves, by code."""
    drafts = [draft for contents in wanted for draft in contents]
    parts = [code for kind, code, *_ in drafts if kind is ContentKind.SERVICE]
    items = [code for kind, code, *_ in drafts if kind is ContentKind.ITEM]
    return live_rows(work, ITEMS, items), live_rows(work, SERVICES, [*packages, *parts])


def _mistakes(
    package_type: PackageType | None,
    contents: Sequence[ContentDraft],
    items: Mapping[str, Mapping[str, Any]],
    services: Mapping[str, Mapping[str, Any]],
) -> list[DomainError]:
    mistakes: list[DomainError] = []
    if contents and package_type is PackageType.SIMPLE:
        mistakes.append(ContentsOfSimpleService())
    for kind, code, *_ in contents:
        known = (items if kind is ContentKind.ITEM else services).get(code)
        if known is None:
            mistakes.append(UnknownContent(unknown=code))
        elif kind is ContentKind.SERVICE and known["package_type"] is not PackageType.SIMPLE:
            mistakes.append(PackageInPackage())
    return mistakes
