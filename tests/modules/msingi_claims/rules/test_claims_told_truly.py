"""Every sentence of an explanation is true: read back from both languages, and compared with the decision (ADJ-9)."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.modules.msingi_claims.rules.claims_builders import DAY, policy
from tests.modules.msingi_claims.rules.claims_hearing import CURRENCIES, Hearing
from tests.modules.msingi_claims.rules.claims_hearing_choices import CHOICE_CHECKS
from tests.modules.msingi_claims.rules.claims_hearing_money import MONEY_CHECKS
from tests.modules.msingi_claims.rules.claims_reading import every_text, places, read
from tests.modules.msingi_claims.rules.claims_strategies import amounts, quantities, series, terms
from tests.modules.msingi_claims.rules.claims_truth import Case, Line

from msingi_catalogue import PackageType
from msingi_claims.case.answering import sentences, translator
from msingi_claims.rules.adjudicate import adjudicate
from msingi_claims.rules.batch import value_claim
from msingi_claims.rules.codes import ClaimStatus, Stage, Verdict
from msingi_claims.rules.decisions import ClaimDecision
from msingi_claims.rules.history import History
from msingi_claims.rules.raising import Room
from msingi_claims.rules.situation import Situation
from msingi_claims.rules.values import (
    ClaimInput,
    ContentQuantity,
    EarlierOutcome,
    LineInput,
    LineReview,
    ListedPrice,
    PolicyInput,
    Settings,
)
from msingi_insurance import LineKind
from msingi_registry import CareType

_CONTENTS = frozenset({ContentQuantity(LineKind.ITEM, "I9", Decimal(1))})
_REVIEWS = st.builds(
    LineReview,
    st.none() | quantities,
    st.none() | amounts,
    st.sampled_from([None, Verdict.PASS, Verdict.PASS, Verdict.REFUSE]),
    st.none() | st.decimals(0, 100, places=2),
)


@st.composite
def _lines(draw: st.DrawFn, one: LineInput) -> LineInput:
    """The same line as registers and lists may hold it."""
    assert one.entry is not None
    entry = replace(
        one.entry,
        patient_mask=draw(st.sampled_from([15, 15, 15, 1])),
        care_type=draw(st.sampled_from([CareType.BOTH, CareType.BOTH, CareType.INPATIENT])),
        frequency_days=draw(st.none() | st.sampled_from([0, 90])),
        package_type=draw(st.sampled_from([PackageType.SIMPLE, *PackageType])),
        contents=draw(st.sampled_from([frozenset(), frozenset(), _CONTENTS])),
    )
    listed = ListedPrice(draw(st.none() | amounts))
    asked = draw(st.sampled_from([one.price_asked, entry.price, listed.override or entry.price]))
    return one._replace(
        entry=draw(st.sampled_from([entry] * 7 + [None])),
        listed=draw(st.sampled_from([listed] * 7 + [None])),
        price_asked=asked,
    )


@st.composite
def _growths(draw: st.DrawFn) -> dict[str, Any]:
    """A ceiling that may grow with the family."""

    def limit() -> dict[str, Any]:
        return {"general": draw(st.none() | amounts)}

    ceiling = {"basis": "policy", "general": draw(amounts)}
    more = {name: limit() for name in ("extra_member", "maximum") if draw(st.booleans())}
    return {"ceiling": {**ceiling, **more}, "threshold": draw(st.none() | st.integers(0, 4))}


@st.composite
def _policies(draw: st.DrawFn, number: int) -> PolicyInput:
    """A policy on a product of its own."""
    given_terms = draw(terms())
    given_terms["max_amount"]["surgery"] = draw(st.none() | amounts)
    if draw(st.booleans()):
        given_terms |= draw(_growths())
    kind = draw(st.sampled_from(["other_items", "other_services"]))
    match draw(st.sampled_from(["as it is", "as it is", "unlisted", "other visit", "waits", "elsewhere"])):
        case "unlisted":
            given_terms[kind] = None
        case "other visit":
            given_terms[kind]["limitation"] = {"other": None}
        case "waits":
            given_terms[kind]["waiting_period"] = {"adult": draw(st.integers(1, 6))}
        case "elsewhere":
            given_terms["facilities"] = {"codes": ["HF2"]}
    made = policy(given_terms, name=f"POL{number}", product=f"P{number}")
    return replace(made, members=draw(st.integers(1, 9)))


def _check(case: Case) -> None:
    """Read every line in both languages; they say the same, and it is true."""
    currency = CURRENCIES[case.settings.unit]
    for place, one in enumerate(case.decision.lines):
        english = [read(told, "en") for told in sentences(one, "en", currency)]
        french = [read(told, "fr") for told in sentences(one, "fr", currency)]
        assert french == english
        Hearing(Line(case, place)).listen(english, {**CHOICE_CHECKS, **MONEY_CHECKS})


def _with_outcome(
    one: ClaimInput, submitted: ClaimDecision, reviews: Sequence[LineReview | None]
) -> ClaimInput:
    lines = zip(one.lines, submitted.lines, reviews, strict=True)
    return replace(
        one,
        lines=tuple(
            line._replace(outcome=EarlierOutcome(decided.reason, decided.policy), review=review)
            for line, decided, review in lines
        ),
    )


def _valued(case: Case, index: Decimal) -> ClaimDecision:
    """What the batch makes of a claim with relative prices."""
    scheme = case.settings
    situation = Situation(case.claim, case.day, case.policies, case.history, scheme, Stage.PROCESS)
    room = Room(situation, case.computed.consumption)
    return value_claim(case.computed, lambda _: index, unit=scheme.unit, within=room)


@given(series(), st.data())
@settings(max_examples=40)
@pytest.mark.rule("ADJ-9", "ADJ-1", "ADJ-2", "ADJ-10", "CLM-5", "CLM-6", "BAT-4", "X-01")
def test_every_sentence_is_true_in_both_languages(
    given_series: tuple[list[ClaimInput], list[PolicyInput], Settings], data: st.DataObject
) -> None:
    several, _, scheme = given_series
    policies = [data.draw(_policies(number)) for number in range(data.draw(st.integers(1, 3)))]
    history = History()

    for entered in several:
        one = replace(entered, lines=tuple(data.draw(_lines(line)) for line in entered.lines))
        day = one.target_date or DAY
        sent = adjudicate(one, policies, history, scheme)
        case = Case(one, policies, history, scheme, Stage.SUBMIT, sent, sent, sent, day)
        _check(case)
        if sent.status is ClaimStatus.REJECTED:
            continue
        reviews = [data.draw(st.none() | _REVIEWS) for _ in one.lines]
        one = _with_outcome(one, sent, reviews)
        for stage in (Stage.REVIEW, Stage.PROCESS):
            again = adjudicate(one, policies, history, scheme, stage)
            case = replace(case, claim=one, stage=stage, decision=again, computed=again)
            _check(case)
        if again.status is ClaimStatus.PROCESSED:
            again = _valued(case, data.draw(st.decimals(0, 3, places=4)))
            _check(replace(case, decision=again))
        history.book(one, again)


@pytest.mark.rule("X-01", "ADJ-9")
@pytest.mark.parametrize("text", sorted(every_text()))
def test_numbers_stand_in_one_order_in_both_languages(text: str) -> None:
    assert places(translator("fr")(text)) == places(text)
