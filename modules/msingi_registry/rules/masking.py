"""What a search shows of a person before a basis of access exists: initials and year (ID-23)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from msingi_registry.rules.dates import BirthDate
from msingi_registry.rules.names import name_words

MAX_RESULTS: Final = 20
"""Most persons that one search shows (ID-23)."""

_MOST_INITIALS: Final = 4

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class MaskedPerson:
    """Initials, such as `J. N.`, and the year of birth; nothing else of the person."""

    initials: str
    birth_year: int | None


def mask_person(given: str | None, family: str | None, birth: BirthDate | None) -> MaskedPerson:
    """Return the masked view of a person (ID-23)."""
    dotted = " ".join(f"{letter}." for letter in initials_of(given, family))
    return MaskedPerson(dotted, birth.year if birth else None)


def initials_of(given: str | None, family: str | None) -> str:
    """Return at most four capital letters A-Z, given names first; digits and particles give none (ID-6, ID-23)."""
    words = (*name_words(given or ""), *name_words(family or ""))
    letters = (word.text[0].upper() for word in words)
    return "".join(letter for letter in letters if letter.isalpha())[:_MOST_INITIALS]


def cap_results(found: Sequence[T]) -> tuple[tuple[T, ...], bool]:
    """Return the first 20 results and whether there were more (ID-23)."""
    return tuple(found[:MAX_RESULTS]), len(found) > MAX_RESULTS
