"""Which passwords are accepted (attack 49): 8 to 128 characters of any script, but nothing usual."""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

SHORTEST = 8
LONGEST = 128
_FEW_CHARACTERS = 4
_SHORTEST_WORD = 4
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "azertyuiopqsdfghjklmwxcvbn",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "aqwzsxedcrfvtgbyhnujm",
)
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_LOOK_ALIKE = str.maketrans("0134578@$!", "oleastbasi")


class PasswordFlaw(StrEnum):
    """Why a password is refused."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NOT_TEXT = "not_text"
    TOO_COMMON = "too_common"
    TOO_SIMPLE = "too_simple"
    OWN_NAME = "own_name"


def normal_password(typed: str) -> str | None:
    """The form that is hashed (NFC), or None for what no password can be: oversize or not text.

    The size is looked at first: a megabyte is refused before any work is done on it.
    """
    if len(typed) > LONGEST or not _is_text(typed):
        return None
    return unicodedata.normalize("NFC", typed)


def flaw_of(typed: str, *, minimum: int = SHORTEST, personal: Iterable[str] = ()) -> PasswordFlaw | None:
    """The first rule that a new password breaks, or None; ``personal`` holds the words of its owner."""
    if len(typed) > LONGEST:
        return PasswordFlaw.TOO_LONG
    normal = normal_password(typed)
    if normal is None:
        return PasswordFlaw.NOT_TEXT
    if len(normal) < max(minimum, SHORTEST):
        return PasswordFlaw.TOO_SHORT
    if _is_simple(normal.lower()):
        return PasswordFlaw.TOO_SIMPLE
    if any(word in normal.lower() for word in _own_words(personal)):
        return PasswordFlaw.OWN_NAME
    return PasswordFlaw.TOO_COMMON if _is_common(normal) else None


def _is_text(typed: str) -> bool:
    try:
        typed.encode()
    except UnicodeEncodeError:
        return False
    return True


def _own_words(personal: Iterable[str]) -> list[str]:
    return [word.lower() for word in personal if len(word) >= _SHORTEST_WORD]


def _is_simple(password: str) -> bool:
    return (
        len(set(password)) < _FEW_CHARACTERS
        or any(password in row or password in row[::-1] for row in _ROWS)
        or _repeats(password)
    )


def _repeats(password: str) -> bool:
    """Whether it is one short piece written over and over: abcabcabc, 12341234."""
    position = (password + password).find(password, 1)
    return position <= len(password) // 2


def _is_common(password: str) -> bool:
    folded = password.casefold()
    plain = _without_accents(folded)
    candidates = {folded, plain, _EDGES.sub("", plain), _EDGES.sub("", plain.translate(_LOOK_ALIKE))}
    return not candidates.isdisjoint(common_passwords())


def _without_accents(text: str) -> str:
    return "".join(
        sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign)
    ).replace(" ", "")


@lru_cache(maxsize=1)
def common_passwords() -> frozenset[str]:
    """The list of usual passwords and words, in lower case without accents."""
    text = files("msingi.auth").joinpath("common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(text.split())
