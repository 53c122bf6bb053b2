"""Characters that people and scanners add around an identifier, and digits of other scripts."""

from typing import Final

MAX_TYPED: Final = 64
"""Longest text, in characters, that is looked at as an identifier."""

_ARABIC_INDIC_ZERO: Final = 0x0660
_EASTERN_ARABIC_ZERO: Final = 0x06F0
_FULL_WIDTH_ZERO: Final = 0xFF10
_DIGITS: Final = {
    zero + value: str(value)
    for zero in (_ARABIC_INDIC_ZERO, _EASTERN_ARABIC_ZERO, _FULL_WIDTH_ZERO)
    for value in range(10)
}

_SPACES: Final = " \t\r\n\x0b\x0c\u00a0\u2007\u2009\u202f\u3000"
_HYPHENS: Final = "-\u2010\u2011\u2012\u2013\u2014\u2212"
_INVISIBLE: Final = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\ufeff"
_SCANNER_FRAMES: Final = "\x02\x03\x04\x1d\x1e\x1f"
_NOISE: Final = dict.fromkeys(map(ord, _SPACES + _HYPHENS + _INVISIBLE + _SCANNER_FRAMES + "."))


def western_digits(text: str) -> str:
    """Turn Arabic-Indic, eastern Arabic and full-width digits into 0-9; other characters stay."""
    return text.translate(_DIGITS)


def without_noise(text: str) -> str:
    """Return the text without spaces, hyphens, dots, invisible marks and the frames that scanners add.

    A symbology prefix such as `]C1` and the asterisks around a Code 39 bar code go too (attack 59).
    """
    bare = western_digits(text).translate(_NOISE).strip("*")
    return bare[3:] if bare.startswith("]") else bare
