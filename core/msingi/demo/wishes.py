"""What the person who starts a demonstration asked for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wishes:
    """The options of ``msingi demo``."""

    persons: int = 2000
    language: str = "fr"
    seed: int = 1
