"""The procrastinate backend beside the conformance suite: its messages, its tables, its losses."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError
from tests.core.jobs import workshop
from tests.core.jobs.conftest import job_of

from msingi.errors import ConfigurationError, DatabaseAway, DomainError, TooBusy
from msingi.failures import as_refusal
from msingi.jobs.machines import Machines
from msingi.jobs.schema import ensure_schema
from msingi.kernel.models import JobRecord, JobState
from msingi.platform import Platform
from msingi.testing import FrozenClock, MakePlatform
from msingi.work import Work

PROCRASTINATE_ONLY = pytest.mark.parametrize("backend", ["procrastinate"])


def told(platform: Platform) -> list[str]:
    """The ids of the jobs that waiting messages carry."""
    with platform.database.read.connect() as connection:
        waiting = "SELECT args ->> 'job_id' FROM procrastinate_jobs WHERE status = 'todo' ORDER BY id"
        return list(connection.scalars(text(waiting)))


def machines_of(platform: Platform) -> Machines:
    backend = platform.jobs.wakeups
    assert isinstance(backend, Machines)
    return backend


@PROCRASTINATE_ONLY
@pytest.mark.rule("I6")
def test_messages_are_committed_and_undone_with_the_jobs(shop: Platform) -> None:
    with shop.work() as work:
        kept = [work.enqueue("workshop.sew", label="a"), work.enqueue("workshop.sew", key="k", label="b")]
    with shop.work() as work:
        work.enqueue("workshop.sew", label="c")
        work.session.flush()
        shop.jobs.announce_news(work.session)
        work.session.undo()

    assert told(shop) == [str(job_id) for job_id in kept]


def _refusal_of_a_job(shop: Platform, before_commit: Callable[[Work], object]) -> DomainError | None:
    """What a caller is told when the database refuses the message of a job."""

    def enqueue() -> None:
        with shop.work() as work:
            work.enqueue("workshop.sew", label="a")
            before_commit(work)

    with pytest.raises(DBAPIError) as failure:
        enqueue()
    return as_refusal(failure.value)


@PROCRASTINATE_ONLY
@pytest.mark.rule("F40")
def test_a_message_that_waits_too_long_for_a_lock_is_a_busy_server(shop: Platform) -> None:
    def wait_briefly(work: Work) -> None:
        work.session.execute(text("SET LOCAL lock_timeout = '20ms'"))

    with shop.database.write.begin() as other:
        other.execute(text("LOCK TABLE procrastinate_jobs IN ACCESS EXCLUSIVE MODE"))
        refusal = _refusal_of_a_job(shop, wait_briefly)

    assert isinstance(refusal, TooBusy)
    assert told(shop) == []


@PROCRASTINATE_ONLY
@pytest.mark.rule("F3")
def test_a_connection_that_ends_before_the_message_is_a_database_that_is_away(shop: Platform) -> None:
    def end_it(work: Work) -> None:
        work.session.flush()
        pid = work.session.scalar(text("SELECT pg_backend_pid()"))
        with shop.database.lone.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})

    refusal = _refusal_of_a_job(shop, end_it)

    assert isinstance(refusal, DatabaseAway)
    assert told(shop) == []


@PROCRASTINATE_ONLY
def test_a_retry_leaves_a_message_for_its_time(shop: Platform, frozen_clock: FrozenClock) -> None:
    with shop.work() as work:
        torn = work.enqueue("workshop.tear", label="a")

    shop.jobs.run_one(torn)

    with shop.database.read.connect() as connection:
        due = connection.scalar(text("SELECT max(scheduled_at) FROM procrastinate_jobs"))
    assert due == job_of(shop, "workshop.tear").run_at
    assert due > frozen_clock()


@PROCRASTINATE_ONLY
@pytest.mark.rule("I6")
def test_jobs_of_dead_workers_and_jobs_without_a_message_are_told_again(
    shop: Platform, frozen_clock: FrozenClock
) -> None:
    with shop.work() as work:
        lost, forgotten, held = (work.enqueue("workshop.sew", label=label) for label in "abc")
    with shop.work() as work:
        work.session.execute(text("DELETE FROM procrastinate_jobs"))
        for job_id, minutes in ((lost, 0), (held, 10)):
            values = {
                "state": JobState.RUNNING,
                "worker": "w",
                "lease_until": frozen_clock() + timedelta(minutes=minutes),
            }
            work.session.execute(update(JobRecord).where(JobRecord.id == job_id).values(values))

    frozen_clock.move(minutes=5)
    for _ in range(2):
        with shop.work() as work:
            machines_of(shop).sweep(work)

    assert sorted(told(shop)) == sorted([str(lost), str(forgotten)])


@PROCRASTINATE_ONLY
def test_a_job_that_is_done_ignores_a_late_message(shop: Platform) -> None:
    with shop.work() as work:
        job_id = work.enqueue("workshop.sew", label="a")

    assert [shop.jobs.run_one(job_id), shop.jobs.run_one(job_id)] == [True, False]
    assert workshop.labels(shop) == ["a"]


@PROCRASTINATE_ONLY
def test_the_tables_of_an_older_release_receive_only_newer_scripts(shop: Platform) -> None:
    with shop.database.write.connect() as connection, connection.begin():
        connection.execute(text("COMMENT ON TABLE procrastinate_jobs IS '03.04.00_02'"))
        connection.execute(
            text("DROP FUNCTION procrastinate_trigger_function_status_events_update_v1 CASCADE")
        )
        ensure_schema(shop, connection)

        restored = connection.scalar(
            text("SELECT count(*) FROM pg_proc WHERE proname LIKE '%status_events_update_v_'")
        )
        mark = connection.scalar(text("SELECT obj_description('procrastinate_jobs'::regclass)"))

    assert restored == 1
    assert mark is not None
    assert mark > "03.04.00"


def test_procrastinate_on_sqlite_is_refused_at_the_start(
    make_platform: MakePlatform, engine_name: str
) -> None:
    if engine_name == "postgresql":
        assert make_platform(jobs={"backend": "auto"}).jobs.backend == "procrastinate"
        return

    with pytest.raises(ConfigurationError, match=r"jobs\.backend"):
        make_platform(jobs={"backend": "procrastinate"})
