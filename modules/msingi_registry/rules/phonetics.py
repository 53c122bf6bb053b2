"""How a word sounds: soundex, a key for French spelling of African names, and a consonant frame."""

import re
from functools import lru_cache
from typing import Final

_SOUNDEX_CODES: Final = {
    letter: code
    for letters, code in (("bfpv", "1"), ("cgjkqsxz", "2"), ("dt", "3"), ("l", "4"), ("mn", "5"), ("r", "6"))
    for letter in letters
}
_SOUNDEX_LENGTH: Final = 4
_MAX_WORD: Final = 40
_SHORTEST_STEM: Final = 3
_REMEMBERED_WORDS: Final = 8192

_ARTICLE_OF_ABD: Final = (
    r"^abd(?:ou|[aeiou])(?:l(?!l?a[hy])(?=[a-z]{3})|(?=([rsntzdj])\1?[aeiouy][a-z]{2}))",
    "abd",
)
"""Abdelkader, Abdulkadir and Abdalqadir differ in the vowel of the article, Abderrahmane in its consonant too."""

_FRENCH_RULES: Final = tuple(
    (re.compile(spelling), sound)
    for spelling, sound in (
        _ARTICLE_OF_ABD,
        (r"ph", "f"),
        (r"^ch(?=[lr])", "k"),
        (r"t?s?ch|sh", "X"),
        (r"[kq]h", "k"),
        (r"([bdgrt])h", r"\1"),
        (r"d[gj]", "j"),
        (r"gn|n(?:iy|yi|y|i)(?=[aeou])", "ny"),
        (r"gu(?=[eiy])", "G"),
        (r"g(?=[eiy])", "j"),
        (r"qu?|ck", "k"),
        (r"c(?=[eiy])|z", "s"),
        (r"c", "k"),
        (r"x(?!$)(?<=[aeiou]x)", "ks"),
        (r"e?aux?", "o"),
        (r"o?u(?=[aeio])", "w"),
        (r"o?u", "u"),
        (r"oi|oy(?![aeiou])", "wa"),
        (r"[ae]y(?=e?$)", "e"),
        (r"y(?![aeiou])", "i"),
        (r"[ae]i(?![aeou])", "e"),
        (r"eu", "e"),
        (r"m(?=[bp])", "n"),
        (r"h", ""),
        (r"(.)\1+", r"\1"),
    )
)
"""Spelling and sound, applied in this order; `X` is the ch of cheval, `ny` the gn of agneau, `G` a hard g."""

_SILENT_END: Final = re.compile("[sxtd]+$")
_HARD_G: Final = re.compile("g(?=[eiy])")

_CONSONANT_RULES: Final = tuple(
    (re.compile(spelling), sound)
    for spelling, sound in (
        _ARTICLE_OF_ABD,
        (r"ph", "f"),
        (r"[st]?ch|sh", "s"),
        (r"kh|qu?|c|x", "k"),
        (r"gn", "n"),
        (r"([dgtz])h", r"\1"),
        (r"dj|j", "j"),
        (r"h+$", ""),
        (r"[aeiouyw]", ""),
        (r"(.)\1+", r"\1"),
    )
)
_FEWEST_CONSONANTS: Final = 2


def soundex(word: str) -> str:
    """Return the four-character American soundex code of a folded word, or nothing for no letters."""
    letters = [letter for letter in word[:_MAX_WORD] if letter.isalpha()]
    if not letters:
        return ""
    codes = ""
    last = _SOUNDEX_CODES.get(letters[0], "")
    for letter in letters[1:]:
        code = _SOUNDEX_CODES.get(letter, "")
        if code and code != last:
            codes += code
        if letter not in "hw":
            last = code
    return (letters[0].upper() + codes).ljust(_SOUNDEX_LENGTH, "0")[:_SOUNDEX_LENGTH]


@lru_cache(maxsize=_REMEMBERED_WORDS)
def french_key(word: str) -> str:
    """Return how a folded word sounds when French spelling rules are applied to it (ID-10).

    The rules are written out in docs/rules/registry.md. Vowels stay, doubled letters count once,
    mute endings fall, so `Tchatchoua` and `Chatchoua`, `Ouattara` and `Wattara` have one key.
    """
    key = word[:_MAX_WORD]
    for spelling, sound in _FRENCH_RULES:
        key = spelling.sub(sound, key)
    return _without_mute_end(key).upper()


def french_keys(word: str) -> frozenset[str]:
    """Return the French key, and a second one with a hard g where Kirundi reads `gi` as `gui` (Gitega)."""
    return frozenset({french_key(word), french_key(_HARD_G.sub("gu", word))})


@lru_cache(maxsize=_REMEMBERED_WORDS)
def consonant_frame(word: str) -> str:
    """Return the consonants of a folded word, or nothing when it has fewer than two (ID-10).

    Arabic script leaves short vowels out, so the transliterated `mhmd` meets Mohamed and Muhammad.
    """
    frame = word[:_MAX_WORD]
    for spelling, sound in _CONSONANT_RULES:
        frame = spelling.sub(sound, frame)
    return frame if len(frame) >= _FEWEST_CONSONANTS else ""


def _without_mute_end(key: str) -> str:
    stem = _SILENT_END.sub("", key)
    if len(stem) < _SHORTEST_STEM:
        stem = key
    return stem.removesuffix("e") if len(stem) > _SHORTEST_STEM else stem
