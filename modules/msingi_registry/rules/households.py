"""Membership of households: one head at a time, and each person in one household at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from msingi_registry.rules.refusals import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A person in a household from a first day to a last day, both included; no last day means until now."""

    household: str
    person: str
    start: date
    end: date | None = None
    head: bool = False

    def __post_init__(self) -> None:
        """Refuse a period that ends before it begins."""
        if self.end is not None and self.end < self.start:
            raise Refusal("registry.membership_period_invalid")

    def is_current(self, on: date) -> bool:
        """Say whether the membership holds on the day."""
        return self.start <= on and (self.end is None or on <= self.end)


def check_one_household(memberships: Iterable[Membership]) -> None:
    """Refuse two memberships of one person that overlap; raises `registry.membership_overlaps`."""
    by_person: dict[str, list[Membership]] = {}
    for membership in memberships:
        by_person.setdefault(membership.person, []).append(membership)
    if any(_overlap(one, other) for rows in by_person.values() for one, other in combinations(rows, 2)):
        raise Refusal("registry.membership_overlaps")


def head_of(memberships: Iterable[Membership], household: str, on: date) -> str:
    """Return the person who heads the household on the day.

    Raises `registry.household_without_head` and `registry.household_with_two_heads`.
    """
    heads = {
        row.person for row in memberships if row.household == household and row.head and row.is_current(on)
    }
    if not heads:
        raise Refusal("registry.household_without_head")
    if len(heads) > 1:
        raise Refusal("registry.household_with_two_heads")
    return heads.pop()


def _overlap(one: Membership, other: Membership) -> bool:
    return one.start <= (other.end or date.max) and other.start <= (one.end or date.max)
