"""What callers send to enrol and renew policies."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from msingi.money import Money
from msingi_insurance.services.policies_plans import PlanWish

MAX_NAMED = 100
"""Most members whom a policy names."""

_Named = Annotated[list[UUID], Field(min_length=1, max_length=MAX_NAMED)]


class _Draft(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _PricedDraft(_Draft):
    plan_id: UUID | None = Field(
        default=None,
        description="The contribution plan whose rule may set the value; the product sets it when left out.",
    )
    income: Money | None = Field(
        default=None, description="Income of a month, where the rule of the plan asks for it."
    )

    @model_validator(mode="after")
    def _an_income_belongs_to_a_plan(self) -> Self:
        if self.income is not None and self.plan_id is None:
            raise ValueError("an income is read under a plan only")
        return self

    def plan_wish(self) -> PlanWish | None:
        """The plan that is named, if any."""
        return None if self.plan_id is None else PlanWish(self.plan_id, self.income)


class PolicyDraft(_PricedDraft):
    """A first policy of a family for a product."""

    family_id: UUID = Field(description="The family.")
    product_id: UUID = Field(description="The product.")
    enrol_date: date | None = Field(
        default=None, description="Day of enrolment, for which the value is quoted; today when left out."
    )
    officer_id: UUID | None = Field(default=None, description="The officer who sells it.")
    insuree_ids: _Named | None = Field(
        default=None, description="Members whom it covers; the whole family when left out."
    )


class RenewalDraft(_PricedDraft):
    """A renewal of a policy."""

    policy_id: UUID = Field(description="The policy that is renewed.")
    enrol_date: date | None = Field(
        default=None, description="Day of the renewal, for which the value is quoted; today when left out."
    )
    officer_id: UUID | None = Field(
        default=None, description="The officer who renews it; the one of before when left out."
    )
    insuree_ids: _Named | None = Field(
        default=None,
        description="Members whom it covers; when left out the whole family, or those of a policy that named them.",
    )
