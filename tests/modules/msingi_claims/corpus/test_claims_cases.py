"""Case files: exact numbers, errors with their place, comparison, and the command that runs them."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from msingi.cases import WrongCase
from msingi_claims.case.comparing import differences
from msingi_claims.case.deciding import decide_case
from msingi_claims.case.model import AdjudicationCase
from msingi_claims.case.reading import read_case, sayings
from msingi_claims.commands import app
from msingi_claims.rules.codes import Reason

M12 = Path(__file__).parent / "m12.json"
SCHEMA = Path(__file__).parents[4] / "schema" / "adjudication-case.schema.json"


def _m12(**changes: Any) -> str:
    return json.dumps({**json.loads(M12.read_text(encoding="utf-8")), **changes})


def parse_case(text: str) -> AdjudicationCase:
    return read_case(BytesIO(text.encode()))


def _run(*arguments: str, given: str = "") -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["adjudicate", *arguments], input=given)
    return result.exit_code, result.stdout, result.stderr


def _problems(text: str) -> list[tuple[str, str]]:
    with pytest.raises(WrongCase) as caught:
        decide_case(parse_case(text))
    return [
        (problem.path, problem.told(str).removeprefix(f"{problem.path}: "))
        for problem in caught.value.problems
    ]


@pytest.mark.rule("INS-A1")
def test_numbers_are_read_exactly() -> None:
    case = parse_case(M12.read_text(encoding="utf-8").replace('"price_asked": 100', '"price_asked": 0.1'))

    assert str(case.claim.items[0].price_asked) == "0.1"


def test_nothing_in_a_case_steers_a_terminal() -> None:
    escape = "\x1b[2J"
    text = M12.read_text(encoding="utf-8")
    code = json.loads(text)["claim"]["items"][0]["code"]
    renamed = json.dumps(json.loads(text.replace(f'"{code}"', json.dumps(f"{code}{escape}"))))

    explained = "".join(map(str, _run("-", "--explain", given=renamed)))
    misspelt = "".join(map(str, _run("-", given=_m12(**{f"currenc{escape}": "XAF"}))))

    assert r"\x1b[2J" in explained + misspelt
    assert "\x1b" not in explained + misspelt


def test_every_error_names_its_place() -> None:
    claim = json.loads(M12.read_text(encoding="utf-8"))["claim"]
    claim["items"][0] |= {"price_asked": -1, "quantity": 3}

    assert _problems(_m12(claim=claim, currency="sh")) == [
        ("$.currency", "this does not match ^[A-Z]{3}$"),
        ("$.claim.items[0].price_asked", "write a number of at least 0"),
        ("$.claim.items[0].quantity", "there is no such field; check the spelling"),
    ]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("{", "$"),
        ('{"claim": 1, "claim": 2}', "$.claim"),
        (_m12(items=[{"code": "I1", "price": float("nan")}]), "$.items[0].price"),
        (_m12(policies=[{"product": "X", "start_date": "2026-01-01", "effective_date": "2026-01-01", "expiry_date": "2026-12-31"}]), "$.policies[0].product"),
        (_m12(price_list=[{"item": "I1", "service": "S1"}]), "$.price_list[0]"),
        (_m12(currency="XXZ"), "$.currency"),
        (_m12(insurees=[]), "$.insurees"),
        (_m12(relative_indexes=[{"product": "P", "value": "1e30"}]), "$.relative_indexes[0].value"),
        (_m12(policies=[{"product": "P", "start_date": "2026-01-01", "effective_date": "2026-01-01", "expiry_date": "2026-12-31", "members": 10**60}]), "$.policies[0].members"),
    ],
    ids=["not_json", "twice", "not_a_number", "product", "two_things", "currency", "nobody", "index", "members"],
)  # fmt: skip
def test_what_a_case_gets_wrong_is_told_by_path(text: str, path: str) -> None:
    assert [place for place, _ in _problems(text)] == [path]


def test_differences_name_the_path_and_compare_amounts_by_value() -> None:
    answer: Any = {"approved": "100.50", "lines": [{"reason": 0, "product": None}], "has_duplicate": False}

    assert list(differences({"approved": 100.5, "lines": [{"reason": "0"}]}, answer)) == []
    assert list(differences({"approved": "100.51", "lines": [{"reason": 4}], "x": 1}, answer)) == [
        "$.expect.approved: expected 100.51, got 100.50",
        "$.expect.lines[0].reason: expected 4, got 0",
        "$.expect.x: the answer has no such value",
    ]
    assert list(differences({"lines": [], "has_duplicate": 0}, answer)) == [
        "$.expect.lines: expected 0 entries, got 1",
        "$.expect.has_duplicate: expected 0, got False",
    ]


@pytest.mark.rule("ADJ-9", "X-01")
def test_the_command_answers_as_json_in_both_languages() -> None:
    code, out, _ = _run(str(M12), "--json")

    answer = json.loads(out)
    assert (code, answer["approved"], answer["lines"][0]["quantity_provided"]) == (0, "200.00", "4")
    explanation = answer["lines"][0]["explanation"]
    assert explanation["en"][1] == "At most 5 in the policy period, 3 used before: 2 of 4 accepted. (ADJ-8)"
    assert (
        explanation["fr"][1]
        == "Au plus 5 par période de police ; déjà utilisé : 3 ; accepté : 2 sur 4. (ADJ-8)"
    )


@pytest.mark.rule("ADJ-9")
def test_the_command_explains_amounts_as_the_reader_writes_them() -> None:
    _, out, _ = _run(str(M12), "--explain", "--lang", "fr")

    assert "2 \N{MULTIPLICATION SIGN} 100,00 TZS = 200,00 TZS. (ADJ-2)" in out.replace(
        "\N{NO-BREAK SPACE}", " "
    )


@pytest.mark.rule("ADJ-9", "X-01")
def test_the_tables_speak_the_language_of_the_reader() -> None:
    french = _run(str(M12), "--lang", "fr")[1].split()
    english = _run(str(M12), "--lang", "en")[1].split()

    assert {"contrôlé", "visite"} <= set(french)
    assert not {"checked", "visit"} & set(french)
    assert {"checked", "visit"} <= set(english)


@pytest.mark.rule("ADJ-9", "X-01")
@pytest.mark.parametrize(
    ("language", "claimed", "nothing"),
    [("fr", "200,00 TZS", "0,00"), ("en", "200.00 TZS", "0.00")],
)
def test_the_tables_write_amounts_as_the_sentences_do(language: str, claimed: str, nothing: str) -> None:
    shown = _run("-", "--lang", language, given=_m12(currency="TZS"))[1]

    assert claimed in shown
    assert nothing in shown.split()
    assert "200.00" not in shown.replace(claimed, "") or language == "en"


def test_the_command_fails_when_the_decision_is_not_the_expected_one(tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    case.write_text(_m12(expect={"approved": "300"}), encoding="utf-8")

    code, _, told = _run(str(case), "--json", "--lang", "en")

    assert (code, told) == (1, "$.expect.approved: expected 300, got 200.00\n")


def test_the_command_tells_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    case.write_text(_m12(claim=None), encoding="utf-8")

    code, out, told = _run(str(case))

    assert (code, out) == (2, "")
    assert told.startswith("$.claim: ")


def test_the_command_knows_two_languages() -> None:
    assert _run(str(M12), "--lang", "de")[0] == 2


_SENT = {"date_from": "2026-03-01", "date_claimed": "2026-03-01"}
_POLICY = {
    "product": "P",
    "start_date": "2026-01-01",
    "effective_date": "2026-01-01",
    "expiry_date": "2026-12-31",
}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"products": [{"code": "P"}, {"code": "P"}]}, "$.products[1].code: P stands here twice"),
        ({"insurees": [{}, {}]}, "$.insurees[1].number: 1 stands here twice"),
        ({"items": [{"code": "I1", "price": 1}] * 2}, "$.items[1]: I1 is valid twice on the same day"),
        ({"price_list": [{"item": "I1"}] * 2}, "$.price_list[1]: I1 is valid twice on the same day"),
        (
            {"history": {"consumption": [{"kind": "deducted", "amount": 1, "policy": "X"}]}},
            "$.history.consumption[0].policy: there is no policy X",
        ),
        (
            {"earlier_claims": [{"date_from": None, "date_claimed": None, "insuree": "9"}]},
            "$.earlier_claims[0].insuree: there is no insuree 9",
        ),
        (
            {"relative_indexes": [{"product": "Z", "value": 1}]},
            "$.relative_indexes[0].product: there is no product Z",
        ),
        (
            {"earlier_claims": [{**_SENT, "code": "C1"}], "claim": {**_SENT, "code": "C1"}},
            "$.earlier_claims[0].code: C1 stands here twice",
        ),
        (
            {"policies": [{**_POLICY, "insuree_policies": [{"insuree": "1"}, {"insuree": "1"}]}]},
            "$.policies[0].insuree_policies[1].insuree: 1 stands here twice",
        ),
        (
            {"policies": [{**_POLICY, "expiry_date": "2025-12-31"}]},
            "$.policies[0].expiry_date: the policy ends before it begins",
        ),
        (
            {"policies": [{**_POLICY, "effective_date": None}]},
            "$.policies[0].effective_date: say from which day on the active policy is in effect",
        ),
    ],
    ids=[
        *("product", "insuree", "item", "price", "policy", "earlier_insuree", "index", "earlier_code"),
        *("covered_twice", "ends_early", "never_effective"),
    ],
)
def test_what_stands_twice_or_leads_nowhere_is_told(changes: dict[str, Any], told: str) -> None:
    path, text = told.split(": ", 1)

    assert _problems(_m12(**changes)) == [(path, text)]


def test_wrong_forms_and_unknown_names_are_told_together() -> None:
    claim = {**_SENT, "insuree": "7", "items": [{"code": "I1", "price_asked": 1}]}
    policies = [{**_POLICY, "product": "Q"}, {**_POLICY, "product": "R"}]

    assert _problems(_m12(claim=claim, policies=policies, currency="XXZ", items=[{"code": "I1"}])) == [
        ("$.currency", "not a currency of ISO 4217"),
        ("$.items[0].price", "this field is needed"),
        ("$.policies[1].id", "POL1 stands here twice"),
        ("$.policies[0].product", "there is no product Q"),
        ("$.policies[1].product", "there is no product R"),
        ("$.claim.insuree", "there is no insuree 7"),
    ]
    assert _problems(_m12(policies=policies, products=1)) == [
        ("$.products", "write a list, in brackets"),
        ("$.policies[1].id", "POL1 stands here twice"),
    ]


@pytest.mark.rule("CLM-11")
def test_an_earlier_claim_without_a_code_is_another_claim() -> None:
    consent = {"item": "I1", "quantity": 2}
    line = {"code": "I1", "quantity_provided": 2, "price_asked": 100}
    claims = [
        {**_SENT, "date_from": day, "consent": consent, "items": [line]}
        for day in ("2026-03-01", "2026-02-01")
    ]
    price = {"items": [{"code": "I1", "price": 100}], "price_list": [{"item": "I1"}], "expect": None}

    case = parse_case(_m12(earlier_claims=claims[1:], claim=claims[0], **price))

    assert decide_case(case)[1].lines[0].reason is Reason.QUANTITY_LIMIT


@pytest.mark.rule("CLM-9")
def test_an_earlier_claim_of_another_facility_is_no_repetition() -> None:
    line = {"code": "I1", "price_asked": 100}
    claim = {**_SENT, "items": [line], "further_diagnoses": ["B00"]}
    elsewhere = {**claim, "facility": {"code": "HF2"}}
    there, here = (
        decide_case(parse_case(_m12(claim=claim, earlier_claims=[earlier], expect=None)))[1]
        for earlier in (elsewhere, claim)
    )

    assert (there.reasons, here.reasons) == ((), (Reason.DUPLICATE,))


@pytest.mark.rule("INS-A1")
def test_amounts_are_printed_without_an_exponent() -> None:
    line = {"code": "I1", "quantity_provided": "1e5", "price_asked": "0.0001"}
    small = {"code": "I1", "quantity_provided": "0.0001", "price_asked": "1E-4"}
    answer = json.loads(
        _run("-", "--json", given=_m12(claim={**_SENT, "items": [line, small]}, expect=None))[1]
    )

    assert [one["quantity_provided"] for one in answer["lines"]] == ["100000", "0.0001"]
    assert answer["claimed"] == "10.00000001"


@pytest.mark.rule("INS-A1")
def test_sums_of_the_largest_amounts_are_exact() -> None:
    line = {"code": "I1", "quantity_provided": "999999999.9999", "price_asked": "999999999999999.9999"}
    changes = {"currency": "TND", "claim": {**_SENT, "items": [line] * 1000}, "expect": None}

    code, out, _ = _run("-", "--json", given=_m12(**changes))

    assert (code, json.loads(out)["claimed"]) == (0, "999999999999899999900000000.00001000")


def test_entries_that_follow_each_other_are_not_twice() -> None:
    entries = [
        {"code": "I1", "price": 2, "valid_from": "2026-02-01"},
        {"code": "I1", "price": 1, "valid_to": "2026-01-31"},
    ]

    assert len(parse_case(_m12(items=entries)).items) == 2


def test_a_claim_has_a_limited_number_of_lines() -> None:
    line = {"code": "I1", "price_asked": 1}
    claim = {"date_from": "2026-03-10", "date_claimed": "2026-03-11", "services": [line] * 1001}

    assert _problems(_m12(claim=claim)) == [("$.claim.services", "write at most 1000 entries")]


@pytest.mark.rule("X-01")
def test_the_command_reads_standard_input_and_tells_mistakes_in_french() -> None:
    good = _run("-", "--json", given=M12.read_text(encoding="utf-8"))
    bad = _run("-", "--lang", "fr", given=_m12(policies=[{"product": "P"}], currency="XXZ"))

    assert good[0] == 0
    assert bad[0] == 2
    assert bad[2].splitlines() == [
        "$.currency: ce n'est pas une monnaie de la norme ISO 4217",
        "$.policies[0].start_date: ce champ est nécessaire",
        "$.policies[0].expiry_date: ce champ est nécessaire",
    ]


@pytest.mark.rule("X-01")
def test_every_mistake_of_claims_and_products_is_told_in_french() -> None:
    share = {"code": "P", "terms": {"other_items": {"limitation": {"other": {"adult": 150}}}}}
    unnamed = {"price_list": [{}], "history": {"consumption": [{"kind": "quantity", "amount": 1}]}}

    with pytest.raises(WrongCase) as caught:
        parse_case(_m12(products=[share], **unnamed))

    french, english = (list(caught.value.lines(sayings(language))) for language in ("fr", "en"))
    assert len(french) == len(english) == 3
    assert not set(french) & set(english)


def test_the_shape_of_the_answer_is_stable() -> None:
    answer = json.loads(_run(str(M12), "--json")[1])

    assert list(answer) == [
        *("rules_version", "claim", "target_date", "currency", "status", "status_number", "rejection_reason"),
        *("reasons", "category", "has_duplicate", "claimed", "valued", "refused", "deductible"),
        *("patient_share", "exceeded_category_amount", "exceeded_ceiling", "approved", "remunerated"),
        *("lines", "consumption"),
    ]
    assert list(answer["lines"][0]) == [
        *("kind", "code", "status", "reason", "product", "policy", "limitation", "limitation_value"),
        *("price_origin", "quantity_provided", "quantity_accepted", "refused_parts", "price_asked"),
        *("price_adjusted", "valued", "refused", "deductible", "patient_share", "exceeded_category_amount"),
        *("exceeded_ceiling", "nominal", "valuated", "remunerated", "adjustments", "explanation"),
    ]


def test_the_published_schema_is_that_of_the_model() -> None:
    published = json.loads(SCHEMA.read_text(encoding="utf-8"))

    assert {name: part for name, part in published.items() if name != "$schema"} == (
        AdjudicationCase.model_json_schema()
    )
