"""Names that look the same to the eye and are different to the machine (attack 57)."""

import unicodedata
from typing import Final

from msingi_registry.rules.names import MAX_NAME

_LOOKS_LIKE_LATIN: Final = {
    "a": "\u0430\u0410\u03b1\u0391",
    "b": "\u0432\u0412\u0392",
    "c": "\u0441\u0421\u03f2\u03f9",
    "d": "\u0501",
    "e": "\u0435\u0415\u0395",
    "h": "\u043d\u041d\u04bb\u0397",
    "i": "\u0456\u0406\u03b9\u0399",
    "j": "\u0458\u0408\u03f3",
    "k": "\u043a\u041a\u03ba\u039a",
    "l": "\u04cf\u04c01|",
    "m": "\u043c\u041c\u039c",
    "n": "\u039d",
    "o": "\u043e\u041e\u03bf\u039f0",
    "p": "\u0440\u0420\u03c1\u03a1",
    "q": "\u051b",
    "s": "\u0455\u0405",
    "t": "\u0442\u0422\u03c4\u03a4",
    "u": "\u03c5",
    "v": "\u0475\u03bd",
    "w": "\u051d",
    "x": "\u0445\u0425\u03c7\u03a7",
    "y": "\u0443\u0423\u04af\u03a5",
    "z": "\u0396",
}
"""Cyrillic and Greek letters, and typed signs, under the Latin letter that they look like."""

_OUTLINE: Final = {ord(sign): latin for latin, signs in _LOOKS_LIKE_LATIN.items() for sign in signs}


def look_of(name: str) -> str:
    """Return the outline of a name: letters of other alphabets as the Latin letters that they look like."""
    return unicodedata.normalize("NFC", name[:MAX_NAME].translate(_OUTLINE).casefold())


def is_look_alike(first: str, second: str) -> bool:
    """Say whether two names are written with different characters that look the same."""
    one, other = (unicodedata.normalize("NFC", name).casefold() for name in (first, second))
    return one != other and look_of(first) == look_of(second)


def mixes_scripts(name: str) -> bool:
    """Say whether one word of the name has letters of two alphabets, a sign of a forged or mistyped name."""
    return any(len(_scripts_of(word)) > 1 for word in name[:MAX_NAME].replace("-", " ").split())


def _scripts_of(word: str) -> set[str]:
    letters = (sign for sign in word if sign.isalpha() and unicodedata.category(sign) != "Lm")
    return {unicodedata.name(letter, "UNKNOWN").split()[0] for letter in letters}
