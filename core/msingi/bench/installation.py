"""An installation for measurements: a database of made-up people, its platform and its staff."""

import base64
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final
from uuid import UUID

from msingi.auth.services.accounts import NewUser, create_user
from msingi.bench.served import Served, served, served_here
from msingi.ids import new_id
from msingi.migrate import prepare, upgrade
from msingi.platform import Platform
from msingi.profiles import load_profile
from msingi.rbac.grants import grant_role
from msingi.rbac.roles import sync_roles
from msingi.work import Work

PROFILE: Final = "cameroon"


@dataclass(frozen=True, slots=True)
class Installed:
    """A migrated database with its platform, and the settings by which a server finds it."""

    platform: Platform
    environment: dict[str, str]

    def hire(self, posts: Sequence[tuple[str, UUID]]) -> list[tuple[str, str]]:
        """A new account with its one-time password for each role at a place."""
        with self.platform.work() as work:
            sync_roles(work)
        with self.platform.work() as work:
            return [_hire_one(work, role, place) for role, place in posts]

    def serving(self, *, quick: bool = False) -> AbstractContextManager[Served]:
        """Serve it by two processes; for a smoke run by a thread of this one."""
        return served_here(self.platform) if quick else served(self.platform, self.environment, PROFILE)


@contextmanager
def installation(database_url: str | None) -> Iterator[Installed]:
    """An installation on the given database, or on an SQLite file that is removed."""
    with tempfile.TemporaryDirectory(prefix="msingi-bench-") as folder:
        file = Path(folder) / "bench.db"
        environment = _settings(database_url or f"sqlite:///{file}")
        if database_url is None:
            file.write_bytes(_migrated_file())
        platform = Platform(load_profile(PROFILE, environment={**os.environ, **environment}))
        try:
            prepare(platform)
            yield Installed(platform, environment)
        finally:
            platform.close()


@lru_cache(maxsize=1)
def _migrated_file() -> bytes:
    """An SQLite database with every table and no row: the benchmarks of one process begin with copies of it."""
    with tempfile.TemporaryDirectory(prefix="msingi-bench-") as folder:
        file = Path(folder) / "migrated.db"
        settings = _settings(f"sqlite:///{file}")
        platform = Platform(load_profile(PROFILE, environment={**os.environ, **settings}))
        try:
            upgrade(platform)
        finally:
            platform.close()
        return file.read_bytes()


def _settings(url: str) -> dict[str, str]:
    """Settings for measurements; the key is no secret, for nothing in the database is."""
    key = base64.urlsafe_b64encode(hashlib.sha256(b"made-up people only").digest()).decode()
    return {
        "MSINGI__DATABASE__URL": url,
        "MSINGI__DATABASE__SYNCHRONOUS": "NORMAL",
        "MSINGI__SECURITY__KEYS": json.dumps([key]),
        "MSINGI__SECURITY__INDEX_KEY": key,
        "MSINGI__SERVER__REQUESTS_PER_MINUTE": "100000000",
        "MSINGI__SERVER__TELL_STATEMENTS": "true",
        "MSINGI__JOBS__EMBEDDED_WORKERS": "0",
    }


def _hire_one(work: Work, role: str, place: UUID) -> tuple[str, str]:
    name = f"{role[:6]}{new_id().hex[-8:]}"
    user, once = create_user(work, NewUser(username=name, display_name=role, jurisdiction_id=place))
    grant_role(work, user.id, role=role, jurisdiction_id=place)
    return name, once
