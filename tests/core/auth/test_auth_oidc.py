"""Tokens of an OpenID Connect issuer, against a small issuer of our own (attacks 37, 38, 47)."""

import base64
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey, RSAKey

from msingi.actor import ActorKind
from msingi.auth.models import UserStatus
from msingi.auth.rules.bearer import Expected, UntrustedToken, _Pinned, key_id_of, read_bearer, usable_keys
from msingi.auth.services.accounts import NewUser, create_user
from msingi.auth.services.identities import bind_identity, unbind_identities
from msingi.auth.services.issuer import IssuerKeys
from msingi.testing import KEYS, FrozenClock
from msingi.work import Work, system_clock

ISSUER = "https://id.example.test/realms/health"
AUDIENCE = "msingi"
KEY = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"})
FOREIGN = RSAKey.generate_key(2048, {"kid": "k1"})
SUBJECT = "f2b0-amina"


@dataclass
class Issuer:
    """A real HTTP server on loopback that publishes keys and counts how often it is asked."""

    keys: list[dict[str, Any]]
    asked: int = 0
    broken: bool = False
    body: bytes | None = None
    port: int = field(default=0)

    @property
    def jwks_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/keys/{id(self)}"


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    state = Issuer([KEY.as_dict(private=False)])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked += 1
            self.send_response(500 if state.broken else 200)
            self.end_headers()
            self.wfile.write(state.body or json.dumps({"keys": state.keys}).encode())

        def log_message(self, *_arguments: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield state
        server.shutdown()
        thread.join()


@pytest.fixture
def house(make_town: Callable[..., Any], issuer: Issuer) -> Any:
    """A town that believes the issuer, with Amina bound to it."""
    town = make_town(
        oidc={"issuer": ISSUER, "audience": AUDIENCE, "jwks_url": issuer.jwks_url},
        security=KEYS | {"second_factor_roles": ["accountant"]},
    )
    user = town.person(email="amina@sante.test")
    town.grant(user, "reader", "claims.read")
    town.system(lambda work: bind_identity(work, user.id, SUBJECT))
    return town


def claims(clock: FrozenClock, **changes: Any) -> dict[str, Any]:
    now = int(clock().timestamp())
    usual = {"iss": ISSUER, "aud": AUDIENCE, "sub": SUBJECT, "iat": now, "exp": now + 300}
    return {name: value for name, value in (usual | changes).items() if value is not None}


def sign(town: Any, key: Any = KEY, header: dict[str, Any] | None = None, **changes: Any) -> str:
    return jwt.encode({"alg": "RS256", "kid": "k1"} | (header or {}), claims(town.clock, **changes), key)


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


def unsigned(header: dict[str, Any], body: dict[str, Any], signature: str = "") -> str:
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in (header, body)
    ]
    return ".".join([*parts, signature])


def test_a_bound_subject_acts_as_its_account(house: Any) -> None:
    actor = house.actor(sign(house))

    assert (actor.kind, actor.name, actor.session_id) == (ActorKind.USER, "amina", None)
    assert actor.holds("claims.read")


@pytest.mark.rule("attack 37")
def test_an_unsigned_token_is_refused(house: Any) -> None:
    for name in ("none", "None", "NONE"):
        assert house.is_dead(unsigned({"alg": name, "kid": "k1"}, claims(house.clock)))
        assert house.is_dead(unsigned({"alg": name, "kid": "k1"}, claims(house.clock), "AAAA"))
    assert house.audited("auth.bearer_refused") == 6


@pytest.mark.rule("attack 37")
def test_the_public_key_is_no_shared_secret(house: Any) -> None:
    secret = KEY.as_pem(private=False)
    signed = unsigned({"alg": "HS256", "kid": "k1"}, claims(house.clock)).rstrip(".")
    digest = hmac.new(secret, signed.encode(), "sha256").digest()

    assert house.is_dead(f"{signed}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}")


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


@pytest.mark.rule("attack 37")
def test_keys_that_a_token_brings_along_are_not_looked_at(house: Any, issuer: Issuer) -> None:
    own = FOREIGN.as_dict(private=False)
    house.actor(sign(house))
    asked = issuer.asked
    brought: list[dict[str, Any]] = [
        {"jwk": own},
        {"jku": "http://127.0.0.1:9/keys"},
        {"x5u": "http://127.0.0.1:9/certificate"},
        {"x5c": ["MIIB"]},
        {"crit": ["exp"]},
    ]

    for more in brought:
        body = claims(house.clock)
        assert house.is_dead(
            unsigned({"alg": "RS256", "kid": "k1"} | more, body, sign(house, FOREIGN).split(".")[2])
        )
    assert house.is_dead(sign(house, FOREIGN))
    assert issuer.asked == asked


@pytest.mark.rule("attack 37")
def test_an_altered_token_is_refused(house: Any) -> None:
    header, body, signature = sign(house).split(".")
    other = sign(house, sub="somebody").split(".")[1]

    assert house.is_dead(f"{header}.{other}.{signature}")
    assert house.is_dead(f"{header}.{body}.{signature[:-4]}AAAA")
    assert house.is_dead(f"{header}.{body}.")
    assert house.is_dead("..")
    assert house.is_dead("W10.W10.W10")
    assert house.is_dead("é.é.é")
    assert house.is_dead("a" * 20_000 + ".b.c")


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


@pytest.mark.rule("attack 38", "attack 47")
def test_a_wrong_token_opens_no_account(house: Any) -> None:
    past = int(house.clock().timestamp()) - 600
    for changes in ({"iss": ISSUER + "/"}, {"aud": "other"}, {"exp": past}, {"sub": SUBJECT.upper()}):
        assert house.is_dead(sign(house, **changes))
    assert house.audited("auth.bearer_refused") == 4


@pytest.mark.rule("attack 47")
def test_an_e_mail_binds_nobody(house: Any) -> None:
    token = sign(
        house,
        sub="stranger",
        email="amina@sante.test",
        email_verified=True,
        preferred_username="amina",
        upn="amina",
    )

    assert house.is_dead(token)


@pytest.mark.rule("attack 47")
def test_a_subject_belongs_to_one_account(house: Any) -> None:
    other = house.person("bouba")

    assert house.refused(lambda: house.system(lambda work: bind_identity(work, other.id, SUBJECT))) == (
        "auth.identity_taken"
    )
    assert house.actor(sign(house)).name == "amina"


@pytest.mark.rule("attack 47")
def test_an_unbound_account_is_no_longer_reached(house: Any) -> None:
    user_id = house.actor(sign(house)).id
    house.system(lambda work: unbind_identities(work, user_id))

    assert house.is_dead(sign(house))


@pytest.mark.rule("attack 23", "attack 40")
def test_a_suspended_account_is_not_reached_from_outside(house: Any) -> None:
    user = house.login("amina").user
    token = sign(house)
    house.set_status(user, UserStatus.SUSPENDED)

    assert house.is_dead(token)


def test_an_invited_account_is_not_reached_from_outside(house: Any) -> None:
    def invite(work: Work) -> None:
        wish = NewUser(username="bouba", display_name="B", jurisdiction_id=house.places["north"])
        bind_identity(work, create_user(work, wish)[0].id, "f2b0-bouba")

    house.system(invite)

    assert house.is_dead(sign(house, sub="f2b0-bouba"))


@pytest.mark.rule("CH-74")
def test_a_demanded_second_factor_is_demanded_of_the_issuer(house: Any) -> None:
    user = house.login("amina").user
    house.grant(user, "accountant", "claims.pay")

    assert house.is_dead(sign(house))
    assert house.is_dead(sign(house, amr=["pwd"]))
    assert house.is_dead(sign(house, amr="otp"))
    assert house.actor(sign(house, amr=["pwd", "otp"])).holds("claims.pay")


@pytest.mark.rule("attack 43")
def test_who_signed_in_elsewhere_changes_no_password_here(house: Any) -> None:
    from msingi.auth.services.passwords import change_password

    act = lambda work: change_password(work, "x", "sept mille baobabs")  # noqa: E731
    assert house.refused(lambda: house.ask(sign(house), act)) == "auth.session_needed"


def test_without_an_issuer_no_jwt_is_believed(town: Any) -> None:
    town.person()

    assert town.is_dead(sign(town))


def test_the_keys_are_asked_for_rarely(house: Any, issuer: Issuer) -> None:
    for _ in range(5):
        house.actor(sign(house))
    assert issuer.asked == 1

    for _ in range(5):
        assert house.is_dead(sign(house, header={"kid": "k9"}))
    assert issuer.asked == 1

    house.clock.move(minutes=1)
    assert house.is_dead(sign(house, header={"kid": "k9"}))
    assert issuer.asked == 2


def test_a_new_key_is_learnt_and_a_withdrawn_one_forgotten(house: Any, issuer: Issuer) -> None:
    house.actor(sign(house))
    fresh = RSAKey.generate_key(2048, {"kid": "k2"})
    issuer.keys = [fresh.as_dict(private=False)]
    house.clock.move(minutes=1)

    assert house.actor(sign(house, fresh, {"kid": "k2"})).name == "amina"
    assert house.is_dead(sign(house))


def test_known_keys_outlive_a_silent_issuer_by_a_day(house: Any, issuer: Issuer) -> None:
    house.actor(sign(house))
    issuer.broken = True
    house.clock.move(hours=23)
    assert house.actor(sign(house)).name == "amina"
    assert issuer.asked == 2

    house.clock.move(hours=2)
    assert house.is_dead(sign(house))


@pytest.mark.parametrize("body", [b"x", b"[]", b"{}", b'{"keys": 7}', b"\xff", b" " * 300_000])
def test_a_broken_key_set_opens_nothing(issuer: Issuer, frozen_clock: FrozenClock, body: bytes) -> None:
    issuer.body = body

    with pytest.raises(UntrustedToken, match="unknown_key"):
        IssuerKeys(issuer.jwks_url, "RS256").find("k1", frozen_clock())


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
