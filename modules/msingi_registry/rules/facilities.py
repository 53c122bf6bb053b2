"""The life of a facility: its states, its closing, and the chain of those that replaced it (FR-1)."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from msingi_registry.rules.refusals import Refusal, TransitionRefused


class CareType(StrEnum):
    """Whether patients stay overnight."""

    INPATIENT = "I"
    OUTPATIENT = "O"
    BOTH = "B"


class FacilityState(StrEnum):
    """Where a facility stands in its life."""

    PROPOSED = "proposed"
    VERIFIED = "verified"
    OPERATIONAL = "operational"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class FacilityStep(StrEnum):
    """What can be done to a facility."""

    VERIFY = "verify"
    OPEN = "open"
    SUSPEND = "suspend"
    RESUME = "resume"
    CLOSE = "close"


FACILITY_STEPS: Final[Mapping[tuple[FacilityState, FacilityStep], FacilityState]] = MappingProxyType(
    {
        (FacilityState.PROPOSED, FacilityStep.VERIFY): FacilityState.VERIFIED,
        (FacilityState.PROPOSED, FacilityStep.CLOSE): FacilityState.CLOSED,
        (FacilityState.VERIFIED, FacilityStep.OPEN): FacilityState.OPERATIONAL,
        (FacilityState.VERIFIED, FacilityStep.CLOSE): FacilityState.CLOSED,
        (FacilityState.OPERATIONAL, FacilityStep.SUSPEND): FacilityState.SUSPENDED,
        (FacilityState.OPERATIONAL, FacilityStep.CLOSE): FacilityState.CLOSED,
        (FacilityState.SUSPENDED, FacilityStep.RESUME): FacilityState.OPERATIONAL,
        (FacilityState.SUSPENDED, FacilityStep.CLOSE): FacilityState.CLOSED,
    }
)
"""Every permitted step; a closed facility stays closed, and nothing is ever deleted (FR-1)."""


def next_facility_state(state: FacilityState, step: FacilityStep) -> FacilityState:
    """Return the state after the step; raises `registry.facility_step_refused` (FR-1)."""
    following = FACILITY_STEPS.get((state, step))
    if following is None:
        raise TransitionRefused("registry.facility_step_refused", state=state, step=step)
    return following


def check_closing(opened: date | None, closes: date) -> None:
    """Refuse a closing date before the opening date (FR-1)."""
    if opened is not None and closes < opened:
        raise Refusal("registry.closed_before_opened")


def is_in_use(opened: date | None, closed: date | None, on: date) -> bool:
    """Say whether the facility existed on the day: from its opening, up to the day before its closing date."""
    return (opened is None or opened <= on) and (closed is None or on < closed)


def final_successor(code: str, replaced_by: Mapping[str, str]) -> str:
    """Return the facility at the end of a chain of replacements, however long (FR-1, PD-4).

    Raises `registry.replacement_cycle`.
    """
    seen = {code}
    while code in replaced_by:
        code = replaced_by[code]
        if code in seen:
            raise Refusal("registry.replacement_cycle")
        seen.add(code)
    return code


def check_replacement(code: str, successor: str, replaced_by: Mapping[str, str]) -> None:
    """Refuse a replacement that would make a facility its own successor (FR-1, PD-4)."""
    if final_successor(successor, replaced_by) == code:
        raise Refusal("registry.replacement_cycle")
