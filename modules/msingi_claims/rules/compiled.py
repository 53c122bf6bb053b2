"""The terms of a product as adjudication reads them: compiled once, looked up by kind and code."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple, TypeAlias, TypeVar

from msingi_insurance import (
    Basis,
    Category,
    Ceiling,
    CeilingExclusion,
    Coverage,
    Deductible,
    FacilityLimits,
    HospitalMeaning,
    LimitationType,
    LineKind,
    PriceOrigin,
    Terms,
    VisitType,
)

LineKey: TypeAlias = tuple[LineKind, str]
"""What a line is about: the kind and the code of the register."""
_Maximum = TypeVar("_Maximum", int, Decimal)


class Limit(NamedTuple):
    """How a line is limited for one visit type and age: a percentage paid, or a maximum per unit (PRD-10)."""

    type: LimitationType
    value: Decimal | None
    """None is no maximum; a percentage is always set."""


@dataclass(frozen=True, slots=True)
class AgeCoverage:
    """How a product covers a line for one age class."""

    origin: PriceOrigin
    limits: Mapping[VisitType, Limit]
    """A visit type that is missing is not covered."""
    max_quantity: Decimal | None
    counts_quantity: bool
    """Whether quantities are counted for any age; patients come of age within a policy period."""
    waiting_months: int | None
    exclusion: CeilingExclusion | None


ByAge: TypeAlias = tuple[AgeCoverage, AgeCoverage]
"""Coverage of children, then of adults: indexed by "is an adult"."""


@dataclass(frozen=True, slots=True)
class CompiledProduct:
    """A version of a product, ready for adjudication; immutable, so it can be shared and kept."""

    code: str
    terms: Terms
    facilities: FacilityLimits | None
    """Which facilities it pays; None for all (TZA-19)."""
    deductible: Deductible | None
    """What patients pay first (PRD-6)."""
    ceiling: Ceiling | None
    """The most that is paid (PRD-6)."""
    by_facility: bool
    """Whether the level of the facility says what hospital care is, and not a night's stay (PRD-9)."""
    pays_list_price: bool
    """Whether the price of the list is paid although less was asked (PRD-11)."""
    coverage: Mapping[LineKey, ByAge]
    others: Mapping[LineKind, ByAge]
    """How lines that ``coverage`` does not name are covered."""
    max_number: Mapping[Category, int]
    max_amount: Mapping[Category, Decimal]

    @property
    def counts_family(self) -> bool:
        """Whether a deductible or a ceiling runs over what the whole family uses up (ADJ-3)."""
        limits = (self.deductible, self.ceiling)
        return any(limit is not None and limit.basis is Basis.POLICY for limit in limits)

    def covering(self, key: LineKey, *, adult: bool) -> AgeCoverage | None:
        """How it covers a line for this age; None when it does not list the line."""
        by_age = self.coverage.get(key) or self.others.get(key[0])
        return None if by_age is None else by_age[adult]

    def counts_quantity(self, key: LineKey) -> bool:
        """Whether it limits the quantity of a line, for any age."""
        by_age = self.coverage.get(key) or self.others.get(key[0])
        return by_age is not None and by_age[True].counts_quantity

    def ceiling_for(self, *, hospital: bool, members: int) -> Decimal | None:
        """The ceiling with what the family's size adds; None for none (PRD-7).

        Without a threshold the base amount is for everybody, and nothing is added.
        """
        if self.ceiling is None:
            return None
        return self.ceiling.grown(hospital=hospital, above=self.terms.members_above(members))


def compile_product(code: str, terms: Terms) -> CompiledProduct:
    """Read the terms once; keep the answer per version of the product."""
    others = {LineKind.ITEM: terms.other_items, LineKind.SERVICE: terms.other_services}
    return CompiledProduct(
        code=code,
        terms=terms,
        facilities=None if terms.facilities == FacilityLimits() else terms.facilities,
        deductible=terms.deductible,
        ceiling=terms.ceiling,
        by_facility=terms.ceiling_interpretation is HospitalMeaning.FACILITY,
        pays_list_price=terms.pays_list_price,
        coverage=MappingProxyType({(line.kind, line.code): _by_age(line) for line in terms.coverage}),
        others=MappingProxyType({kind: _by_age(one) for kind, one in others.items() if one is not None}),
        max_number=_set_only(dict(terms.max_number)),
        max_amount=_set_only(dict(terms.max_amount)),
    )


def _by_age(coverage: Coverage) -> ByAge:
    return _for_age(coverage, adult=False), _for_age(coverage, adult=True)


def _for_age(coverage: Coverage, *, adult: bool) -> AgeCoverage:
    offered = {visit: coverage.limitation.of(visit) for visit in VisitType}
    return AgeCoverage(
        origin=coverage.price_origin,
        limits={
            visit: Limit(limitation.type, limitation.value(adult=adult))
            for visit, limitation in offered.items()
            if limitation is not None
        },
        max_quantity=coverage.max_quantity.of(adult=adult),
        counts_quantity=coverage.max_quantity.adult is not None or coverage.max_quantity.child is not None,
        waiting_months=coverage.waiting_period.of(adult=adult),
        exclusion=coverage.ceiling_exclusion.of(adult=adult),
    )


def _set_only(by_name: Mapping[str, _Maximum | None]) -> Mapping[Category, _Maximum]:
    return MappingProxyType({Category(name): value for name, value in by_name.items() if value is not None})
