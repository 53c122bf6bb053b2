"""The texts of catalogues for the help of commands: read without Babel, which takes longer to load than help may take."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

_STRING: Final = r'"(?:[^"\\\n]|\\.)*"'
_STRINGS: Final = rf"{_STRING}(?:\s+{_STRING})*"
_ENTRY: Final = re.compile(rf"^msgid ({_STRINGS})\s+msgstr ({_STRINGS})", re.MULTILINE)
_PIECE: Final = re.compile(_STRING)
_ESCAPED: Final = re.compile(r"\\(.)")
_MEANT: Final = {"n": "\n", "r": "\r", "t": "\t"}


@cache
def texts_in(folder: Path, language: str) -> Mapping[str, str]:
    """The texts of ``<folder>/<language>/messages.po`` by their English; those that depend on a number are left out."""
    path = folder / language / "messages.po"
    if not path.is_file():
        return {}
    entries = _ENTRY.findall(path.read_text(encoding="utf-8"))
    texts = ((_joined(english), _joined(told)) for english, told in entries)
    return {english: told for english, told in texts if english and told}


def _joined(strings: str) -> str:
    """One text from the quoted strings that a catalogue breaks it into."""
    pieces = "".join(piece[1:-1] for piece in _PIECE.findall(strings))
    return _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), pieces)
