"""A quote under a contribution plan: the plan's calculation rule may replace the value (PRM-7)."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import TypeAlias

from msingi_insurance.rules.calculation.book import NOT_APPLICABLE, Calculation
from msingi_insurance.rules.premium import Quote, QuoteRequest, Scheme, quote
from msingi_insurance.rules.terms import Terms
from msingi_insurance.rules.trace import step

AskPlan: TypeAlias = Callable[[Decimal], Calculation]
"""What the plan's rule answers, given the exact value that the product asks."""


def quote_under_plan(
    terms: Terms, request: QuoteRequest, scheme: Scheme, ask: AskPlan
) -> tuple[Quote, Calculation]:
    """The quote with the plan's value, zero included; the product's own where the rule does not apply.

    The calculation is returned beside it: its rule is recorded on the policy.
    """
    own = quote(terms, request, scheme)
    calculated = ask(own.parts.total)
    amount = None if calculated.amount is NOT_APPLICABLE else calculated.amount
    planned = replace(request, plan_value=amount, plan_steps=calculated.steps)
    return quote(terms, planned, scheme), calculated


def over_periods(calculated: Calculation, *, periods: int, months: int) -> Calculation:
    """The amount of a plan's rule, taken once for each period of so many months; "not applicable" stays that."""
    if calculated.amount is NOT_APPLICABLE or periods == 1:
        return calculated
    amount = calculated.amount * periods
    said = step("PRM-7", "plan_periods", periods=periods, months=months, amount=amount)
    return replace(calculated, amount=amount, steps=(*calculated.steps, said))
