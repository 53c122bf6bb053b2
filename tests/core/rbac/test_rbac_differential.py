"""Attack 26: compiled sets with SQL, casbin with SQL, and a slow obvious oracle give one answer."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from uuid import UUID

import pytest
from sqlalchemy import select

from msingi.ids import new_id
from msingi.platform import Platform
from msingi.rbac.access import compile_grants, engine_for, held_roles
from msingi.rbac.engine import PolicyEngine
from msingi.rbac.models import Grant, JurisdictionClosure, Policy, Role
from msingi.rbac.rules import NewPlace, split_name
from msingi.rbac.tree import add_places
from msingi.work import Work

TODAY = date(2026, 3, 2)
REQUESTS = {"sqlite": 5_000, "postgresql": 5_000}
SEEDS = {"sqlite": 20260302, "postgresql": 20260303}
"""Ten thousand requests in all, about another world on each engine."""
Decide = Callable[[UUID, str, str], bool]
ODD = (
    "",
    "*",
    "role_book*",
    "role_book",
    "role_book2",
    "../",
    "..",
    "%",
    "_",
    "a,b",
    " read",
    "read ",
    "READ",
    "read",
)
ODDER = (
    "réad",
    "re\u0301ad",
    "\U0001d4fbead",
    "read\u200b",
    "' OR 1=1 --",
    "role:read",
    "subject:read",
    "g",
    "p, x, y, z",
    "\n",
)
NAMES = ODD + ODDER
MODULES = ("", "*", "role_book*", "a,b", "ré%ad")


@dataclass(frozen=True)
class Held:
    role: str
    place: str
    valid_from: date
    valid_to: date | None
    revoked: bool


@dataclass(frozen=True)
class World:
    """Everything as plain values, as the oracle reads it."""

    parents: dict[str, str | None]
    policies: dict[str, set[str]]
    held: dict[UUID, list[Held]]

    def allows(self, subject: UUID, permission: str, place: str) -> bool:
        """The oracle: every grant, every rule, every step up the tree, one after the other."""
        for grant in self.held.get(subject, []):
            if grant.revoked or grant.valid_from > TODAY:
                continue
            if grant.valid_to is not None and grant.valid_to < TODAY:
                continue
            if permission not in self.policies[grant.role]:
                continue
            step: str | None = place
            while step is not None:
                if step == grant.place:
                    return True
                step = self.parents[step]
        return False


def _world(chance: random.Random) -> World:
    parents: dict[str, str | None] = {"P0": None}
    for number in range(1, 60):
        parents[f"P{number}"] = f"P{chance.randrange(max(0, number - 12), number)}"
    policies = {
        role: {f"{chance.choice(MODULES)}.{chance.choice(NAMES)}" for _ in range(chance.randrange(24))}
        for role in NAMES
    }
    held = {new_id(): list(_held(chance, list(parents))) for _ in range(60)}
    return World(parents, policies, held)


def _held(chance: random.Random, places: Sequence[str]) -> Iterator[Held]:
    for _ in range(chance.randrange(16)):
        begin = TODAY + timedelta(days=chance.randrange(-30, 6))
        end = chance.choice([None, begin + timedelta(days=chance.randrange(40))])
        yield Held(chance.choice(NAMES), chance.choice(places), begin, end, chance.random() < 0.1)


def _store(work: Work, world: World) -> dict[str, UUID]:
    batch = [NewPlace(code, code, parent) for code, parent in world.parents.items()]
    places = add_places(work, batch)
    roles = {name: new_id() for name in world.policies}
    work.insert_rows(
        Role, [{"id": key, "name": name, "labels": {}, "preset": False} for name, key in roles.items()]
    )
    rules = [
        (roles[role], *split_name(name)) for role, names in world.policies.items() for name in sorted(names)
    ]
    work.insert_rows(Policy, [{"role_id": role, "module": m, "action": a} for role, m, a in rules])
    work.insert_rows(
        Grant,
        [
            {
                "subject_id": subject,
                "role_id": roles[grant.role],
                "jurisdiction_id": places[grant.place],
                "valid_from": grant.valid_from,
                "valid_to": grant.valid_to,
                "reason": "",
                "revoked_at": work.now() if grant.revoked else None,
                "version": 1,
            }
            for subject, grants in world.held.items()
            for grant in grants
        ],
    )
    return places


@pytest.mark.long
@pytest.mark.rule("attack 26")
def test_thousands_of_random_requests_get_one_answer(platform: Platform, engine_name: str) -> None:
    chance = random.Random(SEEDS[engine_name])
    world = _world(chance)
    with platform.work() as work:
        places = _store(work, world)
    subjects = [*world.held, new_id()]
    known = sorted(set().union(*world.policies.values()))
    asked = [*known, *NAMES, *(f"{name}.{name}" for name in NAMES)]
    requests = [
        (chance.choice(subjects), chance.choice(asked), chance.choice(list(world.parents)))
        for _ in range(REQUESTS[engine_name])
    ]

    with platform.work(writes=False) as work:
        deciders = {"sets": _by_sets(work, subjects, places), "casbin": _by_casbin(work, subjects, places)}
        differences = [
            (name, permission, place)
            for subject, permission, place in requests
            for name, decide in deciders.items()
            if decide(subject, permission, place) != world.allows(subject, permission, place)
        ]

    assert differences == []
    assert 150 < sum(world.allows(*request) for request in requests) < REQUESTS[engine_name] / 2


def _by_sets(work: Work, subjects: Sequence[UUID], places: dict[str, UUID]) -> Decide:
    grants = {subject: compile_grants(work, subject, status_active=True) for subject in subjects}

    @cache
    def visible(subject: UUID, permission: str) -> set[UUID]:
        return work.visible_places(places.values(), grants[subject].scope(permission))

    return lambda subject, permission, place: places[place] in visible(subject, permission)


def _by_casbin(work: Work, subjects: Sequence[UUID], places: dict[str, UUID]) -> Decide:
    held = held_roles(work, subjects)
    everything = {grant.role_id: grant for grants in held.values() for grant in grants}
    engine = engine_for(work, new_id(), list(everything.values()))
    above = set(
        work.session.execute(select(JurisdictionClosure.ancestor_id, JurisdictionClosure.descendant_id))
    )

    @cache
    def has(role: str, permission: str) -> bool:
        return engine.role_allows(role, permission)

    def decide(subject: UUID, permission: str, place: str) -> bool:
        return any(
            grant.is_in_force(TODAY) and has(grant.role, permission)
            for grant in held[subject]
            if (grant.root, places[place]) in above
        )

    return decide


@pytest.mark.rule("attack 26")
def test_names_are_equal_or_different_never_alike() -> None:
    rules = [
        ("role_book*", "m", "a"),
        ("../", "m", "b"),
        ("x", "m", "*"),
        ("user", "m", "c"),
        ("a,b", "m", "d"),
    ]
    engine = PolicyEngine(rules, [("user", "x"), ("subject", "role_book*")])

    assert engine.decide("user", "m.*")
    assert engine.decide("subject", "m.a")
    assert engine.role_allows("a,b", "m.d")
    refused = [
        *(
            ("user", "m.a"),
            ("user", "m.c"),
            ("user", ""),
            ("user", "m"),
            ("user", "."),
            ("", "."),
            ("subject", "m.*"),
        ),
        *(("role_book1", "m.a"), ("role_book*", "m.a"), ("x", "m.*"), ("role:x", "m.*"), ("..", "m.b")),
    ]
    assert [request for request in refused if engine.decide(*request)] == []
    assert not engine.role_allows("role_book1", "m.a")
    assert not engine.role_allows("", "m.a")


@pytest.mark.rule("attack 26")
@pytest.mark.parametrize("links", [[], [("", "")], [("user", "role")]])
def test_an_engine_without_rules_allows_nothing(links: list[tuple[str, str]]) -> None:
    engine = PolicyEngine([], links)

    assert not engine.decide("", ".")
    assert not engine.decide("user", ".")
    assert not engine.role_allows("", ".")


def test_the_engine_names_the_role_that_decides() -> None:
    engine = PolicyEngine(
        [("nurse", "emr", "read"), ("role:", "emr", "sign")], [("u", "nurse"), ("v", "role:")]
    )

    assert engine.deciding_role("u", "emr.read") == "nurse"
    assert engine.deciding_role("v", "emr.sign") == "role:"
    assert engine.deciding_role("u", "emr.sign") is None
