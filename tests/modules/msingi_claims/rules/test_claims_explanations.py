"""Explanations: every sentence in both languages, amounts as the reader writes them; cases start light."""

import subprocess
import sys
from decimal import Decimal

import pytest
from tests.modules.msingi_claims.rules.claims_builders import CENTS, EVERYTHING, claim, line, policy

from msingi_claims.case.answering import LANGUAGES, sentences, translator
from msingi_claims.rules.adjudicate import adjudicate
from msingi_claims.rules.codes import Reason, StepKind
from msingi_claims.rules.decisions import RULES, LineDecision, Step
from msingi_claims.rules.explain import reason_text
from msingi_claims.rules.history import History
from msingi_claims.rules.sayings import ALL_LINES_REFUSED, PRICES, REASONS, STEPS
from msingi_insurance import PriceOrigin

_PROGRAM = """
import sys
import msingi_claims.case.answering, msingi_claims.case.deciding, msingi_claims.case.reading
print(*sorted({"sqlalchemy", "strawberry", "starlette"} & sys.modules.keys()), end="")
"""


def _plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


@pytest.mark.rule("ADJ-9", "X-01")
def test_every_sentence_is_told_in_french() -> None:
    texts = [*STEPS.values(), *PRICES.values(), *REASONS.values(), ALL_LINES_REFUSED]
    same = {STEPS[StepKind.VALUE]}

    french = translator("fr")

    assert [text for text in texts if french(text) == text and text not in same] == []


@pytest.mark.rule("ADJ-9")
def test_every_step_has_a_rule_and_every_code_a_meaning() -> None:
    assert set(RULES) == set(StepKind)
    assert set(STEPS) | {StepKind.PRICE} == set(StepKind)
    assert set(PRICES) == set(PriceOrigin)
    assert set(REASONS) == set(Reason)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", StepKind)
def test_every_step_can_be_told(kind: StepKind, language: str) -> None:
    step = Step(kind, Decimal(3), Decimal(2), Decimal(1), Decimal(0), "P", Reason.WAITING_PERIOD)

    (told,) = sentences((step,), language, "XAF")

    assert told.endswith(f" ({RULES[kind]})")
    assert "{" not in told


@pytest.mark.rule("ADJ-9")
def test_a_line_is_explained_step_by_step() -> None:
    terms = {
        "other_items": {"limitation": {"other": {"type": "C", "adult": 80}}},
        "deductible": {"basis": "insuree", "general": 1000},
        "ceiling": {"basis": "insuree", "general": 9000},
    }
    (one,) = adjudicate(claim(line(price=15000)), [policy(terms)], History(), CENTS).lines

    assert [_plain(told) for told in sentences(one.steps, "en", "TZS")] == [
        "Product P pays: of those that accept the line it leaves the patient least to pay. (ADJ-1)",
        "Price according to the price list: 15,000.00 TZS; 15,000.00 TZS was asked. (ADJ-2)",
        "1 \N{MULTIPLICATION SIGN} 15,000.00 TZS = 15,000.00 TZS. (ADJ-2)",
        "Deductible of 1,000.00 TZS, 0.00 TZS paid before: 14,000.00 TZS of 15,000.00 TZS remains. (PRD-6)",
        "The insurer pays 80 % of 14,000.00 TZS, that is 11,200.00 TZS. (PRD-10)",
        "Ceiling of 9,000.00 TZS, 0.00 TZS paid before: 9,000.00 TZS of 11,200.00 TZS is paid. (PRD-6)",
    ]
    assert _plain(sentences(one.steps, "fr", "XAF")[5]) == (
        "Plafond de 9 000 XAF, 0 XAF déjà payés : 9 000 XAF sur 11 200 XAF sont payés. (PRD-6)"
    )


@pytest.mark.rule("ADJ-8", "ADJ-9")
def test_adjustments_are_the_steps_that_changed_something() -> None:
    (one,) = adjudicate(claim(line()._replace(price_asked=Decimal(130))), [policy()], History(), CENTS).lines

    assert isinstance(one, LineDecision)
    assert [(step.kind, step.before, step.after) for step in one.adjustments] == [
        (StepKind.PRICE, Decimal(130), Decimal(100))
    ]


def test_code_one_of_a_claim_is_about_its_lines() -> None:
    english = translator("en")

    assert reason_text(Reason.ALL_LINES_REFUSED, english, of_claim=True) == ALL_LINES_REFUSED
    assert reason_text(Reason.NOT_IN_REGISTER, english) == REASONS[Reason.NOT_IN_REGISTER]


def test_amounts_finer_than_the_currency_are_not_hidden() -> None:
    (one,) = adjudicate(
        claim(line(price="0.05", quantity="0.5")), [policy(EVERYTHING)], History(), CENTS
    ).lines

    told = sentences(one.steps, "en", "TZS")

    assert "0.5 \N{MULTIPLICATION SIGN} 0.05 TZS = 0.025 TZS. (ADJ-2)" in map(_plain, told)


def test_cases_are_decided_without_loading_the_database() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("", "")
