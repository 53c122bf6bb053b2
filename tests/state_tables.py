"""The page of state machines, made from the tables that the code decides with: ``python -m tests.state_tables`` writes it."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from msingi_claims.rules.bills import PAYMENTS
from msingi_claims.services import life as claims
from msingi_insurance.rules import life as policies
from msingi_insurance.rules.contract import CONTRACT_STEPS
from msingi_insurance.rules.payments import PAYMENT_STEPS
from msingi_registry.rules.facilities import FACILITY_STEPS
from msingi_registry.rules.practitioners import LICENCE_STEPS

PAGE = Path(__file__).parents[1] / "docs" / "explanation" / "states.md"
_HEAD = """# States

What may happen to a thing, from which state, and where it leads. What is not in a table is refused. The tables are made from
the code that decides: `python -m tests.state_tables` writes this page, and the suite compares the two.
"""
_Row = tuple[str, str, str]
_COLUMNS: _Row = ("step", "from", "to")


def page() -> str:
    """The whole page."""
    return _HEAD + "".join(f"\n## {title}\n\n{_table(rows)}" for title, rows in tables().items())


def tables() -> Mapping[str, Iterable[_Row]]:
    """The rows of every table by its title: step, from, to."""
    return {
        "A claim": (_row(step, life.sources, life.targets) for step, life in claims.TRANSITIONS.items()),
        "A policy": (
            _row(step, life.sources, [life.target] if life.target else [])
            for step, life in policies.TRANSITIONS.items()
        ),
        "A payment of a family": (
            _row(step, sources, targets) for step, (sources, targets) in PAYMENT_STEPS.items()
        ),
        "A contract of a group": _by_step(CONTRACT_STEPS.items()),
        "A payment to a facility": _by_step(PAYMENTS.items()),
        "A facility": _by_step(FACILITY_STEPS.items()),
        "A practitioner's licence": _by_step(LICENCE_STEPS.items()),
    }


def told_in(text: str) -> list[list[_Row]]:
    """The tables of a document that begin with step, from, to; further columns are the document's own."""
    found: list[list[_Row]] = []
    rows: list[_Row] | None = None
    for line in text.splitlines():
        cells = tuple(cell.strip() for cell in line.strip("|").split("|"))[:3]
        if not line.startswith("|") or len(cells) < len(_COLUMNS):
            rows = None
        elif cells == _COLUMNS:
            found.append(rows := [])
        elif rows is not None and not set(line) <= {"|", "-"}:
            rows.append((cells[0], cells[1], cells[2]))
    return found


def _by_step(steps: Iterable[tuple[tuple[StrEnum, StrEnum], StrEnum]]) -> Iterator[_Row]:
    """One row for each step and the state that it leads to."""
    sources: dict[tuple[StrEnum, StrEnum], list[StrEnum]] = {}
    for (state, step), target in steps:
        sources.setdefault((step, target), []).append(state)
    return (_row(step, states, [target]) for (step, target), states in sources.items())


def _row(step: StrEnum, sources: Iterable[StrEnum], targets: Iterable[StrEnum]) -> _Row:
    return _words([step]), _words(sources), _words(targets) or "decided by the step"


def _words(states: Iterable[StrEnum]) -> str:
    return ", ".join(sorted(state.value.replace("_", " ") for state in states))


def _table(rows: Iterable[_Row]) -> str:
    lines = [f"| {' | '.join(_COLUMNS)} |", "|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
