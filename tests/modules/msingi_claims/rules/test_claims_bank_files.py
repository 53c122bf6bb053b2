"""Files for the bank hold only texts that banks read, whatever people call themselves (BAT-6, TZA-16)."""

import re
from datetime import UTC, date, datetime
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi.money import Money
from msingi_claims.rules.bank_files import NAMESPACE, Payer, Transfer, bank_text, credit_transfers

PAIN = {"p": NAMESPACE}


@pytest.mark.rule("BAT-6")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Économat de l'hôpital", "Economat de l'hopital"),
        ("//ABC", "ABC"),
        (":ABC -", "ABC"),
        ("A//B / / C", "A/B / C"),
        ("Caisse 🏥 du 👩‍⚕️ CS", "Caisse du CS"),
        ("ሆስፒታል", "hospital"),
        ("Caisse № 5\x0bB & fils", "Caisse No 5 B fils"),
        ("💰💰", ""),
        (" \u00a0\u200b ", ""),
        ("(-)", ""),
    ],
)
def test_texts_are_told_in_the_characters_of_banks(text: str, said: str) -> None:
    assert bank_text(text, 140) == said


@pytest.mark.rule("BAT-6")
@given(st.text(max_size=60), st.integers(min_value=1, max_value=35))
def test_no_text_breaks_the_rules_of_banks(text: str, most: int) -> None:
    said = bank_text(text, most)

    assert len(said) <= most
    assert re.fullmatch(r"[A-Za-z0-9/\-?:().,'+ ]*", said)
    assert not re.search(r"//|  |^[/: -]|[/: -]$", said)
    assert bank_text(said, most) == said


@pytest.mark.rule("BAT-6", "TZA-16")
def test_no_part_of_a_file_is_blank() -> None:
    transfer = Transfer("P1-00001", "HF1", "   ", "001", " ", Money.from_minor(100, "XAF"), "💰")

    document = fromstring(
        credit_transfers(
            "P1", Payer("🏥", "", ""), [transfer], made=datetime(2026, 3, 2, tzinfo=UTC), due=date(2026, 3, 2)
        )
    )

    paths = ("GrpHdr/p:InitgPty/p:Nm", "PmtInf/p:Dbtr/p:Nm", "PmtInf/p:CdtTrfTxInf/p:Cdtr/p:Nm")
    wanted = (*paths, "PmtInf/p:CdtTrfTxInf/p:CdtrAgt/p:FinInstnId/p:Othr/p:Id")
    texts = [document.findtext(f"p:CstmrCdtTrfInitn/p:{path}", namespaces=PAIN) for path in wanted]
    assert texts == ["NOTPROVIDED"] * 4
    assert all(element.text for element in document.iter() if not len(element))
