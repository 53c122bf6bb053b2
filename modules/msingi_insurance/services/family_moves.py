"""Families that move to another village, with everything that still runs (INS-8)."""

from dataclasses import dataclass
from uuid import UUID

from msingi.clean_text import clean_text
from msingi.work import Work
from msingi_insurance.errors import LivesThere
from msingi_insurance.events import FamilyMoved
from msingi_insurance.models.family import Family, FamilyMove
from msingi_insurance.rules.moves import MoveDirection
from msingi_insurance.rules.refusals import ReasonRequired
from msingi_insurance.services.family_move_rows import locked_to_go, move_rows
from msingi_insurance.services.family_move_warnings import MoveRemark, remarks_on_move
from msingi_insurance.services.insurees_places import check_village
from msingi_insurance.services.officers import officer_at_desk
from msingi_registry import move_household

_REASON_LENGTH = 500


@dataclass(frozen=True, slots=True)
class MovedFamily:
    """A family in its new village, the policies that went with it, and what the clerk should know."""

    family: Family
    policy_ids: tuple[UUID, ...]
    warnings: tuple[MoveRemark, ...]


def move_family(
    work: Work,
    family_id: UUID,
    village_id: UUID,
    *,
    reason: str,
    address: str | None = None,
    expected_version: int,
) -> MovedFamily:
    """Register a family in another village: household, insurees, what runs of its policies, and payments that are expected.

    What happened stays where it happened (decision 0024). A number of statements that does not grow with the family.

    Raises:
        NotFound, StaleVersion: the family or the village is not visible, or the family was changed meanwhile.
        FamilyPlaceInvalid: families do not live there (INS-1).
        LivesThere: it is the village of now.
        ReasonRequired: the reason is missing.
        OfficerNotThere: the caller is an officer who does not work in both villages (TZA-14).

    """
    family = work.get(Family, family_id, expected_version=expected_version)
    reason = clean_text(reason, most=_REASON_LENGTH)
    _check(work, family, village_id, reason)
    going = locked_to_go(work, family_id, expected_version=expected_version)
    warnings = remarks_on_move(work, going, village_id)
    told = FamilyMoved(
        family_id=family.id,
        insuree_ids=tuple(insuree.id for insuree in going.insurees),
        policy_ids=tuple(policy.id for policy in going.policies),
        from_id=family.jurisdiction_id,
        to_id=village_id,
    )
    move_household(work, family.household_id, village_id, address=address)
    _note(work, family, village_id, reason)
    family.jurisdiction_id = village_id
    work.session.flush()
    move_rows(work, going, village_id)
    work.emit(told)
    return MovedFamily(family, told.policy_ids, warnings)


def _check(work: Work, family: Family, village_id: UUID, reason: str) -> None:
    check_village(work, village_id)
    if village_id == family.jurisdiction_id:
        raise LivesThere
    if not reason:
        raise ReasonRequired(step="move_family")
    for place in (family.jurisdiction_id, village_id):
        officer_at_desk(work, place, work.today())


def _note(work: Work, family: Family, village_id: UUID, reason: str) -> None:
    """Keep the move for those who work in each of the two villages."""
    left = family.jurisdiction_id
    sides = ((left, MoveDirection.LEFT, village_id), (village_id, MoveDirection.CAME, left))
    rows = [
        {
            "jurisdiction_id": place,
            "family_id": family.id,
            "direction": direction,
            "other_id": other,
            "moved_on": work.today(),
            "reason": reason,
            "moved_by": work.actor.id,
        }
        for place, direction, other in sides
    ]
    work.insert_rows(FamilyMove, rows)
