"""The log has one line per event, no personal data and nothing that a client can forge."""

import asyncio
import json
import logging
from collections.abc import Iterator
from io import StringIO

import httpx2 as httpx
import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from msingi.edge import EdgeRules, configure_logs, harden
from msingi.edge.log_format import MAX_TEXT, one_line, scrub

HOSTILE = 'x\r\n{"event":"forged"}\x1b[2J\u2028\u202e","level":"debug'


@pytest.fixture
def log() -> Iterator[StringIO]:
    stream = StringIO()
    configure_logs(stream=stream)
    yield stream
    structlog.reset_defaults()


def lines(stream: StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["path"] == "/graphql/gone":
        raise ClientDisconnect
    if scope["path"] == "/graphql/broken":
        raise RuntimeError("SELECT secret") from KeyError("Amina Diallo")
    await PlainTextResponse("four")(scope, receive, send)


def get(path: str, headers: dict[str, str]) -> httpx.Response:
    async def go() -> httpx.Response:
        app = harden(application, EdgeRules(hosts=frozenset({"here"})))
        transport = httpx.ASGITransport(app=app, client=("41.202.7.7", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as browser:
            return await browser.get(path, headers=headers)

    return asyncio.run(go())


@pytest.mark.rule("attack 95", "attack 96")
def test_a_request_is_one_line_without_person_path_and_browser(log: StringIO) -> None:
    response = get(
        "/graphql/patients/NAT-123?name=Amina",
        {"user-agent": "curl", "cookie": "session=s3cr3t", "authorization": "Bearer s3cr3t"},
    )

    (line,) = lines(log)
    took, stamp = line.pop("milliseconds"), line.pop("timestamp")
    assert line == {
        "event": "request",
        "level": "info",
        "method": "GET",
        "door": "graphql",
        "status": 200,
        "bytes": 4,
        "request_id": response.headers["x-request-id"],
    }
    assert isinstance(took, float)
    assert str(stamp).endswith("Z")


@pytest.mark.rule("attack 96")
def test_a_hostile_path_and_browser_leave_no_trace(log: StringIO) -> None:
    get("/%0d%0a%1b[2Jforged%22", {"user-agent": '{"event":"forged"}'})

    (line,) = lines(log)
    assert line["door"] == "other"
    assert "forged" not in log.getvalue()


@pytest.mark.rule("attack 97", "attack 95")
def test_a_defect_is_logged_by_kind_and_place_without_its_message(log: StringIO) -> None:
    response = get("/graphql/broken", {})

    defect, request = lines(log)
    assert defect["event"] == "request.unexpected"
    assert defect["reference"] == response.headers["x-request-id"]
    assert defect["error"] == "RuntimeError < KeyError"
    assert str(defect["at"]).count("test_edge_logs.py") == 1
    assert request["status"] == 500
    assert "Amina" not in log.getvalue()
    assert "SELECT" not in log.getvalue()


def test_a_caller_who_hangs_up_is_no_defect(log: StringIO) -> None:
    with pytest.raises(AssertionError):
        get("/graphql/gone", {})

    abandoned, _request = lines(log)
    assert (abandoned["event"], abandoned["level"]) == ("request.abandoned", "info")


@pytest.mark.rule("attack 95", "attack 96")
def test_a_warning_of_a_library_is_a_line_without_what_it_was_about(log: StringIO) -> None:
    library = logging.getLogger("library")
    library.error("the key of %s\nis away", "Amina", exc_info=KeyError("Amina"))
    library.info("nothing to see")

    (line,) = lines(log)
    assert line | {"timestamp": ""} == {
        "event": "the key of %s",
        "level": "error",
        "library": "library",
        "error": "KeyError",
        "timestamp": "",
    }


@pytest.mark.rule("attack 96")
def test_a_hostile_value_stays_inside_its_line(log: StringIO) -> None:
    structlog.get_logger("test").info(
        "login", **{"user": HOSTILE, HOSTILE: "name", "deep": {"agent": [HOSTILE]}}
    )

    (line,) = lines(log)
    assert line["event"] == "login"
    assert line["level"] == "info"
    assert "\x1b" not in log.getvalue()
    assert line["deep"] == {"agent": [one_line(HOSTILE)]}


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "newPassword",
        "client_secret",
        "token",
        "access_token",
        "Cookie",
        "Authorization",
        "api_key",
        "apikey",
        "otp",
        "pin",
    ],
)
@pytest.mark.rule("attack 95")
def test_secrets_are_masked_at_any_depth(name: str) -> None:
    scrubbed = scrub(None, "info", {"event": "x", name: "s3cr3t", "inner": {name: ["s3cr3t"]}})

    assert scrubbed == {"event": "x", name: "***", "inner": {name: "***"}}


def test_plain_values_keep_their_type() -> None:
    values = {"count": 3, "share": 0.5, "ok": True, "none": None, "list": [1, "a"], "shipping": "x"}

    assert scrub(None, "info", dict(values)) == values


@given(st.text(max_size=2_000))
@pytest.mark.rule("attack 96")
def test_any_text_becomes_one_line(text: str) -> None:
    safe = one_line(text)

    assert len(safe.splitlines()) <= 1
    assert len(safe) <= MAX_TEXT
    assert "\x1b" not in safe


@pytest.mark.rule("attack 96")
@pytest.mark.parametrize("value", [2**70, "\ud800", "Yaoundé 日本", 1.5, True, {"a": [2**65]}])
def test_whatever_a_line_holds_it_is_written_and_in_ascii(log: StringIO, value: object) -> None:
    structlog.get_logger("test").info("told", value=value)

    (line,) = lines(log)
    assert log.getvalue().isascii()
    assert line["value"] == value
