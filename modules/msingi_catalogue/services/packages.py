"""What packages contain, written set-wise; changes begin on a day and leave the past as it was."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import exists, select

from msingi.errors import DomainError
from msingi.work import Work
from msingi_catalogue.errors import ContentsOfSimpleService, PackageInPackage, UnknownContent
from msingi_catalogue.models import MedicalService, ServiceContent
from msingi_catalogue.rules.kinds import PackageType
from msingi_catalogue.services.inputs import ContentKind
from msingi_catalogue.services.lines import LineTable, write_lines
from msingi_catalogue.services.registers import ITEMS, SERVICES
from msingi_catalogue.services.stamps import renew_register
from msingi_catalogue.services.writing import live_rows

ContentDraft = tuple[ContentKind, str, Decimal, int]
"""Kind, code, quantity, price of one in minor units."""

_Key = tuple[UUID, UUID | None, UUID | None]
_TABLE: Final = LineTable(
    ServiceContent, ("service_id", "item_id", "sub_service_id"), ("quantity", "currency", "price_minor")
)


def write_contents(
    work: Work, wanted: Mapping[str, Sequence[ContentDraft]], *, begins: date
) -> dict[str, DomainError]:
    """Bring packages, by code, to these contents from a day on; answers the packages that were refused, and why.

    Contents that are new to a package may begin in the past, known ones change today at the earliest.
    """
    drafts = [draft for contents in wanted.values() for draft in contents]
    services = live_rows(
        work, SERVICES, [*wanted, *(code for kind, code, *_ in drafts if kind is ContentKind.SERVICE)]
    )
    items = live_rows(work, ITEMS, [code for kind, code, *_ in drafts if kind is ContentKind.ITEM])
    refused: dict[str, DomainError] = {}
    lines: dict[_Key, Mapping[str, Any] | None] = {}
    newest = _newest(work, [services[code]["id"] for code in wanted])
    for code, contents in wanted.items():
        refusal = _refusal(services[code], contents, items, services)
        if refusal is not None:
            refused[code] = refusal
            continue
        own = services[code]["id"]
        lines.update({line: None for line in newest if line[0] == own})
        for kind, content, quantity, price in contents:
            thing = (items if kind is ContentKind.ITEM else services)[content]["id"]
            lines[(own, thing, None) if kind is ContentKind.ITEM else (own, None, thing)] = {
                "quantity": quantity,
                "currency": work.platform.profile.currency,
                "price_minor": price,
            }
    effects = write_lines(work, _TABLE, newest, lines, begins=max(begins, work.today()), first=begins)
    for key, effect in effects.items():
        if isinstance(effect, DomainError):
            refused.setdefault(next(code for code in wanted if services[code]["id"] == key[0]), effect)
    if lines:
        renew_register(work)
    return refused


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


def _refusal(
    package: Mapping[str, Any],
    contents: Sequence[ContentDraft],
    items: Mapping[str, Mapping[str, Any]],
    services: Mapping[str, Mapping[str, Any]],
) -> DomainError | None:
    if contents and package["package_type"] is PackageType.SIMPLE:
        return ContentsOfSimpleService()
    for kind, code, *_ in contents:
        known = (items if kind is ContentKind.ITEM else services).get(code)
        if known is None:
            return UnknownContent(unknown=code)
        if kind is ContentKind.SERVICE and known["package_type"] is not PackageType.SIMPLE:
            return PackageInPackage()
    return None
