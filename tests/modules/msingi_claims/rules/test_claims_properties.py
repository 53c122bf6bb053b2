"""What holds for every claim: parts add up, limits hold, order and repetition change nothing that they must not."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.modules.msingi_claims.rules.claims_builders import CENTS, DAY, policy
from tests.modules.msingi_claims.rules.claims_strategies import (
    amounts,
    claims,
    quantities,
    series,
    terms,
)

from msingi_claims.rules.adjudicate import adjudicate, adjudicate_all
from msingi_claims.rules.batch import value_claim
from msingi_claims.rules.codes import ClaimStatus, ConsumptionKind, Stage, Verdict
from msingi_claims.rules.decisions import ClaimDecision
from msingi_claims.rules.history import History
from msingi_claims.rules.raising import Room
from msingi_claims.rules.situation import Situation
from msingi_claims.rules.values import ClaimInput, EarlierOutcome, LineReview, PolicyInput, Settings
from msingi_insurance import Basis, Category

ZERO = Decimal(0)


def _decided(
    several: Sequence[ClaimInput], policies: Sequence[PolicyInput], scheme: Settings
) -> list[ClaimDecision]:
    return list(adjudicate_all(((one, policies) for one in several), History(), scheme))


@given(series())
@settings(max_examples=50)
@pytest.mark.rule("ADJ-10", "INS-A1", "D-5")
def test_the_parts_of_a_line_are_its_value_and_none_is_negative(
    given_series: tuple[list[ClaimInput], list[PolicyInput], Settings],
) -> None:
    several, policies, scheme = given_series

    for decision in _decided(several, policies, scheme):
        for one in decision.lines:
            parts = (
                one.remunerated,
                one.patient_share,
                one.deductible,
                one.excess_ceiling,
                one.excess_category,
                one.refused,
            )
            assert sum(parts) == one.valued
            assert min(parts) >= 0
            assert all(part % scheme.unit == 0 for part in parts)
            assert one.quantity + sum(part.quantity for part in one.refused_parts) == one.quantity_provided
        assert decision.approved == sum(one.remunerated for one in decision.lines)


@given(series())
@settings(max_examples=50)
@pytest.mark.rule("ADJ-10", "D-6", "D-8", "CLM-11", "attack 85")
def test_totals_never_pass_a_limit(
    given_series: tuple[list[ClaimInput], list[PolicyInput], Settings],
) -> None:
    several, policies, scheme = given_series
    history = History()

    decisions = list(adjudicate_all(((one, policies) for one in several), history, scheme))

    for one in policies:
        _check_limit(history, one, ConsumptionKind.DEDUCTED, one.product.deductible)
        _check_limit(history, one, ConsumptionKind.REMUNERATED, one.product.ceiling)
        for insuree in "12":
            use = history.insuree_use(one.id, insuree)
            for category, most in one.product.max_amount.items():
                assert use.categories.get(category, ZERO) <= most
            for key, quantity in use.quantities.items():
                covering = one.product.covering(key, adult=True)
                assert covering is not None
                assert covering.max_quantity is None or quantity <= covering.max_quantity
    for agreed in {one.consent for one in several if one.consent is not None}:
        used = history.consent_use(agreed, besides="")
        assert used.quantity <= agreed.quantity
        assert agreed.amount is None or used.amount <= agreed.amount
    assert all(decision.category in Category for decision in decisions)


def _check_limit(history: History, one: PolicyInput, kind: ConsumptionKind, terms: Any) -> None:
    if terms is None or terms.basis is Basis.TREATMENT:
        return
    for insuree in "12":
        for hospital in (True, False) if terms.split else (None,):
            most = terms.of(hospital=bool(hospital))
            used = history.used(kind, basis=terms.basis, policy=one.id, insuree=insuree, hospital=hospital)
            assert most is None or used <= most


@given(series())
@settings(max_examples=25)
@pytest.mark.rule("ADJ-10", "D-20")
def test_deciding_twice_and_one_by_one_is_the_same(
    given_series: tuple[list[ClaimInput], list[PolicyInput], Settings],
) -> None:
    several, policies, scheme = given_series
    history, one_by_one = History(), []

    for one in several:
        decision = adjudicate(one, policies, history, scheme)
        assert adjudicate(one, policies, history, scheme) == decision
        history.book(one, decision)
        one_by_one.append(decision)

    assert one_by_one == _decided(several, policies, scheme)


@given(series())
@settings(max_examples=25)
@pytest.mark.rule("ADJ-5")
def test_the_ledger_replayed_gives_the_same_state(
    given_series: tuple[list[ClaimInput], list[PolicyInput], Settings],
) -> None:
    several, policies, scheme = given_series
    history, replayed = History(), History()

    for decision in adjudicate_all(((one, policies) for one in several), history, scheme):
        replayed.add_consumption(decision.consumption)

    for one in policies:
        assert replayed.policy_use(one.id) == history.policy_use(one.id)


@given(series())
@settings(max_examples=25)
@pytest.mark.rule("CLM-6", "D-7", "D-20")
def test_processing_without_review_pays_what_the_submission_found(
    given_series: tuple[list[ClaimInput], list[PolicyInput], Settings],
) -> None:
    several, policies, scheme = given_series
    submitted = adjudicate(several[0], policies, History(), scheme)

    processed = adjudicate(_kept(several[0], submitted), policies, History(), scheme, Stage.PROCESS)

    assert processed.consumption == submitted.consumption
    assert processed.approved == submitted.approved
    assert [one.reason for one in processed.lines] == [one.reason for one in submitted.lines]
    if submitted.status is ClaimStatus.CHECKED:
        waits = any(one.is_relative for one in submitted.lines)
        assert processed.status is (ClaimStatus.PROCESSED if waits else ClaimStatus.VALUATED)


@given(series(), st.data())
@settings(max_examples=25)
@pytest.mark.rule("ADJ-10", "CLM-5", "D-3")
def test_review_decisions_keep_the_identities(
    given_series: tuple[list[ClaimInput], list[PolicyInput], Settings], data: st.DataObject
) -> None:
    several, policies, scheme = given_series
    kept = _kept(several[0], adjudicate(several[0], policies, History(), scheme))
    reviews = st.builds(
        LineReview,
        st.none() | quantities,
        st.none() | amounts,
        st.none() | st.sampled_from(Verdict),
        st.none() | st.decimals(0, 100, places=4),
    )
    lines = tuple(one._replace(review=data.draw(reviews)) for one in kept.lines)

    decision = adjudicate(replace(kept, lines=lines), policies, History(), scheme, Stage.PROCESS)

    for asked, one in zip(lines, decision.lines, strict=True):
        money = one.remunerated + one.patient_share + one.deductible + one.refused
        assert money + one.excess_ceiling + one.excess_category == one.valued
        assert min(one.remunerated, one.patient_share, one.refused, one.excess_ceiling) >= 0
        if asked.review is not None and asked.review.verdict is Verdict.REFUSE:
            assert one.remunerated == 0


@st.composite
def relative_series(draw: st.DrawFn) -> tuple[list[ClaimInput], list[PolicyInput], Settings]:
    """Claims of a family under a policy whose prices are relative and whose payments are limited."""
    several, _, scheme = draw(series())
    product = draw(terms())
    for kind in ("other_items", "other_services"):
        product[kind] = {**product[kind], "price_origin": "R", "ceiling_exclusion": {}}
    ceiling = {"basis": draw(st.sampled_from([Basis.INSUREE, Basis.POLICY])), "general": draw(amounts)}
    maxima = {name: draw(st.integers(0, 4000)) for name in ("surgery", "consultation", "hospitalisation")}
    return several, [policy({**product, "ceiling": ceiling, "max_amount": maxima, "max_number": {}})], scheme


@given(relative_series(), st.decimals(1, 4, places=4))
@settings(max_examples=50)
@pytest.mark.rule("ADJ-10", "BAT-4")
def test_no_index_lifts_a_total_above_a_limit(
    given_series: tuple[list[ClaimInput], list[PolicyInput], Settings], index: Decimal
) -> None:
    several, policies, scheme = given_series
    history = History()
    decisions = list(adjudicate_all(((one, policies) for one in several), history, scheme))

    for one, decision in zip(several, decisions, strict=True):
        history.take_back(decision.consumption)
        situation = Situation(one, one.target_date or DAY, policies, history, scheme, Stage.PROCESS)
        room = Room(situation, decision.consumption)
        valued = value_claim(decision, lambda _: index, unit=scheme.unit, within=room)
        history.add_consumption(valued.consumption)
        for line_of in valued.lines:
            money = (line_of.remunerated, line_of.patient_share, line_of.deductible, line_of.refused)
            excess = (line_of.excess_ceiling, line_of.excess_category)
            assert sum(money) + sum(excess) == line_of.valued
            assert min(*money, *excess) >= 0

    for cover in policies:
        _check_limit(history, cover, ConsumptionKind.REMUNERATED, cover.product.ceiling)
        for category, most in cover.product.max_amount.items():
            used = (history.insuree_use(cover.id, insuree).categories.get(category, ZERO) for insuree in "12")
            assert max(used) <= most


@given(claims(), terms(), st.integers(0, 2000), st.integers(0, 2000))
@settings(max_examples=25)
@pytest.mark.rule("ADJ-10")
def test_a_higher_deductible_never_pays_more(
    one: ClaimInput, product: dict[str, Any], lower: int, more: int
) -> None:
    def approved(amount: int) -> Decimal:
        changed = {**product, "deductible": {"basis": "insuree", "general": amount}}
        return adjudicate(one, [policy(changed)], History(), CENTS).approved

    assert approved(lower + more) <= approved(lower)


@given(claims(), terms(), st.randoms())
@settings(max_examples=25)
@pytest.mark.rule("ADJ-10")
def test_without_limits_the_order_of_lines_changes_nothing(
    one: ClaimInput, product: dict[str, Any], shuffle: Any
) -> None:
    free = {**product, "deductible": None, "ceiling": None, "max_amount": {}}
    for kind in ("other_items", "other_services"):
        free[kind] = {**free[kind], "max_quantity": {}}
    order = list(range(len(one.lines)))
    shuffle.shuffle(order)

    straight = adjudicate(one, [policy(free)], History(), CENTS)
    turned = adjudicate(
        replace(one, lines=tuple(one.lines[at] for at in order)), [policy(free)], History(), CENTS
    )

    assert [straight.lines[at] for at in order] == list(turned.lines)
    assert (straight.status, straight.category) == (turned.status, turned.category)


def _kept(one: ClaimInput, submitted: ClaimDecision) -> ClaimInput:
    lines = (
        given_line._replace(outcome=EarlierOutcome(decided.reason, decided.policy))
        for given_line, decided in zip(one.lines, submitted.lines, strict=True)
    )
    return replace(one, lines=tuple(lines))
