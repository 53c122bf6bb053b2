"""What every backend of the durable jobs promises, on every engine."""

import json
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.core.jobs.conftest import StartWorker, eventually, job_of
from tests.core.jobs.workshop import Sewn, labels, meanwhile, neighbour, writers

from msingi.edge import configure_logs
from msingi.ids import new_id
from msingi.kernel.models import JobRecord, JobState
from msingi.platform import Platform
from msingi.testing import FrozenClock


def count_jobs(platform: Platform, name: str) -> int:
    with platform.work(writes=False) as work:
        return work.session.scalar(select(func.count()).where(JobRecord.name == name)) or 0


def enqueue(platform: Platform, name: str, *, key: str | None = None, **arguments: object) -> None:
    with platform.work() as work:
        work.enqueue(name, key=key, **arguments)


@pytest.mark.rule("I6")
def test_a_job_is_undone_with_the_transaction_that_wanted_it(shop: Platform) -> None:
    def want_and_fail() -> None:
        with shop.work() as work:
            work.enqueue("workshop.sew", label="lost")
            work.enqueue("workshop.sew", key="once", label="lost")
            work.emit(Sewn(piece="lost"))
            work.session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        want_and_fail()
    shop.jobs.run_pending()

    assert [label for label in labels(shop) if "lost" in label] == []
    assert count_jobs(shop, "workshop.sew") == 0


@pytest.mark.rule("I7")
def test_the_effect_of_a_job_and_its_end_are_one(shop: Platform) -> None:
    enqueue(shop, "workshop.sew", label="shirt")

    shop.jobs.run_pending()
    shop.jobs.run_pending()

    job = job_of(shop, "workshop.sew")
    assert labels(shop).count("shirt") == 1
    assert (job.state, job.attempts, job.result) == (JobState.DONE, 1, {"pieces": 1})


def test_arguments_arrive_in_the_types_of_the_function(shop: Platform) -> None:
    enqueue(shop, "workshop.sew_typed", piece_id=new_id(), wait="PT5M")

    shop.jobs.run_pending()

    assert "UUID timedelta {}" in labels(shop)


def test_a_second_job_with_the_key_of_an_unfinished_one_is_the_same_job(shop: Platform) -> None:
    with shop.work() as work:
        first = work.enqueue("workshop.sew", key="shirt 7", label="shirt 7")
        second = work.enqueue("workshop.sew", key="shirt 7", label="shirt 7")
    with shop.work() as work:
        third = work.enqueue("workshop.sew", key="shirt 7", label="shirt 7")
    shop.jobs.run_pending()
    with shop.work() as work:
        later = work.enqueue("workshop.sew", key="shirt 7", label="shirt 7 again")
    shop.jobs.run_pending()

    assert first == second == third != later
    assert [label for label in labels(shop) if label.startswith("shirt")] == ["shirt 7", "shirt 7 again"]


def test_parallel_requests_with_one_key_make_one_job(shop: Platform, another: Callable[[], Platform]) -> None:
    def ask(platform: Platform) -> None:
        for number in range(5):
            enqueue(platform, "workshop.sew", key=f"piece {number}", label=f"piece {number}")

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(ask, [another() for _ in range(3)]))

    assert count_jobs(shop, "workshop.sew") == 5


@pytest.mark.rule("F26")
def test_a_poison_job_is_parked_while_others_flow(shop: Platform, frozen_clock: FrozenClock) -> None:
    enqueue(shop, "workshop.tear", label="torn")
    enqueue(shop, "workshop.sew", label="shirt")

    for _ in range(5):
        shop.jobs.run_pending()
        frozen_clock.move(hours=1)

    job = job_of(shop, "workshop.tear")
    assert (job.state, job.attempts, job.error_code) == (JobState.PARKED, 3, "core.job_failed")
    assert job.error_params is not None
    assert job.error_params.keys() == {"error", "reference"}
    assert job.error_params["error"] == "ZeroDivisionError"
    assert "shirt" in labels(shop)
    assert "torn" not in labels(shop)


@pytest.mark.rule("attack 95")
def test_the_log_has_a_line_for_each_run_without_what_was_asked(shop: Platform) -> None:
    log = StringIO()
    configure_logs(stream=log)
    for name, arguments in {
        "sew": {"label": "Amina"},
        "tear": {"label": "Amina"},
        "dye": {"colour": "red"},
    }.items():
        enqueue(shop, f"workshop.{name}", **arguments)

    shop.jobs.run_pending()

    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    told = {(line["name"], line["event"], line["level"], line.get("code")) for line in lines}
    assert told >= {
        ("workshop.sew", "jobs.done", "info", None),
        ("workshop.tear", "jobs.failed", "warning", "core.job_failed"),
        ("workshop.dye", "jobs.failed", "warning", "workshop.out_of_thread"),
    }
    assert all(line["milliseconds"] >= 0 for line in lines if line["event"] == "jobs.done")
    assert "Amina" not in log.getvalue()


def test_a_failed_job_waits_before_its_next_attempt(shop: Platform, frozen_clock: FrozenClock) -> None:
    enqueue(shop, "workshop.tear", label="torn")

    shop.jobs.run_pending()
    shop.jobs.run_pending()
    waiting = job_of(shop, "workshop.tear")
    frozen_clock.move(seconds=10)
    shop.jobs.run_pending()

    assert (waiting.state, waiting.attempts) == (JobState.QUEUED, 1)
    assert job_of(shop, "workshop.tear").attempts == 2


def test_a_refusal_leaves_its_code(shop: Platform) -> None:
    enqueue(shop, "workshop.dye", colour="red")

    shop.jobs.run_pending()

    job = job_of(shop, "workshop.dye")
    assert (job.error_code, job.error_params) == ("workshop.out_of_thread", {"colour": "red"})


def test_the_job_of_a_disabled_module_is_parked_not_lost(shop: Platform) -> None:
    enqueue(shop, "weaving.weave")

    shop.jobs.run_pending()

    job = job_of(shop, "weaving.weave")
    assert (job.state, job.error_code) == (JobState.PARKED, "core.unknown_job")


def test_a_periodic_job_runs_once_per_period_with_three_workers(
    shop: Platform, another: Callable[[], Platform], frozen_clock: FrozenClock
) -> None:
    workers = [another() for _ in range(3)]

    for _ in range(2):
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda worker: worker.jobs.run_pending(), workers))
        frozen_clock.move(hours=1)

    assert [label for label in labels(shop) if "swept" in label] == ["swept 09:00", "swept 10:00"]


def test_progress_is_visible_to_others_while_the_job_runs(shop: Platform) -> None:
    enqueue(shop, "workshop.look_around")

    shop.jobs.run_pending()

    assert "3/10 running" in labels(shop)


@pytest.mark.rule("I6")
def test_a_handler_after_the_commit_is_repeated_until_it_succeeds(
    shop: Platform, frozen_clock: FrozenClock
) -> None:
    neighbour["shirt"] = 7
    with shop.work() as work:
        work.emit(Sewn(piece="shirt"))

    for _ in range(8):
        shop.jobs.run_pending()
        frozen_clock.move(hours=1)

    job = job_of(shop, "after.workshop.deliver")
    assert (job.state, job.attempts) == (JobState.DONE, 8)
    assert "delivered shirt system" in labels(shop)


@pytest.mark.rule("I6", "F26")
def test_a_handler_that_never_succeeds_is_parked_with_a_reason(
    shop: Platform, frozen_clock: FrozenClock
) -> None:
    neighbour["shirt"] = 1000
    with shop.work() as work:
        work.emit(Sewn(piece="shirt"))

    for _ in range(25):
        shop.jobs.run_pending()
        frozen_clock.move(hours=1)

    job = job_of(shop, "after.workshop.deliver")
    assert (job.state, job.attempts, job.error_code) == (JobState.PARKED, 20, "core.job_failed")


@pytest.mark.rule("I7")
def test_a_worker_that_was_overtaken_undoes_what_it_did(
    shop: Platform, another: Callable[[], Platform], frozen_clock: FrozenClock
) -> None:
    with shop.work() as work:
        job_id = work.enqueue("workshop.sew_meanwhile", label="shirt")

    def overtake() -> None:
        frozen_clock.move(hours=1)
        assert another().jobs.run_one(job_id)

    meanwhile.append(overtake)
    shop.jobs.run_one(job_id)

    assert labels(shop) == ["shirt"]
    assert job_of(shop, "workshop.sew_meanwhile").state is JobState.DONE


def test_a_job_that_is_given_up_while_it_runs_is_undone_and_cancelled(shop: Platform) -> None:
    with shop.work() as work:
        job_id = work.enqueue("workshop.sew_meanwhile", label="shirt")
    meanwhile.append(lambda: shop.jobs.give_up(job_id))

    ran = shop.jobs.run_one(job_id)

    job = job_of(shop, "workshop.sew_meanwhile")
    assert (ran, job.state, job.lease_until) == (True, JobState.CANCELLED, None)
    assert "shirt" not in labels(shop)
    assert not shop.jobs.run_one(job_id)


def test_a_job_that_is_given_up_before_it_runs_never_does(shop: Platform) -> None:
    enqueue(shop, "workshop.sew", label="shirt")
    job_id = job_of(shop, "workshop.sew").id

    shop.jobs.give_up(job_id)

    assert not shop.jobs.run_one(job_id)
    assert job_of(shop, "workshop.sew").state is JobState.CANCELLED


def test_a_job_asked_for_while_reading_is_refused(shop: Platform) -> None:
    def ask() -> None:
        with shop.work(writes=False) as work:
            work.enqueue("workshop.sew", label="lost")

    with pytest.raises(RuntimeError, match=r"workshop\.sew"):
        ask()


def test_threads_of_the_server_run_a_job_after_its_commit(live_shop: Platform) -> None:
    live_shop.jobs.start()

    enqueue(live_shop, "workshop.sew", label="shirt")

    eventually(lambda: job_of(live_shop, "workshop.sew").state is JobState.DONE)


def test_a_job_longer_than_its_lease_stays_with_its_worker(
    live_shop: Platform, start_worker: StartWorker, tmp_path: Path
) -> None:
    enqueue(live_shop, "workshop.sew_slowly", label="shirt", marker=str(tmp_path / "started"))

    for _ in range(2):
        start_worker()
    eventually(lambda: job_of(live_shop, "workshop.sew_slowly").state is JobState.DONE)

    assert job_of(live_shop, "workshop.sew_slowly").attempts == 1
    assert labels(live_shop).count("shirt") == 1


@pytest.mark.rule("F1", "F2", "I7")
def test_a_killed_worker_loses_its_job_to_another(
    live_shop: Platform, start_worker: StartWorker, tmp_path: Path
) -> None:
    marker = tmp_path / "started"
    enqueue(live_shop, "workshop.sew_until_killed", label="shirt", marker=str(marker))

    first = start_worker()
    eventually(marker.exists)
    first.kill()
    first.join(60)
    start_worker()
    eventually(lambda: job_of(live_shop, "workshop.sew_until_killed").state is JobState.DONE)

    assert labels(live_shop).count("shirt") == 1
    assert job_of(live_shop, "workshop.sew_until_killed").attempts == 2


@pytest.mark.rule("F2", "I7")
def test_a_long_job_resumes_at_its_last_checkpoint(
    live_shop: Platform, start_worker: StartWorker, tmp_path: Path
) -> None:
    marker = tmp_path / "half"
    enqueue(live_shop, "workshop.sew_many", total=100, step=10, marker=str(marker))

    first = start_worker()
    eventually(marker.exists)
    half = job_of(live_shop, "workshop.sew_many")
    first.kill()
    first.join(60)
    second = start_worker()
    eventually(lambda: job_of(live_shop, "workshop.sew_many").state is JobState.DONE)

    written = writers(live_shop)
    lines = [f"{line:06}" for line in range(100)]
    assert (half.state, half.progress, half.total, half.checkpoint) == (
        JobState.RUNNING,
        50,
        100,
        {"next": 50},
    )
    assert [label for label in labels(live_shop) if label.isdigit()] == lines
    assert {written[line] for line in lines[:50]} == {first.pid}
    assert {written[line] for line in lines[50:]} == {second.pid}


@pytest.mark.rule("F26", "F43")
def test_a_job_that_kills_its_workers_is_parked(live_shop: Platform, start_worker: StartWorker) -> None:
    enqueue(live_shop, "workshop.kill_the_worker")

    for _ in range(2):
        victim = start_worker()
        victim.join(60)
        assert victim.exitcode == -signal.SIGKILL
    start_worker()
    eventually(lambda: job_of(live_shop, "workshop.kill_the_worker").state is JobState.PARKED)

    assert job_of(live_shop, "workshop.kill_the_worker").error_code == "core.worker_lost"


def test_a_worker_told_to_stop_finishes_its_job(
    live_shop: Platform, start_worker: StartWorker, tmp_path: Path
) -> None:
    enqueue(live_shop, "workshop.sew_slowly", label="shirt", marker=str(tmp_path / "started"))

    worker = start_worker()
    eventually((tmp_path / "started").exists)
    worker.terminate()
    worker.join(60)

    assert worker.exitcode == 0
    assert job_of(live_shop, "workshop.sew_slowly").state is JobState.DONE
    assert labels(live_shop).count("shirt") == 1
