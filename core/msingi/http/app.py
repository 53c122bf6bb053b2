"""The application: the doors of one platform behind the hardened edge."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute, Route, Router

from msingi.edge import EdgeRules, harden
from msingi.edge.answer import Say
from msingi.ending import STATE, Ending
from msingi.errors import DomainError
from msingi.http.counted import CountedApp
from msingi.http.explorer import CONTENT_SECURITY_POLICY_OF_DEMONSTRATIONS, explorer_routes
from msingi.http.graphql_door import GraphQLDoor
from msingi.http.health import Health
from msingi.http.metrics import MeteredApp, Metrics
from msingi.http.rest import rest_routes, upload_caps
from msingi.http.session import SessionDoor
from msingi.http.threads import Threads
from msingi.kernel.readiness import refuse_unfit
from msingi.statement_count import watch_statements

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from msingi.platform import Platform


def create_app(platform: "Platform") -> "ASGIApp":
    """The ASGI application of one platform; it closes the platform when it ends.

    Raises:
        ConfigurationError: a plugin is wrong, or the platform does not fit its database (attack 105, F33).

    """
    refuse_unfit(platform)
    platform.graphql.schema  # noqa: B018 - assemble now, so that a wrong plugin stops the start
    threads = Threads(platform.profile.server.threads)
    metrics = Metrics()
    ending = Ending()

    @asynccontextmanager
    async def lifespan(_app: object) -> AsyncIterator[dict[str, Ending]]:
        platform.jobs.start()
        yield {STATE: ending}
        platform.jobs.close(within=ending.seconds_left())
        platform.close()

    app: ASGIApp = Router(routes=_routes(platform, threads, metrics, ending), lifespan=lifespan)
    if platform.profile.server.tell_statements:
        watch_statements(platform.database.read)
        app = CountedApp(app)
    return harden(MeteredApp(app, metrics), _edge_rules(platform), say=_speaker(platform))


def _routes(platform: "Platform", threads: Threads, metrics: Metrics, ending: Ending) -> list[BaseRoute]:
    health = Health(platform, metrics)
    return [
        Route("/graphql", GraphQLDoor(platform, threads, ending).handle, methods=["POST"]),
        Route("/session", SessionDoor(platform, threads).handle, methods=["POST", "DELETE"]),
        Route("/health/live", health.live),
        Route("/health/ready", health.ready),
        Route("/metrics", health.show_metrics),
        *rest_routes(platform, threads),
        *(explorer_routes() if platform.profile.demo else ()),
    ]


def _edge_rules(platform: "Platform") -> EdgeRules:
    server, demo = platform.profile.server, platform.profile.demo
    return EdgeRules(
        hosts=frozenset(server.hosts),
        origins=frozenset(server.origins),
        trusted_proxies=tuple(server.trusted_proxies),
        doors=frozenset({"graphql", "session", "health", "metrics", "api"}),
        hsts_seconds=0 if demo else 63_072_000,
        replaced_headers={"content-security-policy": CONTENT_SECURITY_POLICY_OF_DEMONSTRATIONS}
        if demo
        else {},
        body_bytes=server.body_limit,
        streamed=upload_caps(platform),
        requests_per_second=server.requests_per_minute / 60,
        burst=max(20, server.requests_per_minute // 6),
        in_flight=server.threads,
        always_open=("/health",),
    )


def _speaker(platform: "Platform") -> Say:
    def say(refusal: DomainError, accept_language: str | None) -> str:
        return platform.texts.refusal(refusal, platform.texts.choose(accept_language))

    return say
