"""The keys under which a name is stored for search, and those that a typed query asks for (ID-10)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from msingi_registry.rules.names import NameWord, name_words, served_name, spelling_variants
from msingi_registry.rules.phonetics import consonant_frame, french_keys, soundex

MAX_QUERY_WORDS: Final = 6
"""Words of a query that are looked at; the others are left out."""

_SHORTEST_SOUNDING_WORD: Final = 3


class SearchKind(StrEnum):
    """What the value of a search key is."""

    WORD = "word"
    FRENCH = "french"
    SOUNDEX = "soundex"
    CONSONANTS = "consonants"


@dataclass(frozen=True, slots=True, order=True)
class SearchKey:
    """One searchable value of a name; a WORD may also be searched by its beginning."""

    kind: SearchKind
    value: str


@dataclass(frozen=True, slots=True)
class QueryWord:
    """One word of a query: a person matches with any prefix of a WORD key or any of the keys."""

    prefixes: frozenset[str]
    keys: frozenset[SearchKey]


def search_keys(given: str | None, family: str | None) -> frozenset[SearchKey]:
    """Return all search keys of a person's names, whichever field each word stands in; either may be missing."""
    names = (name for name in (given, family) if name)
    return frozenset(key for name in names for word in name_words(name) for key in _keys_of(word))


def query_keys(text: str) -> tuple[QueryWord, ...]:
    """Return what each word of a typed query asks for; a person is found when every word matches."""
    words = name_words(text)[:MAX_QUERY_WORDS]
    return tuple(
        QueryWord(
            prefixes=frozenset({word.text, word.joined}),
            keys=frozenset(key for key in _keys_of(word) if key.kind is not SearchKind.WORD),
        )
        for word in words
    )


def matches_query(keys: frozenset[SearchKey], query: tuple[QueryWord, ...]) -> bool:
    """Say whether a person with these keys is found by the query; a query without words finds nobody."""
    words = [key.value for key in keys if key.kind is SearchKind.WORD]
    return bool(query) and all(
        not keys.isdisjoint(asked.keys) or any(word.startswith(tuple(asked.prefixes)) for word in words)
        for asked in query
    )


def _keys_of(word: NameWord) -> set[SearchKey]:
    variants = spelling_variants(word)
    keys = {SearchKey(SearchKind.WORD, spelling) for spelling in variants}
    if len(word.text) < _SHORTEST_SOUNDING_WORD:
        return keys
    keys |= {
        SearchKey(SearchKind.FRENCH, key) for spelling in variants for key in french_keys(spelling) if key
    }
    keys |= {
        SearchKey(SearchKind.SOUNDEX, code) for code in {soundex(served_name(word.text) or word.text)} if code
    }
    keys |= {SearchKey(SearchKind.CONSONANTS, frame) for frame in {consonant_frame(word.text)} if frame}
    return keys
