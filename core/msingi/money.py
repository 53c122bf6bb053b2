"""Money: an exact amount in one currency, with no more decimals than the currency has (attack 54)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Final, Self

from msingi.currencies import EXPONENTS
from msingi.errors import DomainError
from msingi.sayings import Saying

MAX_MINOR: Final = 2**63 - 1
"""Largest amount in minor units: what a BIGINT column holds."""

_EXACT: Final = Context(prec=100, rounding=ROUND_HALF_EVEN)
_WRITTEN: Final = re.compile(r"(-?)(0|[1-9][0-9]{0,18})(?:\.([0-9]{1,4}))? ([A-Z]{3})")


class InvalidMoney(DomainError):
    """A text is not an amount and a currency code: digits, a point, one space, three capitals."""

    code = "money.invalid"
    template = "Write an amount like 1500 XAF or 12.50 TZS."


class UnknownCurrency(DomainError):
    """A currency is not an active ISO 4217 code."""

    code = "money.unknown_currency"
    template = "The currency is not a known ISO 4217 code."


class TooPrecise(DomainError):
    """An amount has more decimals than its currency (XAF, XOF and BIF have none)."""

    code = "money.too_precise"
    template = "An amount in {currency} has {decimals}."

    def __init__(self, *, currency: str, most: int) -> None:
        values = {"most": most}
        some = Saying("at most {most} decimal", values, "at most {most} decimals", most)
        super().__init__(currency=currency, most=most, decimals=some if most else Saying("no decimals"))


class TooMuchMoney(DomainError):
    """An amount does not fit 64 bits of minor units."""

    code = "money.too_large"
    template = "The amount is too large."


class MixedCurrencies(DomainError):
    """Amounts in two currencies are added, subtracted or compared."""

    code = "money.mixed_currencies"
    template = "Amounts in {left} and {right} cannot be combined."


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in a currency; the amount always carries the decimals of the currency.

    Never made from a float. Raises `UnknownCurrency`, `TooPrecise`, `TooMuchMoney` or `InvalidMoney`.
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError("an amount is a Decimal")
        if not self.amount.is_finite():
            raise InvalidMoney
        exponent = exponent_of(self.currency)
        if self.amount.adjusted() > len(str(MAX_MINOR)):
            raise TooMuchMoney
        settled = self.amount.quantize(Decimal((0, (1,), -exponent)), context=_EXACT)
        if settled != self.amount:
            raise TooPrecise(currency=self.currency, most=exponent)
        if abs(settled.scaleb(exponent, _EXACT)) > MAX_MINOR:
            raise TooMuchMoney
        object.__setattr__(self, "amount", settled or abs(settled))

    @classmethod
    def from_minor(cls, minor: int, currency: str) -> Self:
        """Make money from integer minor units, as the database stores it."""
        if isinstance(minor, bool) or not isinstance(minor, int):
            raise TypeError("minor units are an int")
        exponent = exponent_of(currency)
        if abs(minor) > MAX_MINOR:
            raise TooMuchMoney
        # Nothing is left to check or to settle: lists make thousands of amounts this way.
        money = object.__new__(cls)
        object.__setattr__(
            money, "amount", Decimal(minor).scaleb(-exponent, _EXACT) if exponent else Decimal(minor)
        )
        object.__setattr__(money, "currency", currency)
        return money

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Make no money of a currency."""
        return cls.from_minor(0, currency)

    @classmethod
    def rounded(cls, amount: Decimal, currency: str) -> Self:
        """Make money from an exact amount, rounding half to even once, at the end of a calculation."""
        if not amount.is_finite():
            raise InvalidMoney
        if amount.adjusted() > len(str(MAX_MINOR)):
            raise TooMuchMoney
        unit = Decimal((0, (1,), -exponent_of(currency)))
        return cls(amount.quantize(unit, context=_EXACT), currency)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `1500 XAF` or `12.50 TZS`: ASCII digits, no exponent, no grouping, no comma, no minus zero."""
        match = _WRITTEN.fullmatch(text)
        if match is None:
            raise InvalidMoney
        sign, whole, decimals, currency = match.groups()
        most = exponent_of(currency)
        if decimals is not None and len(decimals) > most:
            raise TooPrecise(currency=currency, most=most)
        money = cls(Decimal(f"{sign}{whole}.{decimals or 0}"), currency)
        if sign and not money:
            raise InvalidMoney
        return money

    @property
    def minor(self) -> int:
        """The amount in minor units (centimes; whole francs for XAF)."""
        return int(self.amount.scaleb(exponent_of(self.currency), _EXACT))

    def times(self, factor: Decimal | int) -> Self:
        """Multiply by an exact factor and round half to even once."""
        if isinstance(factor, bool) or not isinstance(factor, Decimal | int):
            raise TypeError("a factor is a Decimal or an int")
        return self.rounded(_EXACT.multiply(self.amount, Decimal(factor)), self.currency)

    def split(self, weights: Sequence[int]) -> list[Self]:
        """Share by whole weights so that the parts add up to the whole exactly (attack 90).

        What integer division leaves over goes to the largest remainders, first come first served.
        """
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise ValueError("weights are not negative and not all zero")
        parts = [divmod(self.minor * weight, total) for weight in weights]
        left = self.minor - sum(part for part, _ in parts)
        by_remainder = sorted(range(len(parts)), key=lambda index: -parts[index][1])
        extra = set(by_remainder[:left])
        return [
            self.from_minor(part + (index in extra), self.currency) for index, (part, _) in enumerate(parts)
        ]

    def __add__(self, other: "Money") -> Self:
        self._must_match(other)
        return self.from_minor(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> Self:
        self._must_match(other)
        return self.from_minor(self.minor - other.minor, self.currency)

    def __neg__(self) -> Self:
        return self.from_minor(-self.minor, self.currency)

    def __abs__(self) -> Self:
        return self.from_minor(abs(self.minor), self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._must_match(other)
        return self.amount < other.amount

    def __le__(self, other: "Money") -> bool:
        self._must_match(other)
        return self.amount <= other.amount

    def __gt__(self, other: "Money") -> bool:
        return not self <= other

    def __ge__(self, other: "Money") -> bool:
        return not self < other

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"

    def __composite_values__(self) -> tuple[int, str]:
        """Return what the two columns of a money attribute store."""
        return self.minor, self.currency

    def _must_match(self, other: "Money") -> None:
        if not isinstance(other, Money):
            raise TypeError("money combines with money only")
        if other.currency != self.currency:
            raise MixedCurrencies(left=self.currency, right=other.currency)


def total(amounts: Iterable[Money], currency: str) -> Money:
    """Add up amounts of one currency exactly; nothing adds up to zero of that currency."""
    result = Money.zero(currency)
    for amount in amounts:
        result += amount
    return result


def exponent_of(currency: str) -> int:
    """Return the number of decimals of a currency; raises `UnknownCurrency`."""
    exponent = EXPONENTS.get(currency)
    if exponent is None:
        raise UnknownCurrency
    return exponent
