"""Names of persons: what is stored, how they are folded for comparison, and their words (ID-10)."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from anyascii import anyascii

from msingi_registry.rules.refusals import Refusal

MAX_NAME: Final = 200
"""Longest name, in characters."""

_PARTICLES: Final = (
    "a al ait ap as at ben bent bin bint d da das de del den der des di do dos du ed el es et "
    "fitz i ibn l la las le les los m mac mc mint n o och ould ouled st van vd von wad wuld y"
)
PARTICLES: Final = frozenset(_PARTICLES.split())
"""Words that join or introduce a name and may be left out, or written together with the next word."""

_JOINED_PARTICLES: Final = ("ould", "ben", "bin", "el", "al", "mc", "de", "di")
_FEWEST_LETTERS_AFTER_PARTICLE: Final = 5

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
    marked = unicodedata.normalize("NFKD", name[:MAX_NAME].translate(_STORED))
    bare = "".join(character for character in marked if not unicodedata.combining(character))
    latin = anyascii(bare).lower().replace("'", "").replace("`", "")
    return " ".join(_NOT_A_LETTER.sub(" ", latin).split())


def name_words(name: str) -> tuple[NameWord, ...]:
    """Return the significant words of a name, in the order written, each with the particles before it.

    Particles that no word follows are words themselves.
    """
    found: list[NameWord] = []
    particles: list[str] = []
    for word in fold_name(name).split():
        if word in PARTICLES:
            particles.append(word)
            continue
        found.append(NameWord(word, "".join((*particles, word))))
        particles.clear()
    return (*found, *(NameWord(particle, particle) for particle in particles))


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
    """Return the spellings under which a word is found: bare, with its particles, without a glued particle."""
    glued = {
        word.text.removeprefix(particle)
        for particle in _JOINED_PARTICLES
        if word.text.startswith(particle) and len(word.text) - len(particle) >= _FEWEST_LETTERS_AFTER_PARTICLE
    }
    return frozenset({word.text, word.joined} | glued)


def _is_storable(name: str) -> bool:
    if not name or any(unicodedata.category(character) in _REFUSED_CATEGORIES for character in name):
        return False
    return _MARK_FLOOD.search(unicodedata.normalize("NFD", name)) is None and any(map(str.isalpha, name))


def _words_of(name: str) -> list[str]:
    return sorted(word.text for word in name_words(name))
