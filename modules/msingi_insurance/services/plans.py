"""Plans by which group cover is priced, and the bundles in which they are offered (PRM-7)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import delete, select
from sqlalchemy.orm.attributes import flag_modified
from strawberry.scalars import JSON

from msingi.clean_text import clean_text
from msingi.errors import NotFound
from msingi.work import Work
from msingi_insurance.hooks import rule_book
from msingi_insurance.models.contracts import Plan, PlanBundle, PlanBundleItem, PlanKind
from msingi_insurance.models.product import Product
from msingi_insurance.payment_errors import CodeTaken, EndsBeforeItBegins
from msingi_insurance.rules.calculation.subjects import ContributionSubject
from msingi_insurance.rules.refusals import RuleSetsNoContribution
from msingi_insurance.services.policy_holders import Code

MOST_PLANS = 50


class PlanDraft(BaseModel):
    """A new plan."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: PlanKind = Field(default=PlanKind.CONTRIBUTION, description="contribution or payment.")
    code: Code = Field(description="Code.")
    name: str = Field(min_length=1, max_length=100, description="Name.")
    rule: str = Field(max_length=64, description="Calculation rule, such as contribution_from_income.")
    parameters: JSON = Field(description="Parameters of the rule, a JSON object.")
    product_id: UUID = Field(description="The product.")
    periodicity: int = Field(default=12, ge=1, le=120, description="Months that one amount pays for.")
    valid_from: date = Field(description="First day of use.")
    valid_to: date | None = Field(default=None, description="Last day of use.")

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("the last day lies before the first")
        return self


class BundleChanges(BaseModel):
    """Changes of a bundle; what is left out stays."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str | None = Field(default=None, min_length=1, max_length=100, description="Name.")
    plan_ids: list[UUID] | None = Field(
        default=None, min_length=1, max_length=MOST_PLANS, description="The plans that it holds from now on."
    )


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


def end_plan(work: Work, plan_id: UUID, *, last_day: date, expected_version: int | None = None) -> Plan:
    """Set the last day of use of a plan: contracts that begin later are priced without it (PRM-7).

    Raises:
        NotFound, StaleVersion: it is not visible, or was changed meanwhile.
        EndsBeforeItBegins: the day lies before its first one.

    """
    plan = work.get(Plan, plan_id, expected_version=expected_version)
    if last_day < plan.valid_from:
        raise EndsBeforeItBegins(first_day=plan.valid_from, last_day=last_day)
    plan.valid_to = last_day
    work.session.flush()
    return plan


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
    bundle = work.add(PlanBundle(code=code, name=clean_text(name), jurisdiction_id=jurisdiction_id))
    work.session.flush()
    _put_together(work, bundle, plan_ids)
    return bundle


def change_bundle(
    work: Work, bundle_id: UUID, given: BundleChanges, *, expected_version: int | None = None
) -> PlanBundle:
    """Rename a bundle, or let it hold other plans: contracts that are submitted from now on are priced by them.

    Raises:
        NotFound, StaleVersion: it or a plan is not visible, or it was changed meanwhile.

    """
    work.find(PlanBundle, bundle_id, lock=True)
    bundle = work.get(PlanBundle, bundle_id, expected_version=expected_version)
    if given.name is not None:
        bundle.name = clean_text(given.name)
    if given.plan_ids is not None:
        flag_modified(bundle, "name")  # its plans are its content: whoever read others holds a stale version
        work.session.execute(delete(PlanBundleItem).where(PlanBundleItem.bundle_id == bundle.id))
        _put_together(work, bundle, given.plan_ids)
    work.session.flush()
    return bundle


def _put_together(work: Work, bundle: PlanBundle, plan_ids: Sequence[UUID]) -> None:
    plans = work.by_ids(Plan, plan_ids)
    if not 0 < len(set(plan_ids)) <= MOST_PLANS or len(plans) != len(set(plan_ids)):
        raise NotFound(type="Plan")
    place = bundle.jurisdiction_id
    rows = [{"bundle_id": bundle.id, "plan_id": plan, "jurisdiction_id": place} for plan in plans]
    work.insert_rows(PlanBundleItem, rows)
