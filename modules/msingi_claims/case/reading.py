"""Reads case files: numbers exactly as they are written, and every error with the path of its place."""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

import msingi_claims
import msingi_insurance
from msingi.cases import read_case_file, sayings_in
from msingi_claims.case.consistency import inconsistencies
from msingi_claims.case.model import AdjudicationCase

_FOLDERS: Final = tuple(Path(package.__path__[0]) / "locale" for package in (msingi_claims, msingi_insurance))


def read_case(source: BinaryIO) -> AdjudicationCase:
    """Read a case file; raises `WrongCase` with everything that is wrong in it."""
    return read_case_file(source, AdjudicationCase, further=inconsistencies)


def sayings(language: str) -> Callable[[str], str]:
    """Gives what may be wrong with a case in French or English."""
    return sayings_in(language, *_FOLDERS)
