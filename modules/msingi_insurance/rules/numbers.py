"""Insurance numbers: length, check digits, excluded numbers, and whose validator a country uses (INS-2)."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from importlib import import_module
from typing import Final, TypeAlias

from msingi.errors import ConfigurationError

MAX_LENGTH: Final = 50
Validator: TypeAlias = Callable[[str], "NumberCode | int | None"]
"""A country's own test of a number: 0 or None accepts it, another code of INS-2 refuses it."""


class NumberCode(IntEnum):
    """The answer to a number, as trained staff know it; 6 and 7 stop the start and reach nobody."""

    VALID = 0
    TAKEN = 1
    EMPTY = 2
    WRONG_LENGTH = 3
    WRONG_CHECKSUM = 4
    EXCEPTION = 5
    VALIDATOR_NOT_IMPORTABLE = 6
    VALIDATOR_NOT_WORKING = 7


@dataclass(frozen=True, slots=True)
class NumberScheme:
    """The form of a country's numbers.

    The last ``check_digits`` digits are the number before them modulo ``modulus``. None: no length, no check.
    An excluded number counts as taken.
    Raises ConfigurationError when the parts contradict each other.
    """

    length: int | None = None
    modulus: int | None = None
    check_digits: int = 1
    excluded: frozenset[str] = frozenset()
    validator: Validator | None = None

    def __post_init__(self) -> None:
        if self.length is not None and not 1 <= self.length <= MAX_LENGTH:
            raise ConfigurationError(f"insurance numbers: the length is 1 to {MAX_LENGTH}.")
        if self.modulus is None:
            return
        if not 1 < self.modulus <= 10**self.check_digits:
            raise ConfigurationError(
                f"insurance numbers: {self.check_digits} check digits cannot hold a rest modulo {self.modulus}."
            )
        if self.length is not None and self.length <= self.check_digits:
            raise ConfigurationError("insurance numbers: the check digits leave no number to check.")

    def check(self, number: str, *, taken: bool = False) -> NumberCode:
        """The first rule that a number breaks, in the order of the codes that concern its form; 0 when it is valid."""
        if not number.strip():
            return NumberCode.EMPTY
        if len(number) > MAX_LENGTH or (self.length is not None and len(number) != self.length):
            return NumberCode.WRONG_LENGTH
        if not self._sums_up(number):
            return NumberCode.WRONG_CHECKSUM
        own = _asked(self.validator, number)
        if own is not NumberCode.VALID:
            return own
        return NumberCode.TAKEN if taken or number in self.excluded else NumberCode.VALID

    def complete(self, stem: str) -> str:
        """A number with its check digits put behind the digits of the stem."""
        if self.modulus is None:
            return stem
        return f"{stem}{int(stem) % self.modulus:0{self.check_digits}d}"

    def _sums_up(self, number: str) -> bool:
        if self.modulus is None:
            return True
        if not (number.isascii() and number.isdecimal()) or len(number) <= self.check_digits:
            return False
        return number == self.complete(number[: -self.check_digits])


ANY_NUMBER: Final = NumberScheme()
"""No rule beyond "not empty, not too long"."""


def load_validator(path: str) -> Validator:
    """The validator named ``package.module:function``, tried once; a wrong name or a failing function stops the start.

    Raises ConfigurationError with the code 6 or 7 of INS-2, which no clerk ever sees.
    """
    module, _, name = path.partition(":")
    try:
        found = import_module(module)
    except ImportError as error:
        raise ConfigurationError(
            f"insurance numbers: code {NumberCode.VALIDATOR_NOT_IMPORTABLE.value}: {module!r} cannot be imported."
        ) from error
    validator: object = getattr(found, name, None)
    if not callable(validator) or _asked(validator, "0") is NumberCode.EXCEPTION:
        raise ConfigurationError(
            f"insurance numbers: code {NumberCode.VALIDATOR_NOT_WORKING.value}: {path!r} is no function that judges a number."
        )
    return validator


def _asked(validator: Validator | None, number: str) -> NumberCode:
    """What a country's validator says; whatever it raises or misspeaks is code 5, since it is foreign code."""
    if validator is None:
        return NumberCode.VALID
    try:
        return NumberCode(validator(number) or NumberCode.VALID)
    except Exception:  # noqa: BLE001 - the edge towards a country's own code
        return NumberCode.EXCEPTION
