"""Health and metrics: is the process alive, can it work, how busy is it; no personal data (attack 109)."""

import hmac
import time
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from msingi.errors import ConfigurationError
from msingi.http.replies import json_reply
from msingi.http.threads import Threads

if TYPE_CHECKING:
    from msingi.platform import Platform

_LOCAL = frozenset({"127.0.0.1", "::1"})
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
        self.jobs = Gauge("msingi_jobs", "Background jobs by state", ["state"], registry=self.registry)
        self._children: dict[tuple[str, int], tuple[Counter, Histogram]] = {}

    def note(self, route: str, status: int, seconds: float) -> None:
        """Count a request; the pair of counters is looked up once for each route and status."""
        pair = self._children.get((route, status))
        if pair is None:
            pair = self.requests.labels(route, str(status)), self.seconds.labels(route)
            self._children[route, status] = pair
        pair[0].inc()
        pair[1].observe(seconds)


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


class Health:
    """The endpoints of one platform."""

    def __init__(self, platform: "Platform", threads: Threads, metrics: Metrics) -> None:
        self.platform = platform
        self.threads = threads
        self.metrics = metrics
        self._fits_release = False

    async def live(self, _request: Request) -> Response:
        """Say that the process answers."""
        return json_reply({"status": "ok"})

    async def ready(self, _request: Request) -> Response:
        """Say whether the database answers and fits the release (I14)."""
        problem = await self.threads.run(self._problem)
        return json_reply({"status": problem or "ok"}, 503 if problem else 200)

    async def show_metrics(self, request: Request) -> Response:
        """Prometheus text; outside this machine only with the token of the settings."""
        if not self._may_measure(request):
            return json_reply({"status": "forbidden"}, 403)
        await self.threads.run(self._count_jobs)
        return Response(generate_latest(self.metrics.registry), media_type="text/plain; version=0.0.4")

    def _problem(self) -> str | None:
        from msingi.migrate import status

        try:
            with self.platform.database.read.connect() as connection:
                connection.execute(text("SELECT 1"))
            self._fits_release = self._fits_release or not any(line.behind for line in status(self.platform))
        except SQLAlchemyError:
            return "database unreachable"
        except ConfigurationError:
            return "database newer than the release"
        return None if self._fits_release else "database behind the release"

    def _may_measure(self, request: Request) -> bool:
        token = self.platform.profile.server.metrics_token.get_secret_value()
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token and hmac.compare_digest(given.encode(), token.encode()):
            return True
        return not token and request.client is not None and request.client.host in _LOCAL

    def _count_jobs(self) -> None:
        from sqlalchemy import func, select

        from msingi.kernel.models import JobRecord, JobState

        with self.platform.work(writes=False) as work:
            rows = work.session.execute(select(JobRecord.state, func.count()).group_by(JobRecord.state))
            counts = {state: count for state, count in rows}  # noqa: C416 - typed rows become a mapping
        for state in JobState:
            self.metrics.jobs.labels(state.value).set(counts.get(state, 0))


def _route_of(scope: Scope) -> str:
    first = str(scope["path"]).strip("/").partition("/")[0]
    return first if first in _ROUTES else "other"
