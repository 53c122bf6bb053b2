"""The face of the durable jobs: enqueue inside a transaction, run what is due, serve as a worker."""

import os
import secrets
import signal
import socket
import threading
from collections.abc import Mapping
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog
from pydantic_core import to_jsonable_python
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from msingi.actor import ActorKind
from msingi.db import WorkSession
from msingi.ending import CLOSE_SECONDS
from msingi.errors import ConfigurationError
from msingi.ids import new_id
from msingi.jobs.definitions import Definition, definitions_of
from msingi.jobs.embedded import Embedded, Threads
from msingi.jobs.queue import (
    cancel,
    claim,
    has_due,
    insert_unless_present,
    known_slots,
    unfinished_with_key,
)
from msingi.jobs.runner import Runner
from msingi.jobs.schedule import slot
from msingi.jobs.wakeups import Wakeups
from msingi.kernel.models import JobRecord
from msingi.profiles import Profile

if TYPE_CHECKING:
    from msingi.platform import Platform
    from msingi.work import Work

_log = structlog.get_logger("msingi.jobs")
AFTER = "after."
_NEWS = "msingi_jobs_to_announce"
_TOLD = "msingi_jobs_announced"


class Jobs:
    """The durable jobs of one platform; the table ``core_job`` is the truth for every backend."""

    def __init__(self, platform: "Platform") -> None:
        self.platform = platform
        settings = platform.profile.jobs
        self._lease = timedelta(seconds=settings.lease_seconds)
        self._name = f"{socket.gethostname()[:40]}-{os.getpid()}"

    # Writing

    def enqueue(self, work: "Work", name: str, *, key: str | None, arguments: Mapping[str, Any]) -> UUID:
        """Queue a job inside the caller's transaction and return its id.

        With a ``key``, a job that is queued or running under the same key stands for this one, too.

        Raises:
            RuntimeError: the unit of work only reads, so the job would be lost.

        """
        if not work.writes:
            raise RuntimeError(f"the job {name} needs a unit of work that writes")
        row = self._row(work, name, arguments)
        if key is None:
            work.session.add(JobRecord(**row))
            self._remember(work.session, row["id"])
            return UUID(str(row["id"]))
        return self._enqueue_once(work, row | {"key": key}, key)

    def announce(self, work: "Work", job_id: UUID) -> None:
        """Wake the workers, after the commit, for a job that was put back into the queue."""
        self._remember(work.session, job_id)

    def committed(self, work: "Work") -> None:
        """Wake the threads of this process when the transaction brought jobs."""
        if work.session.info.pop(_TOLD, False):
            self._threads.wake()

    def announce_news(self, session: Session) -> None:
        """Tell the backend of the jobs of this transaction, just before its commit."""
        news: list[UUID] = session.info.pop(_NEWS, [])
        if news:
            self.wakeups.announce(session, news)
            session.info[_TOLD] = True

    # Running

    def run_pending(self, limit: int | None = None) -> int:
        """Run everything that is due here and now, one job after the other, and return how many ran.

        Periodic jobs whose period has begun are among them. A job that fails waits for its next attempt.
        """
        self.enqueue_periodic()
        done = 0
        while (limit is None or done < limit) and self._run_next():
            done += 1
        return done

    def run_one(self, job_id: UUID) -> bool:
        """Run this job unless it is finished or somebody else has it; returns whether it ran."""
        return self._run_next(job_id)

    def give_up(self, job_id: UUID) -> None:
        """Cancel a job that waits or runs: what it did since its last checkpoint is undone.

        One that this process runs ends at its next report, one of another worker at its next checkpoint.
        """
        if not self._runner.give_up(job_id):
            with self.platform.work() as work:
                cancel(work.session, job_id, work.now())

    def enqueue_periodic(self) -> None:
        """Queue each periodic job once per period, however many workers ask; never beside an unfinished one."""
        now = self.platform.clock()
        wanted = {slot(d.name, d.every, now): d.name for d in self._definitions.values() if d.every}
        if not wanted:
            return
        with self.platform.work(writes=False) as work:
            missing = wanted.keys() - known_slots(work.session, wanted)
        if missing:
            self._insert_periodic({name: wanted[name] for name in missing})

    def start(self) -> None:
        """Start the worker threads of the profile inside this process."""
        self._threads.start(self.platform.profile.jobs.embedded_workers)

    def serve_forever(self) -> None:
        """Work until SIGTERM or SIGINT: the job in hand is finished first."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        _log.info("jobs.worker_ready", backend=self.backend)
        self.wakeups.serve(stop)
        _log.info("jobs.worker_stopped")

    def close(self, *, within: float = CLOSE_SECONDS) -> None:
        """Stop the threads after their jobs in hand, or after ``within`` seconds, whatever comes first."""
        if "_threads" in self.__dict__:
            self._threads.close(within=within)
        if "_runner" in self.__dict__:
            self._runner.close()

    def _run_next(self, job_id: UUID | None = None) -> bool:
        token = f"{self._name}-{secrets.token_hex(8)}"
        with self.platform.work() as work:
            held = claim(work, token, self._lease, job_id=job_id)
        if held is None:
            return False
        self._runner.run(held)
        return True

    def _drain(self, stop: threading.Event) -> None:
        try:
            self.enqueue_periodic()
            while not stop.is_set() and self._is_due() and self._run_next():
                continue
        except SQLAlchemyError:
            _log.warning("jobs.database_away_or_busy")

    def _is_due(self) -> bool:
        with self.platform.work(writes=False) as work:
            return has_due(work.session, work.now())

    # Rows

    def _row(self, work: "Work", name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        actor = work.actor
        return {
            "id": new_id(),
            "name": name,
            "arguments": to_jsonable_python(dict(arguments)),
            "run_at": work.now(),
            "created_at": work.now(),
            "actor_id": actor.id or actor.on_behalf_of,
            "as_system": actor.kind is ActorKind.SYSTEM or name.startswith(AFTER),
            "limits": sorted(actor.grants.names()) if actor.kind is ActorKind.TOKEN else None,
        }

    def _enqueue_once(self, work: "Work", row: dict[str, Any], key: str) -> UUID:
        while True:
            holder = unfinished_with_key(work.session, key)
            if holder is not None:
                return holder
            insert_unless_present(work.session, [row])
            self._remember(work.session, row["id"])

    def _insert_periodic(self, missing: Mapping[str, str]) -> None:
        with self.platform.work() as work:
            rows = [
                self._row(work, name, {}) | {"key": f"every.{name}", "slot": period}
                for period, name in missing.items()
            ]
            insert_unless_present(work.session, rows)
            for row in rows:
                self._remember(work.session, row["id"])

    def _remember(self, session: Session, job_id: UUID) -> None:
        session.info.setdefault(_NEWS, []).append(job_id)

    # Parts

    @property
    def backend(self) -> str:
        """``embedded`` or ``procrastinate``."""
        return backend_of(self.platform.profile, is_sqlite=self.platform.database.is_sqlite)

    @cached_property
    def wakeups(self) -> Wakeups:
        """The backend: who is told of a new job."""
        settings = self.platform.profile.jobs
        if self.backend == "embedded":
            return Embedded(lambda: self._threads, max(1, settings.embedded_workers))
        from msingi.jobs.machines import Machines

        return Machines(
            self.platform,
            run=self.run_one,
            enqueue_periodic=self.enqueue_periodic,
            lease_seconds=settings.lease_seconds,
            poll_seconds=settings.poll_seconds,
        )

    @cached_property
    def _definitions(self) -> Mapping[str, Definition]:
        return definitions_of(self.platform.plugins, self.platform.after_handlers())

    @cached_property
    def _runner(self) -> Runner:
        return Runner(self.platform, self._definitions, wakeups=self.wakeups, lease=self._lease)

    @cached_property
    def _threads(self) -> Threads:
        return Threads(self._drain, self.platform.profile.jobs.poll_seconds)


def backend_of(profile: Profile, *, is_sqlite: bool) -> str:
    """The backend that the profile chooses: ``auto`` is procrastinate on PostgreSQL, embedded on SQLite.

    Raises:
        ConfigurationError: procrastinate is asked for on SQLite.

    """
    chosen = profile.jobs.backend
    if chosen == "procrastinate" and is_sqlite:
        raise ConfigurationError(
            "jobs.backend: procrastinate needs PostgreSQL. Use embedded or auto on SQLite."
        )
    if chosen != "auto":
        return chosen
    return "embedded" if is_sqlite else "procrastinate"


@event.listens_for(WorkSession, "before_commit")
def _announce(session: Session) -> None:
    work: Work | None = session.info.get("work")
    if work is not None and _NEWS in session.info:
        session.flush()
        work.platform.jobs.announce_news(session)
