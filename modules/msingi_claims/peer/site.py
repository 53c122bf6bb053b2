"""A hospital's scheme that is served by two processes, with the staff whom the measured operations need."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from msingi.bench.installation import Installed, installation
from msingi.bench.served import Request, Served
from msingi_claims.peer.claims import CLAIMS, fill_claims
from msingi_claims.peer.country import FAMILIES, PeerCountry, fill_country

QUICK_SHARE: Final = 250
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
def peer_installation(
    database_url: str | None, *, families: int = FAMILIES, claims: int = CLAIMS
) -> Iterator[tuple[Installed, PeerCountry]]:
    """The filled database; one that is given keeps what was filled."""
    with installation(database_url) as installed:
        country = fill_country(installed.platform, families)
        fill_claims(installed.platform, country, claims)
        yield installed, country


@contextmanager
def peer_site(
    database_url: str | None, *, families: int = FAMILIES, claims: int = CLAIMS, quick: bool = False
) -> Iterator[Site]:
    """The workload behind a server of two processes; for a smoke run behind a thread of this one."""
    with peer_installation(database_url, families=families, claims=claims) as (installed, country):
        posts = (
            ("claim_administrator", country.hospital_leaf),
            ("medical_officer", country.district),
            ("enrolment_officer", country.district),
        )
        hired = installed.hire(posts)
        with installed.serving(quick=quick) as server:
            yield Site(country, server, Staff(*(server.sign_in(name, once) for name, once in hired)))
