"""Mistakes in files of claims: told by the names and places of the file itself, in two languages, without its values."""

import json
from typing import Any

import pytest
from tests.core.test_type_names import TEXTS

from msingi_claims.intake_errors import UnreadableFile
from msingi_claims.services.claim_files import MOST_TOLD, read_claim_xml, read_json
from msingi_claims.services.claim_records import ClaimRecord, UploadCode, WrongRecord

LINE = {"kind": "item", "code": "IT1", "quantity": "1", "price": "5"}
CLAIM: dict[str, Any] = {
    "code": "J1",
    "facility": "H1",
    "insurance_number": "secret",
    "diagnosis": "A00",
    "date_from": "2026-02-10",
    "lines": [LINE],
}
XML = """<Claims>
  <Claim>
    <Details>
      <ClaimCode>X1</ClaimCode>
      <CHFID/>
      <HFCode>H1</HFCode>
      <ICDCode>{diagnosis}</ICDCode><ICDCode2>A00</ICDCode2>
      <StartDate>{start}</StartDate>
    </Details>
    <Items>
      <Item><ItemCode>IT1</ItemCode><ItemPrice>5</ItemPrice></Item>
    </Items>
    <Services>
      <Note/>
      <Service>
        <ServiceCode>SV1</ServiceCode><ServiceQuantity>0</ServiceQuantity>
        <ServicePrice>5</ServicePrice>
      </Service>
    </Services>
  </Claim>
</Claims>"""


def _refusal(content: str) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as refused:
        read_json(content.encode())
    return refused.value


def _wrong(content: str) -> WrongRecord:
    (claim,) = read_claim_xml(content.encode())
    assert isinstance(claim, WrongRecord)
    return claim


@pytest.mark.rule("CLM-F1", "X-01", "attack 74")
def test_a_mistake_in_xml_is_told_by_its_line_and_elements() -> None:
    wrong = _wrong(XML.format(start="2026-02-10", diagnosis="B" * 31))

    assert (wrong.code, wrong.upload_code) == ("X1", UploadCode.INSURANCE_NUMBER)
    assert [str(problem) for problem in wrong.problems] == [
        "Line 5, Details/CHFID: this field is needed.",
        "Line 7, Details/ICDCode: write at most 30 characters.",
        "Line 8, Details/StartDate: write the day as DD/MM/YYYY.",
        "Line 11, Items/Item[1]/ItemQuantity: this field is needed.",
        "Line 16, Services/Service[2]/ServiceQuantity: write a number above 0.",
    ]
    french = TEXTS.refusal(wrong.problems[0], "fr")
    assert french == "Ligne 5, Details/CHFID : ce champ est nécessaire."
    assert "secret" not in french


@pytest.mark.rule("CLM-F1")
def test_a_day_that_is_none_is_told_even_where_all_else_is_right() -> None:
    right = XML.replace("<CHFID/>", "<CHFID>1</CHFID>").replace("Quantity>0<", "Quantity>1<")
    right = right.replace("<ItemPrice>", "<ItemQuantity>1</ItemQuantity><ItemPrice>")
    (claim,) = read_claim_xml(right.format(start="10/02/2026", diagnosis="B00").encode())

    wrong = _wrong(right.format(start="31/02/2026", diagnosis="B00"))

    assert isinstance(claim, ClaimRecord)
    assert [line.code for line in claim.lines] == ["IT1", "SV1"]
    (told,) = wrong.problems
    assert str(told) == "Line 8, Details/StartDate: write the day as DD/MM/YYYY."
    assert wrong.upload_code is UploadCode.FATAL


@pytest.mark.rule("CLM-F1", "attack 74")
@pytest.mark.parametrize(
    ("again", "told"),
    [
        ("<StartDate>10/02/2026</StartDate>", []),
        ("<startdate>11/02/2026</startdate>", ["Line 8, Details/StartDate: line 8 says something else."]),
        ("</Details>\n<Details><HFCode>H2</HFCode>", ["Line 6, Details/HFCode: line 9 says something else."]),
    ],
)
def test_what_is_said_twice_says_the_same(again: str, told: list[str]) -> None:
    right = XML.replace("<CHFID/>", "<CHFID>1</CHFID>").replace("Quantity>0<", "Quantity>1<")
    right = right.replace("<ItemPrice>", "<ItemQuantity>1</ItemQuantity><ItemPrice>")
    text = right.format(start="10/02/2026", diagnosis="B00").replace(
        "</StartDate>", f"</StartDate>{again}", 1
    )

    (claim,) = read_claim_xml(text.encode())

    assert [str(problem) for problem in getattr(claim, "problems", [])] == told


@pytest.mark.rule("CLM-F1")
def test_what_is_missing_as_a_whole_is_told_at_its_claim() -> None:
    wrong = _wrong("<Claims>\n<Claim/></Claims>")

    assert str(wrong.problems[0]) == "Line 2, Details/ClaimCode: this field is needed."
    assert wrong.code == ""


@pytest.mark.rule("CLM-F1", "attack 14")
def test_of_the_mistakes_of_one_claim_the_first_are_told() -> None:
    wrong = _wrong(f"<Claim><Items>{'<Item/>' * 1000}</Items></Claim>")

    assert len(wrong.problems) == MOST_TOLD + 1
    assert str(wrong.problems[-1]) == "The claim has further mistakes."


@pytest.mark.rule("TZA-30", "X-01", "attack 74")
@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({**CLAIM, "lines": [LINE, {**LINE, "price": "a"}]}, "$.lines[1].price: write a number"),
        (
            [CLAIM, {**{name: CLAIM[name] for name in CLAIM if name != "facility"}, "facilty": "H1"}],
            (
                "$[1].facility: this field is needed; "
                "$[1].facilty: there is no such field; did you mean “facility”?"
            ),
        ),
        ([CLAIM, 5], "$[1]: write an object, in braces"),
        ({**CLAIM, "code": "a\u0000b"}, "$.code: a character in this text is not allowed"),
        (
            {**CLAIM, "k" * 100: 1},
            f'$["{"k" * 64}\\u2026"]: there is no such field; check the spelling',
        ),
    ],
)
def test_a_mistake_in_json_is_told_by_its_path(claims: object, why: str) -> None:
    assert _refusal(json.dumps(claims)).plain() == {"why": why}


def test_what_is_no_json_is_told_by_line_and_column() -> None:
    assert _refusal('[\n{"code": }]').plain() == {"why": "it is not JSON from line 2, column 10 on"}


@pytest.mark.rule("attack 14")
def test_of_a_flood_of_mistakes_the_first_are_told() -> None:
    refusal = _refusal(json.dumps([{**CLAIM, "lines": [{}] * 1000}] * 100))

    told = str(refusal.plain()["why"]).split("; ")

    assert len(told) == MOST_TOLD + 1
    assert told[-1] == "and further ones"
