"""Run one claimed job: done in its own transaction, or back to the queue, or parked with a reason."""

import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog

from msingi.defects import tell_defect
from msingi.errors import DomainError
from msingi.failures import as_refusal
from msingi.ids import new_id
from msingi.jobs.acting import actor_for
from msingi.jobs.definitions import Definition
from msingi.jobs.keeper import Keeper
from msingi.jobs.progress import Progress
from msingi.jobs.queue import Claim, LeaseLost, cancel, write_if_held
from msingi.jobs.schedule import back_off
from msingi.jobs.wakeups import Wakeups
from msingi.kernel.errors import JobFailed, UnknownJob, WorkerLost
from msingi.kernel.models import JobState
from msingi.transact import transact
from msingi.work import Origin

if TYPE_CHECKING:
    from msingi.platform import Platform

_log = structlog.get_logger("msingi.jobs")
_random = secrets.SystemRandom()


class Runner:
    """Executes claims; never raises for what a job does wrong."""

    def __init__(
        self,
        platform: "Platform",
        definitions: Mapping[str, Definition],
        *,
        wakeups: Wakeups,
        lease: timedelta,
    ) -> None:
        self._platform = platform
        self._definitions = definitions
        self._wakeups = wakeups
        self._lease = lease
        self._keeper = Keeper(platform, lease)
        self._in_hand: dict[UUID, Claim] = {}
        self._unwanted: set[UUID] = set()

    def run(self, claim: Claim) -> None:
        """Run the job to its next state."""
        definition = self._definitions.get(claim.name)
        if definition is None:
            self._park(claim, UnknownJob(name=claim.name))
        elif claim.attempts > definition.attempts:
            self._park(claim, WorkerLost(attempts=definition.attempts))
        else:
            self._attempt(claim, definition)

    def give_up(self, job_id: UUID) -> bool:
        """Let a job in hand end, undone, at its next report, and be cancelled; returns whether it is in hand."""
        self._unwanted.add(job_id)  # seen by the thread that is about to take it in hand
        claim = self._in_hand.get(job_id)
        if claim is not None:
            claim.given_up = True
        return claim is not None

    def close(self) -> None:
        """Stop renewing leases."""
        self._keeper.close()

    def _attempt(self, claim: Claim, definition: Definition) -> None:
        began = time.perf_counter()
        try:
            with self._holding(claim):
                transact(lambda: self._perform(claim, definition))
        except LeaseLost:
            self._let_go(claim)
        except Exception as error:  # noqa: BLE001 - the edge of foreign code: every failure becomes a state (F26, F42)
            refusal = _refusal(claim, error)
            _log.warning("jobs.failed", code=refusal.code, attempt=claim.attempts, **_told(claim, began))
            self._fail(claim, definition, refusal)
        else:
            _log.info("jobs.done", **_told(claim, began))

    def _perform(self, claim: Claim, definition: Definition) -> None:
        actor = actor_for(self._platform, claim)
        with self._platform.work(actor, origin=Origin(claim.id, door="job")) as work:
            progress = Progress(work, claim, self._lease)
            definition.call(work, progress, claim.arguments)
            progress.complete()

    @contextmanager
    def _holding(self, claim: Claim) -> Iterator[None]:
        self._in_hand[claim.id] = claim
        claim.given_up = claim.id in self._unwanted
        try:
            with self._keeper.hold(claim.token):
                yield
        finally:
            del self._in_hand[claim.id]
            self._unwanted.discard(claim.id)

    def _let_go(self, claim: Claim) -> None:
        if not claim.given_up:
            _log.warning("jobs.taken_over", job=str(claim.id), name=claim.name)
            return
        _log.info("jobs.given_up", job=str(claim.id), name=claim.name)
        with self._platform.work() as work:
            cancel(work.session, claim.id, work.now())

    def _fail(self, claim: Claim, definition: Definition, error: DomainError) -> None:
        if claim.attempts >= definition.attempts:
            self._park(claim, error)
            return
        wait = back_off(claim.attempts, spread=_random.random())
        with self._platform.work() as work:
            run_at = work.now() + wait
            values = {"state": JobState.QUEUED, "run_at": run_at, "lease_until": None}
            if write_if_held(work.session, claim, **values, **_reason(error)):
                self._wakeups.announce(work.session, [claim.id], at=run_at)

    def _park(self, claim: Claim, error: DomainError) -> None:
        with self._platform.work() as work:
            values = {"state": JobState.PARKED, "finished_at": work.now(), "lease_until": None}
            write_if_held(work.session, claim, **values, **_reason(error))


def _told(claim: Claim, began: float) -> dict[str, Any]:
    """What a line of the log says of a job: never what it was asked to do."""
    return {
        "job": str(claim.id),
        "name": claim.name,
        "milliseconds": round(1000 * (time.perf_counter() - began)),
    }


def _reason(error: DomainError) -> dict[str, Any]:
    """What is kept of a refusal; it is told in the language of whoever reads it."""
    saying = error.saying().stored()
    return {
        "error_code": error.code,
        "error_template": saying["text"],
        "error_params": saying["values"],
    }


def _refusal(claim: Claim, error: Exception) -> DomainError:
    known = error if isinstance(error, DomainError) else as_refusal(error)
    if known is not None:
        return known
    reference = str(new_id())
    tell_defect(_log, "jobs.unexpected", error, reference=reference, job=str(claim.id), name=claim.name)
    return JobFailed(error=type(error).__name__, reference=reference)
