"""Documents that repeat a table of states say what the code decides."""

from pathlib import Path

import pytest

from msingi.contracts import full_platform
from msingi_insurance.rules.refusals import PolicyStepRefused
from tests import state_tables

ROOT = Path(__file__).parents[1]
TOLD = {
    "modules/msingi_claims/README.md": ["A claim"],
    "modules/msingi_insurance/README.md": ["A policy"],
    "docs/rules/claims.md": ["A payment to a facility"],
    "docs/rules/insurance.md": ["A policy"],
}


@pytest.mark.parametrize("name", sorted(TOLD))
def test_a_repeated_table_of_states_is_the_codes(name: str) -> None:
    wanted = [list(state_tables.tables()[title]) for title in TOLD[name]]

    assert state_tables.told_in((ROOT / name).read_text(encoding="utf-8")) == wanted


def test_no_other_document_repeats_a_table_unwatched() -> None:
    documents = [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("modules/*/*.md"),
        *ROOT.glob("core/**/*.md"),
    ]

    repeated = {
        str(document.relative_to(ROOT))
        for document in documents
        if document != state_tables.PAGE and state_tables.told_in(document.read_text(encoding="utf-8"))
    }

    assert repeated == TOLD.keys()


def test_a_table_that_differs_is_seen() -> None:
    text = (
        "| step | from | to | who |\n|---|---|---|---|\n| pay | idle, ready | active | x |\n\n| step | on |\n"
    )

    assert state_tables.told_in(text) == [[("pay", "idle, ready", "active")]]


SPOKEN = (
    "A policy",
    "A payment of a family",
    "A contract of a group",
    "A facility",
    "A practitioner's licence",
)
"""Refusals name the states and the steps of these; of the others they name states alone."""


@pytest.mark.rule("X-01")
def test_states_and_steps_are_told_in_french() -> None:
    texts = full_platform().texts
    rows = [row for title, rows in state_tables.tables().items() for row in rows if title in SPOKEN]
    words = {word for row in rows for cell in row for word in cell.split(", ")} - {"decided by the step"}

    assert sorted(word for word in words if texts.get(word, "fr") == word) == []
    assert texts.refusal(PolicyStepRefused(status="expired", step="pay_in_full"), "fr") == (
        "Une police au statut « expiré » ne permet pas l'étape « paiement intégral »."
    )
