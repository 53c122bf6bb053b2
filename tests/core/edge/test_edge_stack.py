"""The whole edge around a small application: foreign pages, forged headers, faults and their answers."""

import asyncio
import re

import httpx2 as httpx
import pytest
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from msingi.edge import EdgeRules, harden, request_id_of
from msingi.edge.cors import check_origins
from msingi.edge.headers import CONTENT_SECURITY_POLICY
from msingi.edge.last_resort import BrokenAnswer
from msingi.errors import ConfigurationError

OWN = "https://health.example.org"
PORTAL = "https://portal.example.org"
RULES = EdgeRules(
    hosts=frozenset({"health.example.org", "[::1]"}),
    origins=frozenset({PORTAL}),
    trusted_proxies=("10.0.0.0/8", "fd00::/8"),
    exempt_from_csrf=("/callbacks/",),
)
SECRET_PATH = "/srv/msingi/settings/secret.toml"
PROVEN = {"x-msingi-request": "1"}


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Tells what arrives; fails at /broken and, after the first byte, at /half."""
    if scope["path"] == "/broken":
        raise RuntimeError(f"patient Amina Diallo, SELECT * FROM x, {SECRET_PATH}")
    if scope["path"] == "/half":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError(SECRET_PATH)
    if scope["path"] == "/asset.js":
        await PlainTextResponse("x", headers={"cache-control": "max-age=60", "server": "x/1.2"})(
            scope, receive, send
        )
        return
    told = {
        "client": scope["client"][0],
        "scheme": scope["scheme"],
        "headers": sorted(name.decode() for name, _ in scope["headers"]),
        "id": request_id_of(scope),
    }
    await JSONResponse(told)(scope, receive, send)


HARDENED = harden(application, RULES)


def call(
    method: str = "POST",
    path: str = "/graphql",
    headers: dict[str, str] | list[tuple[str, str]] | None = None,
    *,
    client: str = "41.202.1.1",
    base: str = OWN,
) -> httpx.Response:
    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(app=HARDENED, client=(client, 5000))
        async with httpx.AsyncClient(transport=transport, base_url=base) as browser:
            return await browser.request(method, path, headers=headers, json={} if method == "POST" else None)

    return asyncio.run(go())


def code_of(response: httpx.Response) -> str:
    return str(response.json()["errors"][0]["extensions"]["code"])


@pytest.mark.parametrize(
    "headers",
    [
        {"x-msingi-request": "1"},
        {"x-msingi-request": "1", "cookie": "s=1", "origin": OWN},
        {"x-msingi-request": "1", "cookie": "s=1", "origin": PORTAL},
        {"authorization": "Bearer abc"},
        {"authorization": "bearer abc", "origin": PORTAL},
        {"x-msingi-request": "1", "cookie": "s=1", "origin": OWN, "sec-fetch-site": "same-origin"},
    ],
)
def test_an_honest_request_passes(headers: dict[str, str]) -> None:
    assert call(headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "request.missing_header"),
        ({"cookie": "s=1"}, "request.missing_header"),
        ({"cookie": "s=1", "origin": OWN}, "request.missing_header"),
        (
            {"cookie": "s=1", "origin": OWN, "content-type": "multipart/form-data; boundary=x"},
            "request.missing_header",
        ),
        ({"cookie": "s=1", "origin": OWN, "content-type": "text/plain"}, "request.missing_header"),
        ({"cookie": "s=1", "authorization": "Basic eDp5"}, "request.missing_header"),
        ({"cookie": "s=1", "x-msingi-request": "1"}, "request.missing_origin"),
        (
            {"cookie": "s=1", "x-msingi-request": "1", "origin": "https://evil.example"},
            "request.foreign_origin",
        ),
        ({"cookie": "s=1", "x-msingi-request": "1", "origin": "null"}, "request.foreign_origin"),
        (
            {"cookie": "s=1", "x-msingi-request": "1", "origin": "http://health.example.org"},
            "request.foreign_origin",
        ),
        (
            {"cookie": "s=1", "x-msingi-request": "1", "origin": OWN + ".evil.example"},
            "request.foreign_origin",
        ),
        ({"cookie": "s=1", "x-msingi-request": "1", "origin": OWN + ":8443"}, "request.foreign_origin"),
        ({"authorization": "Bearer abc", "origin": "https://evil.example"}, "request.foreign_origin"),
        ({"x-msingi-request": "1", "sec-fetch-site": "cross-site"}, "request.foreign_origin"),
        ({"x-msingi-request": "1", "sec-fetch-site": "same-site"}, "request.foreign_origin"),
    ],
)
@pytest.mark.rule("attack 33", "attack 34")
def test_a_foreign_page_cannot_act(headers: dict[str, str], code: str) -> None:
    response = call(headers=headers)

    assert response.status_code == 403
    assert code_of(response) == code


def test_a_signed_callback_needs_no_browser_header() -> None:
    assert call(path="/callbacks/payment").status_code == 200


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "https://portal.example.org.evil.example",
        "http://portal.example.org",
        PORTAL + ":444",
        "https://evilportal.example.org",
        PORTAL.upper(),
    ],
)
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
@pytest.mark.rule("attack 35")
def test_an_unknown_origin_gets_no_allow_header(origin: str, method: str) -> None:
    response = call(method, headers={"origin": origin, "access-control-request-method": "POST"})

    assert [name for name in response.headers if name.startswith("access-control-allow")] == []


@pytest.mark.rule("attack 35")
def test_a_listed_origin_is_allowed_exactly() -> None:
    preflight = call(
        "OPTIONS",
        headers={
            "origin": PORTAL,
            "access-control-request-method": "POST",
            "access-control-request-headers": "content-type, x-msingi-request",
        },
    )

    assert preflight.status_code == 200
    assert preflight.headers["access-control-allow-origin"] == PORTAL
    assert call("GET", headers={"origin": PORTAL}).headers["access-control-allow-origin"] == PORTAL


@pytest.mark.parametrize(
    "origin", ["*", "null", "https://*.example.org", PORTAL + "/", "portal.example.org", ""]
)
@pytest.mark.rule("attack 35")
def test_a_vague_origin_stops_the_start(origin: str) -> None:
    with pytest.raises(ConfigurationError):
        check_origins([origin])


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/page", {}, 200),
        ("GET", "/asset.js", {}, 200),
        ("POST", "/graphql", {}, 403),
        ("GET", "/broken", {}, 500),
        ("GET", "/page", {"host": "evil.example"}, 400),
        ("GET", "/page", {"x-long": "x" * 20_000}, 431),
        ("GET", "/page", {"range": "bytes=" + "0-1," * 1_000 + "0-1"}, 416),
        ("OPTIONS", "/page", {"origin": PORTAL, "access-control-request-method": "POST"}, 200),
    ],
)
@pytest.mark.rule("attack 101", "attack 66")
def test_every_response_carries_the_security_headers(
    method: str, path: str, headers: dict[str, str], status: int
) -> None:
    response = call(method, path, headers)

    assert response.status_code == status
    assert response.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert response.headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["x-frame-options"] == "DENY"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["cross-origin-opener-policy"] == "same-origin"
    assert response.headers["cross-origin-resource-policy"] == "same-origin"
    assert "geolocation=(self)" in response.headers["permissions-policy"]
    assert response.headers["cache-control"] == ("max-age=60" if path == "/asset.js" else "no-store")
    assert "server" not in response.headers


@pytest.mark.rule("attack 36", "attack 101")
def test_the_policy_allows_nothing_inline_and_nobody_else() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "frame-ancestors 'none'" in CONTENT_SECURITY_POLICY
    assert re.findall(r"https?:|\*", CONTENT_SECURITY_POLICY) == []


@pytest.mark.parametrize(
    "headers",
    [
        [("host", "evil.example")],
        [("host", "health.example.org.evil.example")],
        [("host", "evil.example/health.example.org")],
        [("host", "health.example.org@evil.example")],
        [("host", "")],
        [("host", "health.example.org"), ("host", "evil.example")],
        [("host", "health.example.org"), ("content-length", "2"), ("content-length", "3")],
        [("host", "health.example.org"), ("content-length", "2"), ("transfer-encoding", "chunked")],
        [("host", "health.example.org"), ("authorization", "Bearer a"), ("authorization", "Bearer b")],
    ],
)
@pytest.mark.rule("attack 58")
def test_forged_and_ambiguous_headers_are_refused(headers: list[tuple[str, str]]) -> None:
    response = call("GET", headers=headers)

    assert response.status_code == 400
    assert code_of(response) in {"request.unknown_host", "request.ambiguous_header"}


@pytest.mark.parametrize("host", ["health.example.org", "HEALTH.example.org:8443", "[::1]:8000"])
def test_our_own_hosts_are_answered(host: str) -> None:
    assert call("GET", headers={"host": host}).status_code == 200


@pytest.mark.rule("attack 58")
def test_too_many_headers_are_refused() -> None:
    response = call("GET", headers=[(f"x-{number}", "1") for number in range(70)])

    assert response.status_code == 431


@pytest.mark.rule("attack 58")
def test_a_stranger_cannot_claim_to_be_somebody_else() -> None:
    claims = {
        "x-forwarded-for": "127.0.0.1",
        "x-forwarded-proto": "http",
        "x-forwarded-host": "evil.example",
        "x-real-ip": "127.0.0.1",
        "x-user-id": "admin",
        "x-original-url": "/admin",
        "forwarded": "for=127.0.0.1",
    }

    told = call("GET", headers=claims).json()

    assert told["client"] == "41.202.1.1"
    assert told["scheme"] == "https"
    assert [name for name in told["headers"] if name in claims] == []


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("197.149.1.9", "197.149.1.9"),
        ("127.0.0.1, 197.149.1.9", "197.149.1.9"),
        ("1.1.1.1, 197.149.1.9, 10.0.0.8", "197.149.1.9"),
        ("197.149.1.9, garbage", "10.0.0.7"),
        ("", "10.0.0.7"),
        ("2001:db8::1, fd00::2", "2001:db8::1"),
    ],
)
@pytest.mark.rule("attack 58")
def test_a_trusted_proxy_names_the_last_hop_it_saw(forwarded: str, client: str) -> None:
    told = call(
        "GET",
        headers={"x-forwarded-for": forwarded, "x-forwarded-proto": "https"},
        client="10.0.0.7",
        base="http://health.example.org",
    ).json()

    assert told["client"] == client
    assert told["scheme"] == "https"
    assert "x-forwarded-for" not in told["headers"]


@pytest.mark.rule("attack 97")
def test_a_defect_answers_a_reference_and_nothing_else() -> None:
    response = call("GET", "/broken")

    reference = response.headers["x-request-id"]
    assert response.status_code == 500
    assert response.json() == {
        "errors": [
            {
                "message": f"Something went wrong on our side. Quote the reference {reference} to your support.",
                "extensions": {"code": "request.unexpected", "params": {"reference": reference}},
            }
        ]
    }


@pytest.mark.rule("attack 97")
def test_an_answer_that_breaks_half_way_is_cut_off_without_details() -> None:
    with pytest.raises(BrokenAnswer) as broken:
        call("GET", "/half")

    assert str(broken.value) == ""
    assert broken.value.__suppress_context__ is True


@pytest.mark.rule("attack 96")
def test_the_request_id_is_ours() -> None:
    response = call("GET", headers={"x-request-id": "forged"})

    assert response.headers["x-request-id"] == response.json()["id"]
    assert re.fullmatch(r"[0-9a-f-]{36}", response.json()["id"])


def test_a_refusal_is_said_in_the_language_of_the_reader() -> None:
    def say(_refusal: Exception, accept_language: str | None) -> str:
        return f"<{accept_language}>"

    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(app=harden(application, RULES, say=say))
        async with httpx.AsyncClient(transport=transport, base_url=OWN) as browser:
            return await browser.post("/graphql", headers={"accept-language": "fr-CM"})

    response = asyncio.run(go())

    assert response.json()["errors"][0]["message"] == "<fr-CM>"
    assert "accept-language" in response.headers["vary"]


@pytest.mark.parametrize(
    ("origin", "opened"),
    [
        (b"https://evil.example", False),
        (b"null", False),
        (PORTAL.encode(), True),
        (OWN.encode(), True),
        (None, True),
    ],
)
@pytest.mark.rule("attack 52")
def test_a_socket_of_a_foreign_page_is_closed_before_it_opens(origin: bytes | None, opened: bool) -> None:  # noqa: FBT001
    sent: list[Message] = []

    async def accept(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", b"health.example.org"), *([(b"origin", origin)] if origin else [])]
    scope = {
        "type": "websocket",
        "scheme": "wss",
        "path": "/graphql",
        "headers": headers,
        "client": ("41.202.1.1", 1),
    }

    async def go() -> None:
        await harden(accept, RULES)(scope, receive, send)

    asyncio.run(go())

    assert [message["type"] for message in sent] == ["websocket.accept" if opened else "websocket.close"]


def test_the_lifespan_of_the_application_is_left_alone() -> None:
    seen: list[str] = []

    async def note(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    async def receive() -> Message:
        return {"type": "lifespan.startup"}

    async def send(message: Message) -> None:
        seen.append(message["type"])

    async def go() -> None:
        await harden(note, RULES)({"type": "lifespan"}, receive, send)

    asyncio.run(go())

    assert seen == ["lifespan"]
