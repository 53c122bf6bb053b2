"""Reads case files: numbers exactly as they are written, and every error with the path of its place."""

import json
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

from pydantic import ValidationError

from msingi_claims.case.errors import CaseProblem, WrongCase
from msingi_claims.case.model import AdjudicationCase


def read_case(path: Path) -> AdjudicationCase:
    """Read a case file; raises `WrongCase` with everything that is wrong in it."""
    return parse_case(path.read_text(encoding="utf-8"))


def parse_case(text: str) -> AdjudicationCase:
    """Read a case from JSON text; raises `WrongCase` with everything that is wrong in it."""
    try:
        document = json.loads(
            text, parse_float=Decimal, parse_constant=_refuse_constant, object_pairs_hook=_without_repeats
        )
        return AdjudicationCase.model_validate(document)
    except ValidationError as error:
        raise WrongCase(
            [CaseProblem(path_of(found["loc"]), found["msg"]) for found in error.errors(include_url=False)]
        ) from None
    except json.JSONDecodeError as error:
        raise WrongCase(
            [CaseProblem("$", f"line {error.lineno}, column {error.colno}: {error.msg}")]
        ) from None


def path_of(places: tuple[str | int, ...]) -> str:
    """A place as a JSON path, such as ``$.claim.items[0].price_asked``."""
    return "$" + "".join(f"[{place}]" if isinstance(place, int) else f".{place}" for place in places)


def _refuse_constant(name: str) -> NoReturn:
    raise WrongCase([CaseProblem("$", f"{name} is not a number")])


def _without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise WrongCase([CaseProblem("$", f"{name} stands twice in one object")])
        found[name] = value
    return found
