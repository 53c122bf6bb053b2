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

    general: Amount | None = Field(default=None, description="Amount for all care; not beside ip or op")
    ip: Amount | None = Field(default=None, description="Amount for hospital care")
    op: Amount | None = Field(default=None, description="Amount for other care")

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

    basis: Basis = Field(description="Over what it runs: treatment, insuree or policy")


class Ceiling(Limits):
    """The most that the scheme pays (PRD-6); a ceiling of the policy may grow with the family (PRD-7)."""

    basis: Basis = Field(description="Over what it runs: treatment, insuree or policy")
    extra_member: Limits | None = Field(default=None, description="Added for each member above the threshold")
    maximum: Limits | None = Field(default=None, description="What growth never passes")

    @model_validator(mode="after")
    def _growth_is_of_policies(self) -> Self:
        if self.basis is not Basis.POLICY and (self.extra_member or self.maximum):
            raise ValueError("only the ceiling of a policy grows with its members")
        return self

    def growth_in_another_form(self) -> list[str]:
        """Which of ``extra_member`` and ``maximum`` is a pair where the ceiling is none, or the other way round."""
        growths = {"extra_member": self.extra_member, "maximum": self.maximum}
        return [name for name, growth in growths.items() if growth and self._differs(growth)]

    def grown(self, *, hospital: bool, above: int) -> Decimal | None:
        """The amount for this kind of care, what so many members above the threshold add, at most the maximum (PRD-7)."""
        base = self.of(hospital=hospital)
        if base is None:
            return None
        extra = self.extra_member.of(hospital=hospital) if self.extra_member else None
        most = self.maximum.of(hospital=hospital) if self.maximum else None
        grown = base if extra is None else base + above * extra
        return grown if most is None else min(most, grown)

    def _differs(self, growth: Limits) -> bool:
        return growth.general is not None if self.split else growth.split


class NumberMaxima(TermsValue):
    """How many claims of each category an insuree may have in a policy period; 0 is none (PRD-8, D-39)."""

    consultation: Count | None = Field(
        default=None, description="Most claims of the category consultation; 0: none, null: no limit"
    )
    surgery: Count | None = Field(
        default=None, description="Most claims of the category surgery; 0: none, null: no limit"
    )
    delivery: Count | None = Field(
        default=None, description="Most claims of the category delivery; 0: none, null: no limit"
    )
    hospitalisation: Count | None = Field(
        default=None, description="Most claims of the category hospitalisation; 0: none, null: no limit"
    )
    antenatal: Count | None = Field(
        default=None, description="Most claims of the category antenatal; 0: none, null: no limit"
    )
    visit: Count | None = Field(
        default=None, description="Most claims of the category visit; 0: none, null: no limit"
    )


class AmountMaxima(TermsValue):
    """How much is paid for each category over the whole policy period; visits have none (PRD-8, D-6)."""

    consultation: Amount | None = Field(
        default=None,
        description="Most paid for the category consultation over the policy period; null: no limit",
    )
    surgery: Amount | None = Field(
        default=None, description="Most paid for the category surgery over the policy period; null: no limit"
    )
    delivery: Amount | None = Field(
        default=None, description="Most paid for the category delivery over the policy period; null: no limit"
    )
    hospitalisation: Amount | None = Field(
        default=None,
        description="Most paid for the category hospitalisation over the policy period; null: no limit",
    )
    antenatal: Amount | None = Field(
        default=None,
        description="Most paid for the category antenatal over the policy period; null: no limit",
    )


class Limitation(TermsValue):
    """The limitation of a line for one visit type: for C a percentage paid by the insurer, for F a maximum per unit.

    A percentage that is left out is 100; a fixed maximum that is left out is none, and 0 pays nothing (D-3).
    """

    type: LimitationType = Field(
        default=LimitationType.CO_INSURANCE,
        description="C a percentage paid by the insurer, F a maximum per unit",
    )
    adult: Amount | None = Field(default=None, description="For adults; null: 100 percent, or no maximum")
    child: Amount | None = Field(default=None, description="For children; null: 100 percent, or no maximum")

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

    adult: Quantity | None = Field(default=None, description="For adults")
    child: Quantity | None = Field(default=None, description="For children")

    def of(self, *, adult: bool) -> Decimal | None:
        """The value for this age; None for none set."""
        return self.adult if adult else self.child


class MonthsByAge(TermsValue):
    """A waiting period in months for adults and for children."""

    adult: Months | None = Field(default=None, description="Months for adults")
    child: Months | None = Field(default=None, description="Months for children")

    def of(self, *, adult: bool) -> int | None:
        """The months for this age; None for none."""
        return self.adult if adult else self.child


class ExclusionByAge(TermsValue):
    """When a line does not count towards the ceiling, for adults and for children (D-4)."""

    adult: CeilingExclusion | None = Field(
        default=None, description="H in hospital, N elsewhere, B always, null never: for adults"
    )
    child: CeilingExclusion | None = Field(
        default=None, description="H in hospital, N elsewhere, B always, null never: for children"
    )

    def of(self, *, adult: bool) -> CeilingExclusion | None:
        """The exclusion for this age; None when the line always counts."""
        return self.adult if adult else self.child


class LimitationsByVisit(TermsValue):
    """The limitation for each visit type; a visit type that is None is not covered."""

    other: Limitation | None = Field(default=Limitation(), description="Ordinary visits; null: not covered")
    emergency: Limitation | None = Field(default=Limitation(), description="Emergencies; null: not covered")
    referral: Limitation | None = Field(default=Limitation(), description="Referrals; null: not covered")

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

    price_origin: PriceOrigin = Field(
        default=PriceOrigin.PRICE_LIST,
        description="P price list, O price on the claim, R relative to the funds",
    )
    limitation: LimitationsByVisit = Field(default=LimitationsByVisit(), description="How much is paid")
    max_quantity: ByAge = Field(
        default=ByAge(), description="Largest quantity of an insuree over the policy period"
    )
    waiting_period: MonthsByAge = Field(
        default=MonthsByAge(), description="Months after cover takes effect in which nothing is paid"
    )
    ceiling_exclusion: ExclusionByAge = Field(
        default=ExclusionByAge(), description="When the line does not count towards the ceiling"
    )


class CoverageLine(Coverage):
    """The coverage of one item or service of the catalogue, by its code."""

    kind: LineKind = Field(description="item or service")
    code: Annotated[str, Field(min_length=1, max_length=50)] = Field(description="Code in the catalogue")


class FacilityLimits(TermsValue):
    """Which facilities the product pays; an empty list restricts nothing (TZA-19)."""

    ownerships: tuple[str, ...] = Field(default=(), description="Kinds of owner; empty: all")
    tiers: tuple[int, ...] = Field(default=(), description="Tiers of facility; empty: all")
    codes: tuple[str, ...] = Field(default=(), description="Codes of facilities; empty: all")

    def admit(self, *, ownership: str | None, tier: int | None, code: str) -> bool:
        """Whether a facility is among them."""
        return (
            (not self.ownerships or ownership in self.ownerships)
            and (not self.tiers or tier in self.tiers)
            and (not self.codes or code in self.codes)
        )
