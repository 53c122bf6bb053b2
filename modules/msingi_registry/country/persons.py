"""Makes synthetic persons and households, the same for the same seed; nobody real is among them."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import accumulate, chain, count, islice
from random import Random
from typing import Final, NamedTuple, TypeVar

from msingi_registry.country.description import PersonRecipe, describe_country
from msingi_registry.country.facilities import read_facilities
from msingi_registry.country.synthetic_names import Sex, SyntheticNames, read_synthetic_names
from msingi_registry.rules.dates import DatePrecision

T = TypeVar("T")

MEMBERS_AT_MOST: Final = 12
HOUSEHOLDS_PER_BLOCK: Final = 512
"""Households that share one random stream, so that any block can be made alone and on any machine."""

_SIZES: Final = tuple(range(1, MEMBERS_AT_MOST + 1))
_SIZE_WEIGHTS: Final = (8, 10, 13, 15, 16, 13, 10, 6, 4, 3, 1, 1)
_PRECISIONS: Final = (
    *(DatePrecision.DAY,) * 14,
    *(DatePrecision.MONTH,) * 2,
    *(DatePrecision.YEAR,) * 3,
    DatePrecision.ESTIMATED,
)
_NUMBERS_PER_HOUSEHOLD: Final = 16
_PHONES_PER_HOUSEHOLD: Final = 4
_PHONE_SHARE: Final = 0.7
_SPOUSE_SHARE: Final = 0.75
_CHILD_SHARE: Final = 0.8
_ADULT: Final = 18
_HEAD_AGES: Final = (20, 75)
_YOUNGEST_PARENT: Final = 16
_OLDEST_CHILD: Final = 25
_OLDEST_RELATIVE: Final = 85
_DAYS_PER_YEAR: Final = 365.25
_SPOUSE_GAP: Final = 8
_SEXES: Final = (Sex.FEMALE, Sex.MALE)
_OTHER_SEX: Final = {Sex.FEMALE: Sex.MALE, Sex.MALE: Sex.FEMALE}
_SCATTER: Final = 3**18
"""A multiplier without common factor with 10: it permutes every range of phone numbers."""


class Role(StrEnum):
    """What a person is in the household."""

    HEAD = "head"
    SPOUSE = "spouse"
    CHILD = "child"
    RELATIVE = "relative"


class Person(NamedTuple):
    """A synthetic person; a tuple, because a million of them are made in a minute.

    ``number`` is unique per country and seed. What ``birth_precision`` does not know of the day stands as 1.
    ``phone`` is E.164 in a range that no operator serves, or empty.
    """

    number: int
    household: int
    role: Role
    given_name: str
    family_name: str
    sex: Sex
    birth_date: dt.date
    birth_precision: DatePrecision
    phone: str
    place_code: str
    synthetic: bool = True


class Household(NamedTuple):
    """A synthetic household of 1 to 12 members, the head first; 4.9 members on average."""

    number: int
    place_code: str
    members: tuple[Person, ...]
    synthetic: bool = True


def generate_persons(
    iso3: str, amount: int, *, seed: int, as_of: dt.date, places: Mapping[str, int] | None = None
) -> Iterator[Person]:
    """The first ``amount`` persons of the households, one at a time; the last household may be cut."""
    households = generate_households(iso3, seed=seed, as_of=as_of, places=places)
    return islice(chain.from_iterable(household.members for household in households), amount)


def generate_households(
    iso3: str, *, seed: int, as_of: dt.date, places: Mapping[str, int] | None = None, first_block: int = 0
) -> Iterator[Household]:
    """Households without end; ages are counted on ``as_of``.

    ``places`` weighs place codes; without it the first-level places are weighed by their facilities. A later
    ``first_block`` gives the same households as counting up to it, 512 per block.
    """
    recipe = describe_country(iso3).persons
    maker = _Maker(recipe, read_synthetic_names(recipe), places or weigh_places(iso3), seed, as_of)
    return chain.from_iterable(maker.block(number) for number in count(first_block))


def weigh_places(iso3: str) -> dict[str, int]:
    """The number of facilities of each first-level place, a stand-in for its share of the population."""
    weights: dict[str, int] = {}
    for record in read_facilities(iso3):
        if record.place_code is not None:
            weights[record.place_code] = weights.get(record.place_code, 0) + 1
    return dict(sorted(weights.items()))


class _Maker:
    """Draws the households of one country, seed and day."""

    def __init__(
        self,
        recipe: PersonRecipe,
        names: SyntheticNames,
        places: Mapping[str, int],
        seed: int,
        as_of: dt.date,
    ) -> None:
        self._recipe = recipe
        self._given = names.given
        self._family = names.family
        self._places = tuple(places)
        self._place_weights = tuple(accumulate(places.values()))
        self._seed = seed
        self._today = as_of.toordinal()

    def block(self, block: int) -> Iterator[Household]:
        """The households of one block, from a random stream of its own."""
        rng = Random(f"{self._seed}/{block}")  # noqa: S311 - made-up persons, no secret
        sizes = rng.choices(_SIZES, _SIZE_WEIGHTS, k=HOUSEHOLDS_PER_BLOCK)
        places = rng.choices(self._places, cum_weights=self._place_weights, k=HOUSEHOLDS_PER_BLOCK)
        for number, (size, place) in enumerate(
            zip(sizes, places, strict=True), start=block * HOUSEHOLDS_PER_BLOCK + 1
        ):
            yield Household(number, place, tuple(self._members(rng, number, size, place)))

    def _members(self, rng: Random, household: int, size: int, place: str) -> Iterator[Person]:
        family = _pick(rng, self._family)
        shares_name = rng.random() * 100 < self._recipe.shared_family_name_percent
        phones = self._phones(household)
        for position, (role, sex, age) in enumerate(_roles(rng, size)):
            keeps_name = role is Role.HEAD or (role is Role.CHILD and shares_name)
            precision = _pick(rng, _PRECISIONS)
            yield Person(
                number=household * _NUMBERS_PER_HOUSEHOLD + position,
                household=household,
                role=role,
                given_name=self._given_name(rng, sex),
                family_name=family if keeps_name else _pick(rng, self._family),
                sex=sex,
                birth_date=_birth_date(self._today - int(age * _DAYS_PER_YEAR), precision),
                birth_precision=precision,
                phone=next(phones, "") if age >= _ADULT and rng.random() < _PHONE_SHARE else "",
                place_code=place,
            )

    def _given_name(self, rng: Random, sex: Sex) -> str:
        first = _pick(rng, self._given[sex])
        if rng.random() * 100 >= self._recipe.two_given_names_percent:
            return first
        second = _pick(rng, self._given[sex])
        return first if second == first else f"{first} {second}"

    def _phones(self, household: int) -> Iterator[str]:
        """Up to four numbers of a household; numbers repeat only once the range is used up."""
        digits = self._recipe.phone_digits
        for slot in range(_PHONES_PER_HOUSEHOLD):
            scattered = (household * _PHONES_PER_HOUSEHOLD + slot) * _SCATTER % 10**digits
            yield f"{self._recipe.phone_prefix}{scattered:0{digits}}"


def _roles(rng: Random, size: int) -> Iterator[tuple[Role, Sex, float]]:
    """The members' roles, sexes and ages in years: the head, mostly a spouse, then children and relatives."""
    head_age = rng.uniform(*_HEAD_AGES)
    head_sex = _pick(rng, _SEXES)
    yield Role.HEAD, head_sex, head_age
    parent_age = head_age
    others = size - 1
    if others and rng.random() < _SPOUSE_SHARE:
        spouse_age = max(float(_ADULT), head_age + rng.uniform(-_SPOUSE_GAP, _SPOUSE_GAP))
        parent_age = min(head_age, spouse_age)
        others -= 1
        yield Role.SPOUSE, _OTHER_SEX[head_sex], spouse_age
    for _ in range(others):
        if rng.random() < _CHILD_SHARE:
            yield (
                Role.CHILD,
                _pick(rng, _SEXES),
                rng.uniform(0, min(parent_age - _YOUNGEST_PARENT, _OLDEST_CHILD)),
            )
        else:
            yield Role.RELATIVE, _pick(rng, _SEXES), rng.uniform(0, _OLDEST_RELATIVE)


def _birth_date(day: int, precision: DatePrecision) -> dt.date:
    """The day with what the precision does not know put to 1, as the registry stores it."""
    born = dt.date.fromordinal(day)
    if precision is DatePrecision.DAY:
        return born
    return born.replace(day=1) if precision is DatePrecision.MONTH else born.replace(month=1, day=1)


def _pick(rng: Random, values: Sequence[T]) -> T:
    return values[int(rng.random() * len(values))]
