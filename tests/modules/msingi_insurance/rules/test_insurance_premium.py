"""What a policy costs: the worked values, the traps, and laws that hold for every family."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi_insurance.rules.amounts import Rounding
from msingi_insurance.rules.people import OTHER_RELATIVE, Member
from msingi_insurance.rules.premium import DiscountBase, Quote, QuoteRequest, QuoteWarning, Scheme, quote
from msingi_insurance.rules.states import Stage
from msingi_insurance.rules.terms import Terms

DAY = date(2020, 11, 10)
SCHEME = Scheme(Rounding("TZS"))


def family(
    adults: int, children: int = 0, *, other_adults: int = 0, other_children: int = 0
) -> tuple[Member, ...]:
    wanted = [
        (adults, date(1980, 1, 1), ""),
        (children, date(2015, 1, 1), "4"),
        (other_adults, date(1960, 1, 1), OTHER_RELATIVE),
        (other_children, date(2014, 1, 1), OTHER_RELATIVE),
    ]
    kinds = [(born, relationship) for count, born, relationship in wanted for _ in range(count)]
    return tuple(Member(f"m{index}", born, relationship) for index, (born, relationship) in enumerate(kinds))


def ask(terms: Terms, members: tuple[Member, ...], scheme: Scheme = SCHEME, **changes: Any) -> Quote:
    request = QuoteRequest(stage=Stage.NEW, enrolled=DAY, members=members)
    return quote(terms, replace(request, **changes), scheme)


@pytest.mark.rule("PRM-4")
def test_without_a_lump_sum_the_threshold_is_ignored_and_nobody_pays_twice() -> None:
    terms = Terms(premium_adult=Decimal(300), premium_child=Decimal(200), threshold=2)

    assert ask(terms, family(4, 3)).value == 1800


@pytest.mark.rule("PRM-1", "PRM-4")
def test_other_relatives_stay_outside_the_lump_sum() -> None:
    terms = Terms(lump_sum=Decimal(1000), threshold=6, premium_adult=Decimal(300), premium_child=Decimal(200))

    assert ask(terms, family(2, 1, other_adults=1, other_children=1)).value == 1500


@pytest.mark.rule("PRM-3")
def test_the_threshold_fills_with_adults_then_with_children() -> None:
    terms = Terms(lump_sum=Decimal(1000), threshold=3, premium_adult=Decimal(300), premium_child=Decimal(200))

    assert ask(terms, family(2, 3)).value == 1000 + 2 * 200
    assert ask(terms, family(4, 2)).value == 1000 + 300 + 2 * 200


@pytest.mark.rule("PRM-2", "PRM-8")
def test_members_above_the_maximum_are_dropped_in_order_with_a_warning() -> None:
    terms = Terms(premium_adult=Decimal(100), premium_child=Decimal(10), max_members=4)

    quoted = ask(terms, family(2, 3, other_adults=1, other_children=1))

    assert (quoted.covered, quoted.dropped) == (("m0", "m1", "m2", "m3"), ("m4", "m5", "m6"))
    assert (quoted.value, quoted.warnings) == (Decimal(220), (QuoteWarning.ABOVE_MAX_MEMBERS,))


@pytest.mark.rule("INS-A3")
def test_a_maximum_of_zero_covers_nobody_and_no_maximum_covers_all() -> None:
    rates = Terms(premium_adult=Decimal(100))

    assert ask(rates.model_copy(update={"max_members": 0}), family(2)).covered == ()
    assert len(ask(rates, family(12)).covered) == 12


@pytest.mark.rule("D-19")
def test_d_19_one_setting_decides_who_is_an_adult() -> None:
    terms = Terms(premium_adult=Decimal(300), premium_child=Decimal(200))
    teenager = (Member("t", date(2004, 11, 10)),)

    assert ask(terms, teenager).value == 200
    assert ask(terms, teenager, replace(SCHEME, age_of_majority=16)).value == 300


@pytest.mark.rule("PRM-7")
def test_a_plan_that_asks_nothing_makes_a_policy_free() -> None:
    quoted = ask(Terms(premium_adult=Decimal(300)), family(2), plan_value=Decimal(0))

    assert (quoted.value, quoted.from_plan, quoted.parts.total) == (Decimal(0), True, Decimal(600))


@pytest.mark.rule("PRM-6")
def test_the_discount_is_taken_from_the_base_that_the_scheme_chose() -> None:
    terms = Terms(
        premium_adult=Decimal(500),
        registration_fee=Decimal(100),
        renewal_discount=Decimal(10),
        enrolment_discount=Decimal(10),
        start_cycles=("01-01",),
        enrolment_discount_period=1,
    )

    assert ask(terms, family(1)).value == 540
    assert ask(terms, family(1), replace(SCHEME, discount_base=DiscountBase.CONTRIBUTION)).value == 550


@pytest.mark.rule("INS-A1")
def test_the_value_is_rounded_once_half_to_even_to_the_currency_or_the_cash_step() -> None:
    terms = Terms(premium_adult=Decimal("0.25"))

    assert ask(terms, family(2), Scheme(Rounding("XAF"))).value == 0
    assert ask(terms, family(6), Scheme(Rounding("XAF"))).value == 2
    assert ask(terms, family(5), SCHEME).value == Decimal("1.25")
    assert ask(terms, family(50), Scheme(Rounding("TZS", Decimal(5)))).value == 10


@pytest.mark.rule("TZA-18")
def test_a_region_has_contributions_of_its_own_for_a_time() -> None:
    terms = Terms(
        lump_sum=Decimal(30_000),
        max_members=6,
        variations=(
            {"place": "TZ-02", "lump_sum": "150000", "date_from": "2020-07-01"},
            {"place": "TZ-02-1", "max_members": 4},
        ),
    )

    region = ask(terms, family(2, 4), places=("TZ", "TZ-02", "TZ-02-3"))
    district = ask(terms, family(2, 4), places=("TZ", "TZ-02", "TZ-02-1"))
    early = ask(terms, family(2, 4), places=("TZ", "TZ-02"), enrolled=date(2020, 6, 30))

    assert (region.value, len(region.covered)) == (Decimal(150_000), 6)
    assert (district.value, len(district.covered)) == (Decimal(150_000), 4)
    assert (early.value, ask(terms, family(2)).value) == (Decimal(30_000), Decimal(30_000))


@pytest.mark.rule("PRD-2", "PRM-5")
def test_a_renewal_long_after_the_last_cover_pays_registration_again() -> None:
    terms = Terms(registration_lump_sum=Decimal(250), premium_adult=Decimal(300), recurrence=6)
    assert ask(terms, family(1), stage=Stage.RENEWAL, previous_expiry=date(2020, 5, 10)).value == 300
    assert ask(terms, family(1), stage=Stage.RENEWAL, previous_expiry=date(2020, 5, 9)).value == 550


numbers = st.integers(min_value=0, max_value=6)
rates = st.none() | st.decimals(min_value=0, max_value=1000, places=2)
limits = st.none() | st.integers(min_value=0, max_value=10)


@st.composite
def products(draw: st.DrawFn) -> Terms:
    return Terms(
        lump_sum=draw(rates), premium_adult=draw(rates), premium_child=draw(rates), threshold=draw(limits)
    )


@st.composite
def families(draw: st.DrawFn) -> tuple[Member, ...]:
    members = family(draw(numbers), draw(numbers), other_adults=draw(numbers), other_children=draw(numbers))
    return tuple(draw(st.permutations(members)))


@pytest.mark.rule("PRM-4")
@given(products(), families(), limits)
def test_every_counted_member_pays_exactly_once(
    terms: Terms, members: tuple[Member, ...], most: int | None
) -> None:
    quoted = ask(terms.model_copy(update={"max_members": most}), members)

    kinds = [m.kind for m in quoted.members if m.covered and not m.in_lump_sum]
    adult, child = terms.premium_adult or Decimal(0), terms.premium_child or Decimal(0)
    rated = sum((adult if "adult" in kind else child for kind in kinds), Decimal(0))
    assert quoted.parts.contribution == (terms.lump_sum or 0) + rated
    assert not any(m.in_lump_sum and not m.covered for m in quoted.members)
    assert len(quoted.covered) == (len(members) if most is None else min(most, len(members)))
    assert sorted(m.id for m in quoted.members) == sorted(m.id for m in members)
    assert terms.lump_sum or not any(m.in_lump_sum for m in quoted.members)


@pytest.mark.rule("PRM-4")
@given(products(), families(), st.sampled_from(family(1, 1, other_adults=1, other_children=1)))
def test_one_more_member_never_makes_a_family_cheaper(
    terms: Terms, members: tuple[Member, ...], added: Member
) -> None:
    more = (*members, replace(added, id="added"))

    assert ask(terms, more).value >= ask(terms, members).value
