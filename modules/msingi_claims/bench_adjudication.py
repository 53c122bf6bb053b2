"""Benchmark of the adjudicator alone: claims of five lines on one core, explanations recorded."""

import time
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final
from uuid import UUID

from msingi_catalogue import ServiceCategory
from msingi_claims.plugin import plugin
from msingi_claims.rules.adjudicate import adjudicate_all
from msingi_claims.rules.codes import Sex
from msingi_claims.rules.compiled import CompiledProduct, compile_product
from msingi_claims.rules.history import History
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

CLAIMS: Final = 20_000
FAMILIES: Final = 2_500
ITEMS: Final = 257
SERVICES: Final = 74
_YEAR: Final = date(2026, 1, 1)
_TERMS: Final = {
    "deductible": {"basis": "insuree", "general": "1000"},
    "ceiling": {"basis": "insuree", "general": "5000000"},
    "max_amount": {"surgery": "400000", "hospitalisation": "200000"},
    "max_number": {"visit": 200},
    "other_items": {"limitation": {name: {"adult": "80", "child": "80"} for name in ("other", "emergency")}},
    "other_services": {
        "limitation": {name: {"adult": "80", "child": "80"} for name in ("other", "emergency")}
    },
}


@plugin.benchmark("adjudicate")
def adjudicate(*, quick: bool, database_url: str | None = None) -> dict[str, float]:  # noqa: ARG001
    """Claims of three services and two items decided per second on one core, no database involved."""
    amount = 500 if quick else CLAIMS
    claims = list(_claims(amount, Random(5)))  # noqa: S311 - made-up claims
    started = time.process_time()
    decided = sum(
        decision.approved > 0 for decision in adjudicate_all(claims, History(), Settings(Decimal(1)))
    )
    used = time.process_time() - started
    return {"claims": float(decided), "claims_per_s": amount / used}


def _claims(amount: int, rng: Random) -> Iterator[tuple[ClaimInput, tuple[PolicyInput, ...]]]:
    product = compile_product("P", Terms.model_validate(_TERMS))
    register = _register(rng)
    items, services = register[:ITEMS], register[ITEMS:]
    hospital = FacilityFacts("H", is_hospital=True)
    for number in range(amount):
        family = rng.randrange(FAMILIES)
        day = _YEAR + timedelta(days=rng.randrange(280))
        lines = (
            *(_line(one, Decimal(1)) for one in rng.sample(services, 3)),
            *(_line(one, Decimal(2)) for one in rng.sample(items, 2)),
        )
        patient = Patient(_id(family * 4 + rng.randrange(4)), date(1990, 1, 1), Sex.FEMALE)
        yield (
            ClaimInput(
                _id(number), patient, hospital, VisitType.OTHER, day, day, day, "A09",
                diagnosis_is_valid=True, lines=lines,
            ),
            (_policy(family, product),),
        )  # fmt: skip


def _register(rng: Random) -> list[tuple[LineKind, str, RegisterEntry]]:
    kinds = [LineKind.ITEM] * ITEMS + [LineKind.SERVICE] * SERVICES
    categories = list(ServiceCategory)
    return [
        (
            kind,
            f"{kind.value[0].upper()}{number}",
            RegisterEntry(
                Decimal(rng.randrange(1, 400) * 25),
                category=rng.choice(categories) if kind is LineKind.SERVICE else None,
            ),
        )
        for number, kind in enumerate(kinds)
    ]


def _line(one: tuple[LineKind, str, RegisterEntry], quantity: Decimal) -> LineInput:
    kind, code, entry = one
    return LineInput(kind, code, quantity, entry.price, entry, ListedPrice())


def _policy(family: int, product: CompiledProduct) -> PolicyInput:
    return PolicyInput(_id(family), product, _YEAR, _YEAR, _YEAR, date(2026, 12, 31), members=4)


def _id(number: int) -> UUID:
    return UUID(int=number)
