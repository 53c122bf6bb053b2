"""Arabic script in the letters in which bearers of the same name write it: vowels kept, article and servant apart (ID-10)."""

import re
import unicodedata
from typing import Final

_RUN: Final = re.compile("[\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]+")
_SERVANT: Final = "\u0639\u0628\u062f"
_ARTICLE: Final = "\u0627\u0644"
_WRITTEN_OUT: Final = {
    "\u0627\u0644\u0644\u0647": "allah",
    "\u0628\u0646": "ben",
    "\u0627\u0628\u0646": "ibn",
    "\u0628\u0646\u062a": "bint",
}
"""Words whose vowels everybody writes the same way."""

_FEWEST_LETTERS_AFTER_ARTICLE: Final = 3
_TATWEEL: Final = "\u0640"

_BREATH: Final = re.compile("(?<=[\u062a\u062c\u062f\u0632\u0633\u0642\u0643])\u0647")
"""A he after a letter that would make another sound of it in Latin: s and h is not sh."""

_VOWELS: Final = {
    **dict.fromkeys(map(ord, "\u0627\u0623\u0622\u0671\u0639\u0629\u0649"), "a"),
    **dict.fromkeys(map(ord, "\u064a\u06cc\u0626"), "y"),
    **dict.fromkeys(map(ord, "\u0648\u0624"), "w"),
    ord("\u0625"): "i",
    ord("\u0621"): None,
}
_HEARD: Final = tuple(
    (re.compile(written), heard)
    for written, heard in (
        ("a+", "a"),
        ("(?<![aiuw])(?<=.)w(?![aiuwy])", "u"),
        ("(?<![aiu])(?<=.)y(?![aiuy])", "i"),
    )
)
"""A waw or ye between consonants is a vowel; beside a vowel, and at the beginning, it stays."""


def with_latin_letters(name: str) -> str:
    """Return the name with each Arabic word in Latin letters as far as vowels decide; consonants stay as they are.

    The article stands apart, and so does what follows the servant (abd), written together or not.
    """
    return name if name.isascii() else _RUN.sub(lambda run: _words(run[0]), name)


def _words(run: str) -> str:
    plain = unicodedata.normalize("NFKC", run).replace(_TATWEEL, "")
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    if bare.startswith(_SERVANT + _ARTICLE):
        return f"{_word(_SERVANT)} {_word(bare.removeprefix(_SERVANT))}"
    return _word(bare)


def _word(word: str) -> str:
    if word in _WRITTEN_OUT:
        return _WRITTEN_OUT[word]
    named = word.removeprefix(_ARTICLE)
    if named != word and len(named) >= _FEWEST_LETTERS_AFTER_ARTICLE:
        return f"al {_heard(named)}"
    return _heard(word)


def _heard(word: str) -> str:
    latin = _BREATH.sub("a\u0647", word).translate(_VOWELS)
    for written, heard in _HEARD:
        latin = written.sub(heard, latin)
    return latin
