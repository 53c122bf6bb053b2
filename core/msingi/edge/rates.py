"""Rate limits per caller: token buckets in this process, in bounded memory."""

from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv6Address
from math import ceil
from time import monotonic

from starlette.types import ASGIApp, Receive, Scope, Send

from msingi.edge.answer import Say, answer_refusal, say_plainly
from msingi.edge.refusals import TooMany


class TokenBuckets:
    """A bucket of `burst` tokens per key, refilled at `per_second`; the `most_keys` last used are kept.

    A key that is pushed out starts with a full bucket again: memory stays flat under a flood of addresses.
    """

    def __init__(
        self,
        *,
        per_second: float,
        burst: int,
        most_keys: int = 50_000,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._per_second = per_second
        self._burst = burst
        self._most_keys = most_keys
        self._clock = clock
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._levels)

    def take(self, key: str) -> float:
        """Take a token; return 0.0, or the seconds until there is one again."""
        now = self._clock()
        level, since = self._levels.pop(key, (float(self._burst), now))
        level = min(self._burst, level + (now - since) * self._per_second)
        wait = 0.0 if level >= 1 else (1 - level) / self._per_second
        self._levels[key] = (level - 1 if wait == 0.0 else level, now)
        if len(self._levels) > self._most_keys:
            self._levels.popitem(last=False)
        return wait


class RateLimit:
    """Refuses a caller whose bucket is empty with 429 and Retry-After; `caller` names the bucket of a request."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        buckets: TokenBuckets,
        caller: Callable[[Scope], str] | None = None,
        say: Say = say_plainly,
    ) -> None:
        self._app = app
        self._buckets = buckets
        self._caller = caller or network_of
        self._say = say

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection when the caller has a token left."""
        wait = self._buckets.take(self._caller(scope)) if scope["type"] in {"http", "websocket"} else 0.0
        if wait > 0:
            await answer_refusal(scope, receive, send, TooMany(seconds=ceil(wait)), self._say)
            return
        await self._app(scope, receive, send)


def network_of(scope: Scope) -> str:
    """Return the address of the caller; of IPv6 the /64 network, which one subscriber holds whole."""
    client = scope.get("client")
    if not client:
        return ""
    try:
        address = IPv6Address(client[0]) if ":" in client[0] else None
    except ValueError:
        address = None
    if address is None:
        return str(client[0])[:64]
    return str(address.ipv4_mapped or IPv6Address(int(address) >> 64 << 64))
