"""The terms of a product: what cannot be written, what survives being stored, and that no rule reads a clock."""

import ast
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import msingi_insurance
from msingi_insurance.rules.product_file import ProductFile
from msingi_insurance.rules.sayings import SAYINGS
from msingi_insurance.rules.terms import (
    Basis,
    CapitationWeights,
    Ceiling,
    Deductible,
    HospitalMeaning,
    Limitation,
    LimitationType,
    Limits,
    NumberMaxima,
    Terms,
)

RULES = Path(str(msingi_insurance.__file__)).parent / "rules"
amounts = st.none() | st.decimals(min_value=0, max_value=10**9, places=2)
general = st.builds(Limits, general=amounts)
pairs = st.builds(Limits, ip=amounts, op=amounts)
limits = st.one_of(general, pairs, st.just(Limits()))
growths = {False: st.none() | general, True: st.none() | pairs}
"""What may grow a ceiling, by whether the ceiling is a pair."""


@st.composite
def ceilings(draw: st.DrawFn) -> Ceiling:
    basis = draw(st.sampled_from(Basis))
    base = draw(limits)
    grows = basis is Basis.POLICY
    return Ceiling(
        basis=basis,
        **dict(base),
        extra_member=draw(growths[base.split]) if grows else None,
        maximum=draw(growths[base.split]) if grows else None,
    )


@pytest.mark.rule("D-1", "INS-A3", "PRD-6", "PRD-7")
@given(ceilings(), limits, amounts)
def test_d_1_terms_come_back_as_they_were_stored(
    ceiling: Ceiling, deductible: Limits, lump_sum: Decimal | None
) -> None:
    terms = Terms(
        lump_sum=lump_sum,
        ceiling=ceiling,
        deductible=Deductible(basis=Basis.INSUREE, **dict(deductible)),
        max_number=NumberMaxima(visit=0),
    )

    stored = json.dumps(terms.model_dump(mode="json"))

    assert Terms.model_validate(json.loads(stored)) == terms
    for hospital in (True, False):
        read = Terms.model_validate_json(stored)
        assert read.ceiling is not None
        assert read.ceiling.of(hospital=hospital) == ceiling.of(hospital=hospital)
    assert Terms.model_validate_json(stored).max_number.visit == 0


@pytest.mark.rule("D-1", "PRD-6", "PRD-9")
def test_d_1_hospital_and_other_care_keep_their_places() -> None:
    split = Ceiling(basis=Basis.POLICY, ip=Decimal(900), op=Decimal(100))

    assert (split.of(hospital=True), split.of(hospital=False)) == (Decimal(900), Decimal(100))
    assert Limits(general=Decimal(5)).of(hospital=True) == Decimal(5)
    assert Limits(ip=Decimal(5)).of(hospital=False) is None
    assert [meaning.value for meaning in HospitalMeaning] == ["I", "H"]


@pytest.mark.rule("PRD-2", "PRD-3", "PRD-4", "PRD-5", "PRD-6", "PRD-7", "PRD-10", "PRD-12", "PRD-13")
@pytest.mark.parametrize(
    "terms",
    [
        {"insurance_period": 0},
        {"max_members": -1},
        {"lump_sum": -1},
        {"premium_adult": "NaN"},
        {"enrolment_discount": 101},
        {"max_installments": 0},
        {"start_cycles": ["01-01", "01-02", "01-03", "01-04", "01-05"]},
        {"start_cycles": ["01-01", "01-01"]},
        {"start_cycles": ["30-02"]},
        {"deductible": {"basis": "policy", "general": 1, "ip": 1}},
        {"deductible": {"general": 1}},
        {"ceiling": {"basis": "insuree", "general": 1, "extra_member": {"general": 1}}},
        {"max_amount": {"visit": 1}},
        {"coverage": [{"kind": "item", "code": "A", "limitation": {"other": {"type": "C", "adult": 101}}}]},
        {"coverage": [{"kind": "item", "code": "A"}, {"kind": "item", "code": "A"}]},
        {"pools": [{"care": "B", "period": "quarter", "percentages": [10, 10, 10]}]},
        {"capitation": {"levels": [{"level": "D"}], "share": 10, "weights": {"population": 99}}},
        {"account_contributions": "9" * 26},
        {"lumpsum": 1},
    ],
)
def test_terms_that_mean_nothing_cannot_be_written(terms: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Terms.model_validate(terms)


@pytest.mark.rule("PRD-6", "PRD-7")
@pytest.mark.parametrize(
    ("own", "growth"),
    [
        ({"general": 1000}, {"ip": 50, "op": 50}),
        ({"general": 1000}, {"op": 50}),
        ({"ip": 1000, "op": 500}, {"general": 50}),
        ({"ip": 1000}, {"general": 0}),
    ],
)
def test_growth_and_maximum_are_written_in_the_form_of_the_ceiling(
    own: dict[str, int], growth: dict[str, int]
) -> None:
    ceiling = {"basis": "policy", **own, "extra_member": growth, "maximum": growth}
    product = {"code": "CSU", "name": "x", "place": "CM", "date_from": "2026-01-01"}

    with pytest.raises(ValidationError) as refusal:
        ProductFile.model_validate({**product, "terms": {"threshold": 2, "ceiling": ceiling}})

    assert [(error["loc"], error["msg"]) for error in refusal.value.errors()] == [
        (
            ("terms", "ceiling", name),
            "Value error, growth and maximum have the form of the ceiling: general, or ip and op",
        )
        for name in ("extra_member", "maximum")
    ]


@pytest.mark.rule("PRD-7", "INS-A5")
@pytest.mark.parametrize(
    ("own", "growth", "hospital", "other"),
    [
        ({"general": 1000}, {"ip": 50, "op": 20}, 1150, 1060),
        ({"general": 1000}, {"op": 20}, 1000, 1060),
        ({"ip": 1000, "op": 500}, {"general": 10}, 1030, 530),
        ({"ip": 1000}, {"general": 10}, 1030, None),
    ],
)
def test_stored_growth_of_another_form_still_computes(
    own: dict[str, int], growth: dict[str, int], hospital: int, other: int | None
) -> None:
    stored = {"ceiling": {"basis": "policy", **own, "extra_member": growth, "maximum": {"general": 10_000}}}

    ceiling = Terms.model_validate(stored).ceiling

    assert ceiling is not None
    assert ceiling.grown(hospital=True, above=3) == hospital
    assert ceiling.grown(hospital=False, above=3) == other


@pytest.mark.rule("PRD-10", "INS-A3")
def test_a_limitation_that_is_left_out_is_all_and_zero_is_nothing() -> None:
    share, fixed = Limitation(adult=Decimal(0)), Limitation(type=LimitationType.FIXED, child=Decimal(0))

    assert (share.value(adult=True), share.value(adult=False)) == (Decimal(0), Decimal(100))
    assert (fixed.value(adult=True), fixed.value(adult=False)) == (None, Decimal(0))


@pytest.mark.rule("PRD-13")
def test_the_weights_of_capitation_add_up_to_a_hundred() -> None:
    weights = CapitationWeights(population=Decimal("33.3"), insured_visits=Decimal("66.7"))

    assert sum(weights.model_dump().values()) == 100


CLOCKS = {"today", "now", "utcnow", "time", "monotonic"}


@pytest.mark.rule("INS-A2")
@pytest.mark.parametrize("path", sorted(RULES.rglob("*.py")), ids=lambda path: path.stem)
def test_no_rule_reads_a_clock_or_a_float(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    floats = [
        node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, float)
    ]

    assert not calls & CLOCKS
    assert floats == []


@pytest.mark.rule("INS-A4")
def test_every_sentence_is_used_and_every_used_one_exists() -> None:
    literals = {
        node.value
        for path in RULES.rglob("*.py")
        if path.name != "sayings.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    built = {f"{name}_{kind}" for name in ("assembly", "registration") for kind in ("lump_sum", "fee")}

    assert set(SAYINGS) - literals - built == set()
