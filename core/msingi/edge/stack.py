"""The order of the edge: what every request passes, from the outside in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Scope

from msingi.edge.access_log import AccessLog
from msingi.edge.answer import Say, say_plainly
from msingi.edge.body_cap import BodyCap
from msingi.edge.cors import AllowOrigins
from msingi.edge.csrf import CsrfGuard
from msingi.edge.header_cap import HeaderCap
from msingi.edge.headers import SecurityHeaders
from msingi.edge.hosts import TrustedHosts
from msingi.edge.in_flight import InFlight
from msingi.edge.last_resort import LastResort
from msingi.edge.proxies import ProxyHeaders
from msingi.edge.ranges import RangeCap
from msingi.edge.rates import RateLimit, TokenBuckets, network_of
from msingi.edge.request_id import RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeRules:
    """What an installation decides about its HTTP edge."""

    hosts: frozenset[str]
    """Host names that the installation answers for; required, there is no wildcard."""
    origins: frozenset[str] = frozenset()
    """Other sites that may call from a browser."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses or networks whose X-Forwarded headers are believed."""
    doors: frozenset[str] = frozenset({"graphql", "health", "metrics", "fhir", "documents"})
    """First path segments that the access log names."""
    exempt_from_csrf: tuple[str, ...] = ()
    """Path beginnings of callbacks that prove themselves by a signature."""
    always_open: tuple[str, ...] = ("/health",)
    """Path beginnings that answer even when every slot is taken."""
    hsts_seconds: int = 63_072_000
    replaced_headers: Mapping[str, str] = field(default_factory=dict)
    body_bytes: int = 1_048_576
    body_seconds: float = 30.0
    streamed: Mapping[str, int] = field(default_factory=dict)
    """Path beginning of an upload -> its cap in bytes."""
    header_bytes: int = 16_384
    requests_per_second: float = 20.0
    burst: int = 100
    in_flight: int = 40
    queue: int = 200
    wait_seconds: float = 5.0


def harden(
    app: ASGIApp, rules: EdgeRules, *, say: Say = say_plainly, caller: Callable[[Scope], str] = network_of
) -> ASGIApp:
    """Wrap an application; the first line below is the innermost layer."""
    buckets = TokenBuckets(per_second=rules.requests_per_second, burst=rules.burst)
    app = InFlight(
        app,
        most=rules.in_flight,
        queue=rules.queue,
        wait_seconds=rules.wait_seconds,
        exempt=rules.always_open,
        say=say,
    )
    app = RangeCap(app, say=say)
    app = BodyCap(
        app, most_bytes=rules.body_bytes, most_seconds=rules.body_seconds, streamed=rules.streamed, say=say
    )
    app = CsrfGuard(app, origins=rules.origins, exempt=rules.exempt_from_csrf, say=say)
    app = RateLimit(app, buckets=buckets, caller=caller, say=say)
    app = AllowOrigins(app, origins=rules.origins)
    app = TrustedHosts(app, hosts=rules.hosts, say=say)
    app = ProxyHeaders(app, trusted=rules.trusted_proxies)
    app = HeaderCap(app, most_bytes=rules.header_bytes, say=say)
    app = LastResort(app, say=say)
    app = AccessLog(app, doors=rules.doors)
    app = RequestId(app)
    return SecurityHeaders(app, hsts_seconds=rules.hsts_seconds, replaced=rules.replaced_headers)
