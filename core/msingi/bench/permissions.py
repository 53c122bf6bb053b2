"""Benchmarks of access: a set test against the policy engine, and the session's row scope against a hand-written WHERE."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final
from uuid import UUID

from sqlalchemy import select

from msingi.actor import EVERYWHERE, Actor, ActorKind, GrantSet, Scope
from msingi.ids import new_id
from msingi.migrate import upgrade
from msingi.platform import Platform
from msingi.rbac.engine import PolicyEngine
from msingi.rbac.models import Grant, Role
from msingi.rbac.rules import NewPlace, split_name
from msingi.rbac.tree import add_places
from msingi.scoping import scope_criterion
from msingi.trial import small_profile
from msingi.work import Work

ROLES: Final = 60
PERMISSIONS_PER_ROLE: Final = 20
USERS: Final = 22_000
PAGE: Final = 50


def permission_check(*, quick: bool, database_url: str | None = None) -> dict[str, float]:  # noqa: ARG001
    """How long a compiled set takes compared with the policy engine, at 1,200 rules and 22,000 users.

    The engine is asked as one question per request would be: users of every role in turn.
    """
    names = [f"module{number % 12}.action{number}" for number in range(PERMISSIONS_PER_ROLE)]
    rules = [(f"role{role}", *split_name(name)) for role in range(ROLES) for name in names]
    engine = PolicyEngine(
        rules,
        [(f"user{number}", f"role{number % ROLES}") for number in range(USERS)],
    )
    grants = GrantSet({new_id(): frozenset(names)})
    asked = [(f"user{number * 367}", names[number % len(names)]) for number in range(4 if quick else 60)]
    sets = _time(lambda: [grants.holds(name) for _, name in asked], repeats=50 if quick else 400)
    enforce = _time(lambda: [engine.decide(user, name) for user, name in asked], repeats=2 if quick else 3)
    return {"set_vs_enforce": sets / enforce}


def scope_overhead(*, quick: bool, database_url: str | None = None) -> dict[str, float]:
    """How long a list takes under the session's row scope compared with the same WHERE written by hand."""
    with _grants_of_a_country(database_url, 500 if quick else 20_000) as (platform, region):
        actor = Actor(ActorKind.USER, id=new_id())
        with platform.work(actor, writes=False) as work:
            scoped, plain = _scoped(work, region), _plain(work, region)
            if scoped() != plain():
                raise AssertionError("the two lists differ")
            rounds = 40 if quick else 300
            return {"scoped_vs_plain": _ratio(scoped, plain, rounds=rounds)}


def _scoped(work: Work, region: UUID) -> Callable[[], list[UUID]]:
    def read() -> list[UUID]:
        with work.scoped(Scope(frozenset({region}))):
            return list(work.session.scalars(select(Grant.id).order_by(Grant.id).limit(PAGE)))

    return read


def _plain(work: Work, region: UUID) -> Callable[[], list[UUID]]:
    def read() -> list[UUID]:
        with work.scoped(EVERYWHERE):
            inside = scope_criterion(Grant.jurisdiction_id, Scope(frozenset({region})))
            statement = select(Grant.id).order_by(Grant.id).limit(PAGE)
            return list(work.session.scalars(statement if inside is None else statement.where(inside)))

    return read


def _time(function: Callable[[], object], *, repeats: int) -> float:
    """Seconds of one call, the median of several."""
    function()
    return median(_once(function) for _ in range(repeats))


def _ratio(one: Callable[[], object], other: Callable[[], object], *, rounds: int) -> float:
    """The median ratio of two calls that take turns, so that a noisy machine troubles both."""
    one(), other()
    return median(_once(one) / _once(other) for _ in range(rounds))


def _once(function: Callable[[], object]) -> float:
    start = perf_counter()
    function()
    return perf_counter() - start


@contextmanager
def _grants_of_a_country(database_url: str | None, count: int) -> Iterator[tuple[Platform, UUID]]:
    """A platform on an empty database with a tree of 10 regions and this many grants spread over 500 places."""
    with tempfile.TemporaryDirectory() as folder:
        url = database_url or f"sqlite:///{Path(folder) / 'bench.db'}"
        platform = Platform(small_profile(database={"url": url}), plugins=[])
        try:
            upgrade(platform)
            with platform.work() as work:
                region = _fill(work, count)
            yield platform, region
        finally:
            platform.close()


def _fill(work: Work, count: int) -> UUID:
    mark = new_id().hex[-12:]
    regions = [NewPlace(f"{mark}R{number}", "Region", f"{mark}C") for number in range(10)]
    districts = [NewPlace(f"{mark}D{number}", "District", f"{mark}R{number % 10}") for number in range(500)]
    places = add_places(work, [NewPlace(f"{mark}C", "Country"), *regions, *districts])
    role = new_id()
    work.insert_rows(Role, [{"id": role, "name": mark, "labels": {}, "preset": False}])
    work.insert_rows(
        Grant,
        [
            {
                "subject_id": new_id(),
                "role_id": role,
                "jurisdiction_id": places[f"{mark}D{number % 500}"],
                "valid_from": work.today(),
                "reason": "",
                "version": 1,
            }
            for number in range(count)
        ],
    )
    return places[f"{mark}R3"]
