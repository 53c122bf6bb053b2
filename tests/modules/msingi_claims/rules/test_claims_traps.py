"""Faults of earlier scheme systems that must never come back, one test each."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from tests.modules.msingi_claims.rules.claims_builders import (
    CENTS,
    DAY,
    EVERYTHING,
    WHOLE,
    claim,
    line,
    policy,
)

from msingi_catalogue import ServiceCategory
from msingi_claims.rules.adjudicate import adjudicate, adjudicate_all
from msingi_claims.rules.batch import pool_period, value_claim
from msingi_claims.rules.category import category_of
from msingi_claims.rules.codes import ConsumptionKind, Reason, Stage
from msingi_claims.rules.compiled import compile_product
from msingi_claims.rules.decisions import Consumption, RefusedPart
from msingi_claims.rules.history import History
from msingi_claims.rules.values import EarlierOutcome, LineReview, ListedPrice
from msingi_insurance import Category, LineKind, PoolPeriod, PriceOrigin, Terms

PASSED = EarlierOutcome(Reason.ACCEPTED, "POL1")


@pytest.mark.rule("D-1")
def test_d_1_hospital_and_other_limits_survive_saving_and_reading() -> None:
    terms = Terms.model_validate(
        {
            "deductible": {"basis": "insuree", "ip": "500", "op": "100"},
            "ceiling": {
                "basis": "policy",
                "ip": "9000",
                "op": "2000",
                "maximum": {"ip": "9500", "op": "2500"},
            },
        }
    )

    read = compile_product("P", Terms.model_validate_json(terms.model_dump_json()))

    assert read.terms == terms
    assert read.deductible is not None
    assert (read.deductible.of(hospital=True), read.deductible.of(hospital=False)) == (
        Decimal(500),
        Decimal(100),
    )
    assert read.ceiling_for(hospital=True, members=1) == 9000
    assert read.ceiling_for(hospital=False, members=1) == 2000


@pytest.mark.parametrize("origin", list(PriceOrigin))
@pytest.mark.rule("D-2")
def test_d_2_the_reviewers_price_holds_for_every_origin(origin: PriceOrigin) -> None:
    reviewed = line()._replace(outcome=PASSED, review=LineReview(price=Decimal(37)))

    decision = adjudicate(
        claim(reviewed), [policy({"other_items": {"price_origin": origin}})], History(), CENTS, Stage.PROCESS
    )

    assert decision.approved == 37


@pytest.mark.parametrize(
    "changed",
    [
        line()._replace(outcome=PASSED, review=LineReview(quantity=Decimal(0))),
        line()._replace(outcome=PASSED, review=LineReview(price=Decimal(0))),
        line()._replace(outcome=PASSED, listed=ListedPrice(Decimal(0))),
    ],
    ids=["quantity", "price", "override"],
)
@pytest.mark.rule("D-3", "INS-A3")
def test_d_3_zero_is_a_value(changed: object) -> None:
    assert isinstance(changed, type(line()))

    decision = adjudicate(claim(changed), [policy()], History(), CENTS, Stage.PROCESS)

    assert [one.has_passed for one in decision.lines] == [True]
    assert decision.approved == 0


@pytest.mark.parametrize(("born", "excluded", "paid"), [
    (date(1990, 1, 1), "adult", 300), (date(1990, 1, 1), "child", 100),
    (date(2020, 1, 1), "adult", 100), (date(2020, 1, 1), "child", 300),
])  # fmt: skip
@pytest.mark.rule("D-4")
def test_d_4_ceiling_exclusions_are_those_of_the_patients_age(born: date, excluded: str, paid: int) -> None:
    terms = {
        "other_items": {"ceiling_exclusion": {excluded: "B"}},
        "ceiling": {"basis": "insuree", "general": 100},
    }
    given = claim(line(price=300))

    decision = adjudicate(
        replace(given, patient=replace(given.patient, birth_date=born)), [policy(terms)], History(), CENTS
    )

    assert decision.approved == paid


@pytest.mark.rule("D-5")
def test_d_5_amounts_are_not_cut_before_the_limits() -> None:
    terms = {"other_items": {"limitation": {"other": {"type": "C", "adult": 50}}}}

    decision = adjudicate(claim(line(price=33, quantity="1.5")), [policy(terms)], History(), WHOLE)

    assert decision.approved == 25


@pytest.mark.rule("D-6")
def test_d_6_category_amounts_run_over_all_claims_of_the_period() -> None:
    surgery = line("S1", price=200, kind=LineKind.SERVICE, category=ServiceCategory.SURGERY)
    pays = [policy({**EVERYTHING, "max_amount": {"surgery": 500}})]
    given = [(claim(surgery, name=f"C{day}", day=date(2026, 3, day)), pays) for day in (1, 2, 3)]

    paid = [one.approved for one in adjudicate_all(given, History(), CENTS)]

    assert paid == [200, 200, 100]


@pytest.mark.rule("D-8")
def test_d_8_split_limits_read_a_mixed_history() -> None:
    terms = {**EVERYTHING, "ceiling": {"basis": "insuree", "ip": 500, "op": 200}}
    history = History()
    history.add_consumption(
        Consumption(ConsumptionKind.REMUNERATED, "POL1", "1", hospital, Decimal(amount), 0)
        for hospital, amount in ((True, 500), (False, 50))
    )

    assert adjudicate(claim(line(price=300)), [policy(terms)], history, CENTS).approved == 150


@pytest.mark.rule("D-9", "D-34")
def test_d_9_a_line_is_charged_to_its_policy_and_the_total_is_that_of_all_lines() -> None:
    items = policy({"other_items": {}}, name="PA", product="A")
    services = policy({"other_services": {}}, name="PB", product="B")
    given = claim(line(price=100), line("S1", price=70, kind=LineKind.SERVICE))

    decision = adjudicate(given, [items, services], History(), CENTS)

    assert [(entry.policy, entry.amount) for entry in decision.consumption] == [
        ("PA", Decimal(100)),
        ("PB", Decimal(70)),
    ]
    assert decision.approved == 170


@pytest.mark.rule("D-10")
def test_d_10_a_line_is_paid_when_any_candidate_accepts_it() -> None:
    waiting = policy({"other_items": {"waiting_period": {"adult": 6}}}, name="PA")
    accepting = policy({"other_items": {"limitation": {"other": {"adult": 50}}}}, name="PB")

    decision = adjudicate(claim(line()), [waiting, accepting], History(), CENTS)

    assert (decision.lines[0].policy, decision.approved) == ("PB", Decimal(50))


@pytest.mark.rule("D-11")
def test_d_11_a_maximum_quantity_splits_the_line_and_keeps_what_was_provided() -> None:
    pays = [policy({"other_items": {"max_quantity": {"adult": 5}}})]
    history = History()
    entry = Consumption(
        ConsumptionKind.QUANTITY, "POL1", "1", False, Decimal(3), 0, None, (LineKind.ITEM, "I1")
    )
    history.add_consumption([entry])
    approved = line(quantity=4)._replace(outcome=PASSED, review=LineReview(quantity=Decimal(4)))

    for given, stage in ((line(quantity=4), Stage.SUBMIT), (approved, Stage.PROCESS)):
        (one,) = adjudicate(claim(given), pays, history, CENTS, stage).lines
        assert (one.quantity_provided, one.quantity, one.remunerated) == (
            Decimal(4),
            Decimal(2),
            Decimal(200),
        )
        assert one.refused_parts == (RefusedPart(Decimal(2), Reason.QUANTITY_LIMIT),)


@pytest.mark.rule("D-13")
def test_d_13_category_other_is_a_visit_and_meets_its_maxima() -> None:
    other = line("S1", kind=LineKind.SERVICE, category=ServiceCategory.OTHER)

    decision = adjudicate(
        claim(other), [policy({**EVERYTHING, "max_number": {"visit": 0}})], History(), CENTS
    )

    assert category_of(claim(other)) is Category.VISIT
    assert decision.lines[0].reason is Reason.MAX_VISITS


@pytest.mark.rule("D-14", "BAT-1")
def test_d_14_the_last_day_of_the_period_is_inside() -> None:
    month = pool_period(PoolPeriod.MONTH, 2026, 2)

    assert month is not None
    assert (month.start, month.last_day, month.end) == (
        date(2026, 2, 1),
        date(2026, 2, 28),
        date(2026, 3, 1),
    )


@pytest.mark.rule("D-15", "BAT-4")
def test_d_15_a_batch_values_relative_lines_with_their_quantity_and_no_others() -> None:
    pays = policy({"other_items": {"price_origin": "R"}, "other_services": {}})
    given = claim(
        line(quantity=3)._replace(outcome=PASSED),
        line("S1", price=80, kind=LineKind.SERVICE)._replace(outcome=PASSED),
    )
    processed = adjudicate(given, [pays], History(), CENTS, Stage.PROCESS)

    valued = value_claim(processed, lambda _: Decimal("0.5"), unit=CENTS.unit)

    assert [one.remunerated for one in valued.lines] == [150, 80]
    assert valued.lines[1] == processed.lines[1]
    assert (processed.remunerated, valued.remunerated) == (None, Decimal(230))


@pytest.mark.parametrize(("majority", "paid"), [(18, 100), (40, 50)])
@pytest.mark.rule("D-19", "ADJ-7")
def test_d_19_one_age_of_majority_decides(majority: int, paid: int) -> None:
    terms = {"other_items": {"limitation": {"other": {"adult": 100, "child": 50}}}}

    decision = adjudicate(claim(line()), [policy(terms)], History(), replace(CENTS, age_of_majority=majority))

    assert decision.approved == paid


@pytest.mark.rule("D-34", "ADJ-6")
def test_d_34_items_and_services_are_each_counted_once() -> None:
    items = [line(f"I{number}", price=10) for number in range(3)]
    services = [line(f"S{number}", price=100, kind=LineKind.SERVICE) for number in range(2)]

    assert adjudicate(claim(*items, *services), [policy()], History(), CENTS).approved == 230


@pytest.mark.rule("D-38")
def test_d_38_a_line_that_the_deductible_absorbs_pays_nothing() -> None:
    terms = {**EVERYTHING, "deductible": {"basis": "insuree", "general": 500}}

    (one,) = adjudicate(claim(line(price=300)), [policy(terms)], History(), CENTS).lines

    assert (one.deductible, one.remunerated, one.has_passed) == (Decimal(300), Decimal(0), True)


@pytest.mark.parametrize("category", list(Category))
@pytest.mark.rule("D-39")
def test_d_39_a_maximum_of_zero_refuses_the_first_claim(category: Category) -> None:
    service = None if category is Category.VISIT else ServiceCategory[category.name]
    given = claim(line("S1", kind=LineKind.SERVICE, category=service), day=DAY)

    decision = adjudicate(
        given, [policy({**EVERYTHING, "max_number": {category.value: 0}})], History(), CENTS
    )

    assert decision.lines[0].remunerated == 0
    assert not decision.lines[0].has_passed
