"""Who counts for the premium, in which kind, inside or outside the lump sum (PRM-1, PRM-2, PRM-3, PRM-8)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from msingi_insurance.rules.people import Member, MemberKind
from msingi_insurance.rules.terms import Terms
from msingi_insurance.rules.trace import Trace, step

OWN_FAMILY = (MemberKind.ADULT, MemberKind.CHILD)


@dataclass(frozen=True, slots=True)
class CountedMember:
    """A member, whether covered, and whether the lump sum pays for the member or a rate does."""

    id: str
    kind: MemberKind
    covered: bool
    in_lump_sum: bool


@dataclass(frozen=True, slots=True)
class Headcount:
    """The members of a family as the premium counts them."""

    members: tuple[CountedMember, ...]
    steps: Trace

    @property
    def total(self) -> int:
        """Covered members."""
        return sum(member.covered for member in self.members)

    @property
    def dropped(self) -> int:
        """Members above the maximum (PRM-8)."""
        return len(self.members) - self.total

    @property
    def paying_adults(self) -> int:
        """Adults of the own family who pay the rate of an adult."""
        return self._paying(MemberKind.ADULT)

    @property
    def paying_children(self) -> int:
        """Children of the own family who pay the rate of a child."""
        return self._paying(MemberKind.CHILD)

    @property
    def other_adults(self) -> int:
        """Adults among the other relatives; they pay their rate (PRM-1)."""
        return self._paying(MemberKind.OTHER_ADULT)

    @property
    def other_children(self) -> int:
        """Children among the other relatives; they pay their rate (PRM-1)."""
        return self._paying(MemberKind.OTHER_CHILD)

    def _paying(self, kind: MemberKind) -> int:
        return sum(m.covered and not m.in_lump_sum and m.kind is kind for m in self.members)


def count_members(terms: Terms, members: Sequence[Member], *, on: date, age_of_majority: int) -> Headcount:
    """Count the members on a day, cut to the maximum, and place them inside or outside the lump sum.

    Surplus adults go first, then children, other children and other adults find room in this order (PRM-2); within
    a kind those named first stay, so the head comes first. With a lump sum the threshold fills with adults, then
    with children (PRM-3); without one it is ignored (PRM-4). A threshold that is not set has no limit (INS-A3).
    """
    kinds = [member.kind(on, age_of_majority=age_of_majority) for member in members]
    covered = _seats(kinds, tuple(MemberKind), terms.max_members)
    eligible = [kind if seat else None for kind, seat in zip(kinds, covered, strict=True)]
    inside = _seats(eligible, OWN_FAMILY, terms.threshold) if terms.lump_sum else [False] * len(members)
    counted = tuple(
        CountedMember(member.id, kind, seat, lump)
        for member, kind, seat, lump in zip(members, kinds, covered, inside, strict=True)
    )
    return Headcount(counted, _explained(terms, eligible, on, age_of_majority))


def _seats(kinds: Sequence[MemberKind | None], order: Sequence[MemberKind], most: int | None) -> list[bool]:
    """Who gets one of ``most`` seats when kinds are served in this order and members as they are named."""
    ranked = sorted(
        (order.index(kind), index) for index, kind in enumerate(kinds) if kind is not None and kind in order
    )
    seated = {index for _, index in ranked[:most]}
    return [index in seated for index in range(len(kinds))]


def _explained(terms: Terms, eligible: Sequence[MemberKind | None], on: date, age_of_majority: int) -> Trace:
    numbers = Counter(eligible)
    counted = step(
        "PRM-1",
        "members",
        adults=numbers[MemberKind.ADULT],
        children=numbers[MemberKind.CHILD],
        other_adults=numbers[MemberKind.OTHER_ADULT],
        other_children=numbers[MemberKind.OTHER_CHILD],
        age=age_of_majority,
        date=on,
    )
    dropped = numbers[None]
    if not dropped or terms.max_members is None:
        return (counted,)
    cut = step("PRM-2", "capped", places=terms.max_members)
    return (cut, step("PRM-8", "not_covered", dropped=dropped), counted)
