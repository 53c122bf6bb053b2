"""Refusals of the rbac plugin."""

from collections.abc import Sequence
from typing import Final, Self

from msingi.errors import DomainError
from msingi.sayings import LISTED, Saying

MOST_NAMED: Final = 3
"""So many missing rights does a refusal name; their number says how many more there are."""


class CodeTaken(DomainError):
    """A place with this code exists already, or the code comes twice in one batch."""

    code = "rbac.code_taken"
    template = "The code {code} is already used by another place. Choose another code."


class UnknownParent(DomainError):
    """The place above does not exist, lies outside the actor's places, or is below itself."""

    code = "rbac.unknown_parent"
    template = "The place above, {parent}, was not found. Check the code or the order of the file."


class FacilityIsLeaf(DomainError):
    """A facility has no places below it."""

    code = "rbac.facility_is_leaf"
    template = "{code} is a facility: no place can lie below it."


class NamedByItsFacility(DomainError):
    """The leaf of a facility bears the name of the facility."""

    code = "rbac.named_by_its_facility"
    template = "{code} is a facility: correct the name of the facility itself."


class NameMissing(DomainError):
    """A place has a name."""

    code = "rbac.name_missing"
    template = "Write the name of the place."


class CircularMove(DomainError):
    """A place cannot lie below itself."""

    code = "rbac.circular_move"
    template = "{code} cannot be moved below itself."


class PlaceClosed(DomainError):
    """A closed place is neither moved nor closed again, and gets no places and no grants (FR-1)."""

    code = "rbac.place_closed"
    template = "{code} is closed since {valid_to}. Choose a place that is open."


class PlaceStillUsed(DomainError):
    """A place closes after the places below it."""

    code = "rbac.place_still_used"
    template = "Places below {code} are still open: {count}. Close or move them first."


class RootStays(DomainError):
    """The top of the tree does not move."""

    code = "rbac.root_stays"
    template = "{code} is the top of the tree and does not move."


class WrongPeriod(DomainError):
    """The period of a grant begins before today or ends before it begins."""

    code = "rbac.wrong_period"
    template = "The period from {valid_from} to {valid_to} is not valid: it begins today at the earliest and does not end before it begins."


class ClosesBeforeOpening(DomainError):
    """The last day of a place lies before its first one."""

    code = "rbac.closes_before_opening"
    template = "{code} opens on {valid_from} and cannot close on {last_day}."


class UnknownRole(DomainError):
    """No role of this name is in use."""

    code = "rbac.unknown_role"
    template = "There is no role {role}. The roles are: {roles}."


class WiderThanOwn(DomainError):
    """Nobody grants or revokes a right that he does not hold himself, there and that long (attack 25)."""

    code = "rbac.wider_than_own"
    template = (
        "You cannot give or take back the role {role} here: for this place and period you lack {lacking}. "
        "Ask somebody whose rights go further, or whoever runs the server: the command `user grant` gives the role."
    )

    @classmethod
    def by(cls, missing: Sequence[str], *, role: str) -> Self:
        """The refusal of a role for the rights that are missing: the first of them and how many they are."""
        named = LISTED.join(missing[:MOST_NAMED]) + ("…" if len(missing) > MOST_NAMED else "")
        values = {"number": len(missing), "names": named}
        lacking = Saying("{number} right ({names})", values, "{number} rights ({names})", len(missing))
        return cls(role=role, permissions=LISTED.join(missing), lacking=lacking)


class AlreadyRevoked(DomainError):
    """The grant was taken back before."""

    code = "rbac.already_revoked"
    template = "This grant was already revoked."


class SamePerson(DomainError):
    """Whoever made a thing does not approve it, whatever roles he holds (attack 24)."""

    code = "rbac.same_person"
    template = "You prepared this yourself: another person must approve it."
