"""Counters of requests and jobs, as Prometheus reads them: of all processes that serve together (attack 109)."""

import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.values import MutexValue, ValueClass
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ROUTES = frozenset({"graphql", "session", "health", "metrics", "api", "explorer"})


class Metrics:
    """The counters of one application."""

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

    def text(self) -> bytes:
        """What Prometheus reads: sums over all processes, also those that ended, where several serve together."""
        if ValueClass is MutexValue:
            return generate_latest(self.registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)


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
