"""Codes with check digits: the universal health ID, facility codes and professional codes."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from msingi_registry.rules.characters import MAX_TYPED, without_noise
from msingi_registry.rules.checkdigits import CheckScheme, mod97_check, passes_check
from msingi_registry.rules.refusals import Refusal

RandomBelow: TypeAlias = Callable[[int], int]
"""Gives a whole number from 0 up to, not including, its argument."""

_CHECK_DIGITS: Final = 2
_MAX_PREFIX: Final = 3
_FEWEST_DIGITS: Final = 4
_MOST_DIGITS: Final = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeScheme:
    """A family of codes: prefix, random digits that begin with 1-9, two check digits (ID-1, ID-5).

    The prefix enters the check digits, so a code of one family never passes as one of another.
    """

    name: str
    prefix: str
    digits: int
    group: int = 0

    def __post_init__(self) -> None:
        """Refuse a prefix that is not 0 to 3 letters A-Z, or a number of digits outside 4 to 18."""
        letters = self.prefix.isascii() and self.prefix.isalpha() and self.prefix.isupper()
        if len(self.prefix) > _MAX_PREFIX or (self.prefix and not letters):
            raise Refusal("registry.code_prefix_invalid", scheme=self.name)
        if not _FEWEST_DIGITS <= self.digits <= _MOST_DIGITS:
            raise Refusal("registry.code_length_invalid", scheme=self.name, digits=self.digits)

    @property
    def capacity(self) -> int:
        """How many different codes the scheme holds."""
        return 9 * self.first_payload

    @property
    def first_payload(self) -> int:
        """The smallest number of the scheme: a 1 and zeros."""
        return int(10 ** (self.digits - 1))

    @property
    def length(self) -> int:
        """Characters of a code in normal form."""
        return len(self.prefix) + self.digits + _CHECK_DIGITS


UHID: Final = CodeScheme(name="uhid", prefix="", digits=10, group=4)
"""The universal health ID: 12 digits, nine thousand million values (ID-1)."""

FACILITY_CODE: Final = CodeScheme(name="facility", prefix="F", digits=6)
"""Codes of facilities, such as F123456 and two check digits (ID-5)."""

PRACTITIONER_CODE: Final = CodeScheme(name="practitioner", prefix="P", digits=7)
"""Codes of professionals, such as P1234567 and two check digits (ID-5)."""


def make_code(scheme: CodeScheme, random_below: RandomBelow = secrets.randbelow) -> str:
    """Make a random code of the scheme in normal form; nothing of the person or place is in it (ID-1)."""
    return code_of(scheme, random_below(scheme.capacity))


def code_of(scheme: CodeScheme, ordinal: int) -> str:
    """Return the code that stands at this position, from 0, among all codes of the scheme."""
    if not 0 <= ordinal < scheme.capacity:
        raise Refusal("registry.code_ordinal_invalid", scheme=scheme.name)
    payload = f"{scheme.prefix}{scheme.first_payload + ordinal}"
    return payload + mod97_check(payload)


def is_code(scheme: CodeScheme, value: str) -> bool:
    """Say whether the value is a code of the scheme in normal form, check digits included."""
    digits = value[len(scheme.prefix) :]
    return (
        len(value) == scheme.length
        and value.startswith(scheme.prefix)
        and digits.isascii()
        and digits.isdigit()
        and digits[0] != "0"
        and passes_check(CheckScheme.MOD_97_10, value)
    )


def normalise_code(scheme: CodeScheme, typed: str) -> str:
    """Return the normal form of a typed or scanned code (attack 59).

    Spaces, hyphens, dots, scanner frames, lower case, digits of Arabic script and zeros in front of
    the first digit are removed or converted; a letter is never read as a digit.
    Raises `registry.identifier_invalid`.
    """
    if len(typed) > MAX_TYPED:
        raise _invalid(scheme)
    bare = without_noise(typed)
    if not bare.isascii():
        raise _invalid(scheme)
    upper = bare.upper()
    digits = upper.removeprefix(scheme.prefix).lstrip("0")
    value = scheme.prefix + digits
    if not upper.startswith(scheme.prefix) or not is_code(scheme, value):
        raise _invalid(scheme)
    return value


def print_code(scheme: CodeScheme, value: str) -> str:
    """Write the code as it is printed: in groups of the scheme's size, or unbroken when it has none."""
    if not scheme.group:
        return value
    return " ".join(value[at : at + scheme.group] for at in range(0, len(value), scheme.group))


def make_uhid(random_below: RandomBelow = secrets.randbelow) -> str:
    """Make a random universal health ID of 12 digits (ID-1)."""
    return make_code(UHID, random_below)


def normalise_uhid(typed: str) -> str:
    """Return the 12 digits of a typed or scanned UHID; raises `registry.identifier_invalid` (ID-1, attack 59)."""
    return normalise_code(UHID, typed)


def is_uhid(value: str) -> bool:
    """Say whether the value is a UHID in normal form (ID-1)."""
    return is_code(UHID, value)


def print_uhid(value: str) -> str:
    """Write the UHID as `NNNN NNNN NNNN` (ID-1)."""
    return print_code(UHID, value)


def _invalid(scheme: CodeScheme) -> Refusal:
    return Refusal("registry.identifier_invalid", type=scheme.name)
