"""Amounts between tables, which hold minor units, and rules, which count in major ones."""

from dataclasses import dataclass
from decimal import Decimal
from typing import overload

from msingi.money import exponent_of


@dataclass(frozen=True, slots=True)
class Units:
    """The decimals of a currency."""

    exponent: int

    @classmethod
    def of(cls, currency: str) -> "Units":
        """Those of this currency; raises `UnknownCurrency`."""
        return cls(exponent_of(currency))

    @property
    def unit(self) -> Decimal:
        """The smallest amount, in major units."""
        return Decimal(1).scaleb(-self.exponent)

    @overload
    def major(self, minor: int) -> Decimal: ...
    @overload
    def major(self, minor: None) -> None: ...
    @overload
    def major(self, minor: int | None) -> Decimal | None: ...
    def major(self, minor: int | None) -> Decimal | None:
        """Minor units of a column as an exact amount."""
        if minor is None or not self.exponent:
            return None if minor is None else Decimal(minor)
        return Decimal(minor).scaleb(-self.exponent)

    @overload
    def minor(self, amount: Decimal) -> int: ...
    @overload
    def minor(self, amount: None) -> None: ...
    @overload
    def minor(self, amount: Decimal | None) -> int | None: ...
    def minor(self, amount: Decimal | None) -> int | None:
        """An amount that rules have rounded, as minor units; more decimals are an error of the rules."""
        if not amount:
            return None if amount is None else 0
        scaled = amount.scaleb(self.exponent) if self.exponent else amount
        whole = int(scaled)
        if whole != scaled:
            raise ValueError("an amount has more decimals than its currency")
        return whole
