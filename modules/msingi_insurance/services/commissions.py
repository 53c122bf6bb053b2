"""What officers earn on contributions they collected: by the payment plans of products, computed and not yet paid."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, null, select
from sqlalchemy.orm import aliased

from msingi.money import Money
from msingi.reports import Lines
from msingi.work import Work
from msingi_insurance.hooks import rule_book
from msingi_insurance.models.contracts import Plan, PlanKind
from msingi_insurance.models.policy import Policy, Premium
from msingi_insurance.rules.amounts import Rounding
from msingi_insurance.rules.calculation.book import NOT_APPLICABLE
from msingi_insurance.rules.calculation.subjects import CommissionSubject
from msingi_insurance.rules.states import Stage

COMMISSION_KEYS: Final = ("officer_id", "product_id", "plan", "stage")
"""By what contributions are added up before commissions are computed."""


@dataclass(frozen=True, slots=True)
class Commission:
    """What an officer earned on one product by one plan in a period."""

    officer_id: UUID = field(metadata={"doc": "The officer."})
    product_id: UUID = field(metadata={"doc": "The product."})
    plan: str = field(metadata={"doc": "Code of the payment plan."})
    collected: Money = field(metadata={"doc": "Contributions collected, reversals deducted."})
    commission: Money = field(metadata={"doc": "The commission, rounded once."})


class _Earned(NamedTuple):
    """Who collected for what, and by which plan it is paid."""

    officer_id: UUID
    product_id: UUID
    plan: str


def officer_commissions(work: Work, *, since: date, until: date) -> list[Commission]:
    """Commissions of the officers of the reader's places, for contributions paid in a period, both days included.

    Each contribution is paid by the plan that was valid on its own day, and taken back by the same when it is reversed.
    """
    rows = contributions_with_plans(work).subquery()
    keys = [rows.c[name] for name in COMMISSION_KEYS]
    collected = func.sum(rows.c.collected).label("collected")
    within = select(*keys, collected).where(rows.c.day.between(since, until)).group_by(*keys)
    lines = work.session.execute(within).all()
    plans = _plans(work)
    by_stage = _by_stage(lines)
    ordered = sorted(by_stage, key=lambda one: (one.officer_id, one.product_id, plans[one.plan].valid_from))
    currency = work.platform.profile.currency
    return [
        Commission(
            *earned,
            Money.from_minor(sum(by_stage[earned].values()), currency),
            _rounded(work, _exact(work, plans[earned.plan], by_stage[earned], until).values()),
        )
        for earned in ordered
    ]


def contributions_with_plans(work: Work) -> Select[*tuple[Any, ...]]:
    """One row per contribution that an officer collected and a plan pays for; what is taken back counts negative."""
    taken_back = aliased(Premium)
    plans = list(_plans(work).values())
    plan = _plan_on(plans, func.coalesce(taken_back.pay_date, Premium.pay_date))
    return (
        select(
            Premium.jurisdiction_id.label("place_id"),
            Premium.pay_date.label("day"),
            Premium.officer_id.label("officer_id"),
            Premium.product_id.label("product_id"),
            plan.label("plan"),
            Policy.stage.label("stage"),
            case((Premium.reverses_id.is_(None), 1), else_=-1).label("contributions"),
            (Premium.amount_minor - Premium.credit_minor).label("collected"),
        )
        .join(Policy, Policy.id == Premium.policy_id)
        .join(taken_back, taken_back.id == Premium.reverses_id, isouter=True)
        .where(
            Premium.officer_id.is_not(None),
            Premium.product_id.in_({one.product_id for one in plans}),
            Premium.is_photo_fee.is_(False),
            plan.is_not(None),
        )
    )


def shared_commissions(work: Work, until: date, lines: Lines) -> list[int]:
    """The part of each line in the commission of its officer, product and plan, in minor units.

    The commission is computed and rounded once over all lines, as ``officer_commissions`` does; the parts are rounded
    so that they add up to it.
    """
    plans = _plans(work)
    by_stage = _by_stage(lines)
    exact = {earned: _exact(work, plans[earned.plan], stages, until) for earned, stages in by_stage.items()}
    given: dict[_Earned, tuple[Fraction, int]] = defaultdict(lambda: (Fraction(0), 0))
    parts = []
    for line, last in zip(lines, _is_last(lines), strict=True):
        earned = _earned(line)
        before, told = given[earned]
        present = before + _part(line, by_stage[earned], exact[earned])
        upto = _rounded(work, exact[earned].values()).minor if last else round(present * _units(work))
        parts.append(upto - told)
        given[earned] = (present, upto)
    return parts


def _part(line: Any, collected: Mapping[Stage, int], exact: Mapping[Stage, Decimal]) -> Fraction:
    whole = collected[line.stage]
    return Fraction(exact[line.stage]) * Fraction(int(line.collected), whole) if whole else Fraction(0)


def _is_last(lines: Lines) -> Iterator[bool]:
    """Whether no later line is about the same officer, product and plan."""
    last = {_earned(line): place for place, line in enumerate(lines)}
    return (last[_earned(line)] == place for place, line in enumerate(lines))


def _earned(line: Any) -> _Earned:
    return _Earned(line.officer_id, line.product_id, line.plan)


def _by_stage(lines: Lines) -> dict[_Earned, dict[Stage, int]]:
    """What was collected for first policies and for renewals, in minor units."""
    found: dict[_Earned, dict[Stage, int]] = defaultdict(lambda: defaultdict(int))
    for line in lines:
        found[_earned(line)][line.stage] += int(line.collected)
    return found


def _plans(work: Work) -> dict[str, Plan]:
    """The payment plans by their codes, the latest first."""
    statement = select(Plan).where(Plan.kind == PlanKind.PAYMENT, Plan.rule == "commission")
    with work.everywhere():
        found = work.session.scalars(statement.order_by(Plan.valid_from.desc(), Plan.id.desc()))
        return {plan.code: plan for plan in found}


def _plan_on(plans: Sequence[Plan], day: ColumnElement[date]) -> ColumnElement[str | None]:
    """The code of the plan that pays for a contribution: of those valid on its day the one that began last."""
    if not plans:
        return cast(null(), String)
    return case(
        *(
            (
                and_(
                    Premium.product_id == plan.product_id,
                    day.between(plan.valid_from, plan.valid_to or date.max),
                ),
                plan.code,
            )
            for plan in plans
        ),
        else_=None,
    )


def _exact(work: Work, plan: Plan, collected: Mapping[Stage, int], until: date) -> dict[Stage, Decimal]:
    """The commission for each stage, not rounded."""
    rule = rule_book(work).get(plan.rule)
    parameters = rule.read_parameters(plan.parameters)
    on = min(until, plan.valid_to or until)
    currency = work.platform.profile.currency
    found = {}
    for stage, minor in collected.items():
        amount = Money.from_minor(minor, currency).amount
        subject = CommissionSubject(collected=amount, is_renewal=stage is Stage.RENEWAL)
        answer = rule.calculate(subject, parameters, on).amount
        found[stage] = Decimal(0) if answer is NOT_APPLICABLE else answer
    return found


def _rounded(work: Work, amounts: Iterable[Decimal]) -> Money:
    currency = work.platform.profile.currency
    return Money(Rounding(currency).once(sum(amounts, Decimal(0))), currency)


def _units(work: Work) -> int:
    """Minor units of one unit of the currency."""
    return int(1 / Rounding(work.platform.profile.currency).unit)
