"""The frozen corpus: each case file is decided as its expectation says, worked out by hand in ``why``."""

import hashlib
from pathlib import Path
from typing import Any

import orjson
import pytest

from msingi_claims.case.answering import Answer, answer_of
from msingi_claims.case.comparing import differences
from msingi_claims.case.deciding import decide_case
from msingi_claims.case.model import AdjudicationCase
from msingi_claims.case.reading import read_case
from msingi_claims.rules.adjudicate import RULES_VERSION

FILES = sorted(Path(__file__).parent.glob("*.json"))
FEWEST = 120
FROZEN = Path(__file__).parent / f"answers-of-rules-{RULES_VERSION}.txt"
"""What these rules decide of each case; another decision is another version with a file of its own (D-12)."""
BEFORE = FROZEN.with_name("answers-of-rules-3.txt")
CHANGED: frozenset[str] = frozenset()
"""Cases of the version before that this one decides otherwise."""


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


@pytest.mark.rule("D-12")
def test_d_12_what_the_rules_decide_changes_with_their_version_only() -> None:
    decided = {path.stem: _digest(path) for path in FILES}

    frozen = _frozen(FROZEN)

    assert {name: digest for name, digest in decided.items() if frozen.get(name) != digest} == {}
    assert sorted(frozen) == sorted(decided)


@pytest.mark.rule("D-12")
def test_cases_of_the_version_before_are_decided_as_they_were() -> None:
    now = _frozen(FROZEN)

    assert {name for name, digest in _frozen(BEFORE).items() if now.get(name) != digest} == CHANGED


def _frozen(path: Path) -> dict[str, str]:
    return dict(line.split() for line in path.read_text(encoding="utf-8").splitlines())


def _digest(path: Path) -> str:
    """Of everything that is decided about a case; names and wording may change."""
    case = _read(path)
    claim, decision = decide_case(case)
    answer: Any = answer_of(claim, decision, currency=case.currency)
    told = orjson.dumps(_unworded(answer), option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(told).hexdigest()[:16]


def _unworded(answer: Answer) -> Answer:
    lines: Any = answer["lines"]
    bare: Any = [{name: value for name, value in one.items() if name != "explanation"} for one in lines]
    decided = {name: value for name, value in answer.items() if name not in {"claim", "rules_version"}}
    return {**decided, "lines": bare}
