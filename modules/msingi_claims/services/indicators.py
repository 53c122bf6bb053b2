"""Indicators of management: P1 to P12 and D1 to D9 of a period, a place and a product, in a fixed number of statements."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from msingi.reports.errors import PeriodTurned
from msingi.work import Work
from msingi_claims.services.indicator_claims import claim_facts
from msingi_claims.services.indicator_policies import policy_counts
from msingi_insurance import DEFINITIONS, Count, PeriodFacts, Ratio, ratios

_MONEY: Final = frozenset({Count.P8, Count.P9, Count.P11, Ratio.D7})
_ONE_DAY: Final = timedelta(days=1)


class IndicatorKind(StrEnum):
    """How an indicator is read."""

    COUNT = "count"
    MONEY = "money"
    """In the currency of the country."""
    RATIO = "ratio"
    """With four decimals."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of a period."""

    code: str = field(metadata={"doc": "P1 to P12 and D1 to D9."})
    label: str = field(metadata={"doc": "What it means, in your language."})
    kind: IndicatorKind = field(metadata={"doc": "How it is read."})
    value: Decimal | None = field(metadata={"doc": "The value; null where there is nothing to divide by."})


@dataclass(frozen=True, slots=True)
class Window:
    """What is looked at: both days included, below a place, one product; None for all that the reader may see."""

    since: date
    until: date
    place_id: UUID | None = None
    product_id: UUID | None = None

    @property
    def day_before(self) -> date:
        """The last day of the period before."""
        return self.since - _ONE_DAY


def indicators(work: Work, window: Window) -> list[Indicator]:
    """Every indicator of a period, P1 first.

    Raises:
        PeriodTurned: the period ends before it begins.

    """
    if window.until < window.since:
        raise PeriodTurned
    counts, active_before = policy_counts(work, window)
    care = claim_facts(work, window)
    facts = PeriodFacts(
        counts=counts | care.counts,
        active_before=active_before,
        days_to_payment=care.days_to_payment,
        claims_paid=care.claims_paid,
        feedback_marks=care.feedback_marks,
        feedback_received=care.feedback_received,
        feedback_asked=care.feedback_asked,
    )
    values: dict[Count | Ratio, Decimal | None] = {count: facts.of(count) for count in Count}
    for ratio, value in ratios(facts).items():
        values[ratio] = value  # noqa: PERF403 - two kinds of keys, one typed dictionary
    say = work.platform.texts.get
    return [
        Indicator(one.value, say(DEFINITIONS[one], work.language), _kind(one), values[one])
        for one in (*Count, *Ratio)
    ]


def _kind(one: Count | Ratio) -> IndicatorKind:
    if one in _MONEY:
        return IndicatorKind.MONEY
    return IndicatorKind.COUNT if isinstance(one, Count) else IndicatorKind.RATIO
