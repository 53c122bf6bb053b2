"""Under which words a person is searched, and which keys lead to records that may be the same person (ID-9, ID-10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Final

from msingi_registry.rules.dates import BirthDate, DatePrecision
from msingi_registry.rules.name_search import SearchKind, search_keys
from msingi_registry.rules.names import name_words, spelling_variants
from msingi_registry.rules.phonetics import french_key

MAX_WORDS: Final = 6
"""Words of a person's names that are indexed; nobody is found by the seventh."""

MAX_VALUE: Final = 60
"""Characters of a word that are indexed."""

_REMEMBERED_NAMES: Final = 512
"""A registration asks three times for the keys of each name."""


@dataclass(frozen=True, slots=True)
class NameKeys:
    """The keys of a person's names.

    ``words`` are the spellings under which the person is searched, folded to a-z and 0-9. ``pairs`` has one key per
    pair of words, by sound and in any order, so that swapped and misspelt names share it; a name of one word is
    its own key. ``sounds`` has one key per word.
    """

    words: frozenset[str]
    sounds: tuple[str, ...]

    @property
    def pairs(self) -> tuple[str, ...]:
        """One key per two words, or the only word."""
        if len(self.sounds) == 1:
            return self.sounds
        return tuple(pair_key(one, other) for one, other in combinations(self.sounds, 2))

    def with_birth(self, birth: BirthDate | None) -> tuple[str, ...]:
        """One key per word with the exact day of birth; none when the day is not known."""
        if birth is None or birth.precision is not DatePrecision.DAY:
            return ()
        return tuple(f"{sound}|{birth.value:%Y%m%d}" for sound in self.sounds)


@lru_cache(maxsize=_REMEMBERED_NAMES)
def name_keys(names: str) -> NameKeys:
    """The keys of a person's names, given and family names in one text; words after the sixth have none."""
    words = name_words(names)[:MAX_WORDS]
    spellings = frozenset(spelling[:MAX_VALUE] for word in words for spelling in spelling_variants(word))
    return NameKeys(spellings, tuple(sorted({sound_key(word.text) for word in words})))


def sounds_of(word: str) -> Mapping[SearchKind, frozenset[str]]:
    """The sound keys of one indexed word by kind; short words have none (ID-10)."""
    keys = search_keys(word, None)
    kinds = (SearchKind.FRENCH, SearchKind.SOUNDEX, SearchKind.CONSONANTS)
    return {kind: frozenset(key.value[:MAX_VALUE] for key in keys if key.kind is kind) for kind in kinds}


def pair_key(one: str, other: str) -> str:
    """The key of two sounds, in any order."""
    return "|".join(sorted((one, other)))


def sound_key(word: str) -> str:
    """How a word sounds to a French ear; the word itself when it has no sound key."""
    return (french_key(word) or word)[: MAX_VALUE // 2]
