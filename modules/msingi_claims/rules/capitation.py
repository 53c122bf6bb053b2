"""Capitation: what facilities receive for the people they serve, whatever care they give (BAT-7)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final, NamedTuple

from msingi_insurance import Capitation, CapitationWeights, share_out

ZERO: Final = Decimal(0)


class Component(StrEnum):
    """What a part of the funds is shared out by."""

    POPULATION = "population"
    FAMILIES = "families"
    INSURED_POPULATION = "insured_population"
    INSURED_FAMILIES = "insured_families"
    INSURED_VISITS = "insured_visits"
    ADJUSTED_AMOUNT = "adjusted_amount"


CATCHMENT: Final = (
    Component.POPULATION,
    Component.FAMILIES,
    Component.INSURED_POPULATION,
    Component.INSURED_FAMILIES,
)
"""Components of the people who live around a facility; together they are the catchment payment."""


class CatchmentPlace(NamedTuple):
    """A place that a facility serves: its figure, and what part of it in percent."""

    figure: int
    percent: Decimal


class FacilityCounts(NamedTuple):
    """What a facility counts for each component; one that is missing counts 0."""

    facility: str
    counts: Mapping[Component, Fraction]


@dataclass(frozen=True, slots=True)
class Pool:
    """The funds of one component, what one of it is worth, and what could not be shared out."""

    amount: Decimal
    unit_price: Fraction | None
    """None when nobody counts anything: the pool is undistributed."""

    @property
    def undistributed(self) -> Decimal:
        """The whole amount when no facility counts anything."""
        return self.amount if self.unit_price is None else ZERO


@dataclass(frozen=True, slots=True)
class FacilityPayment:
    """What a facility receives for each component."""

    facility: str
    counts: Mapping[Component, Fraction]
    amounts: Mapping[Component, Decimal]

    @property
    def catchment(self) -> Decimal:
        """For the people who live around it."""
        return sum((self.amounts[component] for component in CATCHMENT), ZERO)

    @property
    def total(self) -> Decimal:
        """With its visits and the amounts of its claims."""
        return sum(self.amounts.values(), ZERO)


@dataclass(frozen=True, slots=True)
class CapitationResult:
    """The pools and payments of a period; the payments of a component add up to its pool."""

    pools: Mapping[Component, Pool]
    payments: tuple[FacilityPayment, ...]


def is_eligible(capitation: Capitation, *, level: str, sublevel: str | None) -> bool:
    """Whether a facility of a level and sub-level receives capitation; a level without sub-level means all of it."""
    return any(
        one.level == level and (one.sublevel is None or one.sublevel == sublevel) for one in capitation.levels
    )


def catchment_count(places: Iterable[CatchmentPlace]) -> Fraction:
    """The sum over places of their figure times the part that the facility serves."""
    return sum((Fraction(place.percent) * place.figure / 100 for place in places), Fraction(0))


def share_capitation(
    capitation: Capitation, allocated: Fraction, facilities: Sequence[FacilityCounts], *, unit: Decimal
) -> CapitationResult:
    """Share the part of the allocated contributions that is for capitation among eligible facilities.

    Amounts are in whole units of ``unit``: the pools add up to the share, rounded once, and the amounts of facilities
    to their pool, by the largest remainders; equal remainders are served in the order given.
    """
    share = allocated * Fraction(capitation.share) / 100
    total = round(share / Fraction(unit)) * unit
    weights = [_weight(capitation.weights, component) for component in Component]
    pools, amounts = {}, {}
    for component, amount in zip(Component, share_out(total, weights, unit=unit), strict=True):
        counts = [one.counts.get(component, Fraction(0)) for one in facilities]
        pools[component], amounts[component] = _shared(amount, counts, unit)
    payments = (
        FacilityPayment(
            one.facility, one.counts, {component: amounts[component][position] for component in Component}
        )
        for position, one in enumerate(facilities)
    )
    return CapitationResult(pools, tuple(payments))


def _weight(weights: CapitationWeights, component: Component) -> Decimal:
    weight: Decimal = getattr(weights, component.value)
    return weight


def _shared(amount: Decimal, counts: Sequence[Fraction], unit: Decimal) -> tuple[Pool, tuple[Decimal, ...]]:
    whole = sum(counts, Fraction(0))
    if not whole:
        return Pool(amount, None), (ZERO,) * len(counts)
    return Pool(amount, Fraction(amount) / whole), share_out(amount, counts, unit=unit)
