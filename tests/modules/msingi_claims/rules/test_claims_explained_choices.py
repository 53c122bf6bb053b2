"""Which product pays, and what a reviewer passed over, is told as it was decided, and when."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

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

from msingi_claims.case.answering import sentences
from msingi_claims.rules.adjudicate import adjudicate
from msingi_claims.rules.codes import Reason, Stage, Verdict
from msingi_claims.rules.decisions import LineDecision
from msingi_claims.rules.history import History
from msingi_claims.rules.sayings import REASONS
from msingi_claims.rules.values import EarlierOutcome, LineInput, LineReview, PolicyInput
from msingi_registry import CareType

_PASSED = LineReview(verdict=Verdict.PASS)
_WAITS = {"other_items": {"waiting_period": {"adult": 6}}}


def _fixed(name: str, most: int) -> PolicyInput:
    limitation = {"other": {"type": "F", "adult": most}}
    return policy({"other_items": {"price_origin": "O", "limitation": limitation}}, name=name, product=name)


def _share(name: str, percent: int, **terms: Any) -> PolicyInput:
    limitation = {"other": {"type": "C", "adult": percent}}
    items = {"other_items": {"price_origin": "O", "limitation": limitation}}
    return policy({**items, **terms}, name=name, product=name)


def _reviewed(given: LineInput, reason: Reason, review: LineReview, *policies: PolicyInput) -> LineDecision:
    """A line at its review, as the submission found it."""
    paid = policies[0].id if reason is Reason.ACCEPTED else None
    kept = given._replace(outcome=EarlierOutcome(reason, paid), review=review)
    (one,) = adjudicate(claim(kept), policies, History(), CENTS, Stage.REVIEW).lines
    return one


def _plain(one: LineDecision, language: str = "en") -> list[str]:
    spaces = str.maketrans("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", "  ")
    return [told.translate(spaces) for told in sentences(one, language, "XAF")]


@pytest.mark.rule("ADJ-1", "ADJ-9")
@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            (
                "Product DEDUCT pays: of those that accepted the line when it was chosen, none left the patient less to pay of the "
                "unit price, before deductible and ceilings. (ADJ-1)"
            ),
        ),
        (
            "fr",
            (
                "Le produit DEDUCT paie : de ceux qui acceptaient la ligne au moment du choix, aucun ne laissait moins à payer "
                "au patient sur le prix d'une unité, avant franchise et plafonds. (ADJ-1)"
            ),
        ),
    ],
)
def test_the_choice_says_that_it_looks_at_the_price_before_the_deductible(language: str, told: str) -> None:
    deducting = _share("DEDUCT", 100, deductible={"basis": "insuree", "general": 500})

    (one,) = adjudicate(claim(line(price=400)), [deducting, _share("SHARE", 99)], History(), WHOLE).lines

    assert _plain(one, language)[0] == told
    assert one.deductible == 400


@pytest.mark.rule("CLM-6", "ADJ-1", "ADJ-9")
@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            (
                "Product FIXED pays: of those that accepted the line when it was chosen, none left the patient less to pay "
                "of the unit price, before deductible and ceilings. (ADJ-1)"
            ),
        ),
        (
            "fr",
            (
                "Le produit FIXED paie : de ceux qui acceptaient la ligne au moment du choix, aucun ne laissait moins à payer "
                "au patient sur le prix d'une unité, avant franchise et plafonds. (ADJ-1)"
            ),
        ),
    ],
)
def test_a_choice_that_a_later_stage_keeps_is_told_as_the_submission_told_it(
    language: str, told: str
) -> None:
    policies = [_fixed("FIXED", 50), _share("SHARE", 80)]
    (sent,) = adjudicate(claim(line(price=60)), policies, History(), CENTS).lines

    one = _reviewed(line(price=60), sent.reason, LineReview(price=Decimal(100)), *policies)

    assert (sent.product, one.product, one.patient_share) == ("FIXED", "FIXED", Decimal(50))
    assert _plain(one, language)[0] == told


_FIRST = (
    "No product that covers it accepts it; first comes WAITS: none of them leaves the patient less to pay of the unit price, "
    "before deductible and ceilings. (ADJ-1)"
)
_PASSED_BY_REVIEWER = (
    "The reviewer passed it although no product that covers it accepts it. Product WAITS pays: none of them leaves the "
    "patient less to pay of the unit price, before deductible and ceilings. (CLM-5)"
)
_OVER = "Waiting period: it is over from July 1, 2026 on. (PRD-10)"


@pytest.mark.rule("ADJ-1", "CLM-5", "ADJ-9")
def test_of_several_products_that_do_not_accept_the_one_told_of_is_named() -> None:
    policies = [
        policy(_WAITS, product="WAITS"),
        policy({**EVERYTHING, "max_number": {"visit": 0}}, name="POL2"),
    ]
    (sent,) = adjudicate(claim(line()), policies, History(), CENTS).lines

    passed = _reviewed(line(), sent.reason, _PASSED, *policies)

    assert _plain(sent) == [_FIRST, _OVER, "Refused with code 17: the waiting period is not over. (ADJ-1)"]
    assert _plain(passed)[:3] == [_FIRST, _OVER, _PASSED_BY_REVIEWER]


@pytest.mark.rule("CLM-5", "ADJ-9")
@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"patient_mask": 1}, Reason.PATIENT_CATEGORY),
        ({"frequency_days": 30}, Reason.FREQUENCY),
        ({"care_type": CareType.INPATIENT}, Reason.CARE_TYPE),
    ],
)
def test_a_reviewer_who_passes_a_line_over_a_check_is_told_with_its_code(
    facts: Mapping[str, Any], reason: Reason
) -> None:
    first = line()
    assert first.entry is not None
    given = first._replace(entry=replace(first.entry, **facts))
    history = History()
    history.add_passed_line("1", given.key, DAY)
    (sent,) = adjudicate(claim(given), [policy()], history, CENTS).lines

    one = _reviewed(given, sent.reason, _PASSED, policy())

    assert sent.reason is reason
    assert _plain(one)[0] == f"The reviewer passed it despite code {int(reason)}: {REASONS[reason]} (CLM-5)"
    assert _plain(one, "fr")[0].startswith(f"Le vérificateur l'a acceptée malgré le code {int(reason)} : ")


@pytest.mark.rule("CLM-5", "ADJ-9")
@pytest.mark.parametrize(
    ("reason", "policies", "told"),
    [
        (Reason.ACCEPTED, [policy()], 0),
        (Reason.WAITING_PERIOD, [policy()], 1),
        (Reason.WAITING_PERIOD, [policy(_WAITS)], 0),
        (Reason.PATIENT_CATEGORY, [policy(_WAITS)], 1),
        (Reason.PATIENT_CATEGORY, [policy({"other_services": {}})], 1),
        (Reason.NO_COVERING_PRODUCT, [policy({"other_services": {}})], 0),
    ],
)
def test_what_was_passed_over_is_told_once_and_only_where_something_was(
    reason: Reason, policies: list[PolicyInput], told: int
) -> None:
    one = _reviewed(line(), reason, _PASSED, *policies)

    assert sum("despite code" in said for said in _plain(one)) == told


@pytest.mark.rule("CLM-5", "ADJ-9")
@pytest.mark.parametrize(
    ("review", "told"),
    [
        (
            LineReview(Decimal(1), Decimal(100)),
            ["The reviewer approved the price as asked: 100 XAF. (CLM-5)"],
        ),
        (
            LineReview(price=Decimal(90)),
            ["The reviewer approved a price of 90 XAF; 100 XAF was asked. (CLM-5)"],
        ),
        (LineReview(Decimal(0)), ["The reviewer approved a quantity of 0 instead of 1. (CLM-5)"]),
        (LineReview(Decimal(1)), []),
    ],
)
def test_a_reviewer_is_said_to_have_changed_only_what_differs(review: LineReview, told: list[str]) -> None:
    one = _reviewed(line(), Reason.ACCEPTED, review, policy())

    assert [said for said in _plain(one) if "reviewer" in said] == told


@pytest.mark.rule("ADJ-8", "CLM-5", "ADJ-9")
@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            [
                "Before this limit the quantity was 3; 5 was provided. (ADJ-8)",
                "At most 0 in the policy period, 0 used before: 0 of 3 accepted. (ADJ-8)",
            ],
        ),
        (
            "fr",
            [
                "Avant cette limite, la quantité était de 3 ; la quantité fournie était de 5. (ADJ-8)",
                "Au plus 0 par période de police ; déjà utilisé : 0 ; accepté : 0 sur 3. (ADJ-8)",
            ],
        ),
    ],
)
def test_a_refusal_by_a_limit_says_what_quantity_it_found(language: str, told: list[str]) -> None:
    limited = policy({"other_items": {"max_quantity": {"adult": 0}}})

    one = _reviewed(line(quantity=5), Reason.ACCEPTED, LineReview(Decimal(3)), limited)

    assert one.reason is Reason.QUANTITY_LIMIT
    assert _plain(one, language)[:2] == told
