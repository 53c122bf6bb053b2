"""What a new statement about a catalogue entry does: correct it, begin a new period, or nothing; the past stays."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from msingi_catalogue.rules.validity import last_day_before


class Effect(StrEnum):
    """What became of an entry."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Change:
    """New values of the live row, and the terms that become past ones; ``later`` is set when terms begin later already."""

    effect: Effect
    live: Mapping[str, Any] = field(default_factory=dict)
    past: Mapping[str, Any] | None = None
    later: date | None = None


def plan_change(
    live: Mapping[str, Any],
    wanted: Mapping[str, Any],
    *,
    terms: frozenset[str],
    begins: date,
) -> Change:
    """How the live row becomes what is wanted from a day on, which is never before today.

    Names and the like are corrected in place. Other terms begin a new period and leave the old one as it was,
    unless the newest period begins on that very day. What was ended is taken up again.
    """
    differing = {name: value for name, value in wanted.items() if live[name] != value}
    ended = _has_ended(live, begins)
    if not ended and terms.isdisjoint(differing):
        return Change(Effect.UPDATED if differing else Effect.UNCHANGED, differing)
    if begins < live["valid_from"]:
        return Change(Effect.UNCHANGED, later=live["valid_from"])
    reopened = {"valid_to": None} if ended else {}
    if begins == live["valid_from"]:
        return Change(Effect.UPDATED, {**differing, **reopened})
    last = last_day_before(live["valid_from"], begins)
    own_last = live["valid_to"] if ended and live["valid_to"] < last else last
    now = {**differing, **reopened, "valid_from": begins}
    if own_last < live["valid_from"]:
        return Change(Effect.UPDATED, now)  # it held no day
    past = {**{name: live[name] for name in terms}, "valid_from": live["valid_from"], "valid_to": own_last}
    return Change(Effect.UPDATED, now, past)


def _has_ended(live: Mapping[str, Any], begins: date) -> bool:
    """Whether the row holds no later than on the day, or never: it was ended before its first day."""
    last: date | None = live["valid_to"]
    return last is not None and (last <= begins or last < live["valid_from"])
