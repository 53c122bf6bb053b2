"""The HTTP doors: sign-in, cookies, headers, health, streams, and what is not a door."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import garden
import pytest
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.testclient import TestClient
from starlette.types import Message
from starlette.websockets import WebSocketDisconnect
from tests.core.http.conftest import HEADERS, PASSWORD, Village

from msingi.actor import ANONYMOUS
from msingi.checks import check_installation
from msingi.ending import Ending
from msingi.graphql.engine import Call
from msingi.http import create_app
from msingi.http.caller import language_of
from msingi.http.rest import FileReply
from msingi.http.streams import MOST_PER_ACTOR, Streams
from msingi.migrate import prepare
from msingi.testing import MakePlatform

ROUTES = [
    "/graphql",
    "/session",
    "/health/live",
    "/health/ready",
    "/metrics",
    "/explorer",
    "/explorer/nothing",
    "/none",
]
SignIn = Callable[..., str]


def test_a_signed_in_user_reads_over_http(village: Village, sign_in: SignIn) -> None:
    token = sign_in("awa", garden.READ)

    reply = village.post("{ me { username } trees { nodes { label } } }", token=token)

    assert reply.status_code == 200
    assert reply.json()["data"] == {"me": {"username": "awa"}, "trees": {"nodes": []}}
    assert reply.headers["cache-control"] == "no-store"


@pytest.mark.rule("attack 40")
def test_a_token_is_dead_after_logout(village: Village, sign_in: SignIn) -> None:
    token = sign_in("awa", garden.READ)

    village.post("mutation { logout }", token=token)
    reply = village.post("{ me { username } }", token=token)

    assert reply.status_code == 401
    assert reply.json()["errors"][0]["extensions"]["code"] == "core.not_authenticated"


@pytest.mark.rule("attack 51")
def test_the_session_cookie_is_locked_to_this_host(village: Village, sign_in: SignIn) -> None:
    sign_in("awa", garden.READ)

    reply = village.client.post("/session", json={"username": "awa", "password": PASSWORD}, headers=HEADERS)

    cookie = reply.headers["set-cookie"].lower()
    assert reply.status_code == 200
    assert cookie.startswith("__host-session=")
    for word in ("secure", "httponly", "samesite=strict", "path=/"):
        assert word in cookie
    assert "domain=" not in cookie
    assert "token" not in reply.text


@pytest.mark.rule("attack 39")
def test_a_browser_gets_a_new_cookie_when_its_session_changes(village: Village, sign_in: SignIn) -> None:
    sign_in("awa", garden.READ)
    first = village.client.post("/session", json={"username": "awa", "password": PASSWORD}, headers=HEADERS)
    cookie = {"cookie": first.headers["set-cookie"].partition(";")[0], "origin": "http://localhost"}
    change = f'mutation {{ changePassword(password: "{PASSWORD}", newPassword: "Un autre secret 55 !") {{ userId }} }}'

    changed = village.client.post("/graphql", json={"query": change}, headers={**HEADERS, **cookie})
    stale = village.client.post(
        "/graphql", json={"query": "{ me { username } }"}, headers={**HEADERS, **cookie}
    )
    left = village.client.delete("/session", headers={**HEADERS, "origin": "http://localhost"})

    assert changed.json()["data"]["changePassword"]["userId"]
    assert changed.headers["set-cookie"].startswith("__Host-session=msi_")
    assert changed.headers["set-cookie"].partition(";")[0] != cookie["cookie"]
    assert stale.status_code == 401
    assert 'session=""' in left.headers["set-cookie"]


@pytest.mark.rule("attack 45")
def test_a_wrong_password_and_an_unknown_user_get_the_same_answer(village: Village, sign_in: SignIn) -> None:
    sign_in("awa", garden.READ)

    replies = [
        village.client.post(
            "/session", json={"username": name, "password": "wrong password"}, headers=HEADERS
        )
        for name in ("awa", "nobody")
    ]

    assert replies[0].status_code == replies[1].status_code
    assert replies[0].json() == replies[1].json()
    assert "set-cookie" not in replies[0].headers


@pytest.mark.rule("attack 101")
@pytest.mark.parametrize("route", ROUTES)
def test_every_route_carries_the_security_headers(village: Village, route: str) -> None:
    reply = village.client.get(route, headers=HEADERS)

    assert "unsafe-inline" not in reply.headers["content-security-policy"]
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["x-frame-options"] == "DENY"
    assert reply.headers["referrer-policy"] == "no-referrer"
    assert "permissions-policy" in reply.headers
    assert "server" not in reply.headers


@pytest.mark.rule("attack 101")
def test_outside_demonstrations_transport_security_is_demanded(make_platform: MakePlatform) -> None:
    with TestClient(create_app(make_platform(demo=False)), base_url="http://localhost") as client:
        reply = client.get("/health/live")

    assert reply.headers["strict-transport-security"].startswith("max-age=63072000")


@pytest.mark.rule("attack 13")
@pytest.mark.parametrize(
    ("method", "options"),
    [
        ("GET", {"params": {"query": "{ __typename }"}}),
        ("POST", {"data": {"query": "{ __typename }"}}),
        ("POST", {"content": b'{"query":"{ __typename }"}', "headers": {"content-type": "text/plain"}}),
        ("POST", {"content": b'{"query":"{ __typename }"}', "headers": {"content-type": ""}}),
    ],
)
def test_only_json_by_post_is_a_door(village: Village, method: str, options: dict[str, Any]) -> None:
    headers = {**HEADERS, **options.pop("headers", {})}

    reply = village.client.request(method, "/graphql", headers=headers, **options)

    assert reply.status_code in {405, 415}
    assert "__typename" not in reply.text


@pytest.mark.rule("attack 2")
def test_a_list_of_operations_is_refused(village: Village) -> None:
    reply = village.client.post("/graphql", json=[{"query": "{ __typename }"}] * 2, headers=HEADERS)

    assert reply.status_code == 400
    assert reply.json()["errors"][0]["extensions"]["code"] == "request.batch_refused"


@pytest.mark.rule("attack 52")
@pytest.mark.parametrize("protocol", ["graphql-ws", "graphql-transport-ws"])
def test_no_websocket_is_ever_accepted(village: Village, protocol: str) -> None:
    with (
        pytest.raises(WebSocketDisconnect),
        village.client.websocket_connect("/graphql", subprotocols=[protocol], headers={"host": "localhost"}),
    ):
        pass


@pytest.mark.rule("attack 109")
def test_health_and_metrics_say_nothing_about_persons(village: Village, sign_in: SignIn) -> None:
    sign_in("awa", garden.READ)

    live = village.client.get("/health/live", headers=HEADERS)
    ready = village.client.get("/health/ready", headers=HEADERS)
    metrics = village.client.get("/metrics", headers=HEADERS)

    assert (live.json(), ready.json()) == ({"status": "ok"}, {"status": "ok"})
    assert "msingi_requests_total" in metrics.text
    assert "awa" not in metrics.text


@pytest.mark.rule("attack 109")
def test_metrics_need_the_token_when_one_is_set(make_platform: MakePlatform) -> None:
    platform = make_platform(server={"metrics_token": "secret-of-the-scraper"})
    with TestClient(create_app(platform), base_url="http://localhost") as client:
        without = client.get("/metrics")
        given = client.get("/metrics", headers={"authorization": "Bearer secret-of-the-scraper"})

    assert (without.status_code, given.status_code) == (403, 200)


def test_a_database_behind_the_release_is_not_ready(make_platform: MakePlatform) -> None:
    platform = make_platform(garden.plugin)
    with platform.database.write.begin() as connection:
        connection.exec_driver_sql("DELETE FROM alembic_version_garden")
    with TestClient(create_app(platform), base_url="http://localhost") as client:
        reply = client.get("/health/ready")

    assert reply.status_code == 503
    assert reply.json() == {"status": "database behind the release"}


@pytest.mark.rule("attack 53")
def test_subscriptions_stream_to_the_end_and_are_counted(village: Village, sign_in: SignIn) -> None:
    token = sign_in("awa", garden.READ, garden.PLANT)
    with village.platform.work() as work:
        job = work.enqueue(
            "after.garden.water_tree", event={"tree_id": str(village.places["north"]), "label": "x"}
        )
    village.platform.jobs.run_pending()
    query = "subscription($id: UUID!) { jobProgress(id: $id) { state progress } }"

    answers = [village.post(query, {"id": str(job)}, token=token) for _ in range(8)]

    assert {answer.headers["content-type"].partition(";")[0] for answer in answers} == {"text/event-stream"}
    assert all(answer.text.endswith("event: complete\ndata:\n\n") for answer in answers)
    assert "core.not_found" in answers[0].text


@pytest.mark.rule("attack 53")
def test_a_client_that_leaves_at_once_frees_its_place(village: Village) -> None:
    streams = Streams(village.platform, Ending())
    call = Call('subscription { jobProgress(id: "x") { state } }', {}, ANONYMOUS)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(_message: Message) -> None:
        raise OSError

    async def go() -> int:
        left = 0
        for _ in range(MOST_PER_ACTOR + 1):
            try:
                await streams.open(call, who=lambda: ANONYMOUS)(
                    {"type": "http", "asgi": {"spec_version": "2.4"}}, receive, send
                )
            except ClientDisconnect:
                left += 1
        return left

    assert asyncio.run(go()) == MOST_PER_ACTOR + 1


def test_the_explorer_exists_in_demonstrations_only(make_platform: MakePlatform, village: Village) -> None:
    with TestClient(create_app(make_platform(demo=False)), base_url="http://localhost") as client:
        assert client.get("/explorer").status_code == 404

    page = village.client.get("/explorer", headers=HEADERS)

    assert page.status_code == 200
    assert "http" not in page.text.replace("http-equiv", "")


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_an_idempotency_key_of_wrong_length_is_refused(village: Village, key: str) -> None:
    reply = village.client.post(
        "/graphql", json={"query": "{ __typename }"}, headers={**HEADERS, "idempotency-key": key}
    )

    assert reply.status_code == 400
    assert reply.json()["errors"][0]["extensions"]["code"] == "core.invalid_idempotency_key"


@pytest.mark.parametrize("name", ['a"; x="b.pdf', "a\r\nb.pdf", "é.pdf", ""])
def test_a_file_name_cannot_break_its_header(name: str) -> None:
    with pytest.raises(ValueError, match="letters, digits, dots and dashes"):
        FileReply(b"", "application/pdf", name)


@pytest.mark.rule("attack 109")
def test_public_hosts_need_a_known_proxy_and_a_metrics_token(make_platform: MakePlatform) -> None:
    bare = make_platform(demo=False, server={"hosts": ["sante.example"]})
    safe = make_platform(
        demo=False,
        server={"hosts": ["sante.example"], "trusted_proxies": ["10.0.0.1"], "metrics_token": "secret"},
    )
    prepare(safe)

    assert [str(problem).partition(":")[0] for problem in check_installation(bare)] == [
        "server.trusted_proxies",
        "server.metrics_token",
    ]
    assert check_installation(safe) == []


@pytest.mark.parametrize(
    ("header", "account", "spoken"),
    [
        (None, "en", "en"),
        ("sw", "en", "en"),
        ("*", "en", "en"),
        ("fr", "en", "fr"),
        ("sw", None, "fr"),
    ],
)
def test_a_language_that_nobody_offers_leaves_that_of_the_account(
    village: Village, header: str | None, account: str | None, spoken: str
) -> None:
    headers = [] if header is None else [(b"accept-language", header.encode())]
    connection = HTTPConnection({"type": "http", "headers": headers})

    assert language_of(village.platform, connection, replace(ANONYMOUS, language=account)) == spoken
