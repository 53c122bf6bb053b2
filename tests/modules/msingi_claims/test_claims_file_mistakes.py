"""Mistakes in files of claims: told by the names and places of the file itself, in two languages, without its values."""

import json
from typing import Any

import pytest
from tests.core.test_type_names import TEXTS

from msingi_claims.errors import UnreadableFile
from msingi_claims.services.claim_files import MOST_TOLD, read_claim_xml, read_json

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


def _refusal(content: str, *, xml: bool = False) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as refused:
        (read_claim_xml if xml else read_json)(content.encode())
    return refused.value


@pytest.mark.rule("CLM-F1", "X-01", "attack 74")
def test_a_mistake_in_xml_is_told_by_its_line_and_elements() -> None:
    refusal = _refusal(XML.format(start="2026-02-10", diagnosis="B" * 31), xml=True)

    assert refusal.plain()["why"] == (
        "line 5, Details/CHFID of claim 1: this field is needed; "
        "line 7, Details/ICDCode of claim 1: write at most 30 characters; "
        "line 8, Details/StartDate of claim 1: write the day as DD/MM/YYYY; "
        "line 11, Items/Item[1]/ItemQuantity of claim 1: this field is needed; "
        "line 16, Services/Service[2]/ServiceQuantity of claim 1: write a number above 0"
    )
    french = TEXTS.refusal(refusal, "fr")
    assert french.startswith(
        "Le fichier ne se lit pas comme des demandes : "
        "ligne 5, Details/CHFID de la demande 1 : ce champ est nécessaire; "
    )
    assert "secret" not in french


@pytest.mark.rule("CLM-F1")
def test_a_day_that_is_none_is_told_even_where_all_else_is_right() -> None:
    right = XML.replace("<CHFID/>", "<CHFID>1</CHFID>").replace("Quantity>0<", "Quantity>1<")
    right = right.replace("<ItemPrice>", "<ItemQuantity>1</ItemQuantity><ItemPrice>")
    claims = read_claim_xml(right.format(start="10/02/2026", diagnosis="B00").encode())

    wrong = _refusal(right.format(start="31/02/2026", diagnosis="B00"), xml=True)

    assert [line.code for line in claims[0].lines] == ["IT1", "SV1"]
    assert wrong.plain() == {"why": "line 8, Details/StartDate of claim 1: write the day as DD/MM/YYYY"}


@pytest.mark.rule("CLM-F1")
def test_what_is_missing_as_a_whole_is_told_at_its_claim() -> None:
    refusal = _refusal("<Claims>\n<Claim/></Claims>", xml=True)

    assert str(refusal.plain()["why"]).startswith(
        "line 2, Details/ClaimCode of claim 1: this field is needed"
    )


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
