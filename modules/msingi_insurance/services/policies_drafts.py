"""What callers send to enrol and renew policies."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class _Draft(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PolicyDraft(_Draft):
    """A first policy of a family for a product."""

    family_id: UUID = Field(description="The family.")
    product_id: UUID = Field(description="The product.")
    enrol_date: date | None = Field(
        default=None, description="Day of enrolment, for which the value is quoted; today when left out."
    )
    officer_id: UUID | None = Field(default=None, description="The officer who sells it.")


class RenewalDraft(_Draft):
    """A renewal of a policy."""

    policy_id: UUID = Field(description="The policy that is renewed.")
    enrol_date: date | None = Field(
        default=None, description="Day of the renewal, for which the value is quoted; today when left out."
    )
    officer_id: UUID | None = Field(
        default=None, description="The officer who renews it; the one of before when left out."
    )
