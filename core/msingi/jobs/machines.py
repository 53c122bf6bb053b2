"""The backend for many worker machines: procrastinate carries the id of each job through PostgreSQL."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final
from uuid import UUID

import structlog
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from msingi.jobs.queue import release_expired

if TYPE_CHECKING:
    from procrastinate import App
    from procrastinate.types import JSONDict

    from msingi.platform import Platform
    from msingi.work import Work

QUEUE = "msingi"
TASK = "msingi.run"
_PATIENCE_SECONDS: Final = 5.0
"""A database that is away is not waited for longer at a time, so that the worker hears when it is told to stop."""
_log = structlog.get_logger("msingi.jobs")
_FORGOTTEN = text(
    "SELECT id FROM core_job WHERE state = 'queued' AND run_at < CAST(:before AS timestamptz) "
    "AND NOT EXISTS (SELECT 1 FROM procrastinate_jobs AS told "
    "WHERE told.queue_name = 'msingi' AND told.args ->> 'job_id' = core_job.id::text "
    "AND told.status IN ('todo', 'doing')) LIMIT 1000"
)


class Machines:
    """Defers wake-ups inside the caller's transaction and runs procrastinate's worker."""

    def __init__(
        self,
        platform: "Platform",
        *,
        run: Callable[[UUID], bool],
        enqueue_periodic: Callable[[], None],
        lease_seconds: float,
        poll_seconds: float,
    ) -> None:
        self._platform = platform
        self._run = run
        self._enqueue_periodic = enqueue_periodic
        self._lease_seconds = lease_seconds
        self._poll_seconds = poll_seconds

    @cached_property
    def _deferrer(self) -> "App":
        from procrastinate import App, SyncPsycopgConnector

        return App(connector=SyncPsycopgConnector())

    def announce(self, session: Session, jobs: Iterable[UUID], *, at: datetime | None = None) -> None:
        """Defer one wake-up per job on the session's own connection: a rollback takes them back.

        Raises:
            DBAPIError: the database refused or went away, as in any other statement of the session.

        """
        told: list[JSONDict] = [{"job_id": str(job_id)} for job_id in jobs]
        if told:
            connection = session.connection()
            raw = connection.connection.driver_connection
            task = self._deferrer.configure_task(TASK, queue=QUEUE, schedule_at=at, connection=raw)
            with _in_our_form(connection):
                task.batch_defer(*told)

    def sweep(self, work: "Work") -> None:
        """Tell of jobs whose worker died, and of jobs that nobody was told of."""
        lost = release_expired(work.session, work.now())
        self.announce(work.session, [*lost, *self._forgotten(work)])

    def _forgotten(self, work: "Work") -> list[UUID]:
        before = work.now() - timedelta(seconds=self._lease_seconds)
        return list(work.session.scalars(_FORGOTTEN, {"before": before}))

    def serve(self, stop: threading.Event) -> None:
        """Run procrastinate's worker until told to stop; a database that is away is waited for (F3)."""
        from procrastinate.exceptions import ConnectorException
        from psycopg import Error

        while not stop.is_set():
            try:
                asyncio.run(self._serve(stop))
            except (ConnectorException, Error):
                _log.warning("jobs.database_away")
            stop.wait(self._poll_seconds)

    async def _serve(self, stop: threading.Event) -> None:
        from psycopg_pool import AsyncConnectionPool

        pool = AsyncConnectionPool(
            self._address(),
            min_size=1,
            max_size=4,
            timeout=_PATIENCE_SECONDS,
            open=False,
            check=AsyncConnectionPool.check_connection,
        )
        await pool.open(wait=True, timeout=_PATIENCE_SECONDS)
        app = self._worker_app()
        async with pool, app.open_async(pool):
            tasks = [asyncio.create_task(self._work(app)), asyncio.create_task(self._care(app))]
            while not stop.is_set() and not any(task.done() for task in tasks):
                await asyncio.to_thread(stop.wait, self._poll_seconds)
            for task in tasks:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    async def _work(self, app: "App") -> None:
        await app.run_worker_async(
            queues=[QUEUE],
            name="msingi",
            delete_jobs="always",
            fetch_job_polling_interval=self._poll_seconds,
            update_heartbeat_interval=self._lease_seconds / 3,
            stalled_worker_timeout=self._lease_seconds,
            install_signal_handlers=False,
        )

    def _worker_app(self) -> "App":
        from procrastinate import App, PsycopgConnector

        app = App(connector=PsycopgConnector())

        @app.task(name=TASK, queue=QUEUE)
        def run(job_id: str) -> None:
            self._run(UUID(job_id))

        return app

    def _address(self) -> str:
        address = self._platform.database.url.set(drivername="postgresql")
        return address.render_as_string(hide_password=False)

    async def _care(self, app: "App") -> None:
        while True:
            await asyncio.to_thread(self._look_after)
            await self._forget_stalled(app)
            await asyncio.sleep(self._lease_seconds / 3)

    def _look_after(self) -> None:
        try:
            self._enqueue_periodic()
            with self._platform.work() as work:
                self.sweep(work)
        except SQLAlchemyError:
            _log.warning("jobs.database_away_or_busy")

    async def _forget_stalled(self, app: "App") -> None:
        from procrastinate.jobs import Status

        stalled = await app.job_manager.get_stalled_jobs(
            queue=QUEUE, seconds_since_heartbeat=self._lease_seconds
        )
        for job in stalled:
            if job.id is not None:
                await app.job_manager.finish_job_by_id_async(job.id, Status.FAILED, delete_job=True)


@contextlib.contextmanager
def _in_our_form(connection: Connection) -> Iterator[None]:
    """Raise what the driver refused as a statement of the connection would, so that everybody knows what it means."""
    from procrastinate.exceptions import ConnectorException
    from psycopg import Error

    try:
        yield
    except ConnectorException as told:
        refused = told.__cause__
        if not isinstance(refused, Error):
            raise
        is_disconnect: Callable[..., bool] = connection.dialect.is_disconnect
        is_lost = is_disconnect(refused, connection.connection, None)
        if is_lost:
            connection.invalidate(refused)
        raise DBAPIError.instance(
            TASK, None, refused, Error, hide_parameters=True, connection_invalidated=is_lost
        ) from refused
