"""Which JSON Web Tokens of an OpenID Connect issuer are believed (attacks 37, 38, 47)."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import JWKRegistry, Key
from joserfc.jws import JWSRegistry

LEEWAY = timedelta(seconds=60)
KEY_TYPES = {"RS256": "RSA", "ES256": "EC", "EdDSA": "OKP"}
_LONGEST_TOKEN = 16_384
_LONGEST_KID = 200
_LONGEST_SUBJECT = 255
_HEADERS = frozenset({"alg", "kid", "typ"})
_STRONG_METHODS = frozenset({"mfa", "otp", "hwk", "swk"})


class UntrustedToken(Exception):
    """A token is not believed; ``reason`` goes to the audit trail, never to the caller."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say, exactly: issuer, audience and the one algorithm."""

    issuer: str
    audience: str
    algorithm: str


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a believed token names, and whether the issuer asked for a second factor."""

    issuer: str
    subject: str
    second_factor: bool


def looks_like_jwt(token: str) -> bool:
    """Whether a token has the three parts of a signed JSON Web Token."""
    return token.count(".") == 2 and len(token) <= _LONGEST_TOKEN and token.isascii()  # noqa: PLR2004


def key_id_of(token: str, expected: Expected) -> str:
    """The key id that a token names.

    The header may hold the algorithm, the key id and the type, nothing else: keys that a token brings along
    or points to (``jwk``, ``jku``, ``x5u``, ``x5c``) are never looked at.

    Raises:
        UntrustedToken: the header is not readable, names another algorithm or no key, or holds more.

    """
    header = _header_of(token)
    if not _HEADERS.issuperset(header):
        raise UntrustedToken("header")
    if header.get("alg") != expected.algorithm:
        raise UntrustedToken("algorithm")
    kid = header.get("kid")
    if not isinstance(kid, str) or not 0 < len(kid) <= _LONGEST_KID:
        raise UntrustedToken("key_id")
    return kid


def usable_keys(published: object, algorithm: str) -> dict[str, Key]:
    """The keys of a published set that may verify this algorithm, by key id; all others are dropped."""
    entries = published.get("keys") if isinstance(published, dict) else None
    if not isinstance(entries, list):
        return {}
    fitting = [entry for entry in entries if isinstance(entry, dict) and _fits(entry, algorithm)]
    keys = {entry["kid"]: _public_key(entry) for entry in fitting}
    return {key_id: key for key_id, key in keys.items() if key is not None}


def read_bearer(token: str, key: Key, expected: Expected, *, now: datetime) -> Bearer:
    """Verify signature and claims with 60 seconds of leeway.

    Raises:
        UntrustedToken: the signature, the issuer, the audience or a time is wrong.

    """
    try:
        claims = jwt.decode(token, key, registry=_Pinned(expected.algorithm)).claims
    except (JoseError, ValueError) as error:
        raise UntrustedToken("signature") from error
    _check_party(claims, expected)
    _check_times(claims, now)
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise UntrustedToken("subject")
    methods = claims.get("amr")
    strong = isinstance(methods, list) and any(method in _STRONG_METHODS for method in map(str, methods))
    return Bearer(expected.issuer, subject, strong)


class _Pinned(JWSRegistry):
    """A registry that knows exactly one algorithm."""

    def __init__(self, algorithm: str) -> None:
        super().__init__(algorithms=[algorithm])
        self.pinned = algorithm

    def get_alg(self, name: str) -> Any:
        if name != self.pinned:
            raise UnsupportedAlgorithmError(name)
        return self.algorithms[name]


def _header_of(token: str) -> Mapping[str, Any]:
    part = token.partition(".")[0]
    try:
        header = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError) as error:
        raise UntrustedToken("header") from error
    if not isinstance(header, dict):
        raise UntrustedToken("header")
    return header


def _fits(entry: Mapping[str, Any], algorithm: str) -> bool:
    return (
        isinstance(entry.get("kid"), str)
        and entry.get("kty") == KEY_TYPES[algorithm]
        and entry.get("use", "sig") == "sig"
        and entry.get("alg", algorithm) == algorithm
    )


def _public_key(entry: Mapping[str, Any]) -> Key | None:
    public = {name: value for name, value in entry.items() if name not in {"d", "p", "q", "dp", "dq", "qi"}}
    try:
        key = JWKRegistry.import_key(public)
        _ = key.public_key
    except (JoseError, ValueError, TypeError):
        return None
    return key


def _check_party(claims: Mapping[str, Any], expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise UntrustedToken("issuer")
    audience = claims.get("aud")
    if expected.audience not in (audience if isinstance(audience, list) else [audience]):
        raise UntrustedToken("audience")


def _check_times(claims: Mapping[str, Any], now: datetime) -> None:
    present, leeway = now.timestamp(), LEEWAY.total_seconds()
    expires = _instant(claims, "exp")
    if expires is None or present >= expires + leeway:
        raise UntrustedToken("expired")
    for name in ("nbf", "iat"):
        begins = _instant(claims, name)
        if begins is not None and present < begins - leeway:
            raise UntrustedToken("not_yet")


def _instant(claims: Mapping[str, Any], name: str) -> float | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UntrustedToken("time")
    return float(value)
