"""Which JSON Web Tokens are believed: the pure rules (attacks 37, 38, 47)."""

import base64
import json
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from msingi.auth.rules.bearer import Expected, UntrustedToken, _Pinned, key_id_of, read_bearer, usable_keys
from msingi.testing import FrozenClock
from msingi.work import system_clock

ISSUER = "https://id.example.test/realms/health"
AUDIENCE = "msingi"
KEY = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"})
SUBJECT = "f2b0-amina"


def claims(clock: FrozenClock, **changes: Any) -> dict[str, Any]:
    now = int(clock().timestamp())
    usual = {"iss": ISSUER, "aud": AUDIENCE, "sub": SUBJECT, "iat": now, "exp": now + 300}
    return {name: value for name, value in (usual | changes).items() if value is not None}


def reason(token: str, clock: FrozenClock) -> str | None:
    """Why a token is not believed, None when it is."""
    expected = Expected(ISSUER, AUDIENCE, "RS256")
    try:
        key = usable_keys({"keys": [KEY.as_dict(private=False)]}, "RS256").get(key_id_of(token, expected))
        if key is None:
            return "unknown_key"
        read_bearer(token, key, expected, now=clock())
    except UntrustedToken as error:
        return error.reason
    return None


def encode(clock: FrozenClock, **changes: Any) -> str:
    return jwt.encode({"alg": "RS256", "kid": "k1"}, claims(clock, **changes), KEY)


@pytest.mark.rule("attack 37")
@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256"])
def test_one_algorithm_is_pinned(frozen_clock: FrozenClock, algorithm: str) -> None:
    same = RSAKey.import_key(
        {name: value for name, value in KEY.as_dict(private=True).items() if name != "alg"}
    )
    token = jwt.encode({"alg": algorithm, "kid": "k1"}, claims(frozen_clock), same, algorithms=[algorithm])

    assert reason(token, frozen_clock) == "algorithm"


@pytest.mark.rule("attack 37")
@pytest.mark.parametrize(
    "kid",
    ["k2", "", "../../dev/null", "k1' OR '1'='1", "k1\x00", "K1", "k" * 201, None, 1, ["k1"], {"k1": 1}],
)
def test_a_foreign_key_id_is_refused(frozen_clock: FrozenClock, kid: object) -> None:
    header = {"alg": "RS256"} if kid is None else {"alg": "RS256", "kid": kid}
    body, signature = encode(frozen_clock).split(".")[1:]
    part = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()

    assert reason(f"{part}.{body}.{signature}", frozen_clock) in {"key_id", "unknown_key"}


@pytest.mark.rule("attack 38")
@pytest.mark.parametrize(
    ("changes", "believed"),
    [
        ({"exp": -59}, True),
        ({"exp": -60}, False),
        ({"exp": -600}, False),
        ({"nbf": 60}, True),
        ({"nbf": 61}, False),
        ({"nbf": 600}, False),
        ({"iat": 60}, True),
        ({"iat": 600}, False),
    ],
)
def test_sixty_seconds_of_leeway(
    frozen_clock: FrozenClock, changes: dict[str, Any], *, believed: bool
) -> None:
    now = int(frozen_clock().timestamp())
    token = encode(frozen_clock, **{name: now + seconds for name, seconds in changes.items()})

    assert (reason(token, frozen_clock) is None) is believed


@pytest.mark.rule("attack 38", "attack 47")
@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"iss": ISSUER + "/"}, "issuer"),
        ({"iss": "https://evil.test"}, "issuer"),
        ({"iss": None}, "issuer"),
        ({"iss": [ISSUER]}, "issuer"),
        ({"aud": "other"}, "audience"),
        ({"aud": None}, "audience"),
        ({"aud": ["other"]}, "audience"),
        ({"aud": AUDIENCE + "x"}, "audience"),
        ({"exp": None}, "expired"),
        ({"exp": "4102444800"}, "time"),
        ({"exp": True}, "time"),
        ({"nbf": "soon"}, "time"),
        ({"sub": None}, "subject"),
        ({"sub": ""}, "subject"),
        ({"sub": 7}, "subject"),
        ({"sub": "x" * 256}, "subject"),
        ({}, None),
        ({"aud": ["other", AUDIENCE]}, None),
    ],
)
def test_issuer_audience_times_and_subject_are_exact(
    frozen_clock: FrozenClock, changes: dict[str, Any], why: str | None
) -> None:
    assert reason(encode(frozen_clock, **changes), frozen_clock) == why


@pytest.mark.rule("attack 37")
def test_only_fitting_keys_are_used() -> None:
    public = KEY.as_dict(private=False)
    published = {
        "keys": [
            public,
            public | {"kid": "enc", "use": "enc"},
            public | {"kid": "other", "alg": "RS512"},
            {"kid": "secret", "kty": "oct", "k": "c2VjcmV0"},
            ECKey.generate_key("P-256", {"kid": "ec"}).as_dict(private=False),
            {name: value for name, value in public.items() if name != "kid"},
            "nonsense",
        ]
    }

    assert set(usable_keys(published, "RS256")) == {"k1"}
    assert set(usable_keys(published, "ES256")) == {"ec"}
    assert usable_keys({"keys": [public | {"n": "%%%"}]}, "RS256") == {}


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        ("ES256", ECKey.generate_key("P-256", {"kid": "k1"})),
        ("EdDSA", OKPKey.generate_key("Ed25519", {"kid": "k1"})),
    ],
)
def test_the_other_algorithms_work_alike(algorithm: str, key: Any) -> None:
    now = system_clock()
    body = {"iss": ISSUER, "aud": AUDIENCE, "sub": "x", "exp": int(now.timestamp()) + 60}
    token = jwt.encode({"alg": algorithm, "kid": "k1"}, body, key, registry=_Pinned(algorithm))
    found = usable_keys({"keys": [key.as_dict(private=False)]}, algorithm)["k1"]

    assert read_bearer(token, found, Expected(ISSUER, AUDIENCE, algorithm), now=now).subject == "x"
