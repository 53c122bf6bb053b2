"""Reading a quote case: numbers stay exact, and a mistake is named by its place in the file."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import NoReturn

from pydantic import ValidationError

from msingi_insurance.case.model import QuoteCase


class CaseUnreadable(Exception):
    """A file is no quote case; each problem begins with its place, such as ``product.lump_sum``."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def read_case(text: str | bytes) -> QuoteCase:
    """The case in a JSON text; raises CaseUnreadable."""
    try:
        document = json.loads(
            text, parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_unique
        )
    except (ValueError, RecursionError) as error:
        raise CaseUnreadable([f"$: {error}"]) from None
    try:
        return QuoteCase.model_validate(document)
    except ValidationError as error:
        raise CaseUnreadable([_problem(each["loc"], each["msg"]) for each in error.errors()]) from None


def _problem(place: Sequence[str | int], message: str) -> str:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return f"{path.lstrip('.') or '$'}: {message}"


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"{twice!r} is there twice")
    return found
