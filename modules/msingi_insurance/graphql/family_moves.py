"""GraphQL operations on families that move to another village (INS-8)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Select, select

from msingi.rbac.models import Jurisdiction
from msingi.work import Work
from msingi_insurance.models.family import Family, FamilyMove
from msingi_insurance.plugin import EDIT_INSUREES, READ_INSUREES, plugin
from msingi_insurance.services import family_moves as moving
from msingi_insurance.services.family_move_warnings import MoveRemark
from msingi_insurance.services.insurees_places import villages_of

plugin.expose(
    FamilyMove,
    *("id", "family_id", "jurisdiction_id", "direction", "other_id", "moved_on", "reason", "moved_by"),
    allow=READ_INSUREES,
)


@dataclass(frozen=True, slots=True)
class FamilyInNewVillage:
    """A family that just moved."""

    family: Family = field(metadata={"doc": "The family in its new village."})
    policy_ids: list[UUID] = field(metadata={"doc": "The policies that went with it."})
    warnings: list[MoveRemark] = field(metadata={"doc": "What to know; nothing of it refuses the move."})


@plugin.connection(
    FamilyMove,
    allow=READ_INSUREES,
    where=("family_id", "direction", "other_id", "moved_on"),
    order=("moved_on", "id"),
)
def family_moves(work: Work) -> Select[FamilyMove]:  # noqa: ARG001 - every connection receives it
    """Families that left villages of the reader or came to them, and where they went or came from."""
    return select(FamilyMove)


@plugin.mutation(allow=EDIT_INSUREES)
def move_family(
    work: Work,
    family_id: UUID,
    jurisdiction_id: UUID,
    reason: str,
    expected_version: int,
    address: str | None = None,
) -> FamilyInNewVillage:
    """Register a family in another village; what runs of its policies goes with it, what happened stays where it happened."""
    moved = moving.move_family(
        work, family_id, jurisdiction_id, reason=reason, address=address, expected_version=expected_version
    )
    return FamilyInNewVillage(moved.family, list(moved.policy_ids), list(moved.warnings))


@plugin.extend(Family, allow=READ_INSUREES, reads=())
def moves(parents: Sequence[Family], work: Work) -> dict[UUID, list[FamilyMove]]:
    """How the family came to villages of the reader, and left them, in the order of the days."""
    return work.answer_children(FamilyMove.family_id, parents, order_by=FamilyMove.id)


@plugin.extend(FamilyMove, allow=READ_INSUREES, reads=("jurisdiction_id",))
def village(parents: Sequence[FamilyMove], work: Work) -> dict[UUID, Jurisdiction]:
    """The village that the family left, or to which it came."""
    places = villages_of(work, {parent.jurisdiction_id for parent in parents})
    return {parent.id: places[parent.jurisdiction_id] for parent in parents}


@plugin.extend(FamilyMove, allow=READ_INSUREES, reads=("other_id",))
def other_village(parents: Sequence[FamilyMove], work: Work) -> dict[UUID, Jurisdiction]:
    """The village to which it went, or from which it came."""
    places = villages_of(work, {parent.other_id for parent in parents})
    return {parent.id: places[parent.other_id] for parent in parents}
