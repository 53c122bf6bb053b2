"""Exact amounts: rounded once, half to even, at the end; shares that add up to the whole (INS-A1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Final

from msingi.money import exponent_of

EXACT: Final = Context(prec=60, rounding=ROUND_HALF_EVEN)
"""Enough digits that no intermediate value of a rule is rounded."""
ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Rounding:
    """To what amounts are rounded: the currency's minor unit, or a coarser cash step such as a whole shilling."""

    currency: str
    cash_step: Decimal | None = None

    def __post_init__(self) -> None:
        if self.cash_step is not None and (self.cash_step <= 0 or EXACT.remainder(self.cash_step, self.unit)):
            raise ValueError("a cash step is a positive multiple of the currency's minor unit")

    @property
    def unit(self) -> Decimal:
        """The minor unit of the currency, in major units."""
        return Decimal((0, (1,), -exponent_of(self.currency)))

    @property
    def step(self) -> Decimal:
        """What every rounded amount is a multiple of."""
        return self.cash_step or self.unit

    def once(self, exact: Decimal) -> Decimal:
        """Round an exact amount half to even."""
        steps = EXACT.divide(exact, self.step).to_integral_value(ROUND_HALF_EVEN)
        return (steps * self.step).quantize(self.unit, context=EXACT)


def share_out(
    amount: Decimal, weights: Sequence[Decimal] | Sequence[Fraction], *, unit: Decimal
) -> tuple[Decimal, ...]:
    """Share an amount by weights in whole units so that the shares add up to it exactly; the largest remainders get the rest.

    Equal remainders are served in the order given. Weights are not negative and not all zero.
    """
    total = sum(map(Fraction, weights))
    if total <= 0 or min(weights) < 0:
        raise ValueError("weights are not negative and not all zero")
    units = Fraction(amount) / Fraction(unit)
    if units.denominator != 1 or units < 0:
        raise ValueError("the amount is a whole number of units")
    exact = [units * Fraction(weight) / total for weight in weights]
    whole = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda index: whole[index] - exact[index])
    for index in by_remainder[: int(units) - sum(whole)]:
        whole[index] += 1
    return tuple(count * unit for count in whole)


def percent_of(percent: Decimal, amount: Decimal) -> Decimal:
    """The exact percentage of an amount."""
    return EXACT.divide(EXACT.multiply(percent, amount), Decimal(100))
