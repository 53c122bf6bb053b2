"""A migration as it is written: the template filled in, and the columns that rows already there would leave empty."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from alembic.operations.ops import MigrateOperation, UpgradeOps

TEMPLATE: Final = Path(__file__).parent / "templates" / "migration" / "revision.txt"
_IMPORT: Final = re.compile(r"^(?:import|from) .*?(?P<name>[\w.]+)$")


@dataclass(frozen=True, slots=True)
class Revision:
    """A migration that was written; ``unfilled`` names required columns for which rows already there have no value."""

    path: Path
    unfilled: tuple[str, ...]


def unfilled_columns(steps: "UpgradeOps") -> tuple[str, ...]:
    """The columns, as ``table.column``, that become required in a table that may hold rows, without a value for these."""
    from alembic.operations.ops import ModifyTableOps

    changed = (table for table in steps.ops if isinstance(table, ModifyTableOps))
    return tuple(
        f"{table.table_name}.{name}" for table in changed for step in table.ops for name in _required_by(step)
    )


def _required_by(step: "MigrateOperation") -> Iterator[str]:
    from alembic.operations.ops import AddColumnOp, AlterColumnOp

    if isinstance(step, AddColumnOp) and not step.column.nullable and step.column.server_default is None:
        yield step.column.name
    if isinstance(step, AlterColumnOp) and step.modify_nullable is False:
        yield step.column_name


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
