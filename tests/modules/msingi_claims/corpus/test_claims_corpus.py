"""The frozen corpus: each case file is decided as its expectation says, worked out by hand in ``why``."""

from pathlib import Path

import pytest

from msingi_claims.case.answering import answer_of
from msingi_claims.case.comparing import differences
from msingi_claims.case.deciding import decide_case
from msingi_claims.case.model import AdjudicationCase
from msingi_claims.case.reading import read_case

FILES = sorted(Path(__file__).parent.glob("*.json"))
FEWEST = 120


def _read(path: Path) -> AdjudicationCase:
    with path.open("rb") as source:
        return read_case(source)


def _parameter(path: Path) -> object:
    return pytest.param(path, marks=pytest.mark.rule(*_read(path).rules), id=path.stem)


@pytest.mark.parametrize("path", [_parameter(path) for path in FILES])
def test_a_case_is_decided_as_worked_out_by_hand(path: Path) -> None:
    case = _read(path)

    claim, decision = decide_case(case)

    answer = answer_of(claim, decision, currency=case.currency)
    assert case.expect
    assert case.why
    assert case.rules
    assert list(differences(case.expect, answer)) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@pytest.mark.rule("ADJ-10")
def test_amounts_of_every_line_add_up(path: Path) -> None:
    _, decision = decide_case(_read(path))

    for line in decision.lines:
        parts = (line.remunerated, line.patient_share, line.deductible, line.excess_ceiling)
        assert sum(parts) + line.excess_category + line.refused == line.valued


def test_the_corpus_is_large() -> None:
    assert len(FILES) >= FEWEST
