"""Modules ask for scoped rows by their models: a bare table inside a statement would bear no criterion of the scope."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from msingi.contracts import full_platform
from msingi.db import Scoped
from msingi.platform import models_of

MODULES = Path(__file__).parents[1] / "modules"
ALLOWED = {
    (
        "msingi_insurance/reports.py",
        "Person",
    ): "the sex of insured persons whom the reader sees, registered anywhere",
    ("msingi_registry/services/facility_life.py", "Facility"): "a chain over all places, read everywhere",
}


def _named() -> Iterator[tuple[str, str]]:
    """Each place where a module takes the table of a model, with the model's name."""
    for path in sorted(MODULES.rglob("*.py")):
        if "migrations" in path.parts or path.stem.startswith(("bench", "import_bench")):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_table = isinstance(node, ast.Attribute) and node.attr == "__table__"
            if is_table and isinstance(node.value, ast.Name):  # type: ignore[attr-defined]
                yield path.relative_to(MODULES).as_posix(), node.value.id  # type: ignore[attr-defined]


@pytest.mark.rule("attack 15", "attack 16")
def test_the_tables_of_scoped_models_are_used_only_where_a_reason_is_given() -> None:
    scoped = {
        model.__name__
        for plugin in full_platform().plugins
        for model in models_of(plugin)
        if issubclass(model, Scoped)
    }
    found = {(path, name) for path, name in _named() if name in scoped}

    assert found == ALLOWED.keys()
