"""Benchmarks of the registry: search among a million persons, and registering a household over HTTP."""

import http.client
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import event

from msingi.actor import EVERYWHERE, Scope
from msingi.auth.services.accounts import NewUser, create_user
from msingi.cli.serving import bind
from msingi.demo.server import serving
from msingi.migrate import upgrade
from msingi.platform import Platform
from msingi.rbac.grants import grant_role
from msingi.rbac.roles import sync_roles
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.trial import small_profile
from msingi_registry import import_bench  # noqa: F401 - adds its benchmark to the plugin
from msingi_registry.bench_country import FilledCountry, fill_country
from msingi_registry.country import Person as MadeUp
from msingi_registry.plugin import plugin
from msingi_registry.services.search import PersonQuery, find_persons

PERSONS: Final = 1_000_000
SEARCHES: Final = 400
HOUSEHOLDS: Final = 200
_PASSWORD: Final = "Mvog-Mbi 1976 sous la pluie"  # noqa: S105 - a user of a throw-away database
_LOGIN: Final = """mutation($u: String!, $p: String!, $n: String) {
  login(username: $u, password: $p, newPassword: $n) { token } }"""
_REGISTER: Final = """mutation($input: HouseholdDraft!) {
  registerHousehold(input: $input) { household { id code } members { id uhid } } }"""
_Remembered = Callable[[MadeUp, Random], dict[str, Any]]


@plugin.benchmark("registry_search")
def registry_search(*, quick: bool, database_url: str | None = None) -> dict[str, float]:
    """Milliseconds of a person search among 1,000,000 persons (quick: 1,000), by everything a clerk remembers.

    Half of the searches are national, half of them are of a clerk of one of 200 districts.
    """
    amount = 1_000 if quick else PERSONS
    with _installation(database_url) as platform:
        country = fill_country(platform, amount)
        times = sorted(_searches(platform, country, rounds=60 if quick else SEARCHES))
    return {
        "persons": float(amount),
        "p50_ms": times[len(times) // 2],
        "p95_ms": times[int(len(times) * 0.95)],
    }


@plugin.benchmark("mutation")
def mutation(*, quick: bool, database_url: str | None = None) -> dict[str, float]:
    """Register households of four over HTTP, one after the other, by a signed-in enrolment officer.

    ``cpu_ms`` is the processor time of server and client together, ``statements`` what one request sends to the
    database, sign-in and audit included.
    """
    rounds = 20 if quick else HOUSEHOLDS
    with _installation(database_url) as platform:
        place, once = _staff(platform)
        with serving(platform, bind("127.0.0.1", 0)) as (address, _):
            caller = _Caller(address, _sign_in(address, once))
            rng = Random(11)  # noqa: S311 - made-up persons
            drafts = [_household(place, rng) for _ in range(rounds + 5)]
            for draft in drafts[:5]:
                caller.run(_REGISTER, {"input": draft})
            with _counted(platform) as statements:
                started, used = time.perf_counter(), time.process_time()
                for draft in drafts[5:]:
                    caller.run(_REGISTER, {"input": draft})
                wall, cpu = time.perf_counter() - started, time.process_time() - used
    return {
        "requests_per_s": rounds / wall,
        "cpu_ms": 1000 * cpu / rounds,
        "statements": len(statements) / rounds,
    }


def _searches(platform: Platform, country: FilledCountry, *, rounds: int) -> Iterator[float]:
    rng = Random(7)  # noqa: S311 - picks made-up persons
    for number in range(rounds):
        one = rng.choice(country.sample)
        remembered = _REMEMBERED[number // 2 % len(_REMEMBERED)]
        query = PersonQuery(**remembered(one, rng))
        district = Scope(frozenset({country.districts[one.place_code]}))
        with (
            platform.work(writes=False) as work,
            work.scoped(EVERYWHERE if number % 2 else district),
        ):
            started = time.perf_counter()
            find_persons(work, query)
            yield 1000 * (time.perf_counter() - started)


def _full(one: MadeUp, _rng: Random) -> dict[str, Any]:
    return {"name": f"{one.given_name} {one.family_name}"}


def _swapped(one: MadeUp, _rng: Random) -> dict[str, Any]:
    return {"name": f"{one.family_name} {one.given_name.split()[0]}"}


def _misspelt(one: MadeUp, rng: Random) -> dict[str, Any]:
    at = rng.randrange(1, len(one.family_name))
    doubled = one.family_name[:at] + one.family_name[at - 1] + one.family_name[at:]
    return {"name": f"{one.given_name.split()[0]} {doubled}"}


def _beginnings(one: MadeUp, _rng: Random) -> dict[str, Any]:
    return {"name": f"{one.given_name[:3]} {one.family_name[:4]}"}


def _family(one: MadeUp, _rng: Random) -> dict[str, Any]:
    return {"name": one.family_name}


def _given_and_year(one: MadeUp, _rng: Random) -> dict[str, Any]:
    return {"name": one.given_name.split()[0], "birth_year": one.birth_date.year}


def _phone(one: MadeUp, _rng: Random) -> dict[str, Any]:
    return {"phone": "+237677000001", "name": one.family_name}


_REMEMBERED: Final[tuple[_Remembered, ...]] = (
    _full,
    _full,
    _swapped,
    _misspelt,
    _beginnings,
    _family,
    _given_and_year,
    _phone,
)


@contextmanager
def _installation(database_url: str | None) -> Iterator[Platform]:
    """A platform with the registry on the given database, or on an SQLite file that is removed."""
    with tempfile.TemporaryDirectory(prefix="msingi-bench-") as folder:
        url = database_url or f"sqlite:///{Path(folder) / 'registry.db'}"
        platform = Platform(
            small_profile(
                database={"url": url, "synchronous": "NORMAL"},
                modules=["registry"],
                server={"requests_per_minute": 1_000_000},
                jobs={"embedded_workers": 0},
            )
        )
        upgrade(platform)
        try:
            yield platform
        finally:
            platform.close()


def _staff(platform: Platform) -> tuple[UUID, str]:
    """A district with an enrolment officer, and the one-time password of the account."""
    with platform.work() as work:
        sync_roles(work)
        ids = add_places(work, [NewPlace("CM", "Country"), NewPlace("D", "District", "CM")])
        wish = NewUser(username="officer", display_name="Officer", jurisdiction_id=ids["D"])
        user, once = create_user(work, wish)
        grant_role(work, user.id, role="enrolment_officer", jurisdiction_id=ids["D"])
    return ids["D"], once


def _sign_in(address: str, once: str) -> str:
    answer = _Caller(address).run(_LOGIN, {"u": "officer", "p": once, "n": _PASSWORD})
    token: str = answer["login"]["token"]
    return token


class _Caller:
    """A client that keeps one connection open."""

    def __init__(self, address: str, token: str = "") -> None:
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc)
        self._headers = {"content-type": "application/json", "x-msingi-request": "1"}
        if token:
            self._headers["authorization"] = f"Bearer {token}"

    def run(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        """Send one operation and return its data; a refusal ends the benchmark."""
        body = json.dumps({"query": query, "variables": variables})
        self._connection.request("POST", "/graphql", body, self._headers)
        answer = json.loads(self._connection.getresponse().read())
        if "errors" in answer:
            raise RuntimeError(f"the benchmark was refused: {answer['errors'][0]}")
        data: dict[str, Any] = answer["data"]
        return data


def _household(place: UUID, rng: Random) -> dict[str, Any]:
    """Four people who resemble nobody else: made-up names and random birthdays."""
    family = _name(rng)

    def member(role: str, sex: str, born: int, **others: Any) -> dict[str, Any]:
        day = date(born, 1, 1) + timedelta(days=rng.randrange(365))
        named = {"givenName": _name(rng), "familyName": family, "birthDate": day.isoformat()}
        return {**named, "role": role, "sex": sex, **others}

    members = [
        member("HEAD", "FEMALE", rng.randrange(1950, 1990)),
        member("SPOUSE", "MALE", rng.randrange(1950, 1990)),
        member("CHILD", "MALE", rng.randrange(2005, 2025), motherMember=0),
        member("CHILD", "FEMALE", rng.randrange(2005, 2025), motherMember=0),
    ]
    return {"jurisdictionId": str(place), "address": "Quartier Haoussa", "members": members}


def _name(rng: Random) -> str:
    return "".join(rng.choice("bdfgklmnprt") + rng.choice("aeiou") for _ in range(5)).capitalize()


@contextmanager
def _counted(platform: Platform) -> Iterator[list[str]]:
    """The statements sent to the database meanwhile, without those that begin transactions; both engines share one pool."""
    seen: list[str] = []

    def note(*values: Any) -> None:
        if not str(values[2]).startswith("BEGIN"):
            seen.append(str(values[2]))

    event.listen(platform.database.read, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(platform.database.read, "before_cursor_execute", note)
