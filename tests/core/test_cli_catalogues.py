"""Catalogues: the quick reader finds what Babel finds, and no two of them say different things of one text."""

from collections import defaultdict
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from hypothesis import given
from hypothesis import strategies as st

from msingi.cli.catalogues import texts_in

ROOT = Path(__file__).parents[2]
FOLDERS = [
    path.parents[1]
    for top in ("core", "modules", "plugins")
    for path in sorted((ROOT / top).rglob("fr/messages.po"))
]
LINES = st.text('abé«» "\\\nt{}%#:', max_size=120)
"""Long enough to be broken into several strings, of what a catalogue has to escape and what only looks so."""


def _read_by_babel(source: bytes) -> dict[str, str]:
    catalogue = read_po(BytesIO(source))
    return {
        message.id: message.string
        for message in catalogue
        if isinstance(message.id, str) and isinstance(message.string, str) and message.id and message.string
    }


@pytest.mark.rule("X-01")
def test_one_text_is_said_in_one_way_by_all_catalogues() -> None:
    said: dict[str, set[str]] = defaultdict(set)
    for folder in FOLDERS:
        for text, french in texts_in(folder, "fr").items():
            said[text].add(french)

    assert said
    assert {text: ways for text, ways in said.items() if len(ways) > 1} == {}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_a_shipped_catalogue_is_read_as_babel_reads_it(folder: Path) -> None:
    source = (folder / "fr" / "messages.po").read_bytes()

    assert texts_in(folder, "fr") == _read_by_babel(source)


@given(texts=st.dictionaries(LINES, LINES, max_size=5))
def test_a_catalogue_that_babel_writes_is_read_back(
    texts: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    catalogue = Catalog(locale="fr")
    for english, french in texts.items():
        catalogue.add(english, french)
    catalogue.add(("{number} ship", "{number} ships"), ("{number} bateau", "{number} bateaux"))
    folder = tmp_path_factory.mktemp("locale")
    (folder / "fr").mkdir()
    with (folder / "fr" / "messages.po").open("wb") as stream:
        write_po(stream, catalogue)

    assert texts_in(folder, "fr") == _read_by_babel((folder / "fr" / "messages.po").read_bytes())


def test_a_language_without_a_catalogue_has_no_texts(tmp_path: Path) -> None:
    assert texts_in(tmp_path, "fr") == {}
