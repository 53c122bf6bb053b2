"""Explanations: every sentence in both languages, amounts as the reader writes them; cases start light."""

import subprocess
import sys
from dataclasses import replace
from decimal import Decimal

import pytest
from tests.modules.msingi_claims.rules.claims_builders import CENTS, EVERYTHING, WHOLE, claim, line, policy

from msingi_catalogue import PackageType
from msingi_claims.case.answering import LANGUAGES, sentences, translator
from msingi_claims.rules.adjudicate import adjudicate
from msingi_claims.rules.codes import Reason, Stage, StepKind, Verdict
from msingi_claims.rules.decisions import RULES, LineDecision, Step
from msingi_claims.rules.explain import reason_text
from msingi_claims.rules.history import History
from msingi_claims.rules.price import WITHOUT_LIST, WITHOUT_REGISTER
from msingi_claims.rules.sayings import (
    ALL_LINES_REFUSED,
    APPROVED_AS_ASKED,
    CAPPED_GROWTH,
    LEFT,
    LEFT_ABOVE_FIXED,
    LESS_BEFORE,
    MAXIMUM_ONLY,
    NOTHING_LEFT,
    PRICES,
    REASONS,
    REFUSED_PART,
    ROUNDED_LIMITS,
    SAME_PRICES,
    STEPS,
)
from msingi_claims.rules.values import EarlierOutcome, FacilityFacts, LineReview, RegisterEntry
from msingi_claims.services.documents import read_lines
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
    texts = [*STEPS.values(), *PRICES.values(), *SAME_PRICES.values(), *REASONS.values()]
    texts += [*ROUNDED_LIMITS.values(), ALL_LINES_REFUSED, APPROVED_AS_ASKED, CAPPED_GROWTH, MAXIMUM_ONLY]
    texts += [LEFT, LEFT_ABOVE_FIXED, NOTHING_LEFT, LESS_BEFORE, REFUSED_PART]
    same = {STEPS[StepKind.VALUE]}

    french = translator("fr")

    assert [text for text in texts if french(text) == text and text not in same] == []


@pytest.mark.rule("ADJ-9")
def test_every_step_has_a_rule_and_every_code_a_meaning() -> None:
    assert set(RULES) == set(StepKind)
    assert set(STEPS) | {StepKind.PRICE} == set(StepKind)
    assert set(PRICES) >= set(PriceOrigin)
    assert set(SAME_PRICES) == {*PriceOrigin, *WITHOUT_LIST.values(), *WITHOUT_REGISTER.values()}
    assert set(PRICES) == set(SAME_PRICES) - set(WITHOUT_REGISTER.values())
    assert set(REASONS) == set(Reason)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", StepKind)
def test_every_step_can_be_told(kind: StepKind, language: str) -> None:
    word = "2026-07-01" if kind is StepKind.WAITING_PERIOD else "P"
    step = Step(kind, Decimal(3), Decimal(2), Decimal(1), Decimal(0), word, Reason.CARE_TYPE)

    (one,) = adjudicate(claim(line(code="UNKNOWN")), [policy({})], History(), CENTS).lines

    (told,) = sentences(one._replace(steps=(step,), quantity_provided=step.before), language, "XAF")

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

    assert [_plain(told) for told in sentences(one, "en", "TZS")] == [
        "Product P pays: of those that accepted the line when it was chosen, none left the patient less to pay of the unit price, before deductible and ceilings. (ADJ-1)",
        "Price as asked, which the price list allows: 15,000.00 TZS. (ADJ-2)",
        "1 \N{MULTIPLICATION SIGN} 15,000.00 TZS = 15,000.00 TZS. (ADJ-2)",
        "Deductible of 1,000.00 TZS, 0.00 TZS paid before: 14,000.00 TZS of 15,000.00 TZS remains. (PRD-6)",
        "The insurer pays 80 % of 14,000.00 TZS, that is 11,200.00 TZS. (PRD-10)",
        "Ceiling of 9,000.00 TZS, 0.00 TZS paid before: 9,000.00 TZS of 11,200.00 TZS is paid. (PRD-6)",
        (
            "Of what is accepted, 6,000.00 TZS is left to the patient: 1,000.00 TZS deductible, 2,800.00 TZS own share, "
            "2,200.00 TZS above category amount and ceiling. (ADJ-10)"
        ),
    ]
    assert _plain(sentences(one, "fr", "XAF")[5]) == (
        "Plafond de 9 000 XAF ; déjà payé : 0 XAF ; payé pour cette ligne : 9 000 XAF sur 11 200 XAF. (PRD-6)"
    )


@pytest.mark.rule("ADJ-9", "ADJ-2")
@pytest.mark.parametrize(
    ("asked", "origin", "package", "told"),
    [
        (100, "P", PackageType.SIMPLE, "Price as asked, which the price list allows: 100.00 TZS. (ADJ-2)"),
        (80, "P", PackageType.SIMPLE, "Price as asked, which the price list allows: 80.00 TZS. (ADJ-2)"),
        (150, "P", PackageType.SIMPLE, "Price of the price list: 100.00 TZS; 150.00 TZS was asked. (ADJ-2)"),
        (150, "O", PackageType.SIMPLE, "Price as asked: 150.00 TZS. (ADJ-2)"),
        (
            150,
            "O",
            PackageType.FIXED,
            "A fixed package costs at most 100.00 TZS; 150.00 TZS was asked. (ADJ-2)",
        ),
    ],
)
def test_the_price_is_told_by_what_made_it(asked: int, origin: str, package: PackageType, told: str) -> None:
    entry = RegisterEntry(Decimal(100), package_type=package)
    given = line()._replace(price_asked=Decimal(asked), entry=entry)
    terms = {"other_items": {"price_origin": origin}}
    (one,) = adjudicate(claim(given), [policy(terms)], History(), CENTS).lines

    assert _plain(sentences(one, "en", "TZS")[1]) == told


@pytest.mark.rule("D-38", "ADJ-9")
@pytest.mark.parametrize(
    ("price", "told"),
    [
        (
            "50.5",
            "Deductible of 500 XAF, 0 XAF paid before; what it takes is rounded: 0.5 XAF of 50.5 XAF remains.",
        ),
        ("51.5", "Deductible of 500 XAF, 0 XAF paid before: 0 XAF of 51.5 XAF remains."),
        ("500.5", "Deductible of 500 XAF, 0 XAF paid before: 0.5 XAF of 500.5 XAF remains."),
    ],
)
def test_a_deductible_that_leaves_a_fraction_says_that_it_is_rounded(price: str, told: str) -> None:
    terms = {**EVERYTHING, "deductible": {"basis": "insuree", "general": 500}}
    (one,) = adjudicate(claim(line(price=price)), [policy(terms)], History(), WHOLE).lines

    assert one.remunerated == 0
    assert _plain(sentences(one, "en", "XAF")[3]) == f"{told} (PRD-6)"


@pytest.mark.rule("PRD-7", "ADJ-9")
@pytest.mark.parametrize(
    ("maximum", "told"),
    [
        (
            65,
            [
                "Plafond de 50 XAF pour la famille, plus 15 XAF par membre au-delà du seuil (membres au-delà : 2), au plus 65 XAF en tout : 65 XAF. (PRD-7)",
                "Plafond de 65 XAF ; déjà payé : 0 XAF ; payé pour cette ligne : 65 XAF sur 100 XAF. (PRD-6)",
            ],
        ),
        (
            None,
            [
                "Plafond de 50 XAF pour la famille, plus 15 XAF par membre au-delà du seuil (membres au-delà : 2) : 80 XAF. (PRD-7)",
                "Plafond de 80 XAF ; déjà payé : 0 XAF ; payé pour cette ligne : 80 XAF sur 100 XAF. (PRD-6)",
            ],
        ),
    ],
)
def test_a_ceiling_that_grew_with_the_family_says_so(maximum: int | None, told: list[str]) -> None:
    growth = {"extra_member": {"general": 15}, "maximum": {"general": maximum}}
    terms = {**EVERYTHING, "threshold": 2, "ceiling": {"basis": "policy", "general": 50, **growth}}
    family = replace(policy(terms), members=4)
    (one,) = adjudicate(claim(line()), [family], History(), WHOLE).lines

    assert [_plain(said) for said in sentences(one, "fr", "XAF")[4:6]] == told


@pytest.mark.rule("PRD-7")
@pytest.mark.parametrize("members", [1, 2])
def test_a_ceiling_of_a_small_family_tells_of_no_growth(members: int) -> None:
    growth = {"extra_member": {"general": 15}, "maximum": {"general": 65}}
    terms = {**EVERYTHING, "threshold": 2, "ceiling": {"basis": "policy", "general": 50, **growth}}
    (one,) = adjudicate(claim(line()), [replace(policy(terms), members=members)], History(), WHOLE).lines

    assert StepKind.CEILING_GROWTH not in {step.kind for step in one.steps}


_BEFORE_GROWTH_WAS_TOLD = (
    b'{"format":1,"reasons":[],"category":"visit","lines":[["item","I1","passed",0,"P","POL1",["C","100"],"P",false,'
    b'"1","1",[],"100","100","0","35","0","0","0","65",[["product","0","0",null,null,"P",0],'
    b'["price","100","100",null,null,"P",0],["value","1","100","100",null,"",0],'
    b'["coinsurance","100","100","100",null,"",0],["ceiling","100","65","65","0","",0]]]]}'
)


@pytest.mark.rule("ADJ-9", "D-12")
def test_a_decision_that_was_kept_before_is_told_by_the_steps_that_it_has() -> None:
    (one,) = read_lines(_BEFORE_GROWTH_WAS_TOLD)

    assert [_plain(said) for said in sentences(one, "fr", "XAF")[3:]] == [
        "L'assureur paie 100 % de 100 XAF, soit 100 XAF. (PRD-10)",
        "Plafond de 65 XAF ; déjà payé : 0 XAF ; payé pour cette ligne : 65 XAF sur 100 XAF. (PRD-6)",
        (
            "De ce qui est accepté, il reste 35 XAF à la charge du patient : 0 XAF de franchise, "
            "0 XAF de ticket modérateur, 35 XAF au-delà du montant de la catégorie et du plafond. (ADJ-10)"
        ),
    ]


@pytest.mark.rule("TZA-20", "ADJ-10")
def test_that_nothing_is_left_to_the_patient_is_said() -> None:
    (one,) = adjudicate(claim(line()), [policy(EVERYTHING)], History(), CENTS).lines

    said = "De ce qui est accepté, rien ne reste à la charge du patient. (ADJ-10)"
    assert sentences(one, "fr", "TZS")[-1] == said


_NUMBER = "Highest number of claims of this category while the patient is covered: 0; counted besides this one: 0. (PRD-8)"

_UNCOVERED = "Refused with code 3: no product of a valid policy covers it. (ADJ-1)"


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        (
            {"other_items": {"waiting_period": {"adult": 6}}},
            [
                "Waiting period: it is over from July 1, 2026 on. (PRD-10)",
                "Refused with code 17: the waiting period is not over. (ADJ-1)",
            ],
        ),
        (
            {"other_items": {"max_quantity": {"adult": 0}}},
            [
                "At most 0 in the policy period, 0 used before: 0 of 2 accepted. (ADJ-8)",
                "Refused with code 16: the maximum quantity of the policy period, or of a consent, is reached. (ADJ-1)",
            ],
        ),
        (
            {**EVERYTHING, "max_number": {"visit": 0}},
            [_NUMBER, "Refused with code 12: the maximum number of visits is reached. (ADJ-1)"],
        ),
        (
            {"other_services": {}},
            ["Product P does not list it. (PRD-10)", _UNCOVERED],
        ),
    ],
)
@pytest.mark.rule("ADJ-1", "ADJ-9")
def test_a_line_that_no_product_accepts_tells_the_limit_and_its_use(
    terms: dict[str, object], told: list[str]
) -> None:
    (one,) = adjudicate(claim(line(quantity=2)), [policy(terms)], History(), CENTS).lines

    assert list(sentences(one, "en", "TZS")) == told


def test_the_first_day_of_a_month_is_written_as_the_french_do() -> None:
    terms = {"other_items": {"waiting_period": {"adult": 6}}}
    (one,) = adjudicate(claim(line()), [policy(terms)], History(), CENTS).lines

    assert sentences(one, "fr", "TZS")[0] == (
        "Délai de carence : il est écoulé à partir du 1er juillet 2026. (PRD-10)"
    )


@pytest.mark.parametrize(
    ("terms", "told"),
    [
        (
            {"other_items": {"limitation": {"other": None}}},
            "Product P does not cover it for visits of this type. (PRD-10)",
        ),
        (
            {**EVERYTHING, "facilities": {"ownerships": ["public"], "tiers": [2]}},
            "Product P does not pay facilities of this kind of owner. (TZA-19)",
        ),
        (
            {**EVERYTHING, "facilities": {"ownerships": ["private"], "tiers": [2], "codes": ["HF2"]}},
            "Product P does not pay facilities of this tier. (TZA-19)",
        ),
        (
            {**EVERYTHING, "facilities": {"tiers": [1], "codes": ["HF2"]}},
            "This facility is not among those that product P pays. (TZA-19)",
        ),
    ],
)
@pytest.mark.rule("TZA-19", "ADJ-9")
def test_a_line_outside_the_package_tells_what_keeps_each_product_from_it(
    terms: dict[str, object], told: str
) -> None:
    given = replace(claim(line()), facility=FacilityFacts("HF1", ownership="private", tier=1))
    policies = [policy(terms), policy(terms, name="POL2"), policy({}, name="POL3", product="Q")]
    (one,) = adjudicate(given, policies, History(), CENTS).lines

    assert sentences(one, "en", "TZS") == [told, "Product Q does not list it. (PRD-10)", _UNCOVERED]


@pytest.mark.rule("TZA-19", "CLM-6")
def test_a_later_stage_tells_again_why_no_product_covers_a_line() -> None:
    terms = {**EVERYTHING, "facilities": {"codes": ["HF2"]}}
    (sent,) = adjudicate(claim(line()), [policy(terms)], History(), CENTS).lines
    kept = line()._replace(outcome=EarlierOutcome(sent.reason, sent.policy))

    (reviewed,) = adjudicate(claim(kept), [policy(terms)], History(), CENTS, Stage.REVIEW).lines
    (paid_since,) = adjudicate(claim(kept), [policy()], History(), CENTS, Stage.REVIEW).lines

    assert reviewed == sent
    assert sentences(paid_since, "en", "TZS") == [_UNCOVERED]


@pytest.mark.rule("CLM-5", "CLM-9", "ADJ-9")
def test_a_refusal_names_the_rule_of_its_reason() -> None:
    verdict = line()._replace(review=LineReview(verdict=Verdict.REFUSE))
    (reviewed,) = adjudicate(claim(verdict), [policy()], History(), CENTS, Stage.REVIEW).lines
    (checked,) = adjudicate(claim(line()._replace(entry=None)), [policy()], History(), CENTS).lines

    assert sentences(reviewed, "en", "TZS") == ["Refused with code -1: the reviewer refused it. (CLM-5)"]
    assert sentences(checked, "en", "TZS") == [
        "Refused with code 1: it is not in the register on the target date. (CLM-9)"
    ]


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

    told = sentences(one, "en", "TZS")

    assert "0.5 \N{MULTIPLICATION SIGN} 0.05 TZS = 0.025 TZS. (ADJ-2)" in map(_plain, told)


def test_cases_are_decided_without_loading_the_database() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("", "")
