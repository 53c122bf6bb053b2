"""Rule coverage: rules from documents, proofs from marks, read without running anything."""

from pathlib import Path

from msingi.coverage import cited_rules, planned_reason, rule_coverage

RULES = """# Rules

Words around a rule do not count: ID-9.

- **ID-1** A code has twelve digits.
- **ID-2** A code is never given twice (planned: needs the central block list).
- **ID-3** A card opens nothing (planned) because cards come later.
- **attack 17** The id of another type is refused.
"""
TESTS = """
import pytest

pytestmark = pytest.mark.rule("CH-04")

@pytest.mark.rule("ID-1", "attack 17")
def test_twelve(): ...

@pytest.mark.rule("ID-1")
class TestCodes:
    def test_inside(self): ...
    def not_a_test(self): ...

@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.rule("F7"))])
def test_with_a_marked_case(x): ...
"""


def _project(root: Path) -> Path:
    (root / "docs" / "rules").mkdir(parents=True)
    (root / "docs" / "rules" / "codes.md").write_text(RULES, encoding="utf-8")
    (root / "tests").mkdir()
    (root / "tests" / "test_codes.py").write_text(TESTS, encoding="utf-8")
    return root


def test_each_rule_names_its_tests_or_why_it_has_none(tmp_path: Path) -> None:
    lines = {line.id: line for line in rule_coverage(_project(tmp_path))}

    assert list(lines) == ["ID-1", "ID-2", "ID-3", "attack 17"]
    assert lines["ID-1"].tests == ("tests/test_codes.py::test_inside", "tests/test_codes.py::test_twelve")
    assert lines["ID-2"].planned == "needs the central block list"
    assert lines["ID-3"].planned == "because cards come later"
    assert lines["attack 17"].document == "codes.md"
    assert [line.id for line in lines.values() if line.is_missing] == []


def test_a_rule_without_test_or_plan_is_missing(tmp_path: Path) -> None:
    root = _project(tmp_path)
    (root / "tests" / "test_codes.py").unlink()

    missing = [line for line in rule_coverage(root) if line.is_missing]

    assert [line.id for line in missing] == ["ID-1", "attack 17"]
    assert missing[0].as_row() == {"rule": "ID-1", "document": "codes.md", "tests": "MISSING"}
    assert missing[0].as_dict()["tests"] == []


def test_marks_count_on_functions_classes_cases_and_modules(tmp_path: Path) -> None:
    cited = cited_rules(_project(tmp_path))

    assert sorted(cited) == ["CH-04", "F7", "ID-1", "attack 17"]
    assert len(cited["CH-04"]) == 3
    assert cited["F7"] == ("tests/test_codes.py::test_with_a_marked_case",)


def test_a_plan_without_reason_is_later() -> None:
    assert planned_reason("Something (planned).") == "later"
    assert planned_reason("Something that stands.") is None


def test_a_project_without_rules_has_none(tmp_path: Path) -> None:
    assert rule_coverage(tmp_path) == []


def test_a_frozen_case_proves_the_rules_that_it_names(tmp_path: Path) -> None:
    root = _project(tmp_path)
    (root / "tests" / "corpus").mkdir()
    (root / "tests" / "corpus" / "twelve.json").write_text('{"rules": ["ID-2"]}', encoding="utf-8")

    assert cited_rules(root)["ID-2"] == ("tests/corpus/twelve.json",)
