"""What a country decides about insurance."""

from enum import StrEnum
from typing import Self

from pydantic import Field, field_validator, model_validator
from pydantic.alias_generators import to_camel

from msingi.plugin import PluginSettings
from msingi.sayings import Saying
from msingi_insurance.payment_settings import PaymentSettings
from msingi_insurance.rules.amounts import Rounding
from msingi_insurance.rules.family import FieldUse
from msingi_insurance.rules.life import Activation, ConfirmationDate
from msingi_insurance.rules.numbers import NumberScheme, load_validator
from msingi_insurance.rules.periods import CIVIL, Calendar
from msingi_insurance.rules.premium import DiscountBase, Scheme
from msingi_insurance.rules.product_file import CountryProduct
from msingi_insurance.rules.renewal import RENEWAL_DAYS, PhotoAges
from msingi_insurance.rules.states import InsureeStatus
from msingi_insurance.rules.term_words import CashStep


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
    cash_step: CashStep | None = Field(
        default=None, description="Amounts are multiples of it, e.g. whole shillings; empty: minor unit"
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
    number_modulus: int | None = Field(
        default=None, ge=2, description="The check digits are the rest modulo this; empty: no check"
    )
    number_check_digits: int = Field(default=1, ge=1, le=4, description="Check digits of a number")
    number_validator: str = Field(
        default="", description="A country's own test of numbers, as package.module:function (INS-2)"
    )
    excluded_numbers: frozenset[str] = Field(
        default=frozenset(), description="Insurance numbers that nobody may have"
    )
    status_reasons: dict[str, InsureeStatus] = Field(
        default={
            "death": InsureeStatus.DEAD,
            "moved_away": InsureeStatus.INACTIVE,
            "left_scheme": InsureeStatus.INACTIVE,
            "duplicate": InsureeStatus.INACTIVE,
        },
        description="Reasons for inactive and dead insurees, each with its status (INS-3)",
    )
    insuree_fields: dict[str, FieldUse] = Field(
        default_factory=dict,
        description="Fields of new insurees that are mandatory or hidden, e.g. firstServicePointId (INS-6)",
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
    activation: Activation = Field(
        default=Activation.PAYMENT,
        description="When a paid policy becomes active: payment, confirmation or bank match (POL-4)",
    )
    confirmation_counts_from: ConfirmationDate = Field(
        default=ConfirmationDate.CONFIRMATION,
        description="From which day a confirmed policy may be effective (POL-4)",
    )
    suspend_unpaid: bool = Field(
        default=True, description="Whether policies that are not fully paid in time are suspended (POL-6)"
    )
    renewal_days: int = Field(
        default=RENEWAL_DAYS,
        ge=0,
        le=366,
        description="Days before the end, or before the last day of its discount, from which a policy is renewed",
    )

    renewal_list_hour: int = Field(
        default=8, ge=0, le=23, description="Hour of the day from which the renewal list is made (POL-8)"
    )
    products: tuple[CountryProduct, ...] = Field(
        default=(), description="Products of the country, with their terms and waves (TZA-12)"
    )
    payments: PaymentSettings = Field(
        default_factory=PaymentSettings, description="Gateways and pools of payment references"
    )

    @field_validator("insuree_fields")
    @classmethod
    def _fields_of_a_draft(cls, value: dict[str, FieldUse]) -> dict[str, FieldUse]:
        from msingi_insurance.services.families_drafts import InsureeDraft

        known = sorted(map(to_camel, InsureeDraft.model_fields))
        for name in value:
            if name not in known:
                told = {"field": name, "known": ", ".join(known)}
                raise ValueError(Saying("there is no field “{field}”. Known: {known}", told))
        return value

    @model_validator(mode="after")
    def _numbers_can_be_checked(self) -> Self:
        self.number_scheme()
        return self

    def number_scheme(self) -> NumberScheme:
        """The form of insurance numbers; a wrong one stops the start (INS-2)."""
        return NumberScheme(
            length=self.number_length,
            modulus=self.number_modulus,
            check_digits=self.number_check_digits,
            excluded=self.excluded_numbers,
            validator=load_validator(self.number_validator) if self.number_validator else None,
        )

    def scheme(self, currency: str, calendar: Calendar = CIVIL) -> Scheme:
        """What quotes need to know of the whole scheme."""
        return Scheme(
            rounding=Rounding(currency, self.cash_step),
            age_of_majority=self.age_of_majority,
            discount_base=self.discount_base,
            calendar=calendar,
        )

    @property
    def photo_ages(self) -> PhotoAges:
        """After how many months a photo is outdated."""
        return PhotoAges(self.photo_months_adult, self.photo_months_child)
