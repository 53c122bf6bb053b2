"""What random claims, policies and reviews are made of, for the tests of what always holds."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from tests.modules.msingi_claims.rules.claims_builders import CENTS, DAY, WHOLE, claim, line, policy

from msingi_catalogue import ServiceCategory
from msingi_claims.rules.values import ClaimInput, Consent, PolicyInput, Settings
from msingi_insurance import Basis, LineKind

amounts = st.one_of(
    st.integers(0, 3000).map(Decimal), st.decimals(0, 3000, places=2), st.decimals(0, 50, places=4)
)
quantities = st.one_of(st.integers(1, 9).map(Decimal), st.decimals(0, 9, places=2))
maybe = st.none() | st.integers(0, 4000)


@st.composite
def limits(draw: st.DrawFn) -> dict[str, Any]:
    """A deductible or a ceiling, in general or split, in whole units or not."""
    basis = draw(st.sampled_from(list(Basis)))
    if draw(st.booleans()):
        return {"basis": basis, "general": draw(amounts)}
    return {"basis": basis, "ip": draw(st.none() | amounts), "op": draw(st.none() | amounts)}


@st.composite
def coverages(draw: st.DrawFn) -> dict[str, Any]:
    """How lines are covered."""
    kind = draw(st.sampled_from("CF"))
    value = draw(st.none() | (st.decimals(0, 100, places=2) if kind == "C" else amounts))
    return {
        "price_origin": draw(st.sampled_from("POR")),
        "limitation": {"other": {"type": kind, "adult": value}},
        "max_quantity": {"adult": draw(st.none() | st.integers(0, 8))},
        "ceiling_exclusion": {"adult": draw(st.none() | st.sampled_from("HNB"))},
    }


@st.composite
def terms(draw: st.DrawFn) -> dict[str, Any]:
    """The terms of a product with every kind of limit."""
    return {
        "other_items": draw(coverages()),
        "other_services": draw(coverages()),
        "deductible": draw(st.none() | limits()),
        "ceiling": draw(st.none() | limits()),
        "max_amount": {"surgery": draw(maybe), "consultation": draw(maybe)},
        "max_number": {"visit": draw(st.none() | st.integers(0, 3))},
        "pays_list_price": draw(st.booleans()),
    }


@st.composite
def claims(draw: st.DrawFn, name: str = "C1") -> ClaimInput:
    """A claim of one of two insurees, with or without a night."""
    lines = [
        line(
            f"{kind.value}{draw(st.integers(1, 3))}",
            kind=kind,
            price=str(draw(amounts)),
            quantity=str(draw(quantities)),
            category=draw(st.sampled_from([None, *ServiceCategory])) if kind is LineKind.SERVICE else None,
        )._replace(price_asked=draw(amounts))
        for kind in draw(st.lists(st.sampled_from(LineKind), min_size=1, max_size=5))
    ]
    made = claim(*lines, name=name, insuree=draw(st.sampled_from("12")))
    first = DAY + timedelta(days=draw(st.integers(0, 60)))
    last = first + timedelta(days=draw(st.integers(0, 1)))
    return replace(made, date_from=first, date_to=last, date_claimed=first)


@st.composite
def consents(draw: st.DrawFn, insuree: str) -> Consent:
    """What the scheme agreed to for one insuree."""
    kind = draw(st.sampled_from(LineKind))
    key = (kind, f"{kind.value}{draw(st.integers(1, 3))}")
    return Consent(insuree, f"PA{insuree}", key, draw(quantities), draw(st.none() | amounts))


@st.composite
def series(draw: st.DrawFn) -> tuple[list[ClaimInput], list[PolicyInput], Settings]:
    """Claims of a family under one or two policies."""
    agreed = {insuree: draw(st.none() | consents(insuree)) for insuree in "12"}
    several = [draw(claims(name=f"C{number}")) for number in range(draw(st.integers(1, 4)))]
    several = [replace(one, consent=agreed[str(one.patient.id)]) for one in several]
    policies = [policy(draw(terms()), name=f"POL{number}") for number in range(draw(st.integers(1, 2)))]
    return several, policies, draw(st.sampled_from([WHOLE, CENTS]))
