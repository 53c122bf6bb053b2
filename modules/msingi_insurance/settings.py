"""What a country decides about insurance."""

from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from msingi.plugin import PluginSettings
from msingi_insurance.rules.premium import DiscountBase


class NumberSource(StrEnum):
    """Who makes insurance numbers (INS-2)."""

    AUTOMATIC = "automatic"
    GIVEN = "given"
    EITHER = "either"


class InsuranceSettings(PluginSettings):
    """Settings of insurance."""

    age_of_majority: int = Field(default=18, ge=1, le=30, description="Age from which a member is an adult")
    discount_base: DiscountBase = Field(
        default=DiscountBase.TOTAL, description="What discounts are a percentage of (PRM-6)"
    )
    cash_step: Decimal | None = Field(
        default=None, gt=0, description="Amounts are multiples of it, e.g. whole shillings; empty: minor unit"
    )
    village_level: int | None = Field(
        default=None,
        ge=0,
        description="Level of the places where families live; empty: any that is no facility (INS-1)",
    )
    number_source: NumberSource = Field(
        default=NumberSource.EITHER, description="Whether insurance numbers are made here or given (INS-2)"
    )
    number_length: int | None = Field(
        default=None, ge=3, le=50, description="Characters of an insurance number; empty: 10 when made here"
    )
    number_modulo: int | None = Field(
        default=None, ge=2, le=97, description="The last digits are the rest modulo this; empty: no check"
    )
    excluded_numbers: list[str] = Field(
        default_factory=list, description="Insurance numbers that nobody may have"
    )
    first_service_point_required: bool = Field(
        default=False, description="Whether every insuree names a facility of choice (INS-6)"
    )
    photo_required: bool = Field(default=False, description="Whether only insurees with a photo are covered")
    photo_months_adult: int = Field(
        default=60, ge=1, le=600, description="Months after which an adult's photo is outdated (INS-4)"
    )
    photo_months_child: int = Field(
        default=12, ge=1, le=600, description="Months after which a child's photo is outdated (INS-4)"
    )
    pseudonymous: bool = Field(
        default=False,
        description="Whether persons may be held by programme number, sex and year of birth only (INS-7)",
    )
    confirm_paid_policies: bool = Field(
        default=False, description="Whether a paid policy waits until somebody confirms it (POL-4)"
    )
    activate_on_bank_match: bool = Field(
        default=False, description="Whether only payments that a bank reported activate a policy (POL-4)"
    )
    suspend_unpaid: bool = Field(
        default=True, description="Whether policies that are not fully paid in time are suspended (POL-6)"
    )
