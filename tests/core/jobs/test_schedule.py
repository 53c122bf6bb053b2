"""Back-off and periods: exact values, and what holds for all of them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi.jobs.schedule import back_off, slot

SPREADS = st.floats(0, 1, exclude_max=True)


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 10), (2, 20), (3, 40), (9, 2560), (10, 3600), (1000, 3600)]
)
def test_the_wait_doubles_up_to_one_hour(failures: int, seconds: int) -> None:
    assert back_off(failures, spread=0.0) == timedelta(seconds=seconds)


@given(st.integers(1, 10_000), SPREADS)
def test_jitter_never_cuts_more_than_half(failures: int, spread: float) -> None:
    full = back_off(failures, spread=0.0)

    assert full / 2 <= back_off(failures, spread=spread) <= full


@given(
    st.integers(1, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    st.timedeltas(timedelta(seconds=1), timedelta(days=40)),
)
def test_every_instant_lies_in_the_period_that_bears_its_name(now: datetime, every: timedelta) -> None:
    start = datetime.fromisoformat(slot("core.check", every, now).partition("@")[2])

    assert start <= now < start + every
    assert slot("core.check", every, start) == slot("core.check", every, now)
    assert slot("core.check", every, start + every) != slot("core.check", every, now)
