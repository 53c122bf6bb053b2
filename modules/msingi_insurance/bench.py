"""Benchmark of enrolment: families of four over HTTP, with their health IDs, insurance numbers and audit lines."""

from datetime import date, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from msingi.bench.installation import installation
from msingi.bench.served import Request
from msingi.ids import new_id
from msingi.platform import Platform
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi_insurance.plugin import plugin

_CLIENTS: Final = 4
_ENROL: Final = """mutation($input: FamilyDraft!) {
  enrolFamily(input: $input) { family { id } insurees { id number isHead } } }"""
_LEVELS: Final = ("country", "region", "district", "village")


@plugin.benchmark("enrol")
def enrol(*, quick: bool, database_url: str | None = None) -> dict[str, float]:
    """Families of four enrolled by GraphQL over HTTP, four clients, two server processes.

    ``cpu_ms_per_family`` is the processor time of the server, database backends included.
    """
    amount = 8 if quick else 200
    with installation(database_url) as installed:
        district, village = _places(installed.platform)
        ((name, once),) = installed.hire([("enrolment_officer", district)])
        rng = Random(29)  # noqa: S311 - made-up families
        with installed.serving(quick=quick) as server:
            token = server.sign_in(name, once)
            drafts = [Request.graphql(token, _ENROL, input=_family(village, rng)) for _ in range(amount + 8)]
            server.send(drafts[:8], clients=8)
            measured = server.send(drafts[8:], clients=_CLIENTS)
    return {
        "families_per_s": amount / measured.wall_seconds,
        "cpu_ms_per_family": 1000 * measured.cpu_seconds / amount,
        "statements_per_family": measured.statements / amount,
    }


def _places(platform: Platform) -> tuple[UUID, UUID]:
    """A district and a village in it."""
    run = new_id().hex[-6:]
    codes = [f"{level}-{run}" for level in _LEVELS]
    with platform.work() as work:
        parents = (None, *codes)
        ids = add_places(
            work, [NewPlace(code, code, above) for code, above in zip(codes, parents, strict=False)]
        )
    return ids[codes[2]], ids[codes[3]]


def _family(village: UUID, rng: Random) -> dict[str, Any]:
    """A head and three members, who resemble nobody else."""
    members = [{**_person(rng), "relationship": relation} for relation in ("SPOUSE", "CHILD", "CHILD")]
    return {"jurisdictionId": village, "head": _person(rng), "members": members}


def _person(rng: Random) -> dict[str, Any]:
    born = date(1960, 1, 1) + timedelta(days=rng.randrange(20_000))
    sex = rng.choice(("FEMALE", "MALE"))
    return {"givenName": _name(rng), "familyName": _name(rng), "sex": sex, "birthDate": born.isoformat()}


def _name(rng: Random) -> str:
    return "".join(rng.choice("bdfgklmnprt") + rng.choice("aeiou") for _ in range(5)).capitalize()
