"""The published keys of an OpenID Connect issuer, fetched from the configured address only (attack 37)."""

import threading
from datetime import datetime, timedelta
from functools import lru_cache

import httpx2 as httpx
from joserfc.jwk import Key

from msingi.auth.rules.bearer import UntrustedToken, usable_keys

_FRESH = timedelta(minutes=15)
_PAUSE = timedelta(minutes=1)
_TIMEOUT_SECONDS = 5.0
_LARGEST_BYTES = 256_000


class IssuerKeys:
    """The keys at one address: kept for 15 minutes, asked again for an unknown key once a minute at most.

    When the issuer is unreachable, the keys known last go on working for a day.
    """

    def __init__(self, address: str, algorithm: str) -> None:
        self.address = address
        self.algorithm = algorithm
        self._keys: dict[str, Key] = {}
        self._fetched_at: datetime | None = None
        self._tried_at: datetime | None = None
        self._lock = threading.Lock()

    def find(self, key_id: str, now: datetime) -> Key:
        """The key with this id.

        Raises:
            UntrustedToken: the issuer publishes no such key for the pinned algorithm.

        """
        with self._lock:
            if self._should_ask(key_id, now):
                self._ask(now)
            key = self._keys.get(key_id)
            usable = self._fetched_at is not None and now - self._fetched_at < timedelta(days=1)
        if key is None or not usable:
            raise UntrustedToken("unknown_key")
        return key

    def _should_ask(self, key_id: str, now: datetime) -> bool:
        if self._tried_at is not None and now - self._tried_at < _PAUSE:
            return False
        return key_id not in self._keys or self._fetched_at is None or now - self._fetched_at >= _FRESH

    def _ask(self, now: datetime) -> None:
        self._tried_at = now
        try:
            keys = usable_keys(_fetch(self.address), self.algorithm)
        except (httpx.HTTPError, ValueError):
            return
        self._keys, self._fetched_at = keys, now


@lru_cache(maxsize=16)
def issuer_keys(address: str, algorithm: str) -> IssuerKeys:
    """The keys at this address, shared by everybody in the process."""
    return IssuerKeys(address, algorithm)


def _fetch(address: str) -> object:
    with (
        httpx.Client(timeout=_TIMEOUT_SECONDS, follow_redirects=False) as client,
        client.stream("GET", address, headers={"accept": "application/json"}) as response,
    ):
        response.raise_for_status()
        body = b""
        for piece in response.iter_bytes():
            body += piece
            if len(body) > _LARGEST_BYTES:
                raise ValueError("the key set is too large")
    published: object = httpx.Response(200, content=body).json()
    return published
