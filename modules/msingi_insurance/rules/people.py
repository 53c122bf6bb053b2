"""Members of a family as premium and cover see them: age, relationship, kind."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

OTHER_RELATIVE: Final = "7"
"""The code of the relationship "other relative" (PRM-1)."""


class MemberKind(StrEnum):
    """How a member counts for the premium (PRM-1, PRM-2)."""

    ADULT = "adult"
    CHILD = "child"
    OTHER_CHILD = "other_child"
    OTHER_ADULT = "other_adult"


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a family; ``relationship`` is a code of ``RELATIONSHIP_CODES``, empty for the head."""

    id: str
    born: date
    relationship: str = ""

    def kind(self, on: date, *, age_of_majority: int) -> MemberKind:
        """How the member counts on a day."""
        adult = is_adult(self.born, on, age_of_majority=age_of_majority)
        if self.relationship == OTHER_RELATIVE:
            return MemberKind.OTHER_ADULT if adult else MemberKind.OTHER_CHILD
        return MemberKind.ADULT if adult else MemberKind.CHILD


def age_on(born: date, on: date) -> int:
    """The completed years of age on a day; born on 29 February means a year older on 1 March."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def is_adult(born: date, on: date, *, age_of_majority: int) -> bool:
    """Whether somebody has reached the age of majority: the one test for premium, cover and documents (D-19)."""
    return age_on(born, on) >= age_of_majority
