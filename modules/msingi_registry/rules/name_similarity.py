"""How alike two names are, whatever the order, spelling and number of their words (ID-10)."""

from itertools import product
from typing import Final

from rapidfuzz.distance import JaroWinkler

from msingi_registry.rules.names import name_words, same_name
from msingi_registry.rules.phonetics import consonant_frame, french_keys

SIMILAR_FROM: Final = 0.9
"""Names this alike, or more, are treated as two spellings of one name."""

_SOUNDS_ALIKE: Final = 0.95
_DIFFERENT_BELOW: Final = 0.75
_MISSING_WORD: Final = 0.04
_MOST_MISSING: Final = 3
_TELLING_CONSONANTS: Final = 3


def name_similarity(first: str, second: str) -> float:
    """Return 0 to 1: the mean Jaro-Winkler similarity of the best pairs of words, longer words counting more.

    Swapped and differently spaced names score 1; words that sound alike at least 0.95; each word that
    only one name has costs 0.04, at most 0.12; a missing name scores 0. The order of the two does not matter.
    """
    if same_name(first, second):
        return 1.0
    left = [word.text for word in name_words(first)]
    right = [word.text for word in name_words(second)]
    if not left or not right:
        return 0.0
    pairs = _best_pairs(left, right)
    score = sum(alike * letters for alike, letters in pairs) / sum(letters for _, letters in pairs)
    missing = min(abs(len(left) - len(right)), _MOST_MISSING)
    return round(max(0.0, score - _MISSING_WORD * missing), 4)


def word_similarity(one: str, other: str) -> float:
    """Return 0 to 1 for two folded words; below 0.75 of Jaro-Winkler they count as different: 0."""
    if one == other:
        return 1.0
    spelled = JaroWinkler.similarity(one, other)
    if _sound_alike(one, other):
        return max(spelled, _SOUNDS_ALIKE)
    return spelled if spelled >= _DIFFERENT_BELOW else 0.0


def _best_pairs(left: list[str], right: list[str]) -> list[tuple[float, int]]:
    """Pair each word with its best partner; gives the similarity of each pair and its number of letters."""
    ranked = sorted(
        (-word_similarity(one, other), min(one, other), max(one, other), row, column)
        for (row, one), (column, other) in product(enumerate(left), enumerate(right))
    )
    rows: set[int] = set()
    columns: set[int] = set()
    pairs: list[tuple[float, int]] = []
    for distance, one, other, row, column in ranked:
        if row in rows or column in columns:
            continue
        rows.add(row)
        columns.add(column)
        pairs.append((-distance, len(one) + len(other)))
    return pairs


def _sound_alike(one: str, other: str) -> bool:
    if not french_keys(one).isdisjoint(french_keys(other)):
        return True
    frame = consonant_frame(one)
    return len(frame) >= _TELLING_CONSONANTS and frame == consonant_frame(other)
