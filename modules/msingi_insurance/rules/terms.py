"""The terms of a product as one typed value: what it costs, what it covers, and within which limits (PRD-1..PRD-13).

The same value is stored with each version of a product, sent by front ends, and read from case files. Amounts are
decimals in the currency's major unit, percentages run from 0 to 100, and None means "not set": no limit (INS-A3).
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

MAX_CYCLES: Final = 4
MAX_ACCOUNT: Final = 25
POOL_PARTS: Final = {"month": 12, "quarter": 4, "year": 1}
DAYS_OF_MONTH: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

Amount = Annotated[Decimal, Field(ge=0, max_digits=19, decimal_places=4)]
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


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Limits(_Value):
    """One amount in general, or a pair for hospital (``ip``) and other care (``op``); never both (PRD-6)."""

    general: Amount | None = None
    ip: Amount | None = None
    op: Amount | None = None

    @model_validator(mode="after")
    def _one_or_the_pair(self) -> Self:
        if self.general is not None and (self.ip is not None or self.op is not None):
            raise ValueError("either general, or ip and op")
        return self

    @property
    def split(self) -> bool:
        """Whether hospital and other care are counted apart."""
        return self.ip is not None or self.op is not None

    def of(self, *, hospital: bool) -> Decimal | None:
        """The amount for this kind of care; None for none set."""
        if not self.split:
            return self.general
        return self.ip if hospital else self.op


class Deductible(Limits):
    """What the insured pay themselves before the scheme pays (PRD-6)."""

    basis: Basis


class Ceiling(Limits):
    """The most that the scheme pays (PRD-6); a ceiling of the policy may grow with the family (PRD-7)."""

    basis: Basis
    extra_member: Limits | None = None
    """Added for each member above the threshold."""
    maximum: Limits | None = None
    """What growth never passes."""

    @model_validator(mode="after")
    def _growth_is_of_policies(self) -> Self:
        if self.basis is not Basis.POLICY and (self.extra_member or self.maximum):
            raise ValueError("only the ceiling of a policy grows with its members")
        return self


class NumberMaxima(_Value):
    """How many claims of each category an insuree may have in a policy period; 0 is none (PRD-8, D-39)."""

    consultation: Count | None = None
    surgery: Count | None = None
    delivery: Count | None = None
    hospitalisation: Count | None = None
    antenatal: Count | None = None
    visit: Count | None = None


class AmountMaxima(_Value):
    """How much is paid for each category over the whole policy period; visits have none (PRD-8, D-6)."""

    consultation: Amount | None = None
    surgery: Amount | None = None
    delivery: Amount | None = None
    hospitalisation: Amount | None = None
    antenatal: Amount | None = None


class Limitation(_Value):
    """The limitation of a line for one visit type: for C a percentage paid by the insurer, for F a maximum per unit.

    A percentage that is left out is 100; a fixed maximum that is left out is none, and 0 pays nothing (D-3).
    """

    type: LimitationType = LimitationType.CO_INSURANCE
    adult: Amount | None = None
    child: Amount | None = None

    @model_validator(mode="after")
    def _percentages(self) -> Self:
        if self.type is LimitationType.CO_INSURANCE and any(
            value is not None and value > 100  # noqa: PLR2004 - a percentage
            for value in (self.adult, self.child)
        ):
            raise ValueError("a co-insurance is a percentage from 0 to 100")
        return self

    def value(self, *, adult: bool) -> Decimal | None:
        """The percentage or the maximum per unit for this age."""
        value = self.adult if adult else self.child
        return Decimal(100) if value is None and self.type is LimitationType.CO_INSURANCE else value


class ByAge(_Value):
    """A number of months or a quantity for adults and for children."""

    adult: Quantity | None = None
    child: Quantity | None = None

    def of(self, *, adult: bool) -> Decimal | None:
        """The value for this age; None for none set."""
        return self.adult if adult else self.child


class MonthsByAge(_Value):
    """A waiting period in months for adults and for children."""

    adult: Months | None = None
    child: Months | None = None

    def of(self, *, adult: bool) -> int | None:
        """The months for this age; None for none."""
        return self.adult if adult else self.child


class ExclusionByAge(_Value):
    """When a line does not count towards the ceiling, for adults and for children (D-4)."""

    adult: CeilingExclusion | None = None
    child: CeilingExclusion | None = None

    def of(self, *, adult: bool) -> CeilingExclusion | None:
        """The exclusion for this age; None when the line always counts."""
        return self.adult if adult else self.child


class LimitationsByVisit(_Value):
    """The limitation for each visit type; a visit type that is None is not covered."""

    other: Limitation | None = Limitation()
    emergency: Limitation | None = Limitation()
    referral: Limitation | None = Limitation()

    def of(self, visit: VisitType) -> Limitation | None:
        """The limitation for this visit type; None when it is not covered."""
        match visit:
            case VisitType.OTHER:
                return self.other
            case VisitType.EMERGENCY:
                return self.emergency
            case VisitType.REFERRAL:
                return self.referral


class Coverage(_Value):
    """How a product pays for an item or a service (PRD-10, PRD-11)."""

    price_origin: PriceOrigin = PriceOrigin.PRICE_LIST
    limitation: LimitationsByVisit = LimitationsByVisit()
    max_quantity: ByAge = ByAge()
    waiting_period: MonthsByAge = MonthsByAge()
    ceiling_exclusion: ExclusionByAge = ExclusionByAge()


class CoverageLine(Coverage):
    """The coverage of one item or service of the catalogue, by its code."""

    kind: LineKind
    code: Annotated[str, Field(min_length=1, max_length=50)]


class FacilityLimits(_Value):
    """Which facilities the product pays; an empty list restricts nothing (TZA-19)."""

    ownerships: tuple[str, ...] = ()
    tiers: tuple[int, ...] = ()
    codes: tuple[str, ...] = ()

    def admit(self, *, ownership: str | None, tier: int | None, code: str) -> bool:
        """Whether a facility is among them."""
        return (
            (not self.ownerships or ownership in self.ownerships)
            and (not self.tiers or tier in self.tiers)
            and (not self.codes or code in self.codes)
        )


class Pool(_Value):
    """What share of the contributions allocated to each period pays for relative prices (PRD-12).

    ``percentages`` has 12, 4 or 1 parts: one for each period of the year; None is a period without a percentage.
    """

    care: PoolCare
    period: PoolPeriod
    percentages: tuple[Percent | None, ...]

    @model_validator(mode="after")
    def _one_part_per_period(self) -> Self:
        if len(self.percentages) != POOL_PARTS[self.period.value]:
            raise ValueError(f"a {self.period.value} pool has {POOL_PARTS[self.period.value]} percentages")
        return self


class CapitationLevel(_Value):
    """A level of facility that receives capitation; no sub-level means all of them."""

    level: Annotated[str, Field(min_length=1, max_length=20)]
    sublevel: Annotated[str, Field(max_length=20)] | None = None


class CapitationWeights(_Value):
    """The weight of each component in percent; together 100 (PRD-13)."""

    population: Percent = Decimal(0)
    families: Percent = Decimal(0)
    insured_population: Percent = Decimal(0)
    insured_families: Percent = Decimal(0)
    insured_visits: Percent = Decimal(0)
    adjusted_amount: Percent = Decimal(0)

    @model_validator(mode="after")
    def _together_a_hundred(self) -> Self:
        if sum(self.model_dump().values()) != 100:  # noqa: PLR2004 - percent
            raise ValueError("the weights add up to 100")
        return self


class Capitation(_Value):
    """What facilities receive for the people they serve, whatever care they give (PRD-13)."""

    levels: tuple[CapitationLevel, ...] = Field(min_length=1)
    share: Percent
    weights: CapitationWeights


class Variation(_Value):
    """Other contributions in one place and its sub-places, for a time (TZA-18); what is None stays as it is."""

    place: Annotated[str, Field(min_length=1, max_length=64)]
    date_from: date | None = None
    date_to: date | None = None
    lump_sum: Amount | None = None
    premium_adult: Amount | None = None
    premium_child: Amount | None = None
    registration_lump_sum: Amount | None = None
    registration_fee: Amount | None = None
    general_assembly_lump_sum: Amount | None = None
    general_assembly_fee: Amount | None = None
    max_members: Count | None = None
    threshold: Count | None = None


class CycleDay(_Value):
    """A day of the year on which a cycle starts (PRD-5), written day-month, such as 01-06 for the first of June."""

    day: int = Field(ge=1, le=31)
    month: int = Field(ge=1, le=12)

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


class Terms(_Value):
    """Everything that a version of a product says; immutable once policies are sold under it."""

    insurance_period: Annotated[int, Field(ge=1, le=1200)] = 12
    administration_period: Months = 0
    grace_period_enrolment: Months = 0
    grace_period_renewal: Months = 0
    grace_period_payment: Months = 0
    recurrence: Months | None = None

    max_members: Count | None = None
    threshold: Count | None = None

    lump_sum: Amount | None = None
    premium_adult: Amount | None = None
    premium_child: Amount | None = None
    registration_lump_sum: Amount | None = None
    registration_fee: Amount | None = None
    general_assembly_lump_sum: Amount | None = None
    general_assembly_fee: Amount | None = None
    max_installments: Annotated[int, Field(ge=1, le=120)] | None = None
    enrolment_discount: Percent | None = None
    enrolment_discount_period: Months = 0
    renewal_discount: Percent | None = None
    renewal_discount_period: Months = 0
    start_cycles: tuple[CycleDay, ...] = Field(default=(), max_length=MAX_CYCLES)
    variations: tuple[Variation, ...] = ()

    deductible: Deductible | None = None
    ceiling: Ceiling | None = None
    ceiling_interpretation: HospitalMeaning = HospitalMeaning.CLAIM
    max_number: NumberMaxima = NumberMaxima()
    max_amount: AmountMaxima = AmountMaxima()
    pays_list_price: bool = False
    coverage: tuple[CoverageLine, ...] = ()
    other_items: Coverage | None = None
    """How items that ``coverage`` does not name are covered; None: they are not."""
    other_services: Coverage | None = None
    """How services that ``coverage`` does not name are covered; None: they are not."""
    facilities: FacilityLimits = FacilityLimits()

    pools: tuple[Pool, ...] = ()
    capitation: Capitation | None = None
    account_contributions: Annotated[str, Field(max_length=MAX_ACCOUNT)] = ""
    account_remuneration: Annotated[str, Field(max_length=MAX_ACCOUNT)] = ""

    @model_validator(mode="after")
    def _no_repetition(self) -> Self:
        _refuse_repeats(((line.kind, line.code) for line in self.coverage), "coverage names {} twice")
        _refuse_repeats((pool.care for pool in self.pools), "there are two pools for {}")
        _refuse_repeats(self.start_cycles, "the cycle {} is there twice")
        return self


def _refuse_repeats(values: Iterable[object], text: str) -> None:
    seen: set[object] = set()
    for value in values:
        if value in seen:
            raise ValueError(text.format(value))
        seen.add(value)
