"""Who really calls: forwarded headers count only when a trusted proxy sends them (attack 58)."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

_CLAIMS: Final = (
    b"forwarded",
    b"x-forwarded-",
    b"x-real-ip",
    b"x-client-",
    b"x-user",
    b"x-remote-",
    b"x-original-",
)
"""Beginnings of headers by which a sender claims to be somebody or somewhere else."""


class ProxyHeaders:
    """Takes client address and scheme from a trusted proxy and removes every claim from the headers.

    `trusted` holds addresses or networks of proxies. The client is the last address of X-Forwarded-For that is not
    itself trusted; addresses further left are written by the client and prove nothing.
    """

    def __init__(self, app: ASGIApp, *, trusted: Sequence[str] = ()) -> None:
        self._app = app
        self._trusted: list[IPv4Network | IPv6Network] = [ip_network(network) for network in trusted]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection with the true client and scheme in its scope."""
        if scope["type"] in {"http", "websocket"}:
            if self._trusted and self._is_trusted(_address(scope.get("client"))):
                self._believe(scope)
            scope["headers"] = [
                (name, value) for name, value in scope["headers"] if not name.startswith(_CLAIMS)
            ]
        await self._app(scope, receive, send)

    def _believe(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        hops = [hop.strip() for hop in ",".join(headers.getlist("x-forwarded-for")).split(",")]
        for hop in reversed(hops):
            address = _parsed(hop)
            if address is None:
                break
            scope["client"] = (str(address), 0)
            if not self._is_trusted(address):
                break
        proto = headers.get("x-forwarded-proto", "").strip().lower()
        if proto in {"http", "https"}:
            secure = proto == "https"
            scope["scheme"] = proto if scope["type"] == "http" else ("wss" if secure else "ws")

    def _is_trusted(self, address: IPv4Address | IPv6Address | None) -> bool:
        return address is not None and any(address in network for network in self._trusted)


def _address(client: Sequence[object] | None) -> IPv4Address | IPv6Address | None:
    return _parsed(str(client[0])) if client else None


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None
