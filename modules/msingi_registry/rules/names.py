"""Names of persons: what is stored, how they are folded for comparison, and their words (ID-10)."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from anyascii import anyascii

from msingi_registry.rules.arabic_names import with_latin_letters
from msingi_registry.rules.refusals import Refusal

MAX_NAME: Final = 200
"""Longest name, in characters."""

_PARTICLES: Final = (
    "a ach al ait ap as ash at az ben bent bin bint d da das de del den der des di do dos du "
    "ech ed el en er es et ez fitz i ibn l la las le les los m mac mc mint n o och ould ouled st "
    "van vd von wad wuld y"
)
PARTICLES: Final = frozenset(_PARTICLES.split())
"""Words that join or introduce a name and may be left out, or written together with the next word."""

_JOINED_PARTICLES: Final = ("ould", "ben", "bin", "el", "al", "mc", "de", "di")
_FEWEST_LETTERS_AFTER_PARTICLE: Final = 5

_SERVANTS: Final = frozenset(["abd", "abdal", "abdel", "abdil", "abdol", "abdoul", "abdul"])
"""The servant of, alone or with its article: never a name without the word that follows."""

_SERVED: Final = re.compile(
    r"abd(?:(?:ou|[aeiou])(?:l(?!l?a[hy])|([rsntzdj])(?=\1)|(?=[rsntzdj]))|(?=[^aeiou]))(?P<name>[a-z]{4,})"
)

_SHORT_ARTICLE: Final = re.compile("[ae](?P<name>l[aeiou][a-z]{2,})")
"""El Arbi and El Amine are also written Larbi and Lamine."""

_APOSTROPHES: Final = "\u2018\u2019\u201b\u02bc\u02bb\u02b9\u02bf\u02be\u2032\u00b4\u0060\uff07\ua78c"
_HYPHENS: Final = "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"
_INVISIBLE: Final = "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_STORED: Final = {
    **dict.fromkeys(map(ord, _APOSTROPHES), "'"),
    **dict.fromkeys(map(ord, _HYPHENS), "-"),
    **dict.fromkeys(map(ord, _INVISIBLE)),
}
_REFUSED_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "So", "Sk", "Sm", "Sc", "Me"})
_MARK_FLOOD: Final = re.compile("[\u0300-\u036f\u0483-\u0489\u064b-\u065f\u1ab0-\u1aff\u1dc0-\u20ff]{4}")
_NOT_A_LETTER: Final = re.compile("[^a-z0-9 ]+")


@dataclass(frozen=True, slots=True)
class NameWord:
    """One significant word of a name, and the same word written together with its particles."""

    text: str
    joined: str


def clean_name(typed: str) -> str:
    """Return a name as it is stored: composed, one space between words, one kind of apostrophe and hyphen.

    Direction marks and zero-width characters go. Raises `registry.name_too_long`, and
    `registry.name_invalid` for an empty name, control or private characters, lone surrogates,
    symbols and emoji, or more than three combining marks on one letter (attack 57).
    """
    if len(typed) > MAX_NAME:
        raise Refusal("registry.name_too_long", max=MAX_NAME)
    spaced = " ".join(typed.translate(_STORED).split())
    name = unicodedata.normalize("NFC", spaced)
    if not _is_storable(name):
        raise Refusal("registry.name_invalid")
    return name


def fold_name(name: str) -> str:
    """Return the name in lower-case a-z: without accents or apostrophes, transliterated, hyphens as spaces.

    The result does not depend on the locale: a Turkish dotless i is an i (attack 60).
    """
    plain = with_latin_letters(name[:MAX_NAME].translate(_STORED))
    marked = unicodedata.normalize("NFKD", plain)
    bare = "".join(character for character in marked if not unicodedata.combining(character))
    latin = anyascii(bare).lower().replace("'", "").replace("`", "")
    return " ".join(_NOT_A_LETTER.sub(" ", latin).split())


def name_words(name: str) -> tuple[NameWord, ...]:
    """Return the significant words of a name, in the order written, each with the particles before it.

    Abd el Kader is one word, as in Abdelkader. Particles that no word follows are words themselves.
    """
    found: list[NameWord] = []
    before: list[str] = []
    for word in fold_name(name).split():
        if word in PARTICLES or (word in _SERVANTS and not _serving(before)):
            before.append(word)
            continue
        served = _serving(before)
        found.append(NameWord("".join((*served, word)), "".join((*before, word))))
        before.clear()
    return (*found, *(NameWord(word, word) for word in before))


def compact_name(name: str) -> str:
    """Return the words of a name in alphabetical order and without spaces: equal for swapped names."""
    return "".join(_words_of(name))


def same_name(first: str, second: str) -> bool:
    """Say whether two names have the same words in any order, or the same letters differently spaced."""
    one, other = fold_name(first), fold_name(second)
    if not one or not other:
        return False
    same_letters = one.replace(" ", "") == other.replace(" ", "")
    return same_letters or sorted(one.split()) == sorted(other.split()) or _words_of(one) == _words_of(other)


def spelling_variants(word: NameWord) -> frozenset[str]:
    """Return the spellings under which a word is found: bare, with its particles, without a glued particle or servant."""
    served = served_name(word.text)
    short = _SHORT_ARTICLE.fullmatch(word.joined) if word.joined != word.text else None
    glued = {
        word.text.removeprefix(particle)
        for particle in _JOINED_PARTICLES
        if word.text.startswith(particle) and len(word.text) - len(particle) >= _FEWEST_LETTERS_AFTER_PARTICLE
    }
    others = {name for name in (served, short and short["name"]) if name}
    return frozenset({word.text, word.joined} | glued | others)


def served_name(word: str) -> str | None:
    """Return what follows servant and article in a folded word: Kader of Abdelkader."""
    served = _SERVED.fullmatch(word)
    return served["name"] if served else None


def _serving(before: Sequence[str]) -> Sequence[str]:
    """The words from the servant on, which make one name with the next word."""
    at = next((at for at, word in enumerate(before) if word in _SERVANTS), len(before))
    return before[at:]


def _is_storable(name: str) -> bool:
    if not name or any(unicodedata.category(character) in _REFUSED_CATEGORIES for character in name):
        return False
    return _MARK_FLOOD.search(unicodedata.normalize("NFD", name)) is None and any(map(str.isalpha, name))


def _words_of(name: str) -> list[str]:
    return sorted(word.text for word in name_words(name))
