"""The waves of products over GraphQL (TZA-07)."""

from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from msingi.work import Work
from msingi_insurance.models.rollout import Rollout
from msingi_insurance.plugin import EDIT_PRODUCTS, READ_PRODUCTS, plugin
from msingi_insurance.services import rollout as waves

plugin.expose(
    Rollout, "id", "product_id", "jurisdiction_id", "wave", "starts_on", "version", allow=READ_PRODUCTS
)


@plugin.connection(
    Rollout, allow=READ_PRODUCTS, where=("product_id", "wave", "starts_on"), order=("wave", "id")
)
def rollouts(work: Work) -> Select[Rollout]:  # noqa: ARG001 - the contract of a list
    """The places of the waves of products."""
    return select(Rollout)


@plugin.query(allow=READ_PRODUCTS)
def rollout_state(work: Work, product_id: UUID, on: date | None = None) -> waves.RolloutState:
    """In how many of its places a product is sold, today or on another day."""
    return waves.state_of_rollout(work, product_id, on or work.today())


@plugin.mutation(allow=EDIT_PRODUCTS)
def plan_rollout(
    work: Work, product_id: UUID, place_id: UUID, wave: int, starts_on: date | None = None
) -> Rollout:
    """Put a place into a wave of a product, or change its first day."""
    return waves.plan_rollout(work, product_id, place_id, wave=wave, starts_on=starts_on)
