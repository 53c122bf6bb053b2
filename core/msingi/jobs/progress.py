"""What a running job says about itself, and how a long one saves its steps."""

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from pydantic_core import to_jsonable_python
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from msingi.jobs.queue import Claim, LeaseLost, write_held, write_if_held
from msingi.kernel.models import JobState

if TYPE_CHECKING:
    from msingi.work import Work

PAUSE_SECONDS = 0.5
"""Readings in between are dropped: a loop may report every line without writing every line."""


class Progress:
    """The second argument of every job function.

    Call it to report, ``checkpoint`` to save a step of a long job, ``result`` to leave a report behind.
    """

    def __init__(self, work: "Work", claim: Claim, lease: timedelta) -> None:
        self._work = work
        self._claim = claim
        self._lease = lease
        self._result: dict[str, Any] | None = None
        self._next_reading = 0.0

    @property
    def state(self) -> Mapping[str, Any]:
        """What the last checkpoint saved, by this attempt or an earlier one; empty at the first start."""
        return self._claim.state

    def __call__(self, done: int, total: int | None = None) -> None:
        """Report units done, visible to others at once, at most twice a second.

        On SQLite a job that has written keeps the only write lock: its readings appear with its next checkpoint.

        Raises:
            LeaseLost: the job was given up in this process; everything since the last checkpoint is undone.

        """
        if self._claim.given_up:
            raise LeaseLost(str(self._claim.id))
        self._claim.progress, self._claim.total = done, total
        moment = time.monotonic()
        if moment >= self._next_reading or done == total:
            self._next_reading = moment + PAUSE_SECONDS
            self._show()

    def checkpoint(
        self, state: Mapping[str, Any], *, done: int | None = None, total: int | None = None
    ) -> None:
        """Commit what was done so far together with ``state``: after a crash the job resumes exactly here (F2).

        Plain values only. The attempts start again, because a job that moves forward is not failing.

        Raises:
            LeaseLost: another worker took over; everything since the last checkpoint is undone.

        """
        saved: dict[str, Any] = to_jsonable_python(dict(state))
        claim, work = self._claim, self._work
        reached = claim.progress if done is None else done
        expected = claim.total if total is None else total
        write_held(
            work.session,
            claim,
            checkpoint=saved,
            progress=reached,
            total=expected,
            attempts=1,
            lease_until=work.now() + self._lease,
        )
        work.session.finish()
        claim.state, claim.progress, claim.total, claim.attempts = saved, reached, expected, 1
        work.platform.jobs.committed(work)

    def result(self, report: Mapping[str, Any]) -> None:
        """Leave a report (counts, identifiers; no personal data) that is stored when the job is done."""
        self._result = to_jsonable_python(dict(report))

    def complete(self) -> None:
        """Mark the job done inside the job's own transaction: effect and mark are one (I7).

        Raises:
            LeaseLost: another worker took over; the effect is undone.

        """
        claim = self._claim
        write_held(
            self._work.session,
            claim,
            state=JobState.DONE,
            finished_at=self._work.now(),
            lease_until=None,
            error_code=None,
            error_template=None,
            error_params=None,
            progress=claim.progress,
            total=claim.total,
            result=self._result,
        )

    def _show(self) -> None:
        platform = self._work.platform
        if platform.database.is_sqlite and self._work.session.in_transaction():
            return
        try:
            with platform.work() as aside:
                write_if_held(
                    aside.session, self._claim, progress=self._claim.progress, total=self._claim.total
                )
        except (OperationalError, PoolTimeout):
            self._next_reading = time.monotonic() + PAUSE_SECONDS
