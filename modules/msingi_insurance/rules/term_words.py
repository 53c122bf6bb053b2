"""The words and number types in which the terms of a product are written (PRD-1..PRD-13)."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Amount = Annotated[Decimal, Field(ge=0, max_digits=19, decimal_places=4)]
CashStep = Annotated[Decimal, Field(gt=0, max_digits=19, decimal_places=4)]
Percent = Annotated[Decimal, Field(ge=0, le=100, max_digits=9, decimal_places=4)]
Quantity = Annotated[Decimal, Field(ge=0, max_digits=13, decimal_places=4)]
Count = Annotated[int, Field(ge=0, le=100_000)]
Months = Annotated[int, Field(ge=0, le=1200)]


class VisitType(StrEnum):
    """Why the patient came (claims.md: O, E, R)."""

    OTHER = "O"
    EMERGENCY = "E"
    REFERRAL = "R"


class LineKind(StrEnum):
    """What a line of a claim, a product or a price list names."""

    ITEM = "item"
    SERVICE = "service"


class Basis(StrEnum):
    """Over what a deductible or a ceiling runs (PRD-6)."""

    TREATMENT = "treatment"
    INSUREE = "insuree"
    POLICY = "policy"


class Category(StrEnum):
    """Category of a claim (CLM-1)."""

    SURGERY = "surgery"
    DELIVERY = "delivery"
    ANTENATAL = "antenatal"
    HOSPITALISATION = "hospitalisation"
    CONSULTATION = "consultation"
    VISIT = "visit"


class PriceOrigin(StrEnum):
    """Where the price of a line comes from (PRD-11)."""

    PRICE_LIST = "P"
    CLAIM = "O"
    RELATIVE = "R"


class LimitationType(StrEnum):
    """How a line is limited (PRD-10): a share paid by the insurer, or a maximum per unit."""

    CO_INSURANCE = "C"
    FIXED = "F"


class CeilingExclusion(StrEnum):
    """When a line does not count towards the ceiling (PRD-10)."""

    HOSPITAL = "H"
    NON_HOSPITAL = "N"
    BOTH = "B"


class HospitalMeaning(StrEnum):
    """What counts as hospital care (PRD-9): a night's stay, or the level of the facility."""

    CLAIM = "I"
    FACILITY = "H"


class PoolCare(StrEnum):
    """Which lines a pool of relative prices pays for (PRD-12)."""

    GENERAL = "B"
    HOSPITAL = "I"
    NON_HOSPITAL = "O"


class PoolPeriod(StrEnum):
    """How often a pool of relative prices is shared out (PRD-12)."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class TermsValue(BaseModel):
    """A frozen part of the terms; an unknown field is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
