"""The batch of a month: indexes, valuation, capitation, bills; once, whole or not at all (BAT-1..BAT-7)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select
from tests.modules.msingi_claims.claims_fixtures import COVERS_ALL
from tests.modules.msingi_claims.payment_fixtures import TENTH, WITH_POOL, Counter, counter_of, move_product

from msingi.errors import DomainError
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi_claims.models.decision import ConsumptionEntry
from msingi_claims.models.payment import (
    BatchRun,
    Bill,
    BillLine,
    CapitationPool,
    CapitationShare,
    RelativeIndex,
)
from msingi_claims.rules.codes import ClaimStatus
from msingi_claims.services.catchments import FiguresOfPlace, ServedPlace, set_catchments, set_place_figures

WHOLE_YEARS = 73_000
"""Paid for 730 days: 100 a day, 2,800 for February 2026."""


@pytest.fixture
def counter(make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock) -> Counter:
    return counter_of(make_platform, as_user, frozen_clock)


@pytest.mark.rule("BAT-1")
def test_a_running_month_is_closed_with_something_to_bill_only_and_the_rest_follows(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    counter = counter_of(make_platform, as_user, frozen_clock, terms=COVERS_ALL)
    insuree = counter.patient(WHOLE_YEARS)
    counter.at(2026, 2, 10, 9)
    with pytest.raises(DomainError, match="2026-03-01") as early:
        counter.batch()
    counter.processed(insuree, ("SV1", 2))

    first = counter.batch()
    counter.at(2026, 2, 20, 9)
    counter.processed(insuree, ("SV1", 1), date_from=date(2026, 2, 15))
    counter.at(2026, 4, 1, 9)
    second = counter.batch(month=3)

    assert early.value.code == "claims.period_not_over"
    assert [(run.claims, run.bills) for run in (first, second)] == [(1, 1), (1, 1)]


@pytest.mark.rule("BAT-1", "BAT-3", "BAT-4", "BAT-6", "D-14", "D-15", "ADJ-5")
def test_a_month_becomes_indexes_values_bills_and_postings(counter: Counter) -> None:
    scheme, insuree = counter.scheme, counter.patient(WHOLE_YEARS)
    counter.at(2026, 2, 10, 9)
    mixed = counter.processed(insuree, ("SV1", 2), ("SV2", 3))
    counter.at(2026, 2, 28, 22, 59)  # 23:59 of the last day in Douala
    last = counter.processed(insuree, ("SV2", 2.5), date_from=date(2026, 2, 20))
    counter.at(2026, 2, 28, 23, 0)  # the first instant of March there
    later = counter.processed(insuree, ("SV2", 4), date_from=date(2026, 2, 25))
    assert scheme.claim(mixed).status is ClaimStatus.PROCESSED
    counter.at(2026, 3, 2, 9)

    run = counter.batch()

    # 2,800 x 10 % / (300 + 250) = 0.50909..
    assert counter.rows(RelativeIndex, "value", "allocated_minor", "nominal_minor", "part") == [
        (Decimal("0.5091"), 2800, 550, 2)
    ]
    assert [
        (line.nominal_minor, line.valuated_minor, line.remunerated_minor) for line in scheme.lines(mixed)
    ] == [(None, 200, 200), (300, 153, 153)]
    assert [line.remunerated_minor for line in scheme.lines(last)] == [127]
    claims = [scheme.claim(claim_id) for claim_id in (mixed, last, later)]
    assert [one.status for one in claims] == [ClaimStatus.VALUATED] * 2 + [ClaimStatus.PROCESSED]
    assert [one.remunerated_minor for one in claims] == [353, 127, None]
    assert [one.batch_id for one in claims] == [run.id, run.id, None]
    assert (run.claims, run.bills, run.amount_minor) == (2, 1, 480)
    (bill,) = counter.rows(Bill, "claims", "amount_minor", "account", "facility_id")
    assert bill == (2, 480, "6201", scheme.hospital)
    assert counter.rows(BillLine, "amount_minor") == [(127,), (353,)]
    assert counter.balances() == {"1420": WHOLE_YEARS, "2410": 480, "4210": WHOLE_YEARS, "5220": 480}
    assert _standing_consumption(counter) == 353 + 127 + 400


@pytest.mark.rule("BAT-1")
def test_a_month_runs_once_and_never_before_its_end(counter: Counter) -> None:
    counter.batch()
    before = counter.picture()

    for month, code in ((2, "claims.batch_already_run"), (3, "claims.period_not_over")):
        with pytest.raises(DomainError) as refusal:
            counter.batch(month=month)
        assert refusal.value.code == code

    assert counter.picture() == before


@pytest.mark.rule("BAT-1", "BAT-3")
def test_a_run_without_percentage_or_funds_is_refused_by_name_and_leaves_nothing(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    january_only = {**TENTH, "percentages": ["10", *[None] * 11]}
    counter = counter_of(make_platform, as_user, frozen_clock, {**WITH_POOL, "pools": [january_only]})
    counter.at(2026, 1, 20, 9)
    unpaid = counter.processed(counter.patient(), ("SV2", 1), date_from=date(2026, 1, 19))
    counter.at(2026, 2, 20, 9)
    counter.processed(counter.patient(WHOLE_YEARS), ("SV2", 1))
    counter.at(2026, 3, 2, 9)
    before = counter.picture()

    with pytest.raises(DomainError) as missing:
        counter.batch()

    assert (missing.value.code, missing.value.params) == (
        "claims.no_percentage",
        {"product": "P1", "care": "B", "period": "month", "part": 2, "year": 2026},
    )
    assert counter.picture() == before
    assert counter.scheme.claim(unpaid).status is ClaimStatus.PROCESSED


@pytest.mark.rule("BAT-3")
def test_nothing_allocated_needs_a_confirmation_and_then_pays_nothing(counter: Counter) -> None:
    counter.at(2026, 2, 20, 9)
    claim_id = counter.processed(counter.patient(), ("SV2", 1), ("SV1", 1))
    counter.at(2026, 3, 2, 9)

    with pytest.raises(DomainError) as refusal:
        counter.batch()
    assert refusal.value.code == "claims.nothing_allocated"
    assert counter.counts(BatchRun, RelativeIndex, Bill) == [0, 0, 0]

    counter.batch(confirm_zero=True)
    assert [line.remunerated_minor for line in counter.scheme.lines(claim_id)] == [0, 100]
    assert counter.rows(Bill, "amount_minor") == [(100,)]


@pytest.mark.rule("BAT-3", "D-15")
def test_an_index_of_one_makes_lines_final_and_an_absorbed_line_waits_for_nothing(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    deductible = {"deductible": {"basis": "insuree", "general": "100"}}
    counter = counter_of(make_platform, as_user, frozen_clock, {**WITH_POOL, **deductible})
    insuree = counter.patient(100 * WHOLE_YEARS)
    counter.at(2026, 2, 20, 9)
    absorbed = counter.processed(insuree, ("SV2", 1), date_from=date(2026, 2, 1))
    whole = counter.processed(insuree, ("SV2", 2), date_from=date(2026, 2, 15))
    entries = counter.counts(ConsumptionEntry)
    counter.at(2026, 3, 2, 9)

    counter.batch()

    assert counter.rows(RelativeIndex, "value", "nominal_minor") == [(Decimal(1), 200)]
    assert [line.valuated_minor for line in counter.scheme.lines(whole)] == [200]
    assert [line.valuated_minor for line in counter.scheme.lines(absorbed)] == [0]
    assert counter.scheme.claim(absorbed).status is ClaimStatus.VALUATED
    assert counter.counts(ConsumptionEntry) == entries
    assert counter.rows(BillLine, "claim_id", "amount_minor") == [(whole, 200)]


@pytest.mark.rule("BAT-4", "D-15")
def test_lines_that_are_worth_nothing_take_nothing_from_the_others(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    ceiling = {"ceiling": {"basis": "insuree", "general": "400"}}
    counter = counter_of(make_platform, as_user, frozen_clock, {**WITH_POOL, **ceiling})
    counter.at(2026, 2, 10, 9)
    claim_id = counter.processed(counter.patient(WHOLE_YEARS), ("SV2", 4), ("SV2", 1), ("SV2", 2))
    counter.at(2026, 3, 2, 9)

    counter.batch()

    # 2,800 x 10 % / 400 = 0.7
    assert [line.remunerated_minor for line in counter.scheme.lines(claim_id)] == [280, 0, 0]
    assert counter.scheme.claim(claim_id).remunerated_minor == 280


@pytest.mark.rule("BAT-4", "BAT-5")
@pytest.mark.parametrize("terms", [{"ceiling": "400"}, {"deductible": "100"}])
def test_a_line_that_is_worth_nothing_makes_no_claim_final_before_its_index(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock, terms: dict[str, str]
) -> None:
    limits = {name: {"basis": "insuree", "general": amount} for name, amount in terms.items()}
    quarterly = {"care": "B", "period": "quarter", "percentages": ["1"] * 4}
    counter = counter_of(make_platform, as_user, frozen_clock, {**WITH_POOL, **limits, "pools": [quarterly]})
    quantities = (4, 1) if "ceiling" in terms else (1, 4)
    counter.at(2026, 2, 10, 9)
    claim_id = counter.processed(
        counter.patient(WHOLE_YEARS), *(("SV2", quantity) for quantity in quantities)
    )
    counter.at(2026, 4, 2, 9)

    counter.batch()
    assert counter.scheme.claim(claim_id).status is ClaimStatus.PROCESSED
    counter.batch(month=3)

    # 9,000 x 1 % / 400 = 0.225
    assert counter.scheme.claim(claim_id).status is ClaimStatus.VALUATED
    paid = {line.nominal_minor: line.remunerated_minor for line in counter.scheme.lines(claim_id)}
    assert paid == {400: 90, 0: 0}


@pytest.mark.rule("BAT-3", "BAT-4", "ADJ-10")
@pytest.mark.parametrize(
    ("basis", "ceiling", "paid"), [("policy", 500, [280, 220]), ("treatment", 250, [250, 250])]
)
def test_an_index_above_one_pays_no_more_than_the_ceiling_leaves(
    make_platform: MakePlatform,
    as_user: AsUser,
    frozen_clock: FrozenClock,
    basis: str,
    ceiling: int,
    paid: list[int],
) -> None:
    terms = {**WITH_POOL, "ceiling": {"basis": basis, "general": str(ceiling)}}
    counter = counter_of(make_platform, as_user, frozen_clock, terms, relative_index_cap=None)
    insuree = counter.patient(2 * WHOLE_YEARS)
    counter.at(2026, 2, 10, 9)
    first = counter.processed(insuree, ("SV2", 1), date_from=date(2026, 2, 1))
    second = counter.processed(insuree, ("SV2", 1), date_from=date(2026, 2, 9))
    counter.at(2026, 3, 2, 9)

    counter.batch()

    # 5,600 x 10 % / 200 = 2.8: each 100 would become 280
    assert counter.rows(RelativeIndex, "value") == [(Decimal("2.8"),)]
    lines = [line for claim_id in (first, second) for line in counter.scheme.lines(claim_id)]
    assert [line.remunerated_minor for line in lines] == paid
    assert [line.excess_minor for line in lines] == [280 - amount for amount in paid]
    assert _standing_consumption(counter) == sum(paid)


@pytest.mark.rule("BAT-5", "BAT-6")
def test_a_claim_of_two_products_waits_for_both_indexes_and_is_billed_for_each(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    no_items = {name: value for name, value in WITH_POOL.items() if name != "other_items"}
    counter = counter_of(make_platform, as_user, frozen_clock, no_items)
    scheme = counter.scheme
    (insuree,) = scheme.family()
    counter.contribute(scheme.insure([insuree]), WHOLE_YEARS)
    quarterly = {"care": "O", "period": "quarter", "percentages": ["50"] * 4}
    of_item = {"kind": "item", "code": "IT1", "price_origin": "R"}
    regional = scheme.sell({"coverage": [of_item], "pools": [quarterly]}, code="P2")
    scheme.act(lambda work: move_product(work, regional, scheme.places["D1"]))
    counter.contribute(scheme.insure([insuree], regional, start_date=date(2024, 12, 31)), WHOLE_YEARS)
    counter.at(2026, 2, 20, 9)
    claim_id = counter.processed(insuree, ("IT1", 40), ("SV2", 1), ("SV1", 1))
    counter.at(2026, 4, 2, 9)

    national = counter.batch()
    assert (national.claims, scheme.claim(claim_id).status) == (0, ClaimStatus.PROCESSED)
    regional_run = counter.batch(month=3, place="D1")
    assert (regional_run.claims, scheme.claim(claim_id).status) == (1, ClaimStatus.VALUATED)
    counter.batch(month=3)

    # P1: 2,800 x 10 % / 100 -> 1; P2: 9,000 x 50 % / 4,000 -> 1 (capped)
    assert counter.rows(RelativeIndex, "part", "value") == [(1, Decimal(1)), (2, Decimal(1))]
    assert sorted(row[0] for row in counter.rows(BillLine, "amount_minor")) == [200, 4000]


@pytest.mark.rule("BAT-2", "PAY-6")
def test_what_families_paid_too_much_is_not_shared_out(counter: Counter) -> None:
    (insuree,) = counter.scheme.family()
    counter.contribute(counter.scheme.insure([insuree]), WHOLE_YEARS + 500, credit=500)
    counter.at(2026, 2, 20, 9)
    counter.processed(insuree, ("SV2", 10))
    counter.at(2026, 3, 2, 9)

    counter.batch()

    assert counter.rows(RelativeIndex, "allocated_minor", "value") == [(2800, Decimal("0.28"))]


@pytest.mark.rule("BAT-7")
def test_capitation_adds_up_exactly_and_says_what_nobody_could_receive(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    weights = {"population": 50, "families": 10, "insured_population": 15, "insured_visits": 25}
    capitation = {"levels": [{"level": "Hospital"}, {"level": "CSI"}], "share": "50", "weights": weights}
    counter = counter_of(make_platform, as_user, frozen_clock, {**COVERS_ALL, "capitation": capitation})
    scheme = counter.scheme
    counter.contribute(scheme.insure(scheme.family(3)), WHOLE_YEARS + 73)
    village, district = scheme.places["V1"], scheme.places["D2"]
    counter.at(2026, 2, 10, 9)
    for day in (1, 5, 9):
        counter.processed(counter.patient(), ("SV1", 1), date_from=date(2026, 2, day))
    served = [
        ServedPlace(facility_id=scheme.hospital, place_id=village, percent=Decimal(100)),
        ServedPlace(facility_id=scheme.centre, place_id=district, percent=Decimal(50)),
    ]
    figures = [
        FiguresOfPlace(place_id=village, population=1000, families=0),
        FiguresOfPlace(place_id=district, population=4000, families=0),
    ]
    scheme.act(lambda work: (set_catchments(work, served), set_place_figures(work, figures)))
    counter.at(2026, 3, 2, 9)

    counter.batch()

    # 28 of 730 days of 73,073 are 2,802.8; half of it is 1,401: 701, 140, 210, 350 by largest remainders
    pools = {
        row[0]: row[1:]
        for row in counter.rows(CapitationPool, "component", "amount_minor", "undistributed_minor")
    }
    assert pools["population"] == (701, 0)
    assert pools["families"] == (140, 140)
    assert sum(amount for amount, _ in pools.values()) == 1401
    shares = counter.rows(CapitationShare, "component", "count", "amount_minor")
    assert [row for row in shares if row[0] == "population"] == [
        ("population", Decimal(1000), 234),
        ("population", Decimal(2000), 467),
    ]
    for component, (amount, undistributed) in pools.items():
        assert sum(row[2] for row in shares if row[0] == component) == amount - undistributed
    billed = sum(row[0] for row in counter.rows(Bill, "amount_minor") if row[0])
    assert billed == 300 + 1401 - 140
    assert _codes(counter) == {"claims": 1, "capitation": 2}


@pytest.mark.rule("BAT-1")
def test_the_statements_of_a_run_do_not_grow_with_its_claims(counter: Counter) -> None:
    patients = [counter.patient(WHOLE_YEARS) for _ in range(12)]
    counter.at(2026, 1, 10, 9)
    for insuree in patients[:2]:
        counter.processed(insuree, ("SV2", 1), date_from=date(2026, 1, 9))
    counter.at(2026, 2, 10, 9)
    for insuree in patients:
        counter.processed(insuree, ("SV2", 1))
    counter.at(2026, 3, 2, 9)

    with counter.scheme.statements() as few:
        counter.batch(month=1)
    with counter.scheme.statements() as many:
        counter.batch(month=2)

    assert len(many) <= len(few)


def _standing_consumption(counter: Counter) -> int:
    total = select(func.sum(ConsumptionEntry.sign * ConsumptionEntry.counted_minor))
    return int(counter.scheme.act(lambda work: work.session.scalar(total)))


def _codes(counter: Counter) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for (kind,) in counter.rows(Bill, "kind"):
        found[kind.value] = found.get(kind.value, 0) + 1
    return found
