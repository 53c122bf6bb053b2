"""Benchmarks of what counters wait for: sending a claim, checking a card, reading the list of claims."""

import json
from contextlib import AbstractContextManager
from typing import Final

from msingi.bench.served import Measured, Request
from msingi_claims.peer import operations
from msingi_claims.peer.claims import CLAIMS
from msingi_claims.peer.country import FAMILIES
from msingi_claims.peer.operations import Drawing
from msingi_claims.peer.site import QUICK_SHARE, Site, peer_site
from msingi_claims.plugin import plugin

_CLIENTS: Final = 8
_LIST_SCALE: Final = 9
"""Times the claims of the peer workload among which a page is listed: more than 100,000."""
_P95: Final = 0.95


@plugin.benchmark("claims_submit")
def claims_submit(*, quick: bool, database_url: str | None = None) -> dict[str, float]:
    """Claims of five lines entered and submitted by GraphQL over HTTP, eight clients, two server processes.

    A request is one POST: ``createClaim``, or ``submitClaim`` with the id that the creation answered; every claim
    takes two. ``cpu_ms_per_claim`` is the processor time of the server for both, database backends included.
    """
    amount = 8 if quick else 400
    with _site(database_url, quick=quick) as site:
        drawing = Drawing(site.country, seed=17)
        _send_claims(site, drawing, 8)
        created, submitted = _send_claims(site, drawing, amount)
    latencies = sorted([*created.seconds, *submitted.seconds])
    return {
        "requests_per_s": 2 * amount / (created.wall_seconds + submitted.wall_seconds),
        "p95_ms": 1000 * latencies[int(len(latencies) * _P95)],
        "cpu_ms_per_claim": 1000 * (created.cpu_seconds + submitted.cpu_seconds) / amount,
        "statements_per_claim": (created.statements + submitted.statements) / amount,
    }


@plugin.benchmark("eligibility")
def eligibility(*, quick: bool, database_url: str | None = None) -> dict[str, float]:
    """Card checks of two services and an item over HTTP, of an insuree with claims before, four clients."""
    with _site(database_url, quick=quick) as site:
        drawing = Drawing(site.country, seed=19)
        asked = [
            Request.graphql(site.staff.clerk, operations.ELIGIBILITY, **drawing.card_check())
            for _ in range(12 if quick else 600)
        ]
        site.warm(asked[0])
        return _latencies(site.server.send(asked, clients=4))


@plugin.benchmark("claims_list")
def claims_list(*, quick: bool, database_url: str | None = None) -> dict[str, float]:
    """A page of 100 claims with patients, facilities and all lines, the newest first, among 108,000 (quick: 240)."""
    with _site(database_url, quick=quick, scale=_LIST_SCALE) as site:
        page = Request.graphql(site.staff.officer, operations.CLAIMS_WITH_LINES)
        total = json.loads(site.server.send([page]).bodies[0])["data"]["claims"]["totalCount"]
        site.warm(page)
        measured = site.server.send([page] * (8 if quick else 100), clients=2)
    return {"claims_in_db": float(total)} | _latencies(measured)


def _site(database_url: str | None, *, quick: bool, scale: int = 1) -> AbstractContextManager[Site]:
    share = QUICK_SHARE * scale if quick else 1
    families, claims = FAMILIES * scale // share, CLAIMS * scale // share
    return peer_site(database_url, families=families, claims=claims, quick=quick)


def _send_claims(site: Site, drawing: Drawing, amount: int) -> tuple[Measured, Measured]:
    token = site.staff.clerk
    drafts = [Request.graphql(token, operations.CREATE, input=drawing.claim()) for _ in range(amount)]
    created = site.server.send(drafts, clients=_CLIENTS)
    ids = [json.loads(body)["data"]["createClaim"]["id"] for body in created.bodies]
    submissions = [Request.graphql(token, operations.SUBMIT, id=claim_id) for claim_id in ids]
    return created, site.server.send(submissions, clients=_CLIENTS)


def _latencies(measured: Measured) -> dict[str, float]:
    return {
        "p50_ms": measured.percentile(0.5),
        "p95_ms": measured.percentile(_P95),
        "requests_per_s": measured.requests / measured.wall_seconds,
    }
