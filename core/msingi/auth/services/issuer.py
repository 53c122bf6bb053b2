"""The published keys of an OpenID Connect issuer, fetched from the configured address only (attack 37)."""

import threading
from datetime import datetime, timedelta
from functools import lru_cache
from time import monotonic

import httpx2 as httpx
from joserfc.jwk import Key

from msingi.auth.rules.bearer import UntrustedToken, usable_keys

_FRESH = timedelta(minutes=15)
_PAUSE = timedelta(minutes=1)
_TIMEOUT_SECONDS = 3.0
_LONGEST_SECONDS = 8.0
_LARGEST_BYTES = 256_000


class IssuerKeys:
    """The keys at one address: kept for 15 minutes, asked again for an unknown key once a minute at most.

    One caller asks the issuer. Who knows the key meanwhile goes on with it; who does not waits for that one
    answer. When the issuer is unreachable, the keys known last go on working for a day.
    """

    def __init__(self, address: str, algorithm: str) -> None:
        self.address = address
        self.algorithm = algorithm
        self._keys: dict[str, Key] = {}
        self._fetched_at: datetime | None = None
        self._tried_at: datetime | None = None
        self._answered = threading.Event()
        self._answered.set()
        self._lock = threading.Lock()

    def find(self, key_id: str, now: datetime) -> Key:
        """The key with this id; takes as long as one answer of the issuer at most, and no lock meanwhile.

        Raises:
            UntrustedToken: the issuer publishes no such key for the pinned algorithm.

        """
        if self._takes_the_turn(key_id, now):
            self._ask(now)
        elif self._usable(key_id, now) is None:
            self._answered.wait(_LONGEST_SECONDS)
        key = self._usable(key_id, now)
        if key is None:
            raise UntrustedToken("unknown_key")
        return key

    def _takes_the_turn(self, key_id: str, now: datetime) -> bool:
        """Whether this caller has to ask the issuer."""
        with self._lock:
            if not self._should_ask(key_id, now):
                return False
            self._tried_at = now
            self._answered.clear()
            return True

    def _should_ask(self, key_id: str, now: datetime) -> bool:
        if not self._answered.is_set() or (self._tried_at is not None and now - self._tried_at < _PAUSE):
            return False
        return key_id not in self._keys or self._fetched_at is None or now - self._fetched_at >= _FRESH

    def _ask(self, now: datetime) -> None:
        try:
            keys = usable_keys(_fetch(self.address), self.algorithm)
            with self._lock:
                self._keys, self._fetched_at = keys, now
        except (httpx.HTTPError, ValueError):
            return
        finally:
            self._answered.set()

    def _usable(self, key_id: str, now: datetime) -> Key | None:
        with self._lock:
            fresh = self._fetched_at is not None and now - self._fetched_at < timedelta(days=1)
            return self._keys.get(key_id) if fresh else None


@lru_cache(maxsize=16)
def issuer_keys(address: str, algorithm: str) -> IssuerKeys:
    """The keys at this address, shared by everybody in the process."""
    return IssuerKeys(address, algorithm)


def _fetch(address: str) -> object:
    end = monotonic() + _LONGEST_SECONDS
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
            if monotonic() > end:
                raise ValueError("the key set takes too long")
    published: object = httpx.Response(200, content=body).json()
    return published
