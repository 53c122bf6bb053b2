"""What officers earn on contributions they collected: by the payment plans of products, computed and not yet paid."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from msingi.money import Money
from msingi.work import Work
from msingi_insurance.hooks import rule_book
from msingi_insurance.models.contracts import Plan, PlanKind
from msingi_insurance.models.policy import Policy, Premium
from msingi_insurance.rules.amounts import Rounding
from msingi_insurance.rules.calculation.book import NOT_APPLICABLE
from msingi_insurance.rules.calculation.subjects import CommissionSubject
from msingi_insurance.rules.states import Stage


@dataclass(frozen=True, slots=True)
class Commission:
    """What an officer earned on one product by one plan in a period."""

    officer_id: UUID = field(metadata={"doc": "The officer."})
    product_id: UUID = field(metadata={"doc": "The product."})
    plan: str = field(metadata={"doc": "Code of the payment plan."})
    collected: Money = field(metadata={"doc": "Contributions collected, reversals deducted."})
    commission: Money = field(metadata={"doc": "The commission, rounded once."})


def officer_commissions(work: Work, *, since: date, until: date) -> list[Commission]:
    """Commissions of the officers of the reader's places, for contributions paid in a period, both days included.

    Each contribution is paid by the plan that was valid on its own day, and taken back by the same when it is reversed.
    """
    plans = _plans(work, until)
    collected: dict[_Earned, dict[Stage, int]] = defaultdict(lambda: defaultdict(int))
    for row in work.session.execute(_collected(since, until, {plan.product_id for plan in plans})):
        plan = _plan_on(plans, row.product_id, row.day)
        if plan is not None:
            collected[_Earned(row.officer_id, row.product_id, plan)][row.stage] += int(row.total)
    ordered = sorted(collected, key=lambda one: (one.officer_id, one.product_id, one.plan.valid_from))
    return [_summed(work, earned, collected[earned], until) for earned in ordered]


@dataclass(frozen=True, slots=True)
class _Earned:
    """Who collected for what, and by which plan it is paid."""

    officer_id: UUID
    product_id: UUID
    plan: Plan


def _plans(work: Work, until: date) -> Sequence[Plan]:
    """The payment plans that have begun, the latest first."""
    statement = select(Plan).where(
        Plan.kind == PlanKind.PAYMENT, Plan.rule == "commission", Plan.valid_from <= until
    )
    with work.everywhere():
        return work.session.scalars(statement.order_by(Plan.valid_from.desc(), Plan.id.desc())).all()


def _plan_on(plans: Sequence[Plan], product_id: UUID, day: date) -> Plan | None:
    valid = (
        plan
        for plan in plans
        if plan.product_id == product_id and plan.valid_from <= day <= (plan.valid_to or date.max)
    )
    return next(valid, None)


def _collected(
    since: date, until: date, products: Collection[UUID]
) -> Select[UUID | None, UUID, Stage, date, int]:
    """What officers collected, by the day of the contribution; a reversal has the day of what it takes back."""
    reversed_one = aliased(Premium)
    day = func.coalesce(reversed_one.pay_date, Premium.pay_date)
    return (
        select(
            Premium.officer_id,
            Premium.product_id,
            Policy.stage,
            day.label("day"),
            func.sum(Premium.amount_minor - Premium.credit_minor).label("total"),
        )
        .join(Policy, Policy.id == Premium.policy_id)
        .join(reversed_one, reversed_one.id == Premium.reverses_id, isouter=True)
        .where(
            Premium.officer_id.is_not(None),
            Premium.product_id.in_(products),
            Premium.pay_date.between(since, until),
            Premium.is_photo_fee.is_(False),
        )
        .group_by(Premium.officer_id, Premium.product_id, Policy.stage, day)
    )


def _summed(work: Work, earned: _Earned, collected: Mapping[Stage, int], until: date) -> Commission:
    currency = work.platform.profile.currency
    amounts = {stage: Money.from_minor(minor, currency).amount for stage, minor in collected.items()}
    commission = sum(
        (_commission(work, earned.plan, stage, amount, until) for stage, amount in amounts.items()),
        Decimal(0),
    )
    return Commission(
        earned.officer_id,
        earned.product_id,
        earned.plan.code,
        Money(sum(amounts.values(), Decimal(0)), currency),
        Money(Rounding(currency).once(commission), currency),
    )


def _commission(work: Work, plan: Plan, stage: Stage, amount: Decimal, until: date) -> Decimal:
    rule = rule_book(work).get(plan.rule)
    subject = CommissionSubject(collected=amount, is_renewal=stage is Stage.RENEWAL)
    on = min(until, plan.valid_to or until)
    found = rule.calculate(subject, rule.read_parameters(plan.parameters), on).amount
    return Decimal(0) if found is NOT_APPLICABLE else found
