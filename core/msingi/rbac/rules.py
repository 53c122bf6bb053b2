"""The law of access as pure decisions: periods, delegation, how a batch of places hangs together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from graphlib import CycleError, TopologicalSorter
from typing import Protocol
from uuid import UUID

from msingi.actor import GrantSet
from msingi.rbac.errors import CodeTaken, UnknownParent
from msingi.rbac.models import ADMIN


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A place to add; ``parent`` is the code of the place above, in the same batch or already there."""

    code: str
    name: str
    parent: str | None = None
    kind: str = ADMIN
    names: Mapping[str, str] = field(default_factory=dict)
    valid_from: date | None = None


class Period(Protocol):
    """Something that counts from one day to another, both included."""

    @property
    def valid_from(self) -> date | None:
        """First day, or none when it has no beginning."""

    @property
    def valid_to(self) -> date | None:
        """Last day, or none when it has no end."""


def is_in_force(period: Period, day: date) -> bool:
    """Whether the day lies in the period, its first and last day included."""
    begun = period.valid_from is None or period.valid_from <= day
    return begun and (period.valid_to is None or day <= period.valid_to)


def is_sound_period(valid_from: date, valid_to: date | None, today: date) -> bool:
    """Whether a grant may have this period: not back-dated, and not ending before it begins."""
    return valid_from >= today and (valid_to is None or valid_to >= valid_from)


def ends_no_later(wanted: date | None, own: date | None) -> bool:
    """Whether a period that ends on ``wanted`` lies within one that ends on ``own``; None has no end."""
    return own is None or (wanted is not None and wanted <= own)


def split_name(permission: str) -> tuple[str, str]:
    """The module and the action of a permission name, as the policy engine compares them."""
    module, _, action = permission.partition(".")
    return module, action


def not_held(
    permissions: Iterable[str], own: GrantSet, above: Iterable[UUID], *, until: date | None
) -> list[str]:
    """The permissions that a granter does not hold himself for a place until a day (attack 25).

    ``above`` are the place and everything above it; a right held at the top of the tree covers every place.
    """
    covering = [root for root in own.by_root if root in own.national or root in set(above)]

    def held(permission: str) -> bool:
        return any(
            permission in own.by_root[root] and ends_no_later(until, own.end_of(root, permission))
            for root in covering
        )

    return sorted(permission for permission in set(permissions) if not held(permission))


def parents_first(places: Sequence[NewPlace]) -> list[NewPlace]:
    """The batch in an order in which every place follows the one above it.

    Raises:
        CodeTaken: a code comes twice.
        UnknownParent: places of the batch lie below each other in a circle.

    """
    by_code: dict[str, NewPlace] = {}
    for place in places:
        if by_code.setdefault(place.code, place) is not place:
            raise CodeTaken(code=place.code)
    graph = {place.code: [place.parent] if place.parent in by_code else [] for place in places}
    try:
        return [by_code[str(code)] for code in TopologicalSorter(graph).static_order()]
    except CycleError as error:
        raise UnknownParent(parent=error.args[1][0]) from None
