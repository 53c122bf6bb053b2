"""What officers earn on contributions they collected: by the payment plans of products, computed and not yet paid."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

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
    """What an officer earned on one product in a period."""

    officer_id: UUID = field(metadata={"doc": "The officer."})
    product_id: UUID = field(metadata={"doc": "The product."})
    plan: str = field(metadata={"doc": "Code of the payment plan."})
    collected: Money = field(metadata={"doc": "Contributions collected, reversals deducted."})
    commission: Money = field(metadata={"doc": "The commission, rounded once."})


def officer_commissions(work: Work, *, since: date, until: date) -> list[Commission]:
    """Commissions of the officers of the reader's places, for contributions paid in a period, both days included."""
    plans = _plans(work, until)
    currency = work.platform.profile.currency
    rounding = Rounding(currency)
    collected: dict[tuple[UUID, UUID], Decimal] = defaultdict(Decimal)
    earned: dict[tuple[UUID, UUID], Decimal] = defaultdict(Decimal)
    for row in work.session.execute(_collected(since, until, list(plans))):
        amount = Money.from_minor(int(row.total), currency).amount
        key = row.officer_id, row.product_id
        collected[key] += amount
        earned[key] += _commission(work, plans[row.product_id], row.stage, amount, until)
    return [
        Commission(
            officer_id,
            product_id,
            plans[product_id].code,
            Money(collected[officer_id, product_id], currency),
            Money(rounding.once(earned[officer_id, product_id]), currency),
        )
        for officer_id, product_id in sorted(collected)
    ]


def _plans(work: Work, on: date) -> dict[UUID, Plan]:
    statement = select(Plan).where(
        Plan.kind == PlanKind.PAYMENT,
        Plan.rule == "commission",
        Plan.valid_from <= on,
        (Plan.valid_to.is_(None)) | (Plan.valid_to >= on),
    )
    with work.everywhere():
        return {plan.product_id: plan for plan in work.session.scalars(statement.order_by(Plan.valid_from))}


def _collected(since: date, until: date, products: list[UUID]) -> Any:
    return (
        select(
            Premium.officer_id,
            Premium.product_id,
            Policy.stage,
            func.sum(Premium.amount_minor - Premium.credit_minor).label("total"),
        )
        .join(Policy, Policy.id == Premium.policy_id)
        .where(
            Premium.officer_id.is_not(None),
            Premium.product_id.in_(products),
            Premium.pay_date.between(since, until),
            Premium.is_photo_fee.is_(False),
        )
        .group_by(Premium.officer_id, Premium.product_id, Policy.stage)
    )


def _commission(work: Work, plan: Plan, stage: Stage, amount: Decimal, on: date) -> Decimal:
    rule = rule_book(work).get(plan.rule)
    subject = CommissionSubject(collected=amount, is_renewal=stage is Stage.RENEWAL)
    found = rule.calculate(subject, rule.read_parameters(plan.parameters), on).amount
    return Decimal(0) if found is NOT_APPLICABLE else found
