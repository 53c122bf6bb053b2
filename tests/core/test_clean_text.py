"""Human text has one clean form."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi.clean_text import MAX_LINE, InvalidCharacter, TextTooLong, TooManyMarks, clean_text
from msingi.errors import DomainError


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("N'Djamena", "N'Djamena"),
        ("Ngo\u2019o", "Ngo\u2019o"),
        ("  Amina \t Diallo  ", "Amina Diallo"),
        ("Ame\u0301lie", "Amélie"),
        ("\u202eadnecra\u202c", "adnecra"),
        ("Ma\u200brie\ufeff", "Marie"),
        ("\u200f\u0645\u062d\u0645\u062f\u200e", "\u0645\u062d\u0645\u062f"),
        ("A\u00a0B\u3000C", "A B C"),
        ("I\u0307stanbul", "\u0130stanbul"),
        ("\U0001f600 smile", "\U0001f600 smile"),
        ("Nguye\u0302\u0303n", "Nguy\u1ec5n"),
        ("\u0645\u0651\u064e", "\u0645\u064e\u0651"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("", ""),
    ],
)
@pytest.mark.rule("attack 57", "attack 60")
def test_a_name_is_brought_to_its_clean_form(typed: str, clean: str) -> None:
    assert clean_text(typed) == clean


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("a\x00b", InvalidCharacter),
        ("a\x1b[31mb", InvalidCharacter),
        ("a\x7fb", InvalidCharacter),
        ("a\nb", InvalidCharacter),
        ("a\u2028b", InvalidCharacter),
        ("\ud800", InvalidCharacter),
        ("\ue000", InvalidCharacter),
        ("\ufffe", InvalidCharacter),
        ("e" + "\u0301\u0302\u0303\u0304\u0306\u0307" * 3, TooManyMarks),
        ("Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d", TooManyMarks),
        ("x" * (MAX_LINE + 1), TextTooLong),
        ("x" * 1_000_000, TextTooLong),
        ("\ufdfa" * (MAX_LINE + 1), TextTooLong),
    ],
)
@pytest.mark.rule("attack 57")
def test_what_no_person_types_is_refused(typed: str, refusal: type[DomainError]) -> None:
    with pytest.raises(refusal):
        clean_text(typed)


@pytest.mark.rule("attack 57")
def test_long_texts_keep_lines_and_joiners() -> None:
    typed = "Bonjour,\r\n\r\nfamille \U0001f469\u200d\U0001f467 \u202e \x85fin\t."

    assert clean_text(typed, lines=True) == "Bonjour,\n\nfamille \U0001f469\u200d\U0001f467\nfin ."


@given(st.text(), st.booleans())
@pytest.mark.rule("attack 57")
def test_cleaning_twice_changes_nothing(typed: str, lines: bool) -> None:  # noqa: FBT001
    try:
        once = clean_text(typed, lines=lines)
    except DomainError:
        return

    assert clean_text(once, lines=lines) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\x00" not in once
    assert once.encode().decode() == once
    assert lines or "\n" not in once
