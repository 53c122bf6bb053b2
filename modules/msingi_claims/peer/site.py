"""A hospital's scheme that is served by two processes, with the staff whom the measured operations need."""

import base64
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from msingi.auth.services.accounts import NewUser, create_user
from msingi.bench.served import Request, Served, served
from msingi.ids import new_id
from msingi.migrate import upgrade
from msingi.platform import Platform
from msingi.profiles import load_profile
from msingi.rbac.grants import grant_role
from msingi.rbac.roles import sync_roles
from msingi.work import Work
from msingi_claims.peer.claims import CLAIMS, fill_claims
from msingi_claims.peer.country import FAMILIES, PeerCountry, fill_country

PROFILE: Final = "cameroon"
QUICK_SHARE: Final = 50
_WARMING: Final = 12
"""Connections by which both processes are met before anything is measured."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Tokens of those who work with claims."""

    clerk: str
    """Enters and submits at the hospital."""
    officer: str
    """Reviews and processes in the district."""
    enroller: str
    """Enrols families in the district."""


@dataclass(frozen=True, slots=True)
class Site:
    """What benchmarks act on."""

    country: PeerCountry
    server: Served
    staff: Staff

    def warm(self, *requests: Request) -> None:
        """Let every process answer these requests before the clock runs."""
        for request in requests:
            self.server.send([request] * _WARMING, clients=_WARMING)


@contextmanager
def peer_platform(
    database_url: str | None, *, families: int = FAMILIES, claims: int = CLAIMS
) -> Iterator[tuple[Platform, PeerCountry, dict[str, str]]]:
    """The filled database, its platform, and the settings by which a server finds it.

    The default is an SQLite file that is removed; a database that is given keeps what was filled.
    """
    with tempfile.TemporaryDirectory(prefix="msingi-bench-") as folder:
        environment = _settings(database_url or f"sqlite:///{Path(folder) / 'claims.db'}")
        platform = Platform(load_profile(PROFILE, environment={**os.environ, **environment}))
        try:
            upgrade(platform)
            country = fill_country(platform, families)
            fill_claims(platform, country, claims)
            yield platform, country, environment
        finally:
            platform.close()


@contextmanager
def peer_site(database_url: str | None, *, families: int = FAMILIES, claims: int = CLAIMS) -> Iterator[Site]:
    """The workload behind a server of two processes."""
    with peer_platform(database_url, families=families, claims=claims) as (platform, country, environment):
        hired = _hire(platform, country)
        with served(platform, environment, PROFILE) as server:
            yield Site(country, server, Staff(*(server.sign_in(name, once) for name, once in hired)))


def _settings(url: str) -> dict[str, str]:
    """Settings of an installation for measurements; its key is no secret, for nothing in it is."""
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


def _hire(platform: Platform, country: PeerCountry) -> list[tuple[str, str]]:
    """New accounts with their one-time passwords, in the order of the staff."""
    posts = (
        ("claim_administrator", country.hospital_leaf),
        ("medical_officer", country.district),
        ("enrolment_officer", country.district),
    )
    with platform.work() as work:
        sync_roles(work)
    with platform.work() as work:
        return [_hire_one(work, role, place) for role, place in posts]


def _hire_one(work: Work, role: str, place: UUID) -> tuple[str, str]:
    name = f"{role[:6]}{new_id().hex[-8:]}"
    user, once = create_user(work, NewUser(username=name, display_name=role, jurisdiction_id=place))
    grant_role(work, user.id, role=role, jurisdiction_id=place)
    return name, once
