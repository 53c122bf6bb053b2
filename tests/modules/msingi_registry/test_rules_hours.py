"""Open now is answered in the local time of the place, overnight, on holidays and across clock changes."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from msingi_registry.rules.hours import OpeningPeriod, is_open, is_stale
from msingi_registry.rules.refusals import Refusal

DOUALA = ZoneInfo("Africa/Douala")
BUJUMBURA = ZoneInfo("Africa/Bujumbura")
MONDAY = date(2026, 3, 2)
DAYTIME = [OpeningPeriod(0, time(8), time(15, 30))]
NIGHT = [OpeningPeriod(6, time(20), time(6))]


def at(day: date, hour: int, minute: int = 0, zone: ZoneInfo = DOUALA) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)


@pytest.mark.rule("NS-2")
@pytest.mark.parametrize(
    ("hour", "minute", "opened"),
    [(7, 59, False), (8, 0, True), (15, 29, True), (15, 30, False), (23, 0, False)],
)
def test_a_day_period_opens_and_closes_to_the_minute(hour: int, minute: int, *, opened: bool) -> None:
    assert is_open(DAYTIME, at(MONDAY, hour, minute), DOUALA) is opened
    assert not is_open(DAYTIME, at(MONDAY + timedelta(days=1), hour, minute), DOUALA)


@pytest.mark.rule("NS-2")
def test_the_instant_is_read_in_the_local_time_of_the_place() -> None:
    instant = datetime(2026, 3, 2, 6, 30, tzinfo=UTC)

    assert is_open(DAYTIME, instant, BUJUMBURA)
    assert not is_open(DAYTIME, instant, DOUALA)


@pytest.mark.rule("NS-2")
@pytest.mark.parametrize(
    ("day", "hour", "opened"),
    [
        (MONDAY, 5, True),
        (MONDAY, 6, False),
        (MONDAY, 21, False),
        (date(2026, 3, 1), 21, True),
        (MONDAY, 0, True),
    ],
)
def test_a_night_period_ends_on_the_next_day(day: date, hour: int, *, opened: bool) -> None:
    assert is_open(NIGHT, at(day, hour), DOUALA) is opened


@pytest.mark.rule("NS-2")
@given(hour=st.integers(0, 23), minute=st.integers(0, 59), day=st.integers(0, 6))
def test_equal_times_mean_the_whole_day(hour: int, minute: int, day: int) -> None:
    always = [OpeningPeriod(weekday, time(7), time(7)) for weekday in range(7)]

    assert is_open(always, at(MONDAY + timedelta(days=day), hour, minute), DOUALA)
    assert not is_open([], at(MONDAY, hour, minute), DOUALA)


@pytest.mark.rule("NS-2")
def test_a_holiday_closes_the_period_that_begins_on_it() -> None:
    holiday = frozenset({MONDAY})
    sunday = frozenset({MONDAY - timedelta(days=1)})

    assert not is_open(DAYTIME, at(MONDAY, 10), DOUALA, closed_days=holiday)
    assert is_open(NIGHT, at(MONDAY, 5), DOUALA, closed_days=holiday)
    assert not is_open(NIGHT, at(MONDAY, 5), DOUALA, closed_days=sunday)


@pytest.mark.rule("NS-2", "attack 56")
def test_a_clock_change_moves_with_the_local_time() -> None:
    paris = ZoneInfo("Europe/Paris")
    periods = [OpeningPeriod(6, time(2, 30), time(4))]

    assert is_open(periods, datetime(2026, 3, 29, 1, 30, tzinfo=UTC), paris)
    assert not is_open(periods, datetime(2026, 3, 29, 0, 59, tzinfo=UTC), paris)


@pytest.mark.rule("NS-2", "attack 56")
def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        is_open(DAYTIME, at(MONDAY, 10).replace(tzinfo=None), DOUALA)

    assert refused.value.code == "registry.instant_without_zone"


@pytest.mark.rule("NS-2")
@pytest.mark.parametrize(("weekday", "opens"), [(7, time(8)), (-1, time(8)), (0, time(8, tzinfo=UTC))])
def test_senseless_hours_are_refused(weekday: int, opens: time) -> None:
    with pytest.raises(Refusal) as refused:
        OpeningPeriod(weekday, opens, time(12))

    assert refused.value.code == "registry.opening_hours_invalid"


@pytest.mark.rule("NS-2")
def test_a_place_is_stale_after_180_days_or_when_never_verified() -> None:
    assert not is_stale(MONDAY - timedelta(days=180), MONDAY)
    assert is_stale(MONDAY - timedelta(days=181), MONDAY)
    assert is_stale(MONDAY - timedelta(days=31), MONDAY, after_days=30)
    assert is_stale(None, MONDAY)
