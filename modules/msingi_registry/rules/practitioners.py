"""The licence of a professional: its states, what its dates make of it, and the rights it gives (PD-1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from msingi_registry.rules.refusals import Refusal, TransitionRefused

EXPIRING_WITHIN: Final = timedelta(days=60)
"""A licence is expiring on its last day and the 60 days before it (PD-1)."""


class LicenceState(StrEnum):
    """What is recorded of a licence, and what the calendar makes of it (EXPIRING, EXPIRED)."""

    APPLIED = "applied"
    VERIFIED = "verified"
    ACTIVE = "active"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class LicenceStep(StrEnum):
    """What an authority can do to a licence."""

    VERIFY = "verify"
    ACTIVATE = "activate"
    RENEW = "renew"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    REVOKE = "revoke"


class PractitionerCategory(StrEnum):
    """Formal and traditional medicine, always told apart (PD-7)."""

    FORMAL = "formal"
    TRADITIONAL = "traditional"


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """The recorded state of a licence since a day, and its first and last valid day."""

    state: LicenceState
    valid_from: date | None = None
    valid_to: date | None = None

    def __post_init__(self) -> None:
        """Refuse a state that only the calendar can give, and a period that ends before it begins."""
        if self.state in _CALENDAR_STATES:
            raise Refusal("registry.licence_state_not_recorded", state=self.state)
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise Refusal("registry.licence_period_invalid")


_CALENDAR_STATES: Final = frozenset({LicenceState.EXPIRING, LicenceState.EXPIRED})
_RUNNING: Final = (LicenceState.ACTIVE, LicenceState.EXPIRING)
_REVOCABLE: Final = (*_RUNNING, LicenceState.EXPIRED, LicenceState.SUSPENDED)

LICENCE_STEPS: Final[Mapping[tuple[LicenceState, LicenceStep], LicenceState]] = MappingProxyType(
    {
        (LicenceState.APPLIED, LicenceStep.VERIFY): LicenceState.VERIFIED,
        (LicenceState.VERIFIED, LicenceStep.ACTIVATE): LicenceState.ACTIVE,
        (LicenceState.SUSPENDED, LicenceStep.REINSTATE): LicenceState.ACTIVE,
        **{(state, LicenceStep.RENEW): LicenceState.ACTIVE for state in (*_RUNNING, LicenceState.EXPIRED)},
        **{(state, LicenceStep.SUSPEND): LicenceState.SUSPENDED for state in _RUNNING},
        **{(state, LicenceStep.REVOKE): LicenceState.REVOKED for state in _REVOCABLE},
    }
)
"""Every permitted step from the state on the day; a revoked licence stays revoked (PD-1)."""


def licence_state_on(licence: Licence, day: date) -> LicenceState:
    """Return the state on the day of an event: an active licence is expiring, then expired, by its dates (PD-1).

    Before its first day an active licence is only verified.
    """
    if licence.state is not LicenceState.ACTIVE:
        return licence.state
    if licence.valid_from is not None and day < licence.valid_from:
        return LicenceState.VERIFIED
    if licence.valid_to is None or day < licence.valid_to - EXPIRING_WITHIN:
        return LicenceState.ACTIVE
    return LicenceState.EXPIRING if day <= licence.valid_to else LicenceState.EXPIRED


def next_licence_state(licence: Licence, step: LicenceStep, day: date) -> LicenceState:
    """Return the recorded state after a step on the day; raises `registry.licence_step_refused` (PD-1)."""
    state = licence_state_on(licence, day)
    following = LICENCE_STEPS.get((state, step))
    if following is None:
        raise TransitionRefused("registry.licence_step_refused", state=state, step=step)
    return following


def may_practise(licence: Licence, day: date) -> bool:
    """Say whether the licence gave the right to practise on the day of the event (PD-1)."""
    return licence_state_on(licence, day) in _RUNNING


def may_prescribe(category: PractitionerCategory, licence: Licence, day: date) -> bool:
    """Say whether a prescription of the day is lawful; traditional practitioners never prescribe (PD-7)."""
    return category is PractitionerCategory.FORMAL and may_practise(licence, day)
