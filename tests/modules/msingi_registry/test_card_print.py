"""The printed card says the same in every language, also in those that are written from the right."""

import json
import re
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
import typst

from msingi.i18n import Texts
from msingi_registry.services.card_print import FIXED_TEXTS, day_in

LOCALE = Path(str(files("msingi_registry"))) / "locale"
FACTS = {
    "organisation": "o",
    "title": "t",
    "labels": dict.fromkeys(("uhid", "initials", "birth_year", "sex", "issued", "number"), "l"),
    "uhid": "1111 2222 3333",
    "initials": "A. B.",
    "birth_year": "1990",
    "sex": "f",
    "issued": "2026-03-02",
    "number": "1",
    "code": '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>',
    "found": "f",
}


@pytest.mark.rule("CH-04", "ID-1")
def test_an_arabic_card_prints_the_groups_of_a_health_id_in_their_order() -> None:
    assert _longest_run("ar") == _longest_run("fr")


def _longest_run(language: str) -> list[tuple[str, str]]:
    """The shape and place of each sign of the longest text that is set in one piece: the health ID."""
    template = files("msingi_registry").joinpath("card_template", "card.typ").read_bytes()
    facts = {"card": json.dumps(FACTS | {"language": language})}
    picture: bytes = typst.compile(template, sys_inputs=facts, format="svg", ignore_system_fonts=True)
    pieces = re.findall(r'<g transform="matrix[^"]*">((?:<use [^>]*/>)+)</g>', picture.decode())
    signs = [re.findall(r'href="#(\w+)" x="([\d.]+)"', piece) for piece in pieces]
    longest = max(signs, key=len)
    assert len(longest) >= len("111122223333")
    return longest


@pytest.mark.rule("CH-04", "X-01")
@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("fr", "2 mars 2026"),
        ("en", "Mar 2, 2026"),
        ("sw", "2 Mac 2026"),
        ("ar", "02/03/2026"),
        ("xx", "2026-03-02"),
    ],
)
def test_the_day_of_issue_is_written_as_its_reader_writes_it(language: str, written: str) -> None:
    assert day_in(language, date(2026, 3, 2)) == written


def test_the_first_of_a_month_is_written_as_french_readers_write_it() -> None:
    assert day_in("fr", date(2026, 3, 1)) == "1er mars 2026"


@pytest.mark.rule("CH-04", "X-01")
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_every_fixed_text_of_the_card_is_there_in_its_language(language: str) -> None:
    texts = Texts([LOCALE], [language])

    assert [text for text in FIXED_TEXTS if texts.get(text, language) == text] == []
