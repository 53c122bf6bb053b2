"""The terms of a product as one typed value: what it costs, what it covers, and within which limits (PRD-1..PRD-13).

The same value is stored with each version of a product, sent by front ends, and read from case files. Amounts are
decimals in the currency's major unit, percentages run from 0 to 100, and None means "not set": no limit (INS-A3).
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Final, Self

from pydantic import AfterValidator, Field, GetJsonSchemaHandler, ValidationError, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, InitErrorDetails

from msingi_insurance.rules.coverage import (
    AmountMaxima,
    ByAge,
    Ceiling,
    Coverage,
    CoverageLine,
    Deductible,
    ExclusionByAge,
    FacilityLimits,
    Limitation,
    LimitationsByVisit,
    Limits,
    MonthsByAge,
    NumberMaxima,
)
from msingi_insurance.rules.term_words import (
    Amount,
    Basis,
    Category,
    CeilingExclusion,
    Count,
    HospitalMeaning,
    LimitationType,
    LineKind,
    Months,
    Percent,
    PoolCare,
    PoolPeriod,
    PriceOrigin,
    Quantity,
    TermsValue,
    VisitType,
)

__all__ = [
    "Amount",
    "AmountMaxima",
    "Basis",
    "ByAge",
    "Capitation",
    "CapitationLevel",
    "CapitationWeights",
    "Category",
    "Ceiling",
    "CeilingExclusion",
    "Count",
    "Coverage",
    "CoverageLine",
    "CycleDay",
    "Deductible",
    "ExclusionByAge",
    "FacilityLimits",
    "HospitalMeaning",
    "Limitation",
    "LimitationType",
    "LimitationsByVisit",
    "Limits",
    "LineKind",
    "Months",
    "MonthsByAge",
    "NumberMaxima",
    "Percent",
    "Pool",
    "PoolCare",
    "PoolPeriod",
    "PriceOrigin",
    "Quantity",
    "Terms",
    "Variation",
    "VisitType",
    "WrittenTerms",
]

MAX_CYCLES: Final = 4
MAX_ACCOUNT: Final = 25
POOL_PARTS: Final = {"month": 12, "quarter": 4, "year": 1}
DAYS_OF_MONTH: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Pool(TermsValue):
    """What share of the contributions allocated to each period pays for relative prices (PRD-12).

    ``percentages`` has 12, 4 or 1 parts: one for each period of the year; None is a period without a percentage.
    """

    care: PoolCare = Field(description="B all care, I hospital, O other care")
    period: PoolPeriod = Field(description="month, quarter or year")
    percentages: tuple[Percent | None, ...] = Field(
        description="Percent of the allocated contributions for each period of the year"
    )

    @model_validator(mode="after")
    def _one_part_per_period(self) -> Self:
        if len(self.percentages) != POOL_PARTS[self.period.value]:
            raise ValueError("give one percentage for each period of the year: 12, 4 or 1")
        return self


class CapitationLevel(TermsValue):
    """A level of facility that receives capitation; no sub-level means all of them."""

    level: Annotated[str, Field(min_length=1, max_length=20)] = Field(description="Level of facility")
    sublevel: Annotated[str, Field(max_length=20)] | None = Field(
        default=None, description="Sub-level; null: all of them"
    )


class CapitationWeights(TermsValue):
    """The weight of each component in percent; together 100 (PRD-13)."""

    population: Percent = Field(default=Decimal(0), description="Percent by population")
    families: Percent = Field(default=Decimal(0), description="Percent by families")
    insured_population: Percent = Field(default=Decimal(0), description="Percent by insured population")
    insured_families: Percent = Field(default=Decimal(0), description="Percent by insured families")
    insured_visits: Percent = Field(default=Decimal(0), description="Percent by visits of insured persons")
    adjusted_amount: Percent = Field(
        default=Decimal(0), description="Percent by the adjusted amount of claims"
    )

    @model_validator(mode="after")
    def _together_a_hundred(self) -> Self:
        if sum(self.model_dump().values()) != 100:  # noqa: PLR2004 - percent
            raise ValueError("the weights add up to 100")
        return self


class Capitation(TermsValue):
    """What facilities receive for the people they serve, whatever care they give (PRD-13)."""

    levels: tuple[CapitationLevel, ...] = Field(min_length=1, description="Levels that receive it")
    share: Percent = Field(description="Percent of the contributions")
    weights: CapitationWeights = Field(description="How it is shared")


class Variation(TermsValue):
    """Other contributions in one place and its sub-places, for a time (TZA-18); what is None stays as it is."""

    place: Annotated[str, Field(min_length=1, max_length=64)] = Field(description="Code of the place")
    date_from: date | None = Field(default=None, description="First day; null: always before")
    date_to: date | None = Field(default=None, description="Last day; null: no end")
    lump_sum: Amount | None = Field(default=None, description="Replaces lump_sum; null: stays")
    premium_adult: Amount | None = Field(default=None, description="Replaces premium_adult; null: stays")
    premium_child: Amount | None = Field(default=None, description="Replaces premium_child; null: stays")
    registration_lump_sum: Amount | None = Field(
        default=None, description="Replaces registration_lump_sum; null: stays"
    )
    registration_fee: Amount | None = Field(
        default=None, description="Replaces registration_fee; null: stays"
    )
    general_assembly_lump_sum: Amount | None = Field(
        default=None, description="Replaces general_assembly_lump_sum; null: stays"
    )
    general_assembly_fee: Amount | None = Field(
        default=None, description="Replaces general_assembly_fee; null: stays"
    )
    max_members: Count | None = Field(default=None, description="Replaces max_members; null: stays")
    threshold: Count | None = Field(default=None, description="Replaces threshold; null: stays")

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.date_from is not None and self.date_to is not None and self.date_to < self.date_from:
            raise ValueError("the last day lies before the first")
        return self


class CycleDay(TermsValue):
    """A day of the year on which a cycle starts (PRD-5), written day-month, such as 01-06 for the first of June."""

    day: int = Field(ge=1, le=31, description="Day of the month")
    month: int = Field(ge=1, le=12, description="Month of the year")

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Publish the text form beside the day and the month."""
        written = {"type": "string", "pattern": "^[0-9]{1,2}-[0-9]{1,2}$", "examples": ["01-06"]}
        described = handler.resolve_ref_schema(handler(schema))
        return {"anyOf": [written, described], "description": described.pop("description", "")}

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        day, _, month = value.partition("-")
        if not (day.isdecimal() and month.isdecimal()):
            raise ValueError("write a cycle as day-month, such as 01-06")
        return {"day": int(day), "month": int(month)}

    @model_validator(mode="after")
    def _in_the_calendar(self) -> Self:
        if self.day > DAYS_OF_MONTH[self.month - 1]:
            raise ValueError("this day is not in the calendar")
        return self


class Terms(TermsValue):
    """Everything that a version of a product says; immutable once policies are sold under it."""

    insurance_period: Annotated[int, Field(ge=1, le=1200)] = Field(default=12, description="Months of cover")
    administration_period: Months = Field(
        default=0, description="Months between the enrolment and the start of a new policy"
    )
    grace_period_enrolment: Months = Field(
        default=0, description="Months after a cycle date in which a new policy still belongs to that cycle"
    )
    grace_period_renewal: Months = Field(
        default=0, description="Months after a cycle date, or after expiry, that belong to it for a renewal"
    )
    grace_period_payment: Months = Field(
        default=0, description="Months that a new policy may stay not fully paid"
    )
    recurrence: Months | None = Field(
        default=None, description="Months after expiry beyond which a renewal pays registration; null: never"
    )

    max_members: Count | None = Field(default=None, description="Most members covered; null: no limit")
    threshold: Count | None = Field(
        default=None, description="Members inside the lump sum and the base ceiling; null: all"
    )

    lump_sum: Amount | None = Field(
        default=None, description="Contribution of the family up to the threshold; 0 or null: none"
    )
    premium_adult: Amount | None = Field(default=None, description="Rate of an adult")
    premium_child: Amount | None = Field(default=None, description="Rate of a child")
    registration_lump_sum: Amount | None = Field(
        default=None, description="Registration of a new policy, once; null: the fee counts"
    )
    registration_fee: Amount | None = Field(default=None, description="Registration of each member")
    general_assembly_lump_sum: Amount | None = Field(
        default=None, description="General assembly, once; null: the fee counts"
    )
    general_assembly_fee: Amount | None = Field(default=None, description="General assembly of each member")
    max_installments: Annotated[int, Field(ge=1, le=120)] | None = Field(
        default=None, description="Most contributions to one policy; null: no limit"
    )
    enrolment_discount: Percent | None = Field(default=None, description="Percent off for early enrolment")
    enrolment_discount_period: Months = Field(
        default=0, description="Months before the start until which enrolment is early"
    )
    renewal_discount: Percent | None = Field(default=None, description="Percent off for early renewal")
    renewal_discount_period: Months = Field(
        default=0, description="Months before the day after expiry until which renewal is early"
    )
    start_cycles: tuple[CycleDay, ...] = Field(
        default=(), max_length=MAX_CYCLES, description="Days of the year on which cover may start"
    )
    variations: tuple[Variation, ...] = Field(
        default=(), description="Other contributions in some places, for a time"
    )

    deductible: Deductible | None = Field(default=None, description="What the insured pay first")
    ceiling: Ceiling | None = Field(default=None, description="The most that the scheme pays")
    ceiling_interpretation: HospitalMeaning = Field(
        default=HospitalMeaning.CLAIM, description="What counts as hospital: I the stay, H the facility"
    )
    max_number: NumberMaxima = Field(default=NumberMaxima(), description="Most claims of each category")
    max_amount: AmountMaxima = Field(default=AmountMaxima(), description="Most paid for each category")
    pays_list_price: bool = Field(
        default=False, description="Whether the listed price is paid even when less is asked"
    )
    coverage: tuple[CoverageLine, ...] = Field(
        default=(), description="How single items and services are covered"
    )
    other_items: Coverage | None = Field(
        default=None, description="How items that coverage does not name are covered; null: they are not"
    )
    other_services: Coverage | None = Field(
        default=None, description="How services that coverage does not name are covered; null: they are not"
    )
    facilities: FacilityLimits = Field(
        default=FacilityLimits(), description="Which facilities the product pays"
    )

    pools: tuple[Pool, ...] = Field(default=(), description="Funds that pay relative prices")
    capitation: Capitation | None = Field(
        default=None, description="What facilities receive for their people"
    )
    account_contributions: Annotated[str, Field(max_length=MAX_ACCOUNT)] = Field(
        default="", description="Account of the contributions"
    )
    account_remuneration: Annotated[str, Field(max_length=MAX_ACCOUNT)] = Field(
        default="", description="Account of the remuneration"
    )

    def members_above(self, members: int) -> int:
        """How many of so many members are above the threshold; none without one (PRD-7)."""
        return 0 if self.threshold is None else max(0, members - self.threshold)

    @model_validator(mode="after")
    def _no_repetition(self) -> Self:
        repeated = [
            *_repeats("start_cycles", self.start_cycles, "this cycle is there twice"),
            *_repeats(
                "coverage", ((line.kind, line.code) for line in self.coverage), "this line is there twice"
            ),
            *_repeats("pools", (pool.care for pool in self.pools), "there are two pools for this care"),
        ]
        if repeated:
            raise ValidationError.from_exception_data(type(self).__name__, repeated)
        return self


def _in_form(terms: Terms) -> Terms:
    """Refuse growth in another form than the ceiling's; versions that were stored before are read as they are."""
    ceiling = terms.ceiling
    wrong = ceiling.growth_in_another_form() if ceiling else []
    if wrong:
        form = ValueError("growth and maximum have the form of the ceiling: general, or ip and op")
        told = [_problem(("ceiling", name), form) for name in wrong]
        raise ValidationError.from_exception_data(Terms.__name__, told)
    return terms


WrittenTerms = Annotated[Terms, AfterValidator(_in_form)]
"""Terms that somebody writes now, in a draft or a file: also their ceiling grows in its own form (PRD-7)."""


def _repeats(field: str, values: Iterable[object], saying: str) -> Iterator[InitErrorDetails]:
    """A problem at each entry of a list that stands there before."""
    seen: set[object] = set()
    for position, value in enumerate(values):
        if value in seen:
            yield _problem((field, position), ValueError(saying))
        seen.add(value)


def _problem(place: tuple[str | int, ...], error: ValueError) -> InitErrorDetails:
    return {"type": "value_error", "loc": place, "input": None, "ctx": {"error": error}}
