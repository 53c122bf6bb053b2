"""What users see of jobs and may do with them."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from tests.core.jobs.conftest import job_of
from tests.core.jobs.workshop import OutOfThread, labels, meanwhile

from msingi.actor import ANONYMOUS, SYSTEM, Actor, ActorKind
from msingi.auth.models import User, UserStatus
from msingi.errors import DomainError, InvalidInput, NotAuthenticated, NotFound
from msingi.ids import new_id
from msingi.jobs.acting import actor_for
from msingi.jobs.follow import Follower, JobReading, job_progress
from msingi.jobs.queue import Claim
from msingi.kernel.errors import JobNotParked
from msingi.kernel.models import JobRecord, JobState
from msingi.kernel.plugin import MANAGE_JOBS, READ_JOBS, READ_MODULES
from msingi.platform import Platform
from msingi.rbac.models import Grant, Policy, Role
from msingi.rbac.rules import NewPlace
from msingi.rbac.tree import add_places
from msingi.rbac.version import raise_version
from msingi.sayings import Saying
from msingi.testing import AsUser, FrozenClock

ONE_BACKEND = pytest.mark.parametrize("backend", ["embedded"])
JOB = "query($id: UUID!) { job(id: $id) { name state progress total errorCode errorText result } }"
JOBS = "query { jobs(where: {state: {eq: PARKED}}, orderBy: [RUN_AT_DESC]) { nodes { name errorText } } }"
RETRY = "mutation($id: UUID!) { retryJob(id: $id) { state attempts } }"
DISCARD = "mutation($id: UUID!) { discardJob(id: $id) { state } }"

pytestmark = ONE_BACKEND
Run = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(shop: Platform) -> Run:
    def execute(query: str, *, actor: Actor, **variables: object) -> dict[str, Any]:
        return shop.graphql.run(query, {name: str(value) for name, value in variables.items()}, actor=actor)

    return execute


def enqueue(
    platform: Platform, name: str, *, actor: Actor = SYSTEM, key: str | None = None, **arguments: object
) -> UUID:
    with platform.work(actor) as work:
        return work.enqueue(name, key=key, **arguments)


def park(platform: Platform, clock: FrozenClock) -> UUID:
    job_id = enqueue(platform, "workshop.dye", colour="red")
    for _ in range(2):
        platform.jobs.run_pending()
        clock.move(hours=1)
    return job_id


def codes(answer: dict[str, Any]) -> list[str]:
    return [error["extensions"]["code"] for error in answer.get("errors", [])]


@pytest.mark.rule("attack 15")
def test_a_user_sees_only_own_jobs(shop: Platform, ask: Run, as_user: AsUser) -> None:
    owner, stranger, reader = as_user(), as_user(), as_user(READ_JOBS)
    job_id = enqueue(shop, "workshop.sew", actor=owner, label="a")

    assert ask(JOB, actor=owner, id=job_id)["data"]["job"]["name"] == "workshop.sew"
    assert ask(JOB, actor=reader, id=job_id)["data"]["job"]["state"] == "QUEUED"
    assert codes(ask(JOB, actor=stranger, id=job_id)) == ["core.not_found"]
    assert codes(ask(JOB, actor=stranger, id=new_id())) == ["core.not_found"]
    assert codes(ask(JOBS, actor=stranger)) == ["core.forbidden"]


@pytest.mark.rule("attack 15")
def test_a_right_held_in_one_district_opens_no_job_of_others(
    shop: Platform, ask: Run, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    officer = as_user(READ_JOBS, MANAGE_JOBS, at=new_id())
    parked = park(shop, frozen_clock)
    own = enqueue(shop, "workshop.sew", actor=officer, label="a")
    everything = "{ jobs { nodes { id } totalCount } }"

    assert ask(everything, actor=officer)["data"]["jobs"] == {"nodes": [{"id": str(own)}], "totalCount": 1}
    assert codes(ask(JOB, actor=officer, id=parked)) == ["core.not_found"]
    assert codes(ask(RETRY, actor=officer, id=parked)) == ["core.not_found"]
    assert codes(ask(DISCARD, actor=officer, id=parked)) == ["core.not_found"]
    assert job_of(shop, "workshop.dye").state is JobState.PARKED
    assert ask(DISCARD, actor=officer, id=own)["data"]["discardJob"] == {"state": "CANCELLED"}


def test_a_finished_job_shows_its_report(shop: Platform, ask: Run, as_user: AsUser) -> None:
    job_id = enqueue(shop, "workshop.sew", label="a")

    shop.jobs.run_pending()

    shown = ask(JOB, actor=as_user(READ_JOBS), id=job_id)["data"]["job"]
    assert (shown["state"], json.loads(shown["result"]), shown["errorText"]) == ("DONE", {"pieces": 1}, None)


def test_parked_jobs_are_listed_with_their_reason(
    shop: Platform, ask: Run, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    park(shop, frozen_clock)

    listed = ask(JOBS, actor=as_user(READ_JOBS))["data"]["jobs"]["nodes"]

    assert listed == [{"name": "workshop.dye", "errorText": "There is no thread of colour red."}]


def test_the_reason_is_told_in_the_language_of_the_reader(shop: Platform, ask: Run, as_user: AsUser) -> None:
    job_id = enqueue(shop, "weaving.weave")

    shop.jobs.run_pending()

    text = ask(JOB, actor=as_user(READ_JOBS), id=job_id)["data"]["job"]["errorText"]
    assert (
        text
        == "Aucun module activé ne connaît la tâche « weaving.weave ». Activez son module, puis relancez la tâche."
    )


@pytest.mark.rule("X-01")
@pytest.mark.parametrize(
    ("refusal", "english", "french"),
    [
        (
            OutOfThread(colour=Saying("at least {min_length} characters", {"min_length": 2})),
            "There is no thread of colour at least 2 characters.",
            "There is no thread of colour au moins 2 caractères.",
        ),
        (
            NotFound(type="Jurisdiction"),
            "No jurisdiction with this identifier is visible to you.",
            "Aucun enregistrement « lieu » portant cet identifiant ne vous est visible.",
        ),
        (
            JobNotParked(state="done, running"),
            "Only a parked job can be retried; this one is done, running.",
            "Seule une tâche mise de côté peut être relancée ; celle-ci est dans l'état terminé, en cours.",
        ),
        (
            InvalidInput(
                fields=[
                    {"path": "label", "code": "c", "template": "must not be empty", "params": {}},
                    {"path": "kind", "code": "c", "template": "not valid", "params": {}},
                ]
            ),
            "Some fields are not valid: label: must not be empty; kind: not valid.",
            "Certains champs ne sont pas valides : label : ne peut pas être vide ; kind : non valide.",
        ),
    ],
)
def test_what_fills_the_reason_is_told_in_the_language_of_each_reader(
    shop: Platform, ask: Run, as_user: AsUser, refusal: DomainError, english: str, french: str
) -> None:
    def refuse() -> None:
        raise refusal

    meanwhile.append(refuse)
    job_id = enqueue(shop, "workshop.sew_meanwhile", label="a")
    shop.jobs.run_pending(1)

    reader = as_user(READ_JOBS)
    told = [
        shop.graphql.run(JOB, {"id": str(job_id)}, actor=reader, language=language)["data"]["job"]
        for language in ("en", "fr")
    ]

    assert [each["errorText"] for each in told] == [english, french]
    assert {each["errorCode"] for each in told} == {refusal.code}


def test_a_parked_job_is_retried_with_all_its_attempts(
    shop: Platform, ask: Run, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    job_id = park(shop, frozen_clock)

    answer = ask(RETRY, actor=as_user(MANAGE_JOBS), id=job_id)
    shop.jobs.run_pending()

    assert answer["data"]["retryJob"] == {"state": "QUEUED", "attempts": 0}
    assert job_of(shop, "workshop.dye").attempts == 1


def test_only_a_parked_job_is_retried_and_only_with_the_right(
    shop: Platform, ask: Run, as_user: AsUser
) -> None:
    job_id = enqueue(shop, "workshop.sew", label="a")

    assert codes(ask(RETRY, actor=as_user(MANAGE_JOBS), id=job_id)) == ["core.job_not_parked"]
    assert codes(ask(RETRY, actor=as_user(READ_JOBS), id=job_id)) == ["core.forbidden"]
    assert codes(ask(RETRY, actor=as_user(MANAGE_JOBS), id=new_id())) == ["core.not_found"]
    assert job_of(shop, "workshop.sew").state is JobState.QUEUED


def test_a_parked_job_is_not_retried_beside_its_successor(
    shop: Platform, ask: Run, as_user: AsUser, frozen_clock: FrozenClock
) -> None:
    old = enqueue(shop, "workshop.dye", key="dye", colour="red")
    for _ in range(2):
        shop.jobs.run_pending()
        frozen_clock.move(hours=1)
    enqueue(shop, "workshop.dye", key="dye", colour="red")

    assert codes(ask(RETRY, actor=as_user(MANAGE_JOBS), id=old)) == ["core.job_already_waiting"]


def test_a_discarded_job_never_runs(shop: Platform, ask: Run, as_user: AsUser) -> None:
    job_id = enqueue(shop, "workshop.sew", label="a")

    denied = ask(DISCARD, actor=as_user(READ_JOBS), id=job_id)
    waiting = job_of(shop, "workshop.sew").state
    answer = ask(DISCARD, actor=as_user(MANAGE_JOBS), id=job_id)
    shop.jobs.run_pending()

    assert (codes(denied), waiting) == (["core.forbidden"], JobState.QUEUED)
    assert answer["data"]["discardJob"] == {"state": "CANCELLED"}
    assert job_of(shop, "workshop.sew").state is JobState.CANCELLED
    assert codes(ask(DISCARD, actor=as_user(MANAGE_JOBS), id=job_id)) == ["core.job_not_discardable"]


def test_modules_are_listed_with_versions_for_those_who_administer(
    shop: Platform, ask: Run, as_user: AsUser
) -> None:
    query = "{ modules { name enabled version } }"

    plain = ask(query, actor=as_user())["data"]["modules"]
    full = ask(query, actor=as_user(READ_MODULES))["data"]["modules"]

    assert {"name": "workshop", "enabled": True, "version": ""} in plain
    assert {module["version"] for module in plain} == {""}
    assert next(module for module in full if module["name"] == "core")["version"] == version("msingi")


@pytest.mark.rule("X-01")
@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("fr", "Rôles, droits et arbre des juridictions : qui peut faire quoi, et où."),
        ("en", "Roles, grants and the jurisdiction tree: who may do what, where."),
    ],
)
def test_a_module_says_in_the_readers_language_what_it_is_for(
    ask: Run, as_user: AsUser, language: str, title: str
) -> None:
    told = ask("{ modules { name title } }", actor=replace(as_user(), language=language))["data"]["modules"]

    assert {"name": "rbac", "title": title} in told


@pytest.mark.rule("attack 15")
def test_progress_is_followed_until_the_end_by_the_owner_only(shop: Platform, as_user: AsUser) -> None:
    owner = as_user()
    job_id = enqueue(shop, "workshop.sew", actor=owner, label="a")
    states = [
        {"state": JobState.RUNNING, "progress": 1, "total": 2},
        {"state": JobState.DONE, "progress": 2, "total": 2},
    ]

    async def follow(actor: Actor) -> list[JobReading]:
        found = []
        async for reading in job_progress(
            shop, job_id, follower=Follower(lambda: actor), every=0.01, longest=60
        ):
            found.append(reading)
            with shop.work() as work:
                work.session.execute(update(JobRecord).values(states.pop(0)) if states else select(1))
        return found

    assert asyncio.run(follow(owner)) == [
        JobReading(job_id, JobState.QUEUED, 0, None),
        JobReading(job_id, JobState.RUNNING, 1, 2),
        JobReading(job_id, JobState.DONE, 2, 2),
    ]
    with pytest.raises(NotFound):
        asyncio.run(follow(as_user()))


def test_following_ends_after_the_longest_time(shop: Platform, as_user: AsUser) -> None:
    owner = as_user()
    job_id = enqueue(shop, "workshop.sew", actor=owner, label="a")

    async def follow() -> list[JobReading]:
        return [
            reading
            async for reading in job_progress(
                shop, job_id, follower=Follower(lambda: owner), every=0.01, longest=0.05
            )
        ]

    assert len(asyncio.run(follow())) == 1


def test_finished_jobs_are_forgotten_and_parked_ones_kept(shop: Platform, frozen_clock: FrozenClock) -> None:
    enqueue(shop, "workshop.sew", label="a")
    parked = park(shop, frozen_clock)

    frozen_clock.move(days=31)
    shop.jobs.run_pending()

    with shop.work() as work:
        names = set(work.session.scalars(select(JobRecord.name)))
        assert work.session.get(JobRecord, parked) is not None
    assert "workshop.sew" not in names


@pytest.mark.rule("attack 43")
def test_a_job_of_a_token_has_no_more_rights_than_the_token(shop: Platform, as_user: AsUser) -> None:
    user = as_user(READ_JOBS)
    token = Actor(ActorKind.TOKEN, id=user.id, grants=user.grants)
    for actor in (user, token):
        enqueue(shop, "workshop.sew", actor=actor, label="a")

    with shop.work() as work:
        rows = work.session.execute(select(JobRecord.actor_id, JobRecord.as_system, JobRecord.limits)).all()

    assert sorted(rows, key=str) == sorted(
        [(user.id, False, None), (user.id, False, ["core.read_jobs"])], key=str
    )


@pytest.fixture
def clerk(shop: Platform, frozen_clock: FrozenClock) -> User:
    """A person who may read and manage jobs in the north."""
    with shop.work() as work:
        places = add_places(work, [NewPlace("land", "Land"), NewPlace("north", "North", "land")])
        north = dict(places)["north"]
        user = work.add(User(username="amina", display_name="Amina D.", jurisdiction_id=north))
        user.status = UserStatus.ACTIVE
        role = work.add(Role(name="clerk", preset=False))
        work.session.flush()
        for action in ("read_jobs", "manage_jobs"):
            work.add(Policy(role_id=role.id, module="core", action=action))
        work.add(Grant(subject_id=user.id, role_id=role.id, jurisdiction_id=north, valid_from=work.today()))
        raise_version(work)
    return user


def claim_of(actor_id: UUID | None, *, as_system: bool = False, limits: list[str] | None = None) -> Claim:
    return Claim(new_id(), "workshop.sew", {}, 1, "token", actor_id, as_system, limits)


@pytest.mark.rule("attack 43")
def test_a_job_acts_with_the_rights_that_its_user_holds_now(shop: Platform, clerk: User) -> None:
    whole = actor_for(shop, claim_of(clerk.id))
    limited = actor_for(shop, claim_of(clerk.id, limits=["core.read_jobs", "rbac.grant"]))

    assert (whole.id, whole.kind, whole.grants.names()) == (
        clerk.id,
        ActorKind.USER,
        frozenset({"core.read_jobs", "core.manage_jobs"}),
    )
    assert (limited.kind, limited.grants.names()) == (ActorKind.TOKEN, frozenset({"core.read_jobs"}))


@pytest.mark.rule("attack 23")
@pytest.mark.parametrize("status", [status for status in UserStatus if status is not UserStatus.ACTIVE])
def test_a_job_of_a_closed_account_does_nothing(shop: Platform, clerk: User, status: UserStatus) -> None:
    job_id = enqueue(shop, "workshop.sew", actor=Actor(ActorKind.USER, id=clerk.id), label="a")
    with shop.work() as work:
        work.get(User, clerk.id).status = status

    shop.jobs.run_one(job_id)

    with pytest.raises(NotAuthenticated):
        actor_for(shop, claim_of(clerk.id))
    assert job_of(shop, "workshop.sew").error_code == "core.not_authenticated"
    assert labels(shop) == []


def test_the_system_and_nobody_act_as_such(shop: Platform) -> None:
    someone = new_id()

    assert actor_for(shop, claim_of(someone, as_system=True)) == replace(SYSTEM, on_behalf_of=someone)
    assert actor_for(shop, claim_of(None)) is ANONYMOUS
