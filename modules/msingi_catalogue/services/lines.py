"""Writes the lines of lists and packages set-wise: a few statements for any number of lines."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from msingi.bulk import Recording, change_rows
from msingi.db import Model
from msingi.ids import new_id
from msingi.work import Work
from msingi_catalogue.errors import LaterTermsKnown
from msingi_catalogue.rules.changes import Effect
from msingi_catalogue.rules.periods import LineChange, plan_line
from msingi_catalogue.services.trail import record_updates

_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class LineTable:
    """A table of lines: the columns that say what a line is about, and those that may change."""

    model: type[Model]
    about: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineDraft:
    """What a line should hold from a day on, today when left out; without values it is taken off.

    A line that never stood there may begin in the past, a known one changes today at the earliest.
    """

    values: Mapping[str, Any] | None
    since: date | None = None


def write_lines(
    work: Work,
    table: LineTable,
    newest: Mapping[_Key, Mapping[str, Any]],
    wanted: Mapping[_Key, LineDraft],
) -> dict[_Key, Effect | LaterTermsKnown]:
    """Bring lines to what is wanted; keys are the values of ``about``. Answers what became of each."""
    today = work.today()
    days = {key: max(draft.since or today, today) for key, draft in wanted.items()}
    plans = {key: plan_line(newest.get(key), draft.values, begins=days[key]) for key, draft in wanted.items()}
    changed = [(newest[key], plan.newest) for key, plan in plans.items() if plan.newest is not None]
    columns = (*table.values, "valid_to")
    change_rows(
        work,
        table.model,
        ("id",),
        columns,
        [(row["id"], *({**row, **change}[name] for name in columns)) for row, change in changed],
        recording=Recording.BY_CALLER,
    )
    record_updates(work, table.model, changed)
    work.insert_rows(
        table.model,
        [
            {
                "id": new_id(),
                **dict(zip(table.about, _parts(key), strict=True)),
                **{name: plan.begins[name] for name in table.values},
                "valid_from": days[key] if key in newest else wanted[key].since or today,
                "valid_to": None,
            }
            for key, plan in plans.items()
            if plan.begins is not None
        ],
    )
    return {key: _answer(plan) for key, plan in plans.items()}


def _parts(key: Any) -> tuple[Any, ...]:
    return key if isinstance(key, tuple) else (key,)


def _answer(plan: LineChange) -> Effect | LaterTermsKnown:
    return plan.effect if plan.later is None else LaterTermsKnown(since=plan.later.isoformat())
