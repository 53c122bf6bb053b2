"""The thread that keeps leases alive outlives whatever it meets: without it a long job would run twice."""

import threading
from datetime import datetime, timedelta

from structlog.testing import capture_logs

from msingi.jobs.keeper import Keeper
from msingi.platform import Platform
from msingi.testing import FrozenClock, MakePlatform


def test_leases_are_renewed_again_after_a_failure_that_nobody_foresaw(
    make_platform: MakePlatform, frozen_clock: FrozenClock
) -> None:
    asked: list[int] = []
    came_back = threading.Event()

    def failing_once() -> datetime:
        asked.append(len(asked))
        if len(asked) == 1:
            raise ZeroDivisionError("a secret")
        came_back.set()
        return frozen_clock()

    platform = Platform(make_platform().profile, plugins=[], clock=failing_once)
    keeper = Keeper(platform, timedelta(seconds=0.03))
    with capture_logs() as lines:
        with keeper.hold("token"):
            alive = came_back.wait(60)
        keeper.close()
    platform.close()

    assert alive
    assert [line["error"] for line in lines] == ["ZeroDivisionError"]
    assert "secret" not in str(lines)
