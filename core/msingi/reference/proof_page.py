"""The page that says which tests prove each attack, fault and rule."""

from pathlib import Path

from msingi.contracts.markdown import table
from msingi.coverage import RuleLine, rule_coverage

SECTIONS = {
    "attacks.md": "Attacks",
    "faults.md": "Faults",
}
INTRO = """# What is proven

Attacks that are tried on every run of the test suite, and faults that are provoked, each with the tests that prove the
answer. The domain rules are listed by `msingi rules`.
"""


def proofs_page(root: Path) -> str:
    """Every attack and fault of ``docs/rules`` with the tests that carry its id."""
    lines = rule_coverage(root)
    sections = [
        f"\n## {title}\n\n{table(('Id', 'What is tried, and what happens', 'Tests'), _rows(lines, document))}"
        for document, title in SECTIONS.items()
    ]
    return INTRO + "".join(sections)


def _rows(lines: list[RuleLine], document: str) -> list[tuple[str, str, str]]:
    return [(line.id, line.text, _tests(line)) for line in lines if line.document == document]


def _tests(line: RuleLine) -> str:
    if not line.tests:
        return "planned" if line.planned else "none"
    return "<br>".join(f"`{test.rpartition('/')[2]}`" for test in line.tests)
