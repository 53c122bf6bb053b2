"""Check-digit schemes of identifiers: ISO 7064 mod 97-10 and mod 11,10, Luhn, and the key to 97."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

_FIRST_LETTER_VALUE: Final = 10
_KEY_LENGTH: Final = 2


class CheckScheme(StrEnum):
    """The check-digit schemes that an identifier type can name."""

    NONE = "none"
    MOD_97_10 = "mod97-10"
    MOD_11_10 = "mod11-10"
    LUHN = "luhn"
    KEY_97 = "key97"


def mod97_check(payload: str) -> str:
    """Return the two check digits, 02 to 98, of ISO 7064 mod 97-10; letters count as 10 (A) to 35 (Z)."""
    return f"{98 - int(_letters_as_numbers(payload)) * 100 % 97:02d}"


def passes_check(scheme: CheckScheme, value: str) -> bool:
    """Say whether the normal form of a value, check characters last, obeys the scheme (ID-4)."""
    return VALIDATORS[scheme](value)


def _passes_always(value: str) -> bool:
    return bool(value)


def _passes_mod97_10(value: str) -> bool:
    payload, check = value[:-_KEY_LENGTH], value[-_KEY_LENGTH:]
    return bool(payload) and _is_code(payload) and check == mod97_check(payload)


def _passes_mod11_10(value: str) -> bool:
    if not _is_number(value[:-1]) or not _is_number(value):
        return False
    product = 10
    for digit in value[:-1]:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return (product + int(value[-1])) % 10 == 1


def _passes_luhn(value: str) -> bool:
    if not _is_number(value[:-1]) or not _is_number(value):
        return False
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in value[-2::-2])
    return (doubled + sum(int(digit) for digit in value[::-2])) % 10 == 0


def _passes_key97(value: str) -> bool:
    """Check the key of French-style social security numbers: 97 minus the number modulo 97."""
    payload, key = value[:-_KEY_LENGTH], value[-_KEY_LENGTH:]
    return _is_number(payload) and key == f"{97 - int(payload) % 97:02d}"


def _letters_as_numbers(payload: str) -> str:
    if _is_number(payload):
        return payload
    return "".join(str(int(character, 36)) for character in payload)


def _is_number(value: str) -> bool:
    return value.isascii() and value.isdigit()


def _is_code(value: str) -> bool:
    return value.isascii() and value.isalnum()


VALIDATORS: Final[Mapping[CheckScheme, Callable[[str], bool]]] = MappingProxyType(
    {
        CheckScheme.NONE: _passes_always,
        CheckScheme.MOD_97_10: _passes_mod97_10,
        CheckScheme.MOD_11_10: _passes_mod11_10,
        CheckScheme.LUHN: _passes_luhn,
        CheckScheme.KEY_97: _passes_key97,
    }
)
"""The function that checks each scheme."""
