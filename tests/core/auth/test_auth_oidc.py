"""Tokens of an OpenID Connect issuer, against a small issuer of our own (attacks 37, 38, 47)."""

import base64
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from msingi.actor import ActorKind
from msingi.auth.models import UserStatus
from msingi.auth.rules.bearer import UntrustedToken
from msingi.auth.services.accounts import NewUser, create_user
from msingi.auth.services.identities import bind_identity, unbind_identities
from msingi.auth.services.issuer import IssuerKeys
from msingi.testing import KEYS, FrozenClock
from msingi.work import Work

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
    arrived: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    @property
    def jwks_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/keys/{id(self)}"


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    state = Issuer([KEY.as_dict(private=False)])
    state.go_on.set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked += 1
            state.arrived.set()
            state.go_on.wait(30)
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
def test_known_keys_serve_while_one_caller_asks_again(issuer: Issuer, frozen_clock: FrozenClock) -> None:
    keys = IssuerKeys(issuer.jwks_url, "RS256")
    keys.find("k1", frozen_clock())
    frozen_clock.move(minutes=20)
    issuer.arrived.clear()
    issuer.go_on.clear()

    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(keys.find, "k1", frozen_clock())
        assert issuer.arrived.wait(30)
        known = keys.find("k1", frozen_clock())
        issuer.go_on.set()

        assert asking.result().kid == known.kid == "k1"
    assert issuer.asked == 2


def test_many_who_wait_ask_once(issuer: Issuer, frozen_clock: FrozenClock) -> None:
    keys = IssuerKeys(issuer.jwks_url, "RS256")
    issuer.go_on.clear()

    with ThreadPoolExecutor(8) as pool:
        asking = [pool.submit(keys.find, "k1", frozen_clock()) for _ in range(8)]
        assert issuer.arrived.wait(30)
        issuer.go_on.set()

        assert {future.result().kid for future in asking} == {"k1"}
    assert issuer.asked == 1


@pytest.mark.rule("attack 37")
def test_no_connection_is_held_while_the_issuer_thinks(house: Any, issuer: Issuer) -> None:
    token = sign(house)
    issuer.go_on.clear()

    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(house.actor, token)
        assert issuer.arrived.wait(30)
        held = house.platform.database.read.pool.checkedout()
        issuer.go_on.set()

        assert asking.result().name == "amina"
    assert held == 0
