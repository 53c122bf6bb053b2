"""The worker threads inside a process: what they outlive, and that their end is not waited for without limit."""

import threading

from structlog.testing import capture_logs

from msingi.jobs.embedded import Threads


def test_a_thread_outlives_whatever_its_work_raises_and_tells_it_without_the_message() -> None:
    looks: list[int] = []
    came_back = threading.Event()

    def drain(_stop: threading.Event) -> None:
        looks.append(len(looks))
        if len(looks) == 1:
            raise ZeroDivisionError("a secret")
        came_back.set()

    threads = Threads(drain, poll_seconds=0.01)
    with capture_logs() as lines:
        threads.start(1)
        alive = came_back.wait(60)
        threads.close()

    assert alive
    assert [(line["event"], line["error"]) for line in lines] == [("jobs.thread_failed", "ZeroDivisionError")]
    assert "secret" not in str(lines)


def test_a_thread_that_does_not_end_is_left_behind_and_told() -> None:
    begun, release = threading.Event(), threading.Event()

    def drain(_stop: threading.Event) -> None:
        begun.set()
        release.wait(60)

    threads = Threads(drain, poll_seconds=60)
    threads.start(1)
    begun.wait(60)
    with capture_logs() as lines:
        threads.close(within=0.01)
        threads.close(within=60)
    release.set()

    assert [(line["event"], line["jobs"]) for line in lines] == [("jobs.left_behind", 1)]
