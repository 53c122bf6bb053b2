"""Benchmark of the peer workload: the operations on which other scheme systems were measured, over real HTTP."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from msingi.bench.processes import yardstick_ms
from msingi.bench.served import Measured, Request
from msingi_claims.models.states import Channel
from msingi_claims.peer import operations
from msingi_claims.peer.claims import CLAIMS
from msingi_claims.peer.country import FAMILIES, claims_present
from msingi_claims.peer.operations import Drawing, intake_of
from msingi_claims.peer.site import QUICK_SHARE, Site, peer_site
from msingi_claims.plugin import plugin
from msingi_claims.services.drafts import ClaimDraft
from msingi_claims.services.entry import enter_claims

_CLIENTS: Final = 4
_BULK: Final = 1000
_SOAKED: Final = 10_000
"""Requests after which the memory of a process is compared with that of a fresh one."""
Numbers = dict[str, float | dict[str, float]]


@plugin.benchmark("peer")
def peer(*, quick: bool, database_url: str | None = None, scale: int = 1) -> Numbers:
    """The peer workload, served by two processes: what each of its operations costs.

    ``cpu_ms`` is the processor time of the workers and of the PostgreSQL backends, ``statements`` what they sent to
    the database, sign-in and audit included; for M7 and life both are per claim. ``life`` is a claim that a system
    sends, which enters and submits it, and that is then processed; all of them 1,000 at a time (quick: 8).
    ``worker_mb`` is the proportional memory (PSS) of all processes of the server, the supervisor's too, for each of
    the two workers: ``fresh`` when three people have signed in; ``warm`` after hundreds of small requests of every
    kind, when code, statements and plans have been met once; ``after`` bulk operations and 10,000 requests in all.
    Databases count on their own. What rises from warm to after is growth, what rises before is the first use.
    ``yardstick_ms`` is the processor time of a million additions, before and after: the pace of the machine.
    """
    share = QUICK_SHARE if quick else 1
    with peer_site(database_url, families=FAMILIES * scale // share, claims=CLAIMS * scale // share) as site:
        run, pace = _Run(site, share), yardstick_ms()
        numbers: Numbers = {"start_s": site.server.start_seconds, "worker_mb_fresh": site.server.worker_mb()}
        numbers |= run.reads()
        numbers |= run.enrolments()
        numbers |= run.claims()
        numbers["worker_mb_warm"] = site.server.worker_mb()
        numbers |= run.bulk()
        run.soak()
        numbers["worker_mb_after"] = site.server.worker_mb()
        return numbers | {"yardstick_ms": (pace + yardstick_ms()) / 2}


class _Run:
    """One pass over the operations; on a database that was measured before, with other claims than then."""

    def __init__(self, site: Site, share: int) -> None:
        self._site, self._share = site, share
        self._sent = 0
        self._drawing = Drawing(site.country, seed=claims_present(site.server.platform))

    def reads(self) -> Mapping[str, dict[str, float]]:
        """L0 to L4."""
        officer, enroller = self._site.staff.officer, self._site.staff.enroller
        return {
            "L0": self._read(Request.graphql(officer, operations.NULL), 2_000),
            "L1": self._read(Request.graphql(officer, operations.CLAIMS), 200),
            "L3": self._read(Request.graphql(officer, operations.CLAIMS_WITH_LINES), 100),
            "L4": self._read(Request.graphql(enroller, operations.INSUREES), 150),
        }

    def enrolments(self) -> Mapping[str, dict[str, float]]:
        """M1 and M2."""
        token = self._site.staff.enroller
        families = [
            Request.graphql(token, operations.ENROL, input=self._drawing.family())
            for _ in range(self._few(200))
        ]
        enrolled = self._send(families)
        members = [
            Request.graphql(
                token, operations.ADD_MEMBER, family=_data(body)["family"]["id"], input=self._drawing.person()
            )
            for body in enrolled.bodies
        ]
        return {"M1": enrolled.numbers(), "M2": self._send(members).numbers()}

    def claims(self) -> Mapping[str, dict[str, float]]:
        """M3 and M4."""
        token = self._site.staff.clerk
        drafts = [
            Request.graphql(token, operations.CREATE, input=self._drawing.claim())
            for _ in range(self._few(200))
        ]
        created = self._send(drafts)
        submissions = [
            Request.graphql(token, operations.SUBMIT, id=_data(body)["id"]) for body in created.bodies
        ]
        return {"M3": created.numbers(), "M4": self._send(submissions).numbers()}

    def bulk(self) -> Mapping[str, dict[str, float]]:
        """M7 and the whole life of claims, the second of two rounds."""
        size = self._few(_BULK)
        clerk = self._site.staff.clerk
        for _ in range(2):
            ids = self._entered(size)
            submitted = self._send_bulk([Request.graphql(clerk, operations.SUBMIT_MANY, ids=ids)])
            processed = self._process(_checked(_data(submitted.bodies[0])["results"], "claimId", "CHECKED"))
            taken = self._send_bulk([intake_of(clerk, self._drawing, size)])
            answer = json.loads(taken.bodies[0])["claims"]
            ended = self._process(
                _checked([{**one, "status": one["result"]} for one in answer], "claimId", "success")
            )
        life = {
            name: _per_claim(taken, size)[name] + _per_claim(ended, size)[name]
            for name in ("cpu_ms", "statements")
        }
        wall = taken.wall_seconds + ended.wall_seconds
        return {
            "M7_submit": _per_claim(submitted, size),
            "M7_process": _per_claim(processed, size),
            "life": life | {"claims_per_s": size / wall},
        }

    def soak(self) -> None:
        """Small requests until each process has seen thousands, of all kinds so far."""
        country, staff = self._site.country, self._site.staff
        small = [
            Request.graphql(staff.officer, operations.NULL),
            Request.graphql(staff.clerk, operations.ELIGIBILITY, **self._drawing.card_check()),
            Request.graphql(staff.officer, operations.CLAIM, id=country.hospital),
        ]
        left = max(0, _SOAKED // self._share - self._sent)
        self._send([small[number % len(small)] for number in range(left)])

    def _read(self, request: Request, times: int) -> dict[str, float]:
        self._site.warm(request)
        return self._send([request] * self._few(times)).numbers()

    def _send(self, requests: Sequence[Request]) -> Measured:
        self._sent += len(requests)
        return self._site.server.send(requests, clients=_CLIENTS)

    def _send_bulk(self, requests: Sequence[Request]) -> Measured:
        self._sent += len(requests)
        return self._site.server.send(requests)

    def _process(self, ids: list[str]) -> Measured:
        return self._send_bulk([Request.graphql(self._site.staff.officer, operations.PROCESS_MANY, ids=ids)])

    def _entered(self, amount: int) -> list[UUID]:
        """Claims that wait for their submission, entered past the server."""
        drafts = [ClaimDraft.model_validate(self._drawing.draft()) for _ in range(amount)]
        with self._site.server.platform.work() as work:
            return list(enter_claims(work, drafts, channel=Channel.API).ids.values())

    def _few(self, times: int) -> int:
        return max(4, times * 2 // self._share) if self._share > 1 else times


def _data(body: bytes) -> Any:
    (value,) = json.loads(body)["data"].values()
    return value


def _checked(results: Sequence[Mapping[str, Any]], key: str, status: str) -> list[str]:
    found = [one[key] for one in results if one["status"] == status]
    if 2 * len(found) < len(results):
        raise RuntimeError(f"of {len(results)} claims only {len(found)} were accepted: nothing is measured")
    return found


def _per_claim(measured: Measured, claims: int) -> dict[str, float]:
    numbers = measured.numbers(per=claims)
    del numbers["requests_per_s"]
    return numbers | {"claims_per_s": claims / measured.wall_seconds}
