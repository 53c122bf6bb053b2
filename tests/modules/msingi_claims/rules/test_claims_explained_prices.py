"""What made a price, and what a reviewer passed over register and price list, is told in the explanation of a line."""

from decimal import Decimal

import pytest
from tests.modules.msingi_claims.rules.claims_builders import CENTS, claim, line, policy

from msingi_claims.case.answering import sentences
from msingi_claims.rules.adjudicate import adjudicate
from msingi_claims.rules.codes import Reason, Stage, Verdict
from msingi_claims.rules.history import History
from msingi_claims.rules.values import EarlierOutcome, LineReview, RegisterEntry


def _plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")


_PASSED = LineReview(verdict=Verdict.PASS)
_UNREGISTERED = "The reviewer passed it despite code 1: it is not in the register on the target date. (CLM-5)"
_UNLISTED = "The reviewer passed it despite code 2: it is not on the price list of the facility. (CLM-5)"


@pytest.mark.rule("ADJ-9", "ADJ-2", "CLM-5")
@pytest.mark.parametrize(
    ("asked", "origin", "register", "told"),
    [
        (300, "P", "none", [_UNREGISTERED, "Price as asked: 300.00 TZS. (ADJ-2)"]),
        (300, "R", "none", [_UNREGISTERED, "Relative price, nominally the one asked: 300.00 TZS. (ADJ-2)"]),
        (300, "O", "none", [_UNREGISTERED, "Price as asked: 300.00 TZS. (ADJ-2)"]),
        (300, "P", "held", [_UNLISTED, "Price of the register: 100.00 TZS; 300.00 TZS was asked. (ADJ-2)"]),
        (50, "P", "held", [_UNLISTED, "Price as asked, which the register allows: 50.00 TZS. (ADJ-2)"]),
        (
            300,
            "R",
            "held",
            [
                _UNLISTED,
                "Relative price, nominally that of the register: 100.00 TZS; 300.00 TZS was asked. (ADJ-2)",
            ],
        ),
    ],
)
def test_what_a_reviewer_passed_over_register_and_list_is_told_with_its_price(
    asked: int, origin: str, register: str, told: list[str]
) -> None:
    entry = RegisterEntry(Decimal(100)) if register == "held" else None
    refused = Reason.NOT_ON_PRICE_LIST if entry else Reason.NOT_IN_REGISTER
    given = line()._replace(price_asked=Decimal(asked), entry=entry, listed=None, review=_PASSED)
    given = given._replace(outcome=EarlierOutcome(refused, None))
    terms = {"other_items": {"price_origin": origin}}
    (one,) = adjudicate(claim(given), [policy(terms)], History(), CENTS, Stage.REVIEW).lines

    said = [_plain(text) for text in sentences(one, "en", "TZS")]

    assert [said[0], said[2]] == told
    assert len(sentences(one, "fr", "TZS")) == len(said)


@pytest.mark.rule("ADJ-9", "ADJ-10", "PRD-10")
def test_what_a_fixed_limit_leaves_is_named_so() -> None:
    terms = {"other_items": {"limitation": {"other": {"type": "F", "adult": 80}}}}
    (one,) = adjudicate(claim(line()), [policy(terms)], History(), CENTS).lines

    assert _plain(sentences(one, "en", "TZS")[-1]) == (
        "Of what is accepted, 20.00 TZS is left to the patient: 0.00 TZS deductible, 20.00 TZS above the fixed limit, "
        "0.00 TZS above category amount and ceiling. (ADJ-10)"
    )
