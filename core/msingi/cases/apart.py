"""The mistakes of a document as sentences of one refusal: what is missing, what nobody knows, what is not valid."""

from collections.abc import Iterator, Sequence

from msingi.cases.problems import MISSPELT, MOST_TOLD, NEEDED, NO_SUCH_FIELD, Problem
from msingi.sayings import Saying, Sayings


def told_apart(problems: Sequence[Problem]) -> Sayings:
    """Each kind in a sentence of its own, every mistake with its place; a flood is counted."""
    return Sayings(tuple(_sentences(problems[:MOST_TOLD], more=len(problems) - MOST_TOLD)), " ")


def _sentences(problems: Sequence[Problem], *, more: int) -> Iterator[Saying]:
    missing = tuple(problem.path for problem in problems if problem.saying == NEEDED)
    unknown = tuple(_unknown(problem) for problem in problems if problem.saying in {NO_SUCH_FIELD, MISSPELT})
    others = tuple(
        problem.as_saying() for problem in problems if problem.saying not in {NEEDED, NO_SUCH_FIELD, MISSPELT}
    )
    if missing:
        yield Saying("Missing: {fields}.", {"fields": Sayings(missing)})
    if unknown:
        yield Saying("Unknown: {fields}.", {"fields": Sayings(unknown)})
    if others:
        yield Saying("Not valid: {fields}.", {"fields": Sayings(others, "; ")})
    if more > 0:
        yield Saying("And {more} more.", {"more": more})


def _unknown(problem: Problem) -> Saying | str:
    if problem.saying == NO_SUCH_FIELD:
        return problem.path
    return Saying("{path} (did you mean “{nearest}”?)", {"path": problem.path, **problem.values})
