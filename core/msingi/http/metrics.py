"""Counters of requests and jobs, as Prometheus reads them: of all processes that serve together (attack 109)."""

import time
from collections.abc import Callable, Mapping
from threading import Lock

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, values
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from msingi.http.metric_files import WholeFiles, reserve

_ROUTES = frozenset({"graphql", "session", "health", "metrics", "api", "explorer"})
_logger = structlog.get_logger("msingi.metrics")


class Meters:
    """What is counted, in the memory of a process or in files that several share."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "msingi_requests", "HTTP requests", ["route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "msingi_request_seconds", "Duration of HTTP requests", ["route"], registry=self.registry
        )
        self.jobs = Gauge(
            "msingi_jobs",
            "Background jobs by state",
            ["state"],
            registry=self.registry,
            multiprocess_mode="mostrecent",
        )
        self._children: dict[tuple[str, int], tuple[Counter, Histogram]] = {}

    def note(self, route: str, status: int, seconds: float) -> None:
        """Count a request; the pair of counters is looked up once for each route and status."""
        pair = self._children.get((route, status))
        if pair is None:
            pair = self.requests.labels(route, str(status)), self.seconds.labels(route)
            self._children[route, status] = pair
        pair[0].inc()
        pair[1].observe(seconds)

    def note_jobs(self, counts: Mapping[str, int]) -> None:
        """Tell how many jobs are in each state."""
        for state, count in counts.items():
            self.jobs.labels(state).set(count)


class Metrics:
    """The counters of one application; a process whose files fail counts alone from then on, and says so once."""

    def __init__(self) -> None:
        self._meters = Meters()
        self._together = values.ValueClass is not values.MutexValue
        self._has_begun = False
        self._beginning = Lock()

    def note(self, route: str, status: int, seconds: float) -> None:
        """Count a request; never fails for want of space or of a folder."""
        self._count(lambda meters: meters.note(route, status, seconds))

    def note_jobs(self, counts: Mapping[str, int]) -> None:
        """Tell how many jobs are in each state; never fails for want of space or of a folder."""
        self._count(lambda meters: meters.note_jobs(counts))

    def text(self) -> bytes:
        """What Prometheus reads: sums over all processes, also those that ended, where several serve together."""
        if self._together:
            try:
                together = CollectorRegistry()
                WholeFiles(together)  # type: ignore[no-untyped-call]
                return generate_latest(together)
            except (OSError, ValueError) as error:
                self._count_alone(error)
        return generate_latest(self._meters.registry)

    def _count(self, count: Callable[[Meters], None]) -> None:
        if not self._together:
            count(self._meters)
            return
        try:
            self._begin()
            count(self._meters)
        except (OSError, ValueError) as error:
            self._count_alone(error)
            count(self._meters)

    def _begin(self) -> None:
        """Reserve the files of this process; an application is assembled before its processes are forked."""
        with self._beginning:
            if not self._has_begun:
                reserve()
                self._has_begun = True

    def _count_alone(self, error: Exception) -> None:
        with self._beginning:
            if not self._together:
                return
            # The library chooses for a whole process where its counters are; those made from now on are in memory.
            values.ValueClass = values.MutexValue
            self._meters, self._together = Meters(), False
        _logger.warning("metrics.counted_alone", error=type(error).__name__, reason=str(error))


class MeteredApp:
    """Counts and times the requests of an application by its first path segment."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request and note its status and duration."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        route, started, status = _route_of(scope), time.perf_counter(), 500

        async def noting(message: Message) -> None:
            nonlocal status
            status = message.get("status", status)
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            self._metrics.note(route, status, time.perf_counter() - started)


def _route_of(scope: Scope) -> str:
    first = str(scope["path"]).strip("/").partition("/")[0]
    return first if first in _ROUTES else "other"
