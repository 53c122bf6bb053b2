"""Drills: served processes that may be killed, an own PostgreSQL server, a small disk."""

import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2 as httpx
import pytest
from sqlalchemy.engine import make_url
from tests.faults import served
from tests.processes import Start, starting

from msingi.actor import ANONYMOUS
from msingi.auth.services.accounts import NewUser, create_user
from msingi.auth.services.login import login
from msingi.migrate import prepare
from msingi.platform import Platform
from msingi.rbac.grants import grant_role
from msingi.rbac.models import Policy, Role
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.testing import KEYS, postgres_wheel

PASSWORD = "Mvog-Mbi 1976 sous la pluie"
LONGEST_START = 60.0
PAUSE = 0.1
"""Seconds before somebody asks again."""


@dataclass(frozen=True)
class Orchard:
    """A garden in a database of its own, ready to be served, and the token of somebody who may plant."""

    profile: dict[str, Any]
    platform: Platform
    place: UUID
    token: str
    port: int

    def client(self) -> httpx.Client:
        headers = {"authorization": f"Bearer {self.token}", "x-msingi-request": "1", "accept-language": "en"}
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", headers=headers, timeout=30.0)


@pytest.fixture
def seed() -> int:
    """Number that decides every random choice of a drill; give MSINGI_FAULT_SEED to repeat one."""
    return int(os.environ.get("MSINGI_FAULT_SEED", random.SystemRandom().randrange(10**6)))


@pytest.fixture
def start() -> Iterator[Start]:
    with starting(served) as begin:
        yield begin


@pytest.fixture
def orchard(database_url: str) -> Iterator[Orchard]:
    grown = plant_orchard(database_url)
    yield grown
    grown.platform.close()


def plant_orchard(database_url: str, **settings: Any) -> Orchard:
    """Migrate a database, add a place and somebody who may plant there."""
    profile = {
        "database": {"url": database_url, "pool_size": 5, "synchronous": "FULL", **settings},
        "security": KEYS,
        "server": {"requests_per_minute": 600_000},
        "jobs": {"backend": "embedded", "embedded_workers": 0},
    }
    platform = served.open_garden(profile)
    prepare(platform)
    with platform.work() as work:
        place = add_places(work, [NewPlace(code="CM", name="Cameroun")])["CM"]
        role = work.add(Role(name="gardener", labels={}, preset=False))
        work.session.flush()
        for action in ("read", "plant"):
            work.add(Policy(role_id=role.id, module="garden", action=action))
        user, once = create_user(work, NewUser(username="awa", display_name="Awa", jurisdiction_id=place))
        grant_role(work, user.id, role=role.name, jurisdiction_id=place)
    with platform.work(ANONYMOUS) as work:
        token = login(work, "awa", once, new_password=PASSWORD).token
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    return Orchard(profile, platform, place, token, port)


def until_ready(orchard: Orchard) -> None:
    """Wait until the server answers; the limit only ends a drill that would otherwise hang."""
    end = time.monotonic() + LONGEST_START
    with orchard.client() as client:
        while True:
            try:
                if client.get("/health/ready").status_code == 200:
                    return
            except httpx.TransportError:
                pass
            assert time.monotonic() < end, "the server did not become ready"
            time.sleep(PAUSE)


@dataclass
class OwnPostgres:
    """A PostgreSQL server of one drill, that may be killed and started again."""

    folder: Path
    server: Any

    @property
    def url(self) -> str:
        """Where it listens now."""
        return make_url(self.server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(False)

    def kill(self) -> None:
        """Kill every process of the server at once, as a power cut would."""
        postmaster = self.server.get_postmaster_info().process
        for process in (postmaster, *postmaster.children(recursive=True)):
            process.send_signal(signal.SIGKILL)
        postmaster.wait(30)

    def start_again(self) -> None:
        """Start it; it recovers from its log, on a slow disk for longer than the package itself waits."""
        end = time.monotonic() + LONGEST_START
        while True:
            try:
                self.server.ensure_postgres_running()
            except (subprocess.TimeoutExpired, AssertionError):  # not ready yet
                if time.monotonic() > end:
                    raise
                time.sleep(PAUSE)
            else:
                return


@pytest.fixture
def own_postgres() -> Iterator[OwnPostgres]:
    folder = Path(tempfile.mkdtemp(prefix="msingi-fault-"))
    folder.chmod(0o755)
    (folder / "pg").mkdir()
    server = postgres_wheel().get_server(folder / "pg", cleanup_mode="stop")
    yield OwnPostgres(folder, server)
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """Make disks of a few megabytes; needs the right to mount."""
    mounted: list[Path] = []

    def make(path: Path, megabytes: int) -> Path:
        path.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "msingi-fault", str(path)]
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode:
            pytest.skip("a small disk needs the right to mount a tmpfs")
        mounted.append(path)
        return path

    yield make
    for path in mounted:
        subprocess.run(["umount", "-l", str(path)], check=True)
