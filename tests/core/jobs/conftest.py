"""The workshop on each backend, and worker processes that may be killed."""

import multiprocessing
import time
from collections.abc import Callable, Iterator
from multiprocessing.process import BaseProcess
from typing import Protocol

import pytest
from sqlalchemy import select
from tests.core.jobs import workshop

from msingi.kernel.models import JobRecord
from msingi.platform import Platform
from msingi.testing import FrozenClock, MakePlatform

BACKENDS = ("embedded", "procrastinate")


class StartWorker(Protocol):
    """Start a worker process on the test's database."""

    def __call__(self) -> BaseProcess: ...


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out procrastinate on SQLite, which is refused at the start."""
    impossible = [item for item in items if _is_impossible(item)]
    config.hook.pytest_deselected(items=impossible)
    items[:] = [item for item in items if item not in impossible]


def _is_impossible(item: pytest.Item) -> bool:
    chosen = item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
    return chosen.get("backend") == "procrastinate" and chosen.get("engine_name") == "sqlite"


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def shop(make_platform: MakePlatform, backend: str) -> Platform:
    """The workshop under the frozen clock."""
    workshop.neighbour.clear()
    workshop.meanwhile.clear()
    platform = make_platform(workshop.plugin, jobs={"backend": backend})
    with platform.database.write.connect() as connection, connection.begin():
        workshop.WorkshopEntry.metadata.create_all(
            connection,
            tables=[workshop.WorkshopEntry.__table__],  # type: ignore[list-item]
        )
    return platform


@pytest.fixture
def another(shop: Platform, frozen_clock: FrozenClock) -> Iterator[Callable[[], Platform]]:
    """More platforms on the same database, as other worker processes have them."""
    made: list[Platform] = []

    def make() -> Platform:
        made.append(Platform(shop.profile, plugins=[workshop.plugin], clock=frozen_clock))
        return made[-1]

    yield make
    for platform in made:
        platform.close()


@pytest.fixture
def live_shop(shop: Platform, database_url: str, backend: str) -> Iterator[Platform]:
    """The workshop under the real clock, as worker processes see it."""
    shop.database.dispose()
    platform = workshop.open_workshop(database_url, backend)
    yield platform
    platform.close()


@pytest.fixture
def start_worker(live_shop: Platform, database_url: str, backend: str) -> Iterator[StartWorker]:
    """Worker processes from a server that has imported everything once and holds no connection."""
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload([workshop.__name__])
    started: list[BaseProcess] = []

    def start() -> BaseProcess:
        process = processes.Process(target=workshop.serve, args=(database_url, backend))
        process.start()
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.join()


def eventually(condition: Callable[[], bool], *, seconds: float = 60.0) -> None:
    """Wait for a condition; the limit only ends a test that would otherwise hang."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("the condition did not come true")
        time.sleep(0.05)


def job_of(platform: Platform, name: str) -> JobRecord:
    with platform.work(writes=False) as work:
        job = work.session.scalars(select(JobRecord).where(JobRecord.name == name)).one()
        work.session.expunge(job)
        return job
