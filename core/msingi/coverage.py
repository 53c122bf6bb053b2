"""Which written rules are proven by which tests, read from the documents and the tests themselves."""

import ast
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

TEST_FOLDERS = ("tests", "modules", "plugins")
_RULE = re.compile(r"^- \*\*(?P<id>[A-Za-z]+(?:-[A-Z])?[- ]?\d+)\*\* (?P<text>.+)$", re.MULTILINE)
_PLANNED = re.compile(r"\(planned(?:: (?P<inside>[^)]+))?\)(?P<after>.*)$")


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One written rule: where it stands, why it is not built yet, the tests that cite it."""

    id: str
    text: str
    document: str
    planned: str | None
    tests: tuple[str, ...]

    @property
    def is_missing(self) -> bool:
        """Whether the rule should be proven and is not."""
        return not self.tests and self.planned is None

    def as_dict(self) -> dict[str, object]:
        """All of it, for machines."""
        return {
            "id": self.id,
            "text": self.text,
            "document": self.document,
            "planned": self.planned,
            "tests": list(self.tests),
        }

    def as_row(self) -> dict[str, str]:
        """The essentials, for a table: how many tests, or why there is none."""
        state = f"planned: {self.planned}" if self.planned else "MISSING"
        return {"rule": self.id, "document": self.document, "tests": str(len(self.tests) or state)}


def rule_coverage(root: Path) -> list[RuleLine]:
    """Every rule of ``docs/rules/*.md`` with the tests that cite it, in the order of the documents.

    A rule is a line ``- **ID-1** text``. ``(planned: reason)`` in it says that it is not built yet.
    """
    proofs = cited_rules(root)
    return [
        RuleLine(
            found["id"], found["text"], path.name, planned_reason(found["text"]), proofs.get(found["id"], ())
        )
        for path in sorted((root / "docs" / "rules").glob("*.md"))
        for found in _RULE.finditer(path.read_text(encoding="utf-8"))
    ]


def cited_rules(root: Path) -> dict[str, tuple[str, ...]]:
    """The tests behind each id: those whose ``@pytest.mark.rule(...)`` names it, and frozen cases that name it.

    A test is ``path::test``; a case is the path of a JSON file in a folder ``corpus``, which a test beside it runs.
    """
    found: dict[str, set[str]] = {}
    for path in _test_files(root):
        for test, rule in _citations(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(rule, set()).add(f"{path.relative_to(root).as_posix()}::{test}")
    for path in (root / "tests").rglob("corpus/*.json"):
        for rule in json.loads(path.read_text(encoding="utf-8")).get("rules", ()):
            found.setdefault(rule, set()).add(path.relative_to(root).as_posix())
    return {rule: tuple(sorted(tests)) for rule, tests in found.items()}


def planned_reason(text: str) -> str | None:
    """Why a rule is not built yet, or None when it is."""
    found = _PLANNED.search(text)
    if found is None:
        return None
    return (found["inside"] or found["after"]).strip(" .") or "later"


def _test_files(root: Path) -> Iterator[Path]:
    for folder in TEST_FOLDERS:
        yield from sorted((root / folder).rglob("test_*.py"))


def _citations(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Pairs of test and rule: a mark on a class or on the module counts for every test inside."""
    whole = [
        statement.value
        for statement in tree.body
        if isinstance(statement, ast.Assign) and _assigns(statement, "pytestmark")
    ]
    yield from _inside(tree.body, tuple(_rules_in(whole)))


def _inside(body: Iterable[ast.stmt], inherited: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for statement in body:
        if not isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        rules = (*inherited, *_rules_in(statement.decorator_list))
        if isinstance(statement, ast.ClassDef):
            yield from _inside(statement.body, rules)
        elif statement.name.startswith("test_"):
            yield from ((statement.name, rule) for rule in rules)


def _rules_in(expressions: Iterable[ast.expr]) -> Iterator[str]:
    for expression in expressions:
        for node in ast.walk(expression):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "rule"
            ):
                values = (argument.value for argument in node.args if isinstance(argument, ast.Constant))
                yield from (value for value in values if isinstance(value, str))


def _assigns(statement: ast.Assign, name: str) -> bool:
    return any(isinstance(target, ast.Name) and target.id == name for target in statement.targets)
