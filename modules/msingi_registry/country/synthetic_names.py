"""Given and family names for synthetic persons: open lists, and syllables where no open list exists."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from msingi_registry.country.description import ComposedNames, NameList, PersonRecipe
from msingi_registry.country.shipped_files import read_rows


class Sex(StrEnum):
    """The sex of a synthetic person."""

    FEMALE = "female"
    MALE = "male"


@dataclass(frozen=True, slots=True)
class SyntheticNames:
    """The names to draw from, sorted so that every machine draws the same."""

    given: Mapping[Sex, tuple[str, ...]]
    family: tuple[str, ...]


def read_synthetic_names(recipe: PersonRecipe) -> SyntheticNames:
    """The names that a country's recipe asks for."""
    women, men = (NameList(locale=recipe.given_locale, kind="given", sex=sex) for sex in ("F", "M"))
    families = {name for each in recipe.family_lists for name in _select(each)}
    if recipe.composed_family_names is not None:
        families.update(compose_names(recipe.composed_family_names))
    return SyntheticNames({Sex.FEMALE: _select(women), Sex.MALE: _select(men)}, tuple(sorted(families)))


def compose_names(syllables: ComposedNames) -> tuple[str, ...]:
    """Every start + middle + end, once."""
    parts = product(syllables.starts, syllables.middles, syllables.ends)
    return tuple(sorted({"".join(each) for each in parts}))


def _select(wanted: NameList) -> tuple[str, ...]:
    rows = (row.values for row in read_rows("names", "synthetic_person_names.csv"))
    key = (wanted.locale, wanted.kind, wanted.sex)
    return tuple(sorted({row["name"] for row in rows if (row["locale"], row["kind"], row["sex"]) == key}))
