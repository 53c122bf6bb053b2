"""The terms of a place: a national product whose contributions differ in some region, for a time (TZA-18)."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from msingi_insurance.rules.terms import Terms, Variation
from msingi_insurance.rules.trace import Step, Trace, step

_WHERE_AND_WHEN: Final = {"place", "date_from", "date_to"}


def vary(terms: Terms, *, places: Sequence[str], on: date) -> tuple[Terms, Trace]:
    """The terms that hold at the last of ``places`` on a day.

    ``places`` leads from the country down. A narrower place overrides a wider one, and at one place the variation
    that began later overrides the earlier; what a variation leaves out stays as it is.
    """
    holding = [
        (places.index(variation.place), variation.date_from or date.min, variation)
        for variation in terms.variations
        if variation.place in places and _holds(variation, on)
    ]
    steps: list[Step] = []
    for _, _, variation in sorted(holding, key=lambda entry: entry[:2]):
        changes = variation.model_dump(exclude=_WHERE_AND_WHEN, exclude_none=True)
        terms = terms.model_copy(update=changes)
        steps.append(step("TZA-18", "varied", place=variation.place, terms=tuple(sorted(changes))))
    return terms, tuple(steps)


def _holds(variation: Variation, on: date) -> bool:
    return (variation.date_from or date.min) <= on <= (variation.date_to or date.max)
