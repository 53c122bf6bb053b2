"""The indicators of management: what each counts, and the ratios made of them (P1..P12, D1..D9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Final


class Count(StrEnum):
    """The counts and sums of one period, product and place."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"
    P5 = "P5"
    P6 = "P6"
    P7 = "P7"
    P8 = "P8"
    P9 = "P9"
    P10 = "P10"
    P11 = "P11"
    P12 = "P12"


class Ratio(StrEnum):
    """What is derived from the counts."""

    D1 = "D1"
    D2 = "D2"
    D3 = "D3"
    D4 = "D4"
    D5 = "D5"
    D6 = "D6"
    D7 = "D7"
    D8 = "D8"
    D9 = "D9"


DEFINITIONS: Final[Mapping[Count | Ratio, str]] = MappingProxyType(
    {
        Count.P1: "Policies active on the last day of the period",
        Count.P2: "New policies: no policy of the same product, or of one that it replaced, came before",
        Count.P3: "Policies suspended in the period",
        Count.P4: "Policies expired in the period",
        Count.P5: "Renewals: a policy of the same product, or of one that it replaced, came before",
        Count.P6: "Insurees covered on the last day of the period",
        Count.P7: "Insurees insured for the first time in the period",
        Count.P8: "Contributions received, by the day of payment",
        Count.P9: "Contributions allocated evenly over the days of cover",
        Count.P10: "Claims whose first day is in the period",
        Count.P11: "Amount remunerated for these claims",
        Count.P12: "Rejected claims among them",
        Ratio.D1: "Incurred claims: amount remunerated per contribution allocated",
        Ratio.D2: "Renewals per expired policy",
        Ratio.D3: "New policies per policy active in the period before",
        Ratio.D4: "Mean days from submission to payment",
        Ratio.D5: "Settlement: claims not rejected per claim",
        Ratio.D6: "Claims per covered insuree",
        Ratio.D7: "Average amount remunerated per claim",
        Ratio.D8: "Mean mark of the feedback",
        Ratio.D9: "Feedback received per feedback asked",
    }
)
"""What each indicator means, in English; the keys of the catalogue."""

PLACES: Final = Decimal("0.0001")
"""Ratios are given with four decimals, half to even."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodFacts:
    """The counts of a period, the active policies of the one before, and the sums behind the means."""

    counts: Mapping[Count, Decimal]
    active_before: Decimal = Decimal(0)
    days_to_payment: Decimal = Decimal(0)
    claims_paid: int = 0
    feedback_marks: Decimal = Decimal(0)
    feedback_received: int = 0
    feedback_asked: int = 0

    def of(self, count: Count) -> Decimal:
        """A count; what was not counted is zero."""
        return self.counts.get(count, Decimal(0))


def ratios(facts: PeriodFacts) -> dict[Ratio, Decimal | None]:
    """Every ratio of a period; None where there is nothing to divide by: no ratio is not zero (INS-A3)."""
    claims, rejected = facts.of(Count.P10), facts.of(Count.P12)
    received = Decimal(facts.feedback_received)
    return {
        Ratio.D1: _divide(facts.of(Count.P11), facts.of(Count.P9)),
        Ratio.D2: _divide(facts.of(Count.P5), facts.of(Count.P4)),
        Ratio.D3: _divide(facts.of(Count.P2), facts.active_before),
        Ratio.D4: _divide(facts.days_to_payment, Decimal(facts.claims_paid)),
        Ratio.D5: _divide(claims - rejected, claims),
        Ratio.D6: _divide(claims, facts.of(Count.P6)),
        Ratio.D7: _divide(facts.of(Count.P11), claims),
        Ratio.D8: _divide(facts.feedback_marks, received),
        Ratio.D9: _divide(received, Decimal(facts.feedback_asked)),
    }


def _divide(part: Decimal, whole: Decimal) -> Decimal | None:
    if not whole:
        return None
    return round(Fraction(part) / Fraction(whole) / Fraction(PLACES)) * PLACES
