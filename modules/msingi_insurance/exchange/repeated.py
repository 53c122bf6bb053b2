"""Finds the persons who stand in several families of one enrolment file (CLM-F3)."""

import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from msingi_insurance.exchange.enrolment_records import FiledFamily, FiledInsuree, Repetition

_MOST_NAMED: Final = 20
"""Places named beside a person: a file that gives everybody one name stays small."""


def with_repetitions(families: Sequence[FiledFamily]) -> tuple[FiledFamily, ...]:
    """The families, each with those of its persons who stand in another one: of the same name, birth and sex, or document."""
    held: dict[Hashable, dict[tuple[int, str], None]] = defaultdict(dict)
    for position, family in enumerate(families):
        for person in family.insurees:
            for sign in _signs(person):
                held[sign][position, person.key] = None
    shared = [list(found) for found in held.values() if len({position for position, _ in found}) > 1]
    repeated: dict[int, set[Repetition]] = defaultdict(set)
    for found in shared:
        for position, key in found:
            repeated[position] |= {
                Repetition(key, families[other].key, named)
                for other, named in found[:_MOST_NAMED]
                if other != position
            }
    return tuple(
        replace(family, repeated=tuple(sorted(repeated[position]))) if position in repeated else family
        for position, family in enumerate(families)
    )


def _signs(person: FiledInsuree) -> Iterator[Hashable]:
    name = _folded(f"{person.family_name} {person.given_name}")
    if name:
        yield name, person.born, person.sex
    if person.identifier and person.identifier_type:
        yield person.identifier_type, person.identifier


def _folded(name: str) -> tuple[str, ...]:
    """The words of a name without capitals, accents and order."""
    marked = unicodedata.normalize("NFKD", name.casefold())
    return tuple(sorted("".join(one for one in marked if not unicodedata.combining(one)).split()))
