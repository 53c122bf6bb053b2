"""Several processes serve one application: forked once it is assembled, replaced when they end, ended together."""

import json
import os
import signal
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path

import httpx2 as httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.core import forking
from tests.processes import Start, starting

from msingi.bench.processes import descendants
from msingi.cli.forked import SILENT_TICKS
from msingi.cli.serving import bind
from msingi.errors import ConfigurationError
from msingi.migrate import prepare
from msingi.platform import Platform
from msingi.profiles import load_profile
from msingi.testing import KEYS

UNUSED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Without it each of many short requests reads every certificate authority, for an address without TLS."""
LONGEST_WAIT = 60.0


@pytest.fixture
def start() -> Iterator[Start]:
    with starting(forking) as begin:
        yield begin


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def test_every_process_answers_on_the_one_address(start: Start, port: int) -> None:
    supervisor = start(forking.supervise, forking.tell_pid, port, 2)

    _until(lambda: {_ask(port) for _ in range(20)} == _workers(supervisor))

    assert len(_workers(supervisor)) == 2


@pytest.mark.rule("F43")
def test_a_killed_process_is_replaced(start: Start, port: int) -> None:
    supervisor = start(forking.supervise, forking.tell_pid, port, 2)
    _until(lambda: _ask(port) is not None and len(_workers(supervisor)) == 2)
    killed = min(_workers(supervisor))

    os.kill(killed, signal.SIGKILL)
    _until(lambda: len(_workers(supervisor) - {killed}) == 2)

    _until(lambda: {_ask(port) for _ in range(20)} == _workers(supervisor))


@pytest.mark.rule("F43")
def test_a_process_whose_loop_stands_still_is_replaced(start: Start, port: int) -> None:
    supervisor = start(forking.supervise, forking.tell_pid, port, 2, 3)
    _until(lambda: {_ask(port) for _ in range(20)} == _workers(supervisor))
    still = min(_workers(supervisor))

    os.kill(still, signal.SIGSTOP)
    _until(lambda: len(_workers(supervisor) - {still}) == 2)

    assert still not in _workers(supervisor)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_answers_what_was_asked_and_leaves_no_process(
    start: Start, port: int, number: signal.Signals
) -> None:
    supervisor = start(forking.supervise, forking.tell_pid, port, 2)
    _until(lambda: _ask(port) is not None)
    workers = _workers(supervisor)

    with httpx.stream("GET", f"http://127.0.0.1:{port}/slow", timeout=30) as answer:
        os.kill(int(supervisor.pid or 0), number)
        told = int(answer.read())
    supervisor.join(LONGEST_WAIT)

    assert told in workers
    assert supervisor.exitcode == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)
    assert _ask(port) is None


def test_a_process_that_does_not_answer_cannot_keep_the_rest_from_ending(start: Start, port: int) -> None:
    supervisor = start(forking.supervise, forking.tell_pid, port, 2, SILENT_TICKS, 2)
    workers = _stop_one_of_two(supervisor, port)

    os.kill(int(supervisor.pid or 0), signal.SIGTERM)
    supervisor.join(LONGEST_WAIT)

    assert supervisor.exitcode == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_second_signal_ends_at_once(start: Start, port: int, number: signal.Signals) -> None:
    supervisor = start(forking.supervise, forking.tell_pid, port, 2, SILENT_TICKS, 1_000_000)
    workers = _stop_one_of_two(supervisor, port)

    os.kill(int(supervisor.pid or 0), signal.SIGTERM)
    _until(lambda: len(_workers(supervisor)) == 1)
    os.kill(int(supervisor.pid or 0), number)
    supervisor.join(LONGEST_WAIT)

    assert supervisor.exitcode == 0
    assert not any(Path(f"/proc/{pid}").exists() for pid in workers)


def _stop_one_of_two(supervisor: BaseProcess, port: int) -> set[int]:
    _until(lambda: {_ask(port) for _ in range(20)} == _workers(supervisor))
    workers = _workers(supervisor)
    os.kill(min(workers), signal.SIGSTOP)
    return workers


def test_an_application_that_refuses_to_start_is_not_started_again(start: Start, port: int) -> None:
    supervisor = start(forking.supervise, forking.refuse_to_start, port, 2)

    supervisor.join(LONGEST_WAIT)

    assert supervisor.exitcode == 3


def test_processes_end_without_their_supervisor(start: Start, port: int) -> None:
    supervisor = start(forking.supervise, forking.tell_pid, port, 2)
    _until(lambda: _ask(port) is not None)
    workers = _workers(supervisor)

    supervisor.kill()

    _until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))


def test_every_process_tells_what_all_of_them_counted(start: Start, port: int, tmp_path: Path) -> None:
    supervisor = start(forking.supervise_counted, str(tmp_path), port, 2)
    answers: list[int] = []

    def both_have_answered() -> bool:
        answers.extend(filter(None, [_ask(port)]))
        return len(set(answers)) == 2

    _until(both_have_answered)
    _until(lambda: _counted(port) == len(answers))
    killed = answers[-1]
    os.kill(killed, signal.SIGKILL)
    _until(lambda: len(_workers(supervisor) - {killed}) == 2)

    assert {_counted(port) for _ in range(20)} == {len(answers)}


def test_neither_a_connection_nor_a_thread_crosses_the_fork(
    start: Start, database_url: str, tmp_path: Path
) -> None:
    environment: dict[str, str] = {
        "MSINGI__DATABASE__URL": database_url,
        "MSINGI__SECURITY__KEYS": json.dumps(KEYS["keys"]),
        "MSINGI__SECURITY__INDEX_KEY": str(KEYS["index_key"]),
        "MSINGI__MODULES": "[]",
    }
    platform = Platform(load_profile("tanzania", environment=environment))
    prepare(platform)
    platform.close()
    report = tmp_path / "report.json"

    start(forking.tell_what_is_forked, environment, str(report)).join(LONGEST_WAIT)

    told = json.loads(report.read_text(encoding="utf-8"))
    assert told["threads"] == 1
    assert not [name for name in told["handles"] if name.startswith("socket:") or ".db" in name]


def test_an_address_that_is_taken_stops_the_start(port: int) -> None:
    with (
        socket.create_server(("127.0.0.1", port)),
        pytest.raises(ConfigurationError, match=f"port {port} already"),
    ):
        bind("127.0.0.1", port)


def _ask(port: int) -> int | None:
    try:
        return int(httpx.get(f"http://127.0.0.1:{port}/", timeout=5, verify=UNUSED).text)
    except httpx.TransportError:
        return None


def _counted(port: int) -> float:
    """Requests outside every known door, as the process that answers tells them."""
    text = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=5, verify=UNUSED).text
    families = text_string_to_metric_families(text)
    return sum(
        sample.value
        for family in families
        for sample in family.samples
        if sample.name == "msingi_requests_total" and sample.labels["route"] == "other"
    )


def _workers(supervisor: BaseProcess) -> set[int]:
    return descendants(int(supervisor.pid or 0))


def _until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + LONGEST_WAIT
    while not condition():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)
