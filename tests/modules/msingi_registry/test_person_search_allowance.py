"""The searches of a user are counted once for the installation, whatever process answers and however it ends."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from tests.modules.msingi_registry.person_fixtures import Country, country_of

from msingi.actor import Actor
from msingi.errors import DomainError
from msingi.platform import Platform
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi.work import Work
from msingi_registry.errors import SearchTooOften
from msingi_registry.models.search_count import SearchCount
from msingi_registry.plugin import READ_PERSONS
from msingi_registry.plugin import plugin as registry
from msingi_registry.rules.search_allowance import MINUTE, Allowance
from msingi_registry.services.search_allowance import spend_search

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TWO = {"registry": {"searches_per_minute": 2}}


@pytest.mark.rule("ID-23")
@pytest.mark.parametrize(
    ("spent", "later", "wait"),
    [(0, 0, 0), (2, 0, 0), (3, 0, 20), (30, 0, 20), (3, 19, 1), (3, 20, 0), (3, 3600, 0)],
)
def test_searches_come_back_evenly_over_the_minute(spent: int, later: int, wait: int) -> None:
    left = Allowance(NOON).spend(spent, per_minute=3, now=NOON)

    assert left.wait(per_minute=3, now=NOON + timedelta(seconds=later)) == timedelta(seconds=wait)


@pytest.mark.rule("ID-23")
@given(
    pauses=st.lists(st.integers(min_value=0, max_value=30), min_size=1, max_size=60), most=st.integers(1, 20)
)
def test_no_rhythm_gives_more_than_the_first_minute_and_what_came_back(pauses: list[int], most: int) -> None:
    now, left, found = NOON, Allowance(NOON), 0
    for pause in pauses:
        now += timedelta(seconds=pause)
        if not left.wait(per_minute=most, now=now):
            left, found = left.spend(1, per_minute=most, now=now), found + 1

    assert found <= most + most * ((now - NOON) / MINUTE)


@pytest.mark.rule("ID-23", "attack 100")
def test_two_processes_count_together(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    one, other = (make_platform(registry, plugins=TWO) for _ in range(2))
    clerk = as_user(READ_PERSONS)

    answers = [code_of(platform, clerk) for platform in (one, other, one, other)]
    frozen_clock.move(seconds=30)
    afterwards = [code_of(platform, clerk) for platform in (other, one)]

    assert answers == ["", "", "registry.search_too_often", "registry.search_too_often"]
    assert afterwards == ["", "registry.search_too_often"]


@pytest.mark.rule("ID-23", "attack 100")
def test_searches_at_the_same_moment_are_all_counted(make_platform: MakePlatform, as_user: AsUser) -> None:
    platform = make_platform(registry, plugins=TWO)
    clerk = as_user(READ_PERSONS)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _number: code_of(platform, clerk), range(4)))

    assert sorted(answers) == ["", "", "registry.search_too_often", "registry.search_too_often"]


@pytest.mark.rule("ID-23", "attack 100")
def test_an_operation_that_is_undone_has_searched_all_the_same(
    make_platform: MakePlatform, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    country = country_of(make_platform(registry, plugins=TWO))
    clerk = as_user(READ_PERSONS)

    with pytest.raises(SearchTooOften), country.platform.work(clerk) as work:
        search_three_times(work)

    assert full_at(country) == frozen_clock() + MINUTE


def code_of(platform: Platform, actor: Actor) -> str:
    """The code of the refusal of one search, empty when it was allowed."""
    try:
        with platform.work(actor, writes=False) as work:
            spend_search(work)
    except DomainError as refusal:
        return refusal.code
    return ""


def search_three_times(work: Work) -> None:
    """Three searches in the middle of an operation."""
    work.session.execute(select(SearchCount))
    for _ in range(3):
        spend_search(work)


def full_at(country: Country) -> datetime:
    """When all searches of the only user are back."""
    with country.platform.work() as work:
        return work.session.scalars(select(SearchCount.full_at)).one()
