"""Policy holders, their members, plans and bundles: the ground on which contracts stand."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from strawberry.scalars import JSON

from msingi.clean_text import clean_text
from msingi.errors import NotFound
from msingi.money import MixedCurrencies, Money
from msingi.work import Work
from msingi_insurance.hooks import rule_book
from msingi_insurance.models.contracts import (
    Plan,
    PlanBundle,
    PlanBundleItem,
    PlanKind,
    PolicyHolder,
    PolicyHolderMember,
)
from msingi_insurance.models.family import Insuree
from msingi_insurance.models.product import Product
from msingi_insurance.payment_errors import CodeTaken
from msingi_insurance.rules.calculation.subjects import ContributionSubject
from msingi_insurance.rules.refusals import RuleSetsNoContribution

Code = Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9_.-]+$")]
MOST_PLANS = 50


class _Draft(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class HolderDraft(_Draft):
    """A new policy holder."""

    code: Code = Field(description="Code.")
    name: str = Field(min_length=1, max_length=200, description="Trade name.")
    jurisdiction_id: UUID = Field(description="The place of the seat.")
    legal_form: str = Field(default="", max_length=20, description="Legal form, by the country's list.")
    activity_code: str = Field(default="", max_length=20, description="Branch, by the country's list.")
    address: str = Field(default="", max_length=200, description="Address.")
    phone: str | None = Field(default=None, max_length=30, description="Telephone number.")
    bank_account: str | None = Field(default=None, max_length=50, description="Bank account.")


class PlanDraft(_Draft):
    """A new plan."""

    kind: PlanKind = Field(default=PlanKind.CONTRIBUTION, description="contribution or payment.")
    code: Code = Field(description="Code.")
    name: str = Field(min_length=1, max_length=100, description="Name.")
    rule: str = Field(max_length=64, description="Calculation rule, such as contribution_from_income.")
    parameters: JSON = Field(description="Parameters of the rule, a JSON object.")
    product_id: UUID = Field(description="The product.")
    periodicity: int = Field(default=12, ge=1, le=120, description="Months that one amount pays for.")
    valid_from: date = Field(description="First day of use.")
    valid_to: date | None = Field(default=None, description="Last day of use.")


class HolderMemberDraft(_Draft):
    """An insuree whom a policy holder covers."""

    insuree_id: UUID = Field(description="The insuree.")
    bundle_id: UUID = Field(description="The bundle of plans.")
    income: Money | None = Field(default=None, description="Monthly income, where a plan needs it.")


def create_holder(work: Work, given: HolderDraft) -> PolicyHolder:
    """Add a policy holder.

    Raises:
        CodeTaken: another holder bears the code.
        NotFound: the place lies outside the scope.

    """
    with work.everywhere():
        if work.session.scalar(select(PolicyHolder.id).where(PolicyHolder.code == given.code)) is not None:
            raise CodeTaken(code=given.code)
    values = given.model_dump()
    values |= {"name": clean_text(given.name), "address": clean_text(given.address)}
    return work.add(PolicyHolder(**values))


def create_plan(work: Work, given: PlanDraft) -> Plan:
    """Add a plan; its rule must exist and accept the parameters.

    Raises:
        NotFound: the product is not visible.
        UnknownCalculationRule, CalculationParametersInvalid, RuleSetsNoContribution: the rule says no.
        CodeTaken: another plan of the kind bears the code.

    """
    product = work.get(Product, given.product_id)
    values = given.parameters if isinstance(given.parameters, Mapping) else {}
    rule = rule_book(work).get(given.rule)
    if given.kind is PlanKind.CONTRIBUTION and not rule.speaks_about(ContributionSubject):
        raise RuleSetsNoContribution(rule=given.rule)
    parameters = rule.read_parameters(values)
    with work.everywhere():
        taken = select(Plan.id).where(Plan.kind == given.kind, Plan.code == given.code)
        if work.session.scalar(taken) is not None:
            raise CodeTaken(code=given.code)
    fields = given.model_dump(exclude={"parameters"})
    return work.add(
        Plan(
            **fields,
            jurisdiction_id=product.jurisdiction_id,
            parameters=parameters.model_dump(mode="json"),
        )
    )


def create_bundle(
    work: Work, *, code: str, name: str, jurisdiction_id: UUID, plan_ids: Sequence[UUID]
) -> PlanBundle:
    """Put plans together.

    Raises:
        CodeTaken: another bundle bears the code.
        NotFound: a plan is not visible, or there are none or too many.

    """
    with work.everywhere():
        if work.session.scalar(select(PlanBundle.id).where(PlanBundle.code == code)) is not None:
            raise CodeTaken(code=code)
    plans = work.by_ids(Plan, plan_ids)
    if not 0 < len(set(plan_ids)) <= MOST_PLANS or len(plans) != len(set(plan_ids)):
        raise NotFound(type="Plan")
    bundle = work.add(PlanBundle(code=code, name=clean_text(name), jurisdiction_id=jurisdiction_id))
    work.session.flush()
    rows = [{"bundle_id": bundle.id, "plan_id": plan, "jurisdiction_id": jurisdiction_id} for plan in plans]
    work.insert_rows(PlanBundleItem, rows)
    return bundle


def add_members(work: Work, holder_id: UUID, given: Sequence[HolderMemberDraft]) -> list[PolicyHolderMember]:
    """Add members of a policy holder, or change their bundle and income; nobody is there twice.

    Raises:
        NotFound: the holder, an insuree or a bundle is not visible.

    """
    holder = work.get(PolicyHolder, holder_id)
    insurees = work.by_ids(Insuree, [member.insuree_id for member in given])
    bundles = work.by_ids(PlanBundle, [member.bundle_id for member in given])
    _check_members(work, given, insurees, bundles)
    statement = select(PolicyHolderMember).where(
        PolicyHolderMember.holder_id == holder.id, PolicyHolderMember.insuree_id.in_(insurees)
    )
    known = {member.insuree_id: member for member in work.session.scalars(statement)}
    members: list[PolicyHolderMember] = []
    for draft in given:
        member = known.get(draft.insuree_id) or work.add(
            PolicyHolderMember(
                holder_id=holder.id,
                jurisdiction_id=holder.jurisdiction_id,
                insuree_id=draft.insuree_id,
                currency=work.platform.profile.currency,
            )
        )
        known[draft.insuree_id] = member
        member.bundle_id, member.valid_to = draft.bundle_id, None
        member.income_minor = draft.income.minor if draft.income else None
        members.append(member)
    work.session.flush()
    return members


def _check_members(
    work: Work,
    given: Sequence[HolderMemberDraft],
    insurees: Mapping[UUID, Insuree],
    bundles: Mapping[UUID, PlanBundle],
) -> None:
    if {member.insuree_id for member in given} - insurees.keys():
        raise NotFound(type="Insuree")
    if {member.bundle_id for member in given} - bundles.keys():
        raise NotFound(type="PlanBundle")
    currency = work.platform.profile.currency
    for member in given:
        if member.income is not None and member.income.currency != currency:
            raise MixedCurrencies(left=currency, right=member.income.currency)
