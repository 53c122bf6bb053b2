"""Frozen quotes: every file of the corpus comes out as its hand-made arithmetic says."""

import json
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from typer.testing import CliRunner

from msingi.cases import WrongCase
from msingi_insurance.case import reading
from msingi_insurance.case.judging import compare, quote_case
from msingi_insurance.case.living import life_of
from msingi_insurance.case.model import QuoteCase
from msingi_insurance.case.printing import LABELS, LANGUAGES, LIFE_LABELS, as_sentences, translator
from msingi_insurance.commands import app
from msingi_insurance.rules.sayings import TERM_NAMES
from msingi_insurance.rules.terms import Variation

CORPUS = Path(__file__).parents[1] / "corpus"
SCHEMA = Path(__file__).parents[4] / "schema"
CASES = sorted(CORPUS.glob("*.json"))
RUNNER = CliRunner()
SMALL = {"product": {}, "policy": {"enrolled": "2020-11-10"}, "family": [{"id": "a", "born": "1980-01-01"}]}


def read_case(content: str | bytes) -> QuoteCase:
    return reading.read_case(BytesIO(content.encode() if isinstance(content, str) else content))


@pytest.mark.rule(
    *("PRM-1", "PRM-2", "PRM-3", "PRM-4", "PRM-5", "PRM-6", "PRM-7", "PRM-8"),
    *("POL-1", "POL-2", "POL-3", "POL-4", "POL-6", "PAY-2", "PAY-6"),
)
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_frozen_case_comes_out_as_computed_by_hand(path: Path) -> None:
    case = read_case(path.read_bytes())

    assert case.expect is not None
    quoted = quote_case(case)
    assert compare(case.expect, quoted, life_of(case, quoted)) == []
    assert case.rules
    assert case.why


@pytest.mark.rule("m13", "POL-2")
@pytest.mark.parametrize(
    ("name", "start"),
    [("worked_m13_boundary_is_inclusive", date(2021, 1, 1)), ("m13_one_day_later", date(2022, 1, 1))],
)
def test_m13_the_last_day_of_the_grace_leads_to_the_cycle_before(name: str, start: date) -> None:
    assert quote_case(read_case((CORPUS / f"{name}.json").read_bytes())).period.start == start


def test_the_corpus_speaks_about_every_rule_of_a_quote() -> None:
    cited = {rule for path in CASES for rule in read_case(path.read_bytes()).rules}

    assert {
        *(f"PRM-{n}" for n in range(1, 9)),
        *(f"POL-{n}" for n in (1, 2, 3, 4, 6)),
        "PAY-2",
        "PAY-6",
    } <= cited
    assert len(CASES) >= 45


@pytest.mark.parametrize("path", CASES[::7], ids=lambda path: path.stem)
def test_a_wrong_expectation_is_noticed(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    document["expect"] = {"value": 123456789, "start": "1999-01-01", "parts": {"discount": -1}}

    case = read_case(json.dumps(document))

    assert case.expect is not None
    quoted = quote_case(case)
    assert [each.place for each in compare(case.expect, quoted, life_of(case, quoted))] == [
        "$.expect.value",
        "$.expect.start",
        "$.expect.parts.discount",
    ]


@pytest.mark.rule("INS-A4")
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_each_quote_explains_itself_in_both_languages(path: Path) -> None:
    case = read_case(path.read_bytes())
    quoted = quote_case(case)
    steps = (*quoted.steps, *life_of(case, quoted).steps)

    french, english = (as_sentences(steps, "XAF", language) for language in ("fr", "en"))
    assert len(french) == len(english) == len(steps)
    assert not set(french) & set(english)
    assert not any("{" in sentence for sentence in (*french, *english))


@pytest.mark.rule("INS-A4", "PRM-2", "PRM-3", "PRM-4", "PRM-8", "TZA-18")
def test_an_explanation_names_its_rules_and_counts_as_people_do() -> None:
    product = {
        "insurance_period": 1,
        "lump_sum": 900,
        "threshold": 1,
        "max_members": 2,
        "premium_child": 50,
        "variations": [{"place": "R1", "lump_sum": 1000}],
    }
    family = [
        {"id": "a", "born": "1980-01-01"},
        {"id": "b", "born": "2015-01-01", "relationship": "child"},
        {"id": "c", "born": "2016-01-01", "relationship": "child"},
    ]
    quoted = quote_case(
        read_case(json.dumps({**SMALL, "product": product, "family": family, "places": ["R1"]}))
    )
    french, english = (as_sentences(quoted.steps, "XAF", language) for language in ("fr", "en"))

    assert english[0] == "In R1 other terms apply: lump sum. [TZA-18]"
    assert english[3] == "Cover lasts 1 month and ends on Dec 9, 2020. [POL-3]"
    assert english[5:10] == [
        "The product covers at most 2 members: adults come first, then children, other children and other adults. [PRM-2]",
        "Above the maximum and not covered: 1 member. [PRM-8]",
        "1 adult, 1 child, 0 other adults and 0 other children count; adult means 18 years or more on Nov 10, 2020. [PRM-1]",
        "The lump sum is for up to 1 member; 0 adults and 1 child are outside it. [PRM-3]",
        "Lump sum of 1,000 XAF, plus 0 adults at 0 XAF and 1 child at 50 XAF: 1,050 XAF. [PRM-4]",
    ]
    assert french[0] == "À R1, d'autres conditions s'appliquent : forfait. [TZA-18]"
    assert french[6] == "Au-delà du maximum et non couvert : 1 membre. [PRM-8]"
    assert french[8] == "Le forfait vaut jusqu'à 1 membre ; hors du forfait : 0 adulte et 1 enfant. [PRM-3]"


@pytest.mark.rule("INS-A4")
def test_an_explanation_writes_amounts_with_their_currency_and_days_as_its_reader_does() -> None:
    scheme = {"currency": "TZS"}
    plan = {"rule": "contribution_from_income", "parameters": {"percent": 2.5}, "income": 1000}
    case = {**SMALL, "scheme": scheme, "policy": {"enrolled": "2020-11-01"}, "plan": plan}
    quoted = quote_case(read_case(json.dumps(case)))

    french = [
        told.replace("\N{NARROW NO-BREAK SPACE}", " ") for told in as_sentences(quoted.steps, "TZS", "fr")
    ]

    assert french[0] == (
        "Une nouvelle police compte à partir du 1er nov. 2020 : adhésion le 1er nov. 2020, "
        "période administrative de 0 mois. [POL-1]"
    )
    assert "2,5 % d'un revenu de 1 000,00 TZS : 25,00 TZS. [PRM-7]" in french
    assert french[-1] == "La valeur de la police est de 25,00 TZS. [PRM-6]"


@pytest.mark.rule("INS-A4", "PRM-7")
@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("prm_7_plan_with_a_limit", ["income_share", "income_ceiling", "plan_value", "value"]),
        ("prm_7_plan_that_does_not_apply", ["per_member", "not_applicable", "value"]),
    ],
)
def test_an_explanation_says_how_a_plan_came_to_its_value_before_the_value(
    name: str, last: list[str]
) -> None:
    quoted = quote_case(read_case((CORPUS / f"{name}.json").read_bytes()))

    assert [taken.saying for taken in quoted.steps[-len(last) :]] == last


def test_every_term_that_varies_has_a_name() -> None:
    assert TERM_NAMES.keys() == Variation.model_fields.keys() - {"place", "date_from", "date_to"}


def test_labels_are_translated() -> None:
    french = translator("fr")

    assert [label for label in (*LABELS, *LIFE_LABELS) if french(label) == label] == []
    assert LANGUAGES == ("fr", "en")


@pytest.mark.rule("INS-A1")
def test_numbers_of_a_case_stay_exact() -> None:
    case = read_case(json.dumps({**SMALL, "product": {"lump_sum": 0.1}}))

    assert case.product.lump_sum == Decimal("0.1")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "$: "),
        ("[]", "$: "),
        ('{"product": {"lump_sum": NaN}}', "$.product.lump_sum: write an ordinary number"),
        ('{"family": [], "family": []}', "$.family: this name stands twice"),
        (json.dumps({**SMALL, "product": {"lumpsum": 1}}), "$.product.lumpsum: "),
        (json.dumps({**SMALL, "product": {"lump_sum": -1}}), "$.product.lump_sum: "),
        (json.dumps({**SMALL, "product": {"start_cycles": ["31-02"]}}), "$.product.start_cycles[0]: "),
        (json.dumps({**SMALL, "family": [{"id": "a", "born": 0}]}), "$.family[0].born: "),
        (json.dumps({**SMALL, "policy": {"stage": "R", "enrolled": "2020-11-10"}}), "$.policy: "),
        (json.dumps({**SMALL, "policy": {"enrolled": "2020-11-31"}}), "$.policy.enrolled: "),
        (json.dumps({**SMALL, "scheme": {"currency": "ABC"}}), "$.scheme.currency: "),
        (json.dumps({**SMALL, "scheme": {"currency": "XAF", "cash_step": 0.5}}), "$.scheme: "),
        (json.dumps({**SMALL, "scheme": {"cash_step": 10**30}}), "$.scheme.cash_step: "),
        (json.dumps({**SMALL, "scheme": {"cash_step": "1e999999999"}}), "$.scheme.cash_step: "),
        (json.dumps({**SMALL, "expect": {"value": "1e999999999"}}), "$.expect.value: "),
    ],
)
def test_a_mistake_in_a_case_is_named_by_its_place(text: str, problem: str) -> None:
    with pytest.raises(WrongCase) as refused:
        read_case(text)

    assert refused.value.problems[0].told(str).startswith(problem)


def mistakes(**parts: object) -> list[str]:
    with pytest.raises(WrongCase) as refused:
        read_case(json.dumps({**SMALL, **parts}))
    return [problem.told(str) for problem in refused.value.problems]


@pytest.mark.rule("INS-1", "PRM-7", "TZA-18", "PRD-6", "POL-8")
def test_every_place_that_makes_no_sense_is_told_at_once() -> None:
    head = {"id": "a", "born": "1980-01-01"}
    renewal = {"stage": "R", "enrolled": "2020-11-10", "previous_expiry": "2021-11-10"}
    variation = {"place": "R1", "date_from": "2020-02-01", "date_to": "2020-01-31"}
    product = {"variations": [variation], "ceiling": {"basis": "policy"}, "deductible": {"basis": "insuree"}}

    family = [head, {**head, "born": "2020-11-11"}]
    found = mistakes(product=product, family=family, plan={"rule": "capitation"})
    of_terms = mistakes(product={**product, "variations": []})
    before = mistakes(policy=renewal, family=[])

    assert found == [
        "$.product.variations[0]: the last day lies before the first",
        "$.family[1].relationship: a family has one head; say what this member is to the head",
        "$.family[1].id: two members bear the same id",
        "$.family[1].born: this member is born after the day of enrolment",
        "$.plan.rule: The calculation rule capitation sets no contribution.",
    ]
    assert of_terms == [
        "$.product.deductible: give an amount: general, or ip and op",
        "$.product.ceiling: give an amount: general, or ip and op",
    ]
    assert before == [
        "$.family: write at least 1 entries",
        "$.policy.previous_expiry: the policy before this one begins after the day of enrolment",
    ]


@pytest.mark.rule("PRD-5", "PRD-12")
def test_what_stands_twice_in_a_product_is_told_at_its_place_in_french_and_english() -> None:
    line = {"kind": "item", "code": "A1", "price_origin": "P"}
    year = {"care": "B", "period": "year", "percentages": [1]}
    product = {"start_cycles": ["01-01", "01-06", "1-1"], "coverage": [line, line], "pools": [year, year]}
    with pytest.raises(WrongCase) as twice:
        read_case(json.dumps({**SMALL, "product": product}))

    assert list(twice.value.lines(reading.sayings("en"))) == [
        "$.product.start_cycles[2]: this cycle is there twice",
        "$.product.coverage[1]: this line is there twice",
        "$.product.pools[1]: there are two pools for this care",
    ]
    assert list(twice.value.lines(reading.sayings("fr"))) == [
        "$.product.start_cycles[2]: ce cycle y est deux fois",
        "$.product.coverage[1]: cette ligne y est deux fois",
        "$.product.pools[1]: il y a deux fonds pour ces soins",
    ]
    assert mistakes(product={"pools": [{**year, "period": "month"}]}) == [
        "$.product.pools[0]: give one percentage for each period of the year: 12, 4 or 1"
    ]


@pytest.mark.rule("INS-1", "POL-8", "PRM-7")
def test_what_makes_sense_at_the_edge_is_read() -> None:
    """A child born on the day of enrolment, and a renewal on the first day of the policy before."""
    renewal = {"stage": "R", "enrolled": "2020-11-10", "previous_expiry": "2021-11-09"}
    born = [{"id": "a", "born": "1980-01-01"}, {"id": "b", "born": "2020-11-10", "relationship": "child"}]

    case = read_case(json.dumps({**SMALL, "policy": renewal, "family": born}))

    assert quote_case(case).covered == ("a", "b")


def test_the_command_prints_the_quote_and_compares_it(tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    document = json.loads((CORPUS / "worked_1_two_adults.json").read_text(encoding="utf-8"))
    file.write_text(json.dumps(document), encoding="utf-8")

    good = RUNNER.invoke(app, ["quote", str(file), "--json"])
    french = RUNNER.invoke(app, ["quote", str(file), "--explain", "--lang", "fr"])
    document["expect"]["value"] = 981
    file.write_text(json.dumps(document), encoding="utf-8")
    wrong = RUNNER.invoke(app, ["quote", str(file), "--lang", "en"])
    unreadable = RUNNER.invoke(app, ["quote", "-", "--lang", "en"], input="{}")

    assert (good.exit_code, json.loads(good.stdout)["value"]) == (0, "980")
    assert (french.exit_code, "Valeur" in french.stdout, "[PRM-4]" in french.stdout) == (0, True, True)
    assert (wrong.exit_code, wrong.stderr) == (1, "$.expect.value: expected 981, got 980\n")
    assert (unreadable.exit_code, "$.product: this field is needed" in unreadable.stderr) == (2, True)


def test_the_published_schema_is_that_of_the_model_and_knows_each_field() -> None:
    published = json.loads((SCHEMA / "quote-case.schema.json").read_text(encoding="utf-8"))
    definitions = published["$defs"]

    assert {name: part for name, part in published.items() if name != "$schema"} == (
        QuoteCase.model_json_schema()
    )
    assert [text for text in definitions["Terms"]["properties"].values() if "description" not in text] == []
    assert definitions["CycleDay"]["anyOf"][0]["type"] == "string"


@pytest.mark.rule("X-01")
def test_mistakes_are_told_in_french_with_their_place() -> None:
    plan = {"rule": "nope"}
    unknown = RUNNER.invoke(app, ["quote", "-", "--lang", "fr"], input=json.dumps({**SMALL, "plan": plan}))
    renewal = {**SMALL, "policy": {"stage": "R", "enrolled": "2020-11-10"}}
    nameless = RUNNER.invoke(app, ["quote", "-", "--lang", "fr"], input=json.dumps(renewal))

    assert (unknown.exit_code, unknown.stderr) == (
        2,
        "$.plan.rule: La règle de calcul nope n'existe pas ici.\n",
    )
    assert (nameless.exit_code, nameless.stderr) == (
        2,
        "$.policy: un renouvellement, et lui seul, porte previous_expiry\n",
    )


def test_the_shape_of_the_answer_is_stable() -> None:
    path = CORPUS / "worked_2_with_a_child.json"

    answer = json.loads(RUNNER.invoke(app, ["quote", str(path), "--json"]).stdout)

    assert list(answer) == [
        *("value", "currency", "parts", "from_plan", "start", "expiry", "last_payment", "covered", "dropped"),
        *("members", "warnings", "policy", "steps"),
    ]
    assert list(answer["policy"]) == ["status", "effective", "paid", "missing", "excess"]
    assert list(answer["parts"]) == ["contribution", "general_assembly", "registration", "discount"]
    assert list(answer["members"][0]) == ["id", "kind", "covered", "in_lump_sum"]
    assert list(answer["steps"][0]) == ["rule", "saying", "text"]


@pytest.mark.parametrize("code", ["FCFA", "xaf", "XXZ"])
def test_a_currency_that_is_none_is_told_where_it_stands(code: str) -> None:
    with pytest.raises(WrongCase) as wrong:
        read_case(json.dumps(SMALL | {"scheme": {"currency": code}}))

    told = list(wrong.value.lines(reading.sayings("fr")))
    assert told == [
        "$.scheme.currency: écrivez une monnaie de la norme ISO 4217 : trois lettres capitales, comme XAF"
    ]
