"""Run one claimed job: done in its own transaction, or back to the queue, or parked with a reason."""

import secrets
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog

from msingi.errors import DomainError
from msingi.failures import as_refusal, error_kinds, places
from msingi.ids import new_id
from msingi.jobs.acting import actor_for
from msingi.jobs.definitions import Definition
from msingi.jobs.keeper import Keeper
from msingi.jobs.progress import Progress
from msingi.jobs.queue import Claim, LeaseLost, write_if_held
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

    def run(self, claim: Claim) -> None:
        """Run the job to its next state."""
        definition = self._definitions.get(claim.name)
        if definition is None:
            self._park(claim, UnknownJob(name=claim.name))
        elif claim.attempts > definition.attempts:
            self._park(claim, WorkerLost(attempts=definition.attempts))
        else:
            self._attempt(claim, definition)

    def close(self) -> None:
        """Stop renewing leases."""
        self._keeper.close()

    def _attempt(self, claim: Claim, definition: Definition) -> None:
        began = time.perf_counter()
        try:
            with self._keeper.hold(claim.token):
                transact(lambda: self._perform(claim, definition))
        except LeaseLost:
            _log.warning("jobs.taken_over", job=str(claim.id), name=claim.name)
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
    failure = JobFailed(error=type(error).__name__, reference=str(new_id()))
    reference = failure.params["reference"]
    _log.error(
        "jobs.unexpected",
        job=str(claim.id),
        name=claim.name,
        reference=reference,
        error=error_kinds(error),
        at=places(error),
    )
    return failure
