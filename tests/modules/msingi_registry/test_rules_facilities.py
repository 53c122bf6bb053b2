"""A facility lives through its states, closes with a date, and its replacements end somewhere."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi_registry.rules.facilities import (
    FACILITY_STEPS,
    FacilityState,
    FacilityStep,
    check_closing,
    check_replacement,
    final_successor,
    is_in_use,
    next_facility_state,
)
from msingi_registry.rules.refusals import Refusal, TransitionRefused


@pytest.mark.rule("FR-1")
def test_a_facility_goes_from_proposal_to_closing() -> None:
    state = FacilityState.PROPOSED
    passed = []
    for step in ("verify", "open", "suspend", "resume", "close"):
        state = next_facility_state(state, FacilityStep(step))
        passed.append(state.value)

    assert passed == ["verified", "operational", "suspended", "operational", "closed"]


@pytest.mark.rule("FR-1")
@pytest.mark.parametrize("state", FacilityState)
@pytest.mark.parametrize("step", FacilityStep)
def test_every_step_outside_the_table_is_refused(state: FacilityState, step: FacilityStep) -> None:
    if (state, step) in FACILITY_STEPS:
        assert next_facility_state(state, step) is not state
        return
    with pytest.raises(TransitionRefused) as refused:
        next_facility_state(state, step)

    assert refused.value.code == "registry.facility_step_refused"
    assert refused.value.params == {"state": state.value, "step": step.value}


@pytest.mark.rule("FR-1")
def test_closed_is_final_and_every_other_state_can_close() -> None:
    assert {state for state, _ in FACILITY_STEPS} == set(FacilityState) - {FacilityState.CLOSED}
    assert {state for state, step in FACILITY_STEPS if step is FacilityStep.CLOSE} == set(FacilityState) - {
        FacilityState.CLOSED
    }


@pytest.mark.rule("FR-1")
def test_a_closing_has_an_effective_date_not_before_the_opening() -> None:
    opened = date(2020, 1, 1)

    check_closing(opened, opened)
    check_closing(None, date(1990, 1, 1))
    with pytest.raises(Refusal) as refused:
        check_closing(opened, date(2019, 12, 31))
    assert refused.value.code == "registry.closed_before_opened"


@pytest.mark.rule("FR-1", "FR-2")
@pytest.mark.parametrize(
    ("on", "used"), [("2019-12-31", False), ("2020-01-01", True), ("2024-12-31", True), ("2025-01-01", False)]
)
def test_a_facility_is_in_use_between_its_dates(on: str, *, used: bool) -> None:
    assert is_in_use(date(2020, 1, 1), date(2025, 1, 1), date.fromisoformat(on)) is used


@pytest.mark.rule("FR-1", "PD-4")
def test_a_chain_of_replacements_ends_at_the_last_and_a_cycle_is_refused() -> None:
    chain = {f"F{number}": f"F{number + 1}" for number in range(5_000)}

    assert final_successor("F0", chain) == "F5000"
    assert final_successor("F5000", chain) == "F5000"
    check_replacement("F5000", "F9999", chain)
    with pytest.raises(Refusal) as closing:
        check_replacement("F5000", "F7", chain)
    with pytest.raises(Refusal) as walking:
        final_successor("A", {"A": "B", "B": "A"})
    assert {closing.value.code, walking.value.code} == {"registry.replacement_cycle"}


@pytest.mark.rule("FR-1", "PD-4")
@given(pairs=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=30))
def test_checked_replacements_always_resolve_to_a_facility_in_use(pairs: list[tuple[int, int]]) -> None:
    replaced_by: dict[str, str] = {}
    for code, successor in pairs:
        try:
            check_replacement(str(code), str(successor), replaced_by)
        except Refusal:
            continue
        replaced_by.setdefault(str(code), str(successor))

    assert all(final_successor(code, replaced_by) not in replaced_by for code in replaced_by)
