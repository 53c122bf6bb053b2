"""Capitation over GraphQL: who serves whom, and what each facility received for it (BAT-7)."""

from typing import Annotated

from pydantic import Field
from sqlalchemy import Select, select

from msingi.work import Work
from msingi_claims.models.payment import CapitationPool, CapitationShare, Catchment, PlaceFigures
from msingi_claims.plugin import EDIT_CATCHMENTS, READ_PAYMENTS, plugin
from msingi_claims.services import catchments as served
from msingi_claims.services.catchments import FiguresOfPlace, ServedPlace

_MOST = 5_000
plugin.expose(Catchment, "id", "facility_id", "place_id", "percent", allow=READ_PAYMENTS)
plugin.expose(PlaceFigures, "id", "jurisdiction_id", "population", "families", "version", allow=READ_PAYMENTS)
plugin.expose(
    CapitationShare,
    *("id", "batch_id", "product_id", "facility_id", "component", "count", "unit", "amount"),
    allow=READ_PAYMENTS,
)
plugin.expose(
    CapitationPool,
    *("id", "batch_id", "product_id", "component", "amount", "undistributed", "unit"),
    allow=READ_PAYMENTS,
)


@plugin.connection(Catchment, allow=READ_PAYMENTS, where=("facility_id", "place_id"), order=("id",))
def catchments(work: Work) -> Select[Catchment]:  # noqa: ARG001 - the contract of a list
    """Which parts of places facilities serve."""
    return select(Catchment)


@plugin.connection(PlaceFigures, allow=READ_PAYMENTS, where=("jurisdiction_id",), order=("id",))
def place_figures(work: Work) -> Select[PlaceFigures]:  # noqa: ARG001
    """How many people and families live in places."""
    return select(PlaceFigures)


@plugin.connection(
    CapitationShare,
    allow=READ_PAYMENTS,
    where=("batch_id", "product_id", "facility_id", "component"),
    order=("id",),
)
def capitation_shares(work: Work) -> Select[CapitationShare]:  # noqa: ARG001
    """What facilities received for each component of capitation."""
    return select(CapitationShare)


@plugin.connection(
    CapitationPool, allow=READ_PAYMENTS, where=("batch_id", "product_id", "component"), order=("id",)
)
def capitation_pools(work: Work) -> Select[CapitationPool]:  # noqa: ARG001
    """The funds of each component of capitation, and what nobody could receive."""
    return select(CapitationPool)


@plugin.mutation(allow=EDIT_CATCHMENTS)
def set_catchments(work: Work, served_places: Annotated[list[ServedPlace], Field(max_length=_MOST)]) -> int:
    """Say which parts of places facilities serve; returns how many pairs were given."""
    return served.set_catchments(work, served_places)


@plugin.mutation(allow=EDIT_CATCHMENTS)
def set_place_figures(work: Work, figures: Annotated[list[FiguresOfPlace], Field(max_length=_MOST)]) -> int:
    """Say how many people and families live in places; returns how many places were given."""
    return served.set_place_figures(work, figures)
