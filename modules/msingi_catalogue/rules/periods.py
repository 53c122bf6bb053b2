"""How a line of a list or of a package changes from a day on, without touching the days before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from msingi_catalogue.rules.changes import Effect
from msingi_catalogue.rules.validity import ended_before, last_day_before


@dataclass(frozen=True, slots=True)
class LineChange:
    """What happens to the newest row of a line, and the row that begins; ``later`` is set when one begins later already."""

    effect: Effect
    newest: Mapping[str, Any] | None = None
    begins: Mapping[str, Any] | None = None
    later: date | None = None


UNCHANGED = LineChange(Effect.UNCHANGED)


def plan_line(
    newest: Mapping[str, Any] | None, wanted: Mapping[str, Any] | None, *, begins: date
) -> LineChange:
    """The change of one line; ``wanted`` None takes it off the list: it holds until the day before."""
    if wanted is None:
        return UNCHANGED if newest is None else _end(newest, begins)
    if newest is None:
        return LineChange(Effect.CREATED, begins=wanted)
    if newest["valid_from"] > begins:
        return LineChange(Effect.UNCHANGED, later=newest["valid_from"])
    differing = {name: value for name, value in wanted.items() if newest[name] != value}
    if newest["valid_from"] == begins:
        reopened = {} if newest["valid_to"] is None else {"valid_to": None}
        change = {**differing, **reopened}
        return LineChange(Effect.UPDATED, newest=change) if change else UNCHANGED
    return _go_on(newest, wanted, differing, begins)


def _end(newest: Mapping[str, Any], begins: date) -> LineChange:
    last = ended_before(newest["valid_from"], begins)
    if newest["valid_to"] is not None and newest["valid_to"] <= last:
        return UNCHANGED
    return LineChange(Effect.UPDATED, newest={"valid_to": last})


def _go_on(
    newest: Mapping[str, Any], wanted: Mapping[str, Any], differing: Mapping[str, Any], begins: date
) -> LineChange:
    if newest["valid_to"] is not None and newest["valid_to"] < begins:
        return LineChange(Effect.CREATED, begins=wanted)
    if not differing:
        kept = newest["valid_to"] is None
        return UNCHANGED if kept else LineChange(Effect.UPDATED, newest={"valid_to": None})
    last = last_day_before(newest["valid_from"], begins)
    return LineChange(Effect.UPDATED, newest={"valid_to": last}, begins=wanted)
