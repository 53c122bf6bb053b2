"""What is wrong with a case file."""

from collections.abc import Sequence
from typing import NamedTuple


class CaseProblem(NamedTuple):
    """One error and its place."""

    path: str
    text: str


class WrongCase(ValueError):
    """A case file cannot be used: every error with its JSON path."""

    def __init__(self, problems: Sequence[CaseProblem]) -> None:
        super().__init__("; ".join(f"{path}: {text}" for path, text in problems))
        self.problems = tuple(problems)
