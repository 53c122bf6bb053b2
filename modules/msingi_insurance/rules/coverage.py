"""What a product covers and within which limits: deductible, ceiling, maxima, lines, facilities (PRD-6..PRD-11)."""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, model_validator

from msingi_insurance.rules.term_words import (
    Amount,
    Basis,
    CeilingExclusion,
    Count,
    LimitationType,
    LineKind,
    Months,
    PriceOrigin,
    Quantity,
    TermsValue,
    VisitType,
)


class Limits(TermsValue):
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


class NumberMaxima(TermsValue):
    """How many claims of each category an insuree may have in a policy period; 0 is none (PRD-8, D-39)."""

    consultation: Count | None = None
    surgery: Count | None = None
    delivery: Count | None = None
    hospitalisation: Count | None = None
    antenatal: Count | None = None
    visit: Count | None = None


class AmountMaxima(TermsValue):
    """How much is paid for each category over the whole policy period; visits have none (PRD-8, D-6)."""

    consultation: Amount | None = None
    surgery: Amount | None = None
    delivery: Amount | None = None
    hospitalisation: Amount | None = None
    antenatal: Amount | None = None


class Limitation(TermsValue):
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


class ByAge(TermsValue):
    """A number of months or a quantity for adults and for children."""

    adult: Quantity | None = None
    child: Quantity | None = None

    def of(self, *, adult: bool) -> Decimal | None:
        """The value for this age; None for none set."""
        return self.adult if adult else self.child


class MonthsByAge(TermsValue):
    """A waiting period in months for adults and for children."""

    adult: Months | None = None
    child: Months | None = None

    def of(self, *, adult: bool) -> int | None:
        """The months for this age; None for none."""
        return self.adult if adult else self.child


class ExclusionByAge(TermsValue):
    """When a line does not count towards the ceiling, for adults and for children (D-4)."""

    adult: CeilingExclusion | None = None
    child: CeilingExclusion | None = None

    def of(self, *, adult: bool) -> CeilingExclusion | None:
        """The exclusion for this age; None when the line always counts."""
        return self.adult if adult else self.child


class LimitationsByVisit(TermsValue):
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


class Coverage(TermsValue):
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


class FacilityLimits(TermsValue):
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
