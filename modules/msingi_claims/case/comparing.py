"""Compares an answer with what a case expects: only what it names, amounts by value and not by spelling."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Final

from pydantic import JsonValue

from msingi.cases import OTHER_VALUE
from msingi.sayings import Say

_EXPECTED: Final = "$.expect"
"""Where a case says what it expects."""
_OTHER_LENGTH: Final = "expected {expected} entries, got {found}"


def differences(
    expected: JsonValue, answer: JsonValue, path: str = _EXPECTED, *, say: Say = str
) -> Iterator[str]:
    """A line for each expected value that the answer does not have, in the words of ``say``."""
    if isinstance(expected, dict) and isinstance(answer, dict):
        for name, value in expected.items():
            if name in answer:
                yield from differences(value, answer[name], f"{path}.{name}", say=say)
            else:
                yield f"{path}.{name}: {say('the answer has no such value')}"
    elif isinstance(expected, list) and isinstance(answer, list):
        yield from _of_lists(expected, answer, path, say)
    elif not _is_same(expected, answer):
        told = say(OTHER_VALUE).format(expected=_written(expected, say), found=_written(answer, say))
        yield f"{path}: {told}"


def _of_lists(expected: list[JsonValue], answer: list[JsonValue], path: str, say: Say) -> Iterator[str]:
    if len(expected) != len(answer):
        yield f"{path}: {say(_OTHER_LENGTH).format(expected=len(expected), found=len(answer))}"
        return
    for position, (wanted, found) in enumerate(zip(expected, answer, strict=True)):
        yield from differences(wanted, found, f"{path}[{position}]", say=say)


def _is_same(expected: JsonValue, answer: JsonValue) -> bool:
    if expected is None or answer is None or isinstance(expected, bool) or isinstance(answer, bool):
        return expected is answer
    wanted, found = _number(expected), _number(answer)
    return expected == answer if wanted is None or found is None else wanted == found


def _number(value: JsonValue) -> Decimal | None:
    if isinstance(value, list | dict):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _written(value: JsonValue, say: Say) -> str:
    return say("nothing") if value is None else str(value)
