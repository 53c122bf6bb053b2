"""Reading a quote case: numbers stay exact, and a mistake is named by its place in the file."""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

from msingi.cases import read_case_file, sayings_in
from msingi_insurance.case.consistency import inconsistencies
from msingi_insurance.case.model import QuoteCase

_LOCALE: Final = Path(__file__).parents[1] / "locale"


def read_case(source: BinaryIO) -> QuoteCase:
    """The case in a file; raises `WrongCase` with everything that is wrong in it."""
    return read_case_file(source, QuoteCase, further=inconsistencies)


def sayings(language: str) -> Callable[[str], str]:
    """Gives what may be wrong with a case in French or English."""
    return sayings_in(language, _LOCALE)
