"""The text of a migration: the template filled in, with the imports that its steps use and no others."""

import re
from pathlib import Path
from typing import Final

TEMPLATE: Final = Path(__file__).parent / "templates" / "migration" / "revision.txt"
_IMPORT: Final = re.compile(r"^(?:import|from) .*?(?P<name>[\w.]+)$")


def revision_text(*, message: str, number: str, previous: str | None, upgrades: str, downgrades: str) -> str:
    """A migration whose steps are given as indented Python code; ``previous`` is the revision before it."""
    steps = f"{upgrades}\n{downgrades}"
    lines = TEMPLATE.read_text(encoding="utf-8").splitlines(keepends=True)
    head, _, body = "".join(line for line in lines if _is_needed(line, steps)).partition("\nrevision = ")
    template = f"{head.rstrip()}\n\nrevision = {body}"
    return template.format(
        message=message, number=number, previous=repr(previous), upgrades=upgrades, downgrades=downgrades
    )


def _is_needed(line: str, steps: str) -> bool:
    found = _IMPORT.match(line.rstrip())
    return found is None or re.search(rf"(?<![\w.]){re.escape(found['name'])}\b", steps) is not None
