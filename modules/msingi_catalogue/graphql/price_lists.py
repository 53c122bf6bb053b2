"""The GraphQL face of price lists: lists, lines, and where each holds."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from msingi.work import Work
from msingi_catalogue.models import (
    MedicalItem,
    MedicalService,
    PriceList,
    PriceListAssignment,
    PriceListLine,
)
from msingi_catalogue.plugin import EDIT_PRICES, READ_CATALOGUE, plugin
from msingi_catalogue.services import price_lists as lists
from msingi_catalogue.services.inputs import (
    PriceLineInput,
    PriceListChanges,
    PriceListInput,
)
from msingi_catalogue.services.lookup import lists_in_force
from msingi_catalogue.services.packages import things_of
from msingi_catalogue.services.price_lines import change_lines
from msingi_registry import Facility

plugin.expose(
    PriceList,
    *("id", "code", "name", "kind", "dated", "place_id", "currency", "source"),
    *("revision", "valid_from", "valid_to", "version"),
    allow=READ_CATALOGUE,
)
plugin.expose(
    PriceListLine,
    *("id", "price_list_id", "item_id", "service_id", "price_override", "valid_from", "valid_to"),
    allow=READ_CATALOGUE,
)
plugin.expose(
    PriceListAssignment,
    *("id", "jurisdiction_id", "price_list_id", "valid_from", "valid_to", "version"),
    allow=READ_CATALOGUE,
)


@plugin.connection(
    PriceList,
    allow=READ_CATALOGUE,
    where=("code", "name", "kind", "dated", "place_id", "valid_from", "valid_to"),
    order=("code", "name", "dated", "id"),
    name="price_lists",
)
def list_price_lists(work: Work) -> Select[PriceList]:  # noqa: ARG001
    """Price lists of the whole country: what a list of a higher place prices holds below it."""
    return select(PriceList)


@plugin.connection(
    PriceListLine,
    allow=READ_CATALOGUE,
    where=("price_list_id", "item_id", "service_id", "valid_from", "valid_to"),
    order=("id", "valid_from"),
)
def price_list_lines(work: Work) -> Select[PriceListLine]:  # noqa: ARG001
    """Lines of price lists, past ones too; a line without an own price takes that of the catalogue."""
    return select(PriceListLine)


@plugin.connection(
    PriceListAssignment,
    allow=READ_CATALOGUE,
    where=("price_list_id", "jurisdiction_id", "valid_from", "valid_to"),
    order=("id", "valid_from"),
)
def price_list_assignments(work: Work) -> Select[PriceListAssignment]:  # noqa: ARG001
    """Where price lists hold, in the reader's places."""
    return select(PriceListAssignment)


@plugin.extend(Facility, allow=READ_CATALOGUE, name="price_lists")
def lists_of_facility(parents: Sequence[Facility], work: Work) -> dict[UUID, list[PriceList]]:
    """The price lists that hold for the facility today: its own, else the nearest of the places above it."""
    return lists_in_force(work, [parent.id for parent in parents], work.today())


@plugin.extend(PriceListLine, allow=READ_CATALOGUE, name="item")
def item_of_line(parents: Sequence[PriceListLine], work: Work) -> dict[UUID, MedicalItem]:
    """The item, when the line prices one."""
    return things_of(work, MedicalItem, parents, PriceListLine.item_id)


@plugin.extend(PriceListLine, allow=READ_CATALOGUE, name="service")
def service_of_line(parents: Sequence[PriceListLine], work: Work) -> dict[UUID, MedicalService]:
    """The service, when the line prices one."""
    return things_of(work, MedicalService, parents, PriceListLine.service_id)


@plugin.mutation(allow=EDIT_PRICES)
def create_price_list(work: Work, input: PriceListInput) -> PriceList:  # noqa: A002
    """Add a price list without lines; name and date are needed."""
    return lists.create_price_list(work, input)


@plugin.mutation(allow=EDIT_PRICES)
def update_price_list(
    work: Work,
    id: UUID,  # noqa: A002
    input: PriceListChanges,  # noqa: A002
    expected_version: int | None = None,
) -> PriceList:
    """Correct a price list, or end it by its last day."""
    return lists.update_price_list(work, id, input, expected_version=expected_version)


@plugin.mutation(allow=EDIT_PRICES)
def set_price_list_lines(
    work: Work,
    id: UUID,  # noqa: A002
    lines: list[PriceLineInput],
    valid_from: date | None = None,
    expected_version: int | None = None,
) -> PriceList:
    """Add or change lines, at most 5,000; all or none. A changed price begins on that day, today at the earliest."""
    return change_lines(work, id, lines, since=valid_from, expected_version=expected_version)


@plugin.mutation(allow=EDIT_PRICES)
def end_price_list_lines(
    work: Work,
    id: UUID,  # noqa: A002
    lines: list[PriceLineInput],
    expected_version: int | None = None,
) -> PriceList:
    """Take lines off a list: yesterday was their last day, and past days keep them."""
    return change_lines(work, id, lines, ends=True, expected_version=expected_version)


@plugin.mutation(allow=EDIT_PRICES)
def assign_price_list(
    work: Work,
    id: UUID,  # noqa: A002
    jurisdiction_id: UUID,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> PriceListAssignment:
    """Let a list hold for a facility, by its own jurisdiction, or for all below a place; the nearest one wins."""
    return lists.assign_price_list(work, id, jurisdiction_id, valid_from=valid_from, valid_to=valid_to)


@plugin.mutation(allow=EDIT_PRICES)
def end_price_list_assignment(
    work: Work,
    id: UUID,  # noqa: A002
    last_day: date | None = None,
    expected_version: int | None = None,
) -> PriceListAssignment:
    """End where a list holds; its last day is yesterday when left out."""
    return lists.end_assignment(work, id, last_day, expected_version=expected_version)
