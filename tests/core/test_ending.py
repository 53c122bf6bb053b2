"""The end of a server is told to its application before its requests are waited for."""

import asyncio
import socket

from starlette.types import Receive, Scope, Send

from msingi.cli.serving import DRAIN_SECONDS, bind, server_of
from msingi.ending import CLOSE_SECONDS, STATE, Ending


def test_the_time_that_is_left_begins_when_the_end_is_told() -> None:
    ending = Ending()
    before = (ending.is_told, ending.seconds_left())

    ending.tell(within=1000)

    assert before == (False, CLOSE_SECONDS)
    assert ending.is_told
    assert 900 < ending.seconds_left() <= 1000


def test_what_still_works_has_a_second_however_late_it_is() -> None:
    ending = Ending()

    ending.tell(within=0)

    assert ending.seconds_left() == 1.0


def test_a_server_that_is_told_to_stop_tells_its_application() -> None:
    ending = Ending()
    told_at_the_end: list[bool] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"][STATE] = ending
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        told_at_the_end.append(ending.is_told)
        await send({"type": "lifespan.shutdown.complete"})

    async def serve(listener: socket.socket) -> None:
        server = server_of(application)
        asyncio.get_running_loop().call_later(0.2, setattr, server, "should_exit", True)
        await server.serve(sockets=[listener])

    with bind("127.0.0.1", 0) as listener:
        asyncio.run(serve(listener))

    assert told_at_the_end == [True]
    assert ending.seconds_left() <= DRAIN_SECONDS
