"""The contribution plan that a policy names: its calculation rule may replace the value (PRM-7)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import select

from msingi.errors import NotFound
from msingi.money import MixedCurrencies, Money
from msingi.work import Work
from msingi_insurance.errors import PlanNotOffered
from msingi_insurance.hooks import rule_book
from msingi_insurance.models.contracts import Plan, PlanKind
from msingi_insurance.models.product import Product
from msingi_insurance.rules.calculation.book import Calculation
from msingi_insurance.rules.calculation.subjects import ContributionSubject
from msingi_insurance.rules.contract import periods_of
from msingi_insurance.rules.plans import over_periods

Ask: TypeAlias = Callable[[Decimal], Calculation]


@dataclass(frozen=True, slots=True)
class PlanWish:
    """A plan by its id, and the income of a month, which some rules read."""

    plan_id: UUID
    income: Money | None = None


def plan_for(work: Work, wish: PlanWish, product: Product, *, on: date, months: int) -> Ask:
    """What the plan's rule answers for a policy of so many months, enrolled on a day.

    Plans belong to the place of their product, and whoever sells the product may name them.

    Raises:
        NotFound: there is no such contribution plan.
        PlanNotOffered: it prices another product, or not on that day.
        MixedCurrencies: the income has another currency than the product.

    """
    plan = _plan(work, wish.plan_id)
    is_valid = plan.valid_from <= on and (plan.valid_to is None or on <= plan.valid_to)
    if plan.product_id != product.id or not is_valid:
        raise PlanNotOffered(plan=plan.code, product=product.code, day=on.isoformat())
    if wish.income is not None and wish.income.currency != product.currency:
        raise MixedCurrencies(left=product.currency, right=wish.income.currency)
    income = None if wish.income is None else wish.income.amount
    periods = periods_of(months, plan.periodicity)

    def ask(product_value: Decimal) -> Calculation:
        subject = ContributionSubject(product_value, income)
        calculated = rule_book(work).calculate(plan.rule, subject, plan.parameters, as_of=on)
        return over_periods(calculated, periods=periods, months=plan.periodicity)

    return ask


def _plan(work: Work, plan_id: UUID) -> Plan:
    with work.everywhere():
        wanted = select(Plan).where(Plan.id == plan_id, Plan.kind == PlanKind.CONTRIBUTION)
        plan = work.session.scalar(wanted)
    if plan is None:
        raise NotFound(type="Plan")
    return plan
