"""Health: is the process alive, can it work, how busy is it; no personal data (attack 109)."""

import hmac
from typing import TYPE_CHECKING, Final

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response

from msingi.errors import ConfigurationError
from msingi.http.metrics import Metrics
from msingi.http.replies import json_reply
from msingi.http.threads import Threads

if TYPE_CHECKING:
    from msingi.platform import Platform

THREADS: Final = 2
_LOCAL = frozenset({"127.0.0.1", "::1"})


class Health:
    """The endpoints of one platform, in threads of their own: they answer while every other one is at work."""

    def __init__(self, platform: "Platform", metrics: Metrics) -> None:
        self.platform = platform
        self.threads = Threads(THREADS)
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
        text = await self.threads.run(self.metrics.text)
        return Response(text, media_type="text/plain; version=0.0.4")

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
        self.metrics.note_jobs({state.value: counts.get(state, 0) for state in JobState})
