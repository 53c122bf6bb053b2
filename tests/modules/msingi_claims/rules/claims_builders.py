"""Short ways to write claims, policies and products for the tests of the rules."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from msingi_catalogue import ServiceCategory
from msingi_claims.rules.codes import Sex
from msingi_claims.rules.compiled import compile_product
from msingi_claims.rules.values import (
    ClaimInput,
    FacilityFacts,
    LineInput,
    ListedPrice,
    Patient,
    PolicyInput,
    RegisterEntry,
    Settings,
)
from msingi_insurance import LineKind, Terms, VisitType

DAY = date(2026, 3, 10)
WHOLE = Settings(Decimal(1))
CENTS = Settings(Decimal("0.01"))
EVERYTHING: Mapping[str, Any] = {"other_items": {}, "other_services": {}}


def line(
    code: str = "I1",
    *,
    price: str | int = 100,
    quantity: str | int = 1,
    kind: LineKind = LineKind.ITEM,
    category: ServiceCategory | None = None,
) -> LineInput:
    """A line at the price of the register, on the price list."""
    entry = RegisterEntry(Decimal(price), category=category)
    return LineInput(kind, code, Decimal(quantity), Decimal(price), entry, ListedPrice())


def claim(*lines: LineInput, name: str = "C1", insuree: str = "1", day: date = DAY) -> ClaimInput:
    """A claim of one day of an adult woman."""
    return ClaimInput(
        id=name,
        patient=Patient(insuree, date(1990, 1, 1), Sex.FEMALE),
        facility=FacilityFacts("HF1"),
        visit_type=VisitType.OTHER,
        date_from=day,
        date_to=day,
        date_claimed=day,
        diagnosis="A09",
        diagnosis_is_valid=True,
        lines=lines,
    )


def policy(terms: Mapping[str, Any] = EVERYTHING, *, name: str = "POL1", product: str = "P") -> PolicyInput:
    """A policy of the year 2026 on a product with these terms."""
    return PolicyInput(
        id=name,
        product=compile_product(product, Terms.model_validate(terms)),
        start_date=date(2026, 1, 1),
        effective_date=date(2026, 1, 1),
        cover_from=date(2026, 1, 1),
        cover_to=date(2026, 12, 31),
    )
