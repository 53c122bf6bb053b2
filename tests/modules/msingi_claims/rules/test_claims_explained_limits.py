"""What a limit left, and why it was not more, can be worked out from the sentence that tells of it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from tests.modules.msingi_claims.rules.claims_builders import DAY, EVERYTHING, WHOLE, claim, line, policy

from msingi_catalogue import ServiceCategory
from msingi_claims.case.answering import sentences
from msingi_claims.rules.adjudicate import adjudicate
from msingi_claims.rules.codes import StepKind
from msingi_claims.rules.decisions import LineDecision, Step
from msingi_claims.rules.history import History
from msingi_claims.rules.values import ClaimInput, Consent, LineInput
from msingi_insurance import LineKind


def _plain(one: LineDecision, language: str = "en") -> list[str]:
    spaces = str.maketrans("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", "  ")
    return [told.translate(spaces) for told in sentences(one, language, "XAF")]


def _decided(given: ClaimInput, terms: dict[str, Any], members: int = 1) -> LineDecision:
    family = replace(policy({**EVERYTHING, **terms}), members=members)
    return adjudicate(given, [family], History(), WHOLE).lines[0]


def _surgery() -> LineInput:
    return line("S1", kind=LineKind.SERVICE, category=ServiceCategory.SURGERY)


_AGREED = Consent("1", "PA1", line().key, Decimal(5), Decimal("50.5"))


@pytest.mark.rule("INS-A1", "ADJ-2", "ADJ-9")
@pytest.mark.parametrize(
    ("given", "terms", "told"),
    [
        (
            claim(line()),
            {"ceiling": {"basis": "insuree", "general": "50.5"}},
            "Ceiling of 50.5 XAF, 0 XAF paid before; what it leaves is rounded down: 50 XAF of 100 XAF is paid. (PRD-6)",
        ),
        (
            claim(_surgery()),
            {"max_amount": {"surgery": "50.5"}},
            (
                "At most 50.5 XAF for this category in the policy period, 0 XAF paid before; what it leaves is rounded down: "
                "50 XAF of 100 XAF is paid. (PRD-8)"
            ),
        ),
        (
            replace(claim(line()), consent=_AGREED),
            {},
            (
                "The consent PA1 is for 50.5 XAF, 0 XAF used before; what it leaves is rounded down: 50 XAF of 100 XAF "
                "accepted. (CLM-11)"
            ),
        ),
        (
            claim(line(price=50)),
            {"ceiling": {"basis": "insuree", "general": "50.5"}},
            "Ceiling of 50.5 XAF, 0 XAF paid before: 50 XAF of 50 XAF is paid. (PRD-6)",
        ),
    ],
)
def test_a_limit_that_leaves_whole_units_only_says_so(
    given: ClaimInput, terms: dict[str, Any], told: str
) -> None:
    assert told in _plain(_decided(given, terms))


@pytest.mark.rule("PRD-7", "ADJ-9")
@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Ceiling of 100 XAF for the family, at most 65 XAF in all: 65 XAF. (PRD-7)"),
        ("fr", "Plafond de 100 XAF pour la famille, au plus 65 XAF en tout : 65 XAF. (PRD-7)"),
    ],
)
def test_a_ceiling_to_which_members_add_nothing_tells_of_no_members(language: str, told: str) -> None:
    ceiling = {"basis": "policy", "general": 100, "maximum": {"general": 65}}

    one = _decided(claim(line()), {"threshold": 0, "ceiling": ceiling}, members=4)

    assert told in _plain(one, language)


@pytest.mark.rule("ADJ-10", "PRD-10", "ADJ-9")
@pytest.mark.parametrize("most", [None, 60])
def test_a_fixed_limit_that_cuts_nothing_leaves_nothing_to_the_patient(most: int | None) -> None:
    items = {"other_items": {"limitation": {"other": {"type": "F", "adult": most}}}}
    terms = {**items, "deductible": {"basis": "insuree", "general": 51}}

    one = _decided(claim(line(price="53.5")), terms)

    assert one.patient_share == 1
    assert _plain(one)[-1] == (
        "Of what is accepted, 52 XAF is left to the patient: 51 XAF deductible, 1 XAF own share, "
        "0 XAF above category amount and ceiling. (ADJ-10)"
    )


@pytest.mark.rule("ADJ-9", "D-12")
def test_a_decision_that_was_kept_before_is_told_without_what_changed_nothing() -> None:
    one = _decided(claim(line()), {})
    told_then = Step(StepKind.REVIEWER_QUANTITY, Decimal(1), Decimal(1))

    assert _plain(one._replace(steps=(told_then, *one.steps))) == _plain(one)


@pytest.mark.rule("PRD-10", "ADJ-9")
def test_a_waiting_period_tells_its_end_and_promises_no_payment() -> None:
    waits = {"other_items": {"waiting_period": {"adult": 6}}}
    short = replace(policy(waits), cover_to=DAY)

    (one,) = adjudicate(claim(line()), [short], History(), WHOLE).lines

    assert _plain(one)[0] == "Waiting period: it is over from July 1, 2026 on. (PRD-10)"
