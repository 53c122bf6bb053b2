"""A real HTTP server beside the story, in a thread of the same process."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import uvicorn

from msingi.cli.serving import address_of
from msingi.http import create_app

if TYPE_CHECKING:
    from msingi.platform import Platform

START_SECONDS = 30.0


@contextlib.contextmanager
def serving(platform: "Platform", listener: socket.socket) -> Iterator[tuple[str, threading.Thread]]:
    """Serve the platform on a bound socket; yields its address and the server's thread, stops it at the end."""
    config = uvicorn.Config(
        create_app(platform), log_config=None, access_log=False, server_header=False, proxy_headers=False
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        _wait_until_started(server)
        yield address_of(listener), thread
    finally:
        server.should_exit = True
        thread.join(START_SECONDS)


def _wait_until_started(server: uvicorn.Server) -> None:
    limit = time.monotonic() + START_SECONDS
    while not server.started:
        if time.monotonic() > limit:
            raise TimeoutError("the server did not start")
        time.sleep(0.02)
