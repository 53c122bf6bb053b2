"""A real server for measurements: `msingi serve` with workers of its own, and clients that keep their connections."""

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import IO, Any, Final
from urllib.parse import urlsplit

from msingi.bench.processes import backends, cpu_seconds, descendants, proportional_mb
from msingi.cli.serving import bind
from msingi.demo.server import serving
from msingi.http.counted import HEADER
from msingi.platform import Platform

HOST: Final = "127.0.0.1"
START_SECONDS: Final = 180.0
_LOGIN: Final = """mutation($u: String!, $p: String!, $n: String) {
  login(username: $u, password: $p, newPassword: $n) { token } }"""
_PASSWORD: Final = "Mvog-Mbi 1976 sous la pluie"  # noqa: S105 - a user of a throw-away database
_SERVE: Final = "from msingi.cli.entry import main; main()"


@dataclass(frozen=True, slots=True)
class Request:
    """One request, written before the clock runs."""

    path: str
    body: bytes
    token: str = ""

    @classmethod
    def graphql(cls, token: str, query: str, **variables: Any) -> "Request":
        """An operation of GraphQL."""
        body = json.dumps({"query": query, "variables": variables}, default=str)
        return cls("/graphql", body.encode(), token)


@dataclass(slots=True)
class Answered:
    """The answers to some requests."""

    seconds: list[float] = field(default_factory=list)
    statements: int = 0
    bodies: list[bytes] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Measured:
    """What requests cost: processor time of workers and database backends together, without the client."""

    requests: int
    cpu_seconds: float
    statements: int
    seconds: Sequence[float]
    wall_seconds: float
    bodies: Sequence[bytes]

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the requests was answered."""
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))]

    def numbers(self, *, per: int = 1) -> dict[str, float]:
        """The figures of an operation; ``per`` is how many things one request handles."""
        handled = self.requests * per
        return {
            "cpu_ms": 1000 * self.cpu_seconds / handled,
            "statements": self.statements / handled,
            "p50_ms": 1000 * median(self.seconds),
            "requests_per_s": self.requests / self.wall_seconds,
        }


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs, with the platform of its database for whoever measures."""

    platform: Platform
    port: int
    pid: int
    """The process that serves, or whose children do."""
    start_seconds: float

    def sign_in(self, username: str, once: str) -> str:
        """The token of a user who signs in for the first time."""
        variables = {"u": username, "p": once, "n": _PASSWORD}
        answer = self.answer(Request.graphql("", _LOGIN, **variables))
        token: str = answer["data"]["login"]["token"]
        return token

    def answer(self, request: Request) -> Any:
        """The answer to one request, read; a refusal ends the benchmark."""
        (body,) = self.send([request]).bodies
        return json.loads(body)

    def send(self, requests: Sequence[Request], *, clients: int = 1) -> Measured:
        """Send requests, each client one after the other on a connection of its own, and measure the server."""
        shares = [requests[number::clients] for number in range(clients)]
        answered = [Answered() for _ in shares]
        faults: list[Exception] = []
        threads = [
            threading.Thread(target=self._send_share, args=(share, into, faults))
            for share, into in zip(shares, answered, strict=True)
        ]
        pids = self._processes() | backends(self.platform)
        used, started = cpu_seconds(pids), time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wall, used = time.perf_counter() - started, cpu_seconds(pids) - used
        if faults:
            raise faults[0]
        return Measured(
            len(requests),
            used,
            sum(one.statements for one in answered),
            [seconds for one in answered for seconds in one.seconds],
            wall,
            [body for one in answered for body in one.bodies],
        )

    def worker_mb(self) -> float:
        """Memory of the server for each of its workers, in megabytes: the supervisor's and what they share included.

        Pages that forked processes share count once, which is what one more worker and the first ones really need.
        What a process holds though it is free counts as well: it is the system's memory that is told here.
        """
        pids = self._processes()
        return proportional_mb(pids) / max(1, len(pids) - 1)

    def _processes(self) -> set[int]:
        return {self.pid} | descendants(self.pid)

    def _send_share(self, share: Sequence[Request], into: Answered, faults: list[Exception]) -> None:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=300)
        try:
            for request in share:
                self._send_one(connection, request, into)
        except (OSError, http.client.HTTPException, RuntimeError) as fault:
            faults.append(fault)
        finally:
            connection.close()

    def _send_one(self, connection: http.client.HTTPConnection, request: Request, into: Answered) -> None:
        headers = {"content-type": "application/json", "x-msingi-request": "1"}
        if request.token:
            headers["authorization"] = f"Bearer {request.token}"
        started = time.perf_counter()
        connection.request("POST", request.path, request.body, headers)
        response = connection.getresponse()
        body = response.read()
        into.seconds.append(time.perf_counter() - started)
        if response.status != http.client.OK or b'"errors":[{' in body:
            raise RuntimeError(f"the benchmark was refused: {body[-500:]!r}")
        into.statements += int(response.headers.get(HEADER, 0))
        into.bodies.append(body)


@contextmanager
def served(
    platform: Platform, environment: Mapping[str, str], profile: str, *, workers: int = 2
) -> Iterator[Served]:
    """Run `msingi serve` with these settings in the environment; stopped at the end."""
    with socket.create_server((HOST, 0)) as listener:
        port = int(listener.getsockname()[1])
    command = [sys.executable, "-c", _SERVE, "serve", "--profile", profile, "--port", str(port)]
    with tempfile.TemporaryFile() as log:
        started = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 - our own command
            [*command, "--workers", str(workers)],
            env={**os.environ, **environment},
            stdout=log,
            stderr=log,
        )
        try:
            _wait_for_answer(process, port, log)
            yield Served(platform, port, process.pid, time.perf_counter() - started)
        finally:
            process.terminate()
            process.wait(START_SECONDS)


@contextmanager
def served_here(platform: Platform) -> Iterator[Served]:
    """Serve in a thread of this process: for smoke runs, whose figures nobody reads."""
    with serving(platform, bind(HOST, 0)) as (address, _):
        yield Served(platform, urlsplit(address).port or 0, os.getpid(), 0.0)


def _wait_for_answer(process: "subprocess.Popen[bytes]", port: int, log: IO[bytes]) -> None:
    limit = time.monotonic() + START_SECONDS
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > limit:
            log.seek(0)
            raise TimeoutError(f"the server did not start: {log.read()[-2000:].decode(errors='replace')}")
        time.sleep(0.02)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status == http.client.OK
    except OSError:
        return False
    finally:
        connection.close()
