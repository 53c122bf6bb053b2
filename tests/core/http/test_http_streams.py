"""Streams end with the session of their reader, with the database and with the server, and say why."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from threading import Event
from typing import Any
from uuid import UUID

import garden
import orjson
import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from tests.core.http.conftest import Village

from msingi.actor import Actor
from msingi.auth.models import UserSession
from msingi.auth.services.authentication import authenticate
from msingi.ending import Ending
from msingi.graphql.engine import Call
from msingi.http.streams import EventStream, Streams
from msingi.kernel.models import JobRecord

QUERY = "subscription($id: UUID!) { jobProgress(id: $id) { state } }"
QUEUED = {"data": {"jobProgress": {"state": "QUEUED"}}}
SignIn = Callable[..., str]


def waiting_job(village: Village, actor: Actor) -> UUID:
    """A job that begins tomorrow."""
    with village.platform.work(actor) as work:
        event = {"tree_id": str(village.places["north"]), "label": "x"}
        job_id = work.enqueue("after.garden.water_tree", event=event)
        work.session.flush()
        work.session.execute(update(JobRecord).values(run_at=work.now() + timedelta(days=1)))
    return job_id


def events(stream: EventStream, after_the_first: Callable[[], object]) -> list[Any]:
    """What a stream says until it ends, when something happens after its first event."""

    async def read() -> list[Any]:
        told: list[Any] = []
        async for chunk in stream.body_iterator:
            assert isinstance(chunk, bytes)
            told.append(str(chunk, "utf-8").partition("data:")[2].strip())
            if len(told) == 1:
                after_the_first()
        return [orjson.loads(one) if one else "end" for one in told]

    return asyncio.run(read())


def codes(answer: Any) -> list[str]:
    return [error["extensions"]["code"] for error in answer["errors"]]


@pytest.mark.rule("attack 40")
def test_a_stream_ends_with_the_session_of_its_reader(village: Village, sign_in: SignIn) -> None:
    token = sign_in("awa", garden.READ)
    actor = authenticate(village.platform, token)
    call = Call(QUERY, {"id": str(waiting_job(village, actor))}, actor)
    streams = Streams(village.platform, Ending())

    def revoke() -> None:
        with village.platform.work() as work:
            work.session.execute(update(UserSession).values(revoked_at=work.now()))

    stream = streams.open(call, who=lambda: authenticate(village.platform, token))
    first, refusal, end = events(stream, revoke)

    assert (first, codes(refusal), end) == (QUEUED, ["core.not_authenticated"], "end")


@pytest.mark.rule("F3")
def test_a_stream_says_that_the_database_went_away(village: Village, sign_in: SignIn) -> None:
    actor = authenticate(village.platform, sign_in("awa", garden.READ))
    call = Call(QUERY, {"id": str(waiting_job(village, actor))}, actor)
    streams = Streams(village.platform, Ending())
    is_away = Event()

    def who() -> Actor:
        if is_away.is_set():
            raise OperationalError(None, None, ConnectionError())
        return actor

    first, refusal, end = events(streams.open(call, who=who), is_away.set)

    assert (first, codes(refusal), end) == (QUEUED, ["core.database_away"], "end")


def test_a_stream_ends_when_the_server_does(village: Village, sign_in: SignIn) -> None:
    actor = authenticate(village.platform, sign_in("awa", garden.READ))
    call = Call(QUERY, {"id": str(waiting_job(village, actor))}, actor)
    ending = Ending()

    told = events(
        Streams(village.platform, ending).open(call, who=lambda: actor), lambda: ending.tell(within=30)
    )

    assert told == [QUEUED, "end"]
