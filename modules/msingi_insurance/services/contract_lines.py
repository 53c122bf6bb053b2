"""What each member of a policy holder costs under each plan: by the plan's calculation rule, rounded once (PRM-7, INS-A1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import or_, select

from msingi.money import Money
from msingi.work import Work
from msingi_insurance.hooks import rule_book
from msingi_insurance.models.contracts import (
    Contract,
    ContractLine,
    Plan,
    PlanBundleItem,
    PlanKind,
    PolicyHolderMember,
)
from msingi_insurance.models.family import Family, Insuree
from msingi_insurance.models.policy import Policy
from msingi_insurance.payment_errors import HolderWithoutMembers, PlanNotApplicable
from msingi_insurance.rules.amounts import Rounding
from msingi_insurance.rules.calculation.subjects import ContributionSubject
from msingi_insurance.rules.contract import Contribution, PlanLine, contributions, periods_of
from msingi_insurance.rules.states import InsureeStatus
from msingi_insurance.services.contract_cover import (
    FamilyProduct,
    contract_offer,
    later_offer,
    preceding_policies,
)
from msingi_insurance.settings import InsuranceSettings


@dataclass(frozen=True, slots=True)
class _Cover:
    """One member under one plan."""

    member: PolicyHolderMember
    plan: Plan


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a product asks of a family: for the first period of a plan, and for each one after it."""

    first: Decimal
    later: Decimal


def compute_lines(work: Work, contract: Contract) -> list[ContractLine]:
    """The lines of a contract for the members of its holder today.

    Raises:
        HolderWithoutMembers: nobody is covered by a plan.
        PlanNotApplicable: a plan gives no amount for somebody.

    """
    covers = _covers(work, contract)
    if not covers:
        raise HolderWithoutMembers
    asked = _product_values(work, contract, covers)
    lines = [_plan_line(work, contract, cover, asked) for cover in covers]
    settings = work.settings(InsuranceSettings)
    found = contributions(lines, Rounding(contract.currency, settings.cash_step))
    _refuse_unpriced(found)
    return [_line(contract, cover, amount) for cover, amount in zip(covers, found, strict=True)]


def _covers(work: Work, contract: Contract) -> list[_Cover]:
    """The members and their plans; for whom no policy can cover, as for the dead, nothing is asked."""
    statement = (
        select(PolicyHolderMember, Plan)
        .join(Insuree, Insuree.id == PolicyHolderMember.insuree_id)
        .join(PlanBundleItem, PlanBundleItem.bundle_id == PolicyHolderMember.bundle_id)
        .join(Plan, Plan.id == PlanBundleItem.plan_id)
        .where(
            PolicyHolderMember.holder_id == contract.holder_id,
            or_(PolicyHolderMember.valid_to.is_(None), PolicyHolderMember.valid_to > contract.date_from),
            Insuree.status == InsureeStatus.ACTIVE,
            Insuree.valid_to.is_(None),
            Insuree.family_id.is_not(None),
            Plan.kind == PlanKind.CONTRIBUTION,
            Plan.valid_from <= contract.date_from,
            or_(Plan.valid_to.is_(None), Plan.valid_to >= contract.date_from),
        )
        .order_by(PolicyHolderMember.id, Plan.code)
    )
    with work.everywhere():
        return [_Cover(member, plan) for member, plan in work.session.execute(statement)]


def _product_values(
    work: Work, contract: Contract, covers: Sequence[_Cover]
) -> Mapping[tuple[UUID, UUID], _Asked]:
    """What products ask of whole families, by member and plan, only for plans whose rule reads it.

    A family has one policy of a product, so its first member pays for it and the others nothing (PRM-4).
    """
    wanted = [cover for cover in covers if cover.plan.rule == "contribution_from_product"]
    if not wanted:
        return {}
    with work.everywhere():
        families = _families(work, wanted)
        paying: dict[FamilyProduct, _Cover] = {}
        for cover in wanted:
            family = families.get(cover.member.insuree_id)
            if family is not None:
                paying.setdefault((family.id, cover.plan.product_id), cover)
        before = preceding_policies(work, paying, first_day=contract.date_from)
        return {
            (cover.member.insuree_id, cover.plan.id): _asked(
                work, contract, cover, families[cover.member.insuree_id], before=before.get(key)
            )
            for key, cover in paying.items()
        }


def _asked(work: Work, contract: Contract, cover: _Cover, family: Family, *, before: Policy | None) -> _Asked:
    product_id = cover.plan.product_id
    first = contract_offer(work, contract, family, product_id, before=before).quote.value
    if _periods(contract, cover.plan) == 1:
        return _Asked(first, first)
    return _Asked(first, later_offer(work, contract, family, product_id).quote.value)


def _families(work: Work, covers: Sequence[_Cover]) -> Mapping[UUID, Family]:
    """The family of each member."""
    rows = work.session.execute(
        select(Insuree.id, Family)
        .join(Family, Family.id == Insuree.family_id)
        .where(Insuree.id.in_([cover.member.insuree_id for cover in covers]))
    )
    return {row[0]: row[1] for row in rows}


def _plan_line(
    work: Work, contract: Contract, cover: _Cover, asked: Mapping[tuple[UUID, UUID], _Asked]
) -> PlanLine:
    member, plan = cover.member, cover.plan
    rule = rule_book(work).get(plan.rule)
    values = asked.get((member.insuree_id, plan.id), _Asked(Decimal(0), Decimal(0)))
    income = member.income.amount if member.income else None
    first, later = (
        rule.calculate(
            ContributionSubject(product_value=value, income=income),
            rule.read_parameters(plan.parameters),
            contract.date_from,
        )
        for value in (values.first, values.later)
    )
    return PlanLine(str(member.insuree_id), plan.code, first, _periods(contract, plan), later)


def _periods(contract: Contract, plan: Plan) -> int:
    return periods_of(_months(contract.date_from, contract.date_to), plan.periodicity)


def _months(first: date, last: date) -> int:
    """Begun months of a period, at least one."""
    months = (last.year - first.year) * 12 + last.month - first.month
    return max(1, months + (last.day >= first.day))


def _refuse_unpriced(found: Sequence[Contribution]) -> None:
    unpriced = [line for line in found if line.amount is None]
    if unpriced:
        count = sum(1 for line in unpriced if line.plan == unpriced[0].plan)
        raise PlanNotApplicable(plan=unpriced[0].plan, members=count)


def _line(contract: Contract, cover: _Cover, contribution: Contribution) -> ContractLine:
    amount = Money(contribution.amount or Decimal(0), contract.currency)
    return ContractLine(
        contract_id=contract.id,
        jurisdiction_id=contract.jurisdiction_id,
        insuree_id=cover.member.insuree_id,
        plan_id=cover.plan.id,
        income_minor=cover.member.income_minor,
        amount_minor=amount.minor,
        currency=contract.currency,
        rule=contribution.rule,
    )
