"""A licence gives rights on the day of the event, according to its state and its dates."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi_registry.rules.practitioners import (
    LICENCE_STEPS,
    Licence,
    LicenceState,
    LicenceStep,
    PractitionerCategory,
    licence_state_on,
    may_practise,
    may_prescribe,
    next_licence_state,
)
from msingi_registry.rules.refusals import Refusal, TransitionRefused

ACTIVE = Licence(state=LicenceState.ACTIVE, valid_from=date(2025, 1, 1), valid_to=date(2026, 12, 31))
recorded = st.sampled_from([state for state in LicenceState if state not in {"expiring", "expired"}])


@pytest.mark.rule("PD-1")
@pytest.mark.parametrize(
    ("day", "state", "right"),
    [
        (date(2024, 12, 31), LicenceState.VERIFIED, False),
        (date(2025, 1, 1), LicenceState.ACTIVE, True),
        (date(2026, 10, 31), LicenceState.ACTIVE, True),
        (date(2026, 11, 1), LicenceState.EXPIRING, True),
        (date(2026, 12, 31), LicenceState.EXPIRING, True),
        (date(2027, 1, 1), LicenceState.EXPIRED, False),
    ],
)
def test_the_calendar_moves_an_active_licence(day: date, state: LicenceState, *, right: bool) -> None:
    assert licence_state_on(ACTIVE, day) is state
    assert may_practise(ACTIVE, day) is right


@pytest.mark.rule("PD-1")
@given(state=recorded, day=st.dates())
def test_only_a_running_licence_gives_the_right_to_practise(state: LicenceState, day: date) -> None:
    licence = Licence(state=state)

    assert licence_state_on(licence, day) is state
    assert may_practise(licence, day) is (state is LicenceState.ACTIVE)


@pytest.mark.rule("PD-1")
def test_a_licence_is_applied_for_verified_activated_suspended_and_revoked() -> None:
    licence, passed = Licence(state=LicenceState.APPLIED), []
    for step in ("verify", "activate", "suspend", "reinstate", "revoke"):
        licence = Licence(state=next_licence_state(licence, LicenceStep(step), date(2026, 1, 1)))
        passed.append(licence.state.value)

    assert passed == ["verified", "active", "suspended", "active", "revoked"]


@pytest.mark.rule("PD-1")
def test_an_expired_licence_is_renewed_or_revoked_but_not_suspended() -> None:
    after = date(2027, 1, 1)

    assert next_licence_state(ACTIVE, LicenceStep.RENEW, after) is LicenceState.ACTIVE
    assert next_licence_state(ACTIVE, LicenceStep.REVOKE, after) is LicenceState.REVOKED
    with pytest.raises(TransitionRefused) as refused:
        next_licence_state(ACTIVE, LicenceStep.SUSPEND, after)
    assert refused.value.params == {"state": "expired", "step": "suspend"}


@pytest.mark.rule("PD-1")
@pytest.mark.parametrize("step", LicenceStep)
def test_a_revoked_licence_stays_revoked(step: LicenceStep) -> None:
    assert (LicenceState.REVOKED, step) not in LICENCE_STEPS
    with pytest.raises(TransitionRefused) as refused:
        next_licence_state(Licence(state=LicenceState.REVOKED), step, date(2026, 1, 1))
    assert refused.value.code == "registry.licence_step_refused"


@pytest.mark.rule("PD-1")
@pytest.mark.parametrize("state", [LicenceState.EXPIRING, LicenceState.EXPIRED])
def test_a_state_of_the_calendar_is_never_recorded(state: LicenceState) -> None:
    with pytest.raises(Refusal) as refused:
        Licence(state=state)

    assert refused.value.code == "registry.licence_state_not_recorded"


@pytest.mark.rule("PD-1")
def test_a_licence_does_not_end_before_it_begins() -> None:
    with pytest.raises(Refusal) as refused:
        Licence(state=LicenceState.ACTIVE, valid_from=date(2026, 1, 2), valid_to=date(2026, 1, 1))

    assert refused.value.code == "registry.licence_period_invalid"


@pytest.mark.rule("PD-7")
@given(offset=st.integers(-2_000, 2_000))
def test_a_traditional_practitioner_never_prescribes(offset: int) -> None:
    day = date(2026, 1, 1) + timedelta(days=offset)

    assert not may_prescribe(PractitionerCategory.TRADITIONAL, ACTIVE, day)
    assert may_prescribe(PractitionerCategory.FORMAL, ACTIVE, day) is may_practise(ACTIVE, day)
