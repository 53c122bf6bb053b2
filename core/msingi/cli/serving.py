"""One process that serves: uvicorn on an application that is assembled already, and on a bound socket."""

import errno
import signal
import socket
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

from msingi.cli.memory import Tidying
from msingi.ending import STATE, Ending
from msingi.errors import ConfigurationError

if TYPE_CHECKING:
    from starlette.types import ASGIApp
    from uvicorn import Server

Beat = Callable[[], Awaitable[None]]

_REASONS: Final = {
    errno.EADDRINUSE: "Another program listens on {host} port {port} already. Choose another port with --port.",
    errno.EADDRNOTAVAIL: "{host} is no address of this machine. Choose another with --host.",
    errno.EACCES: "This account may not listen on port {port}. Choose one above 1023 with --port.",
}
_BACKLOG: Final = 2048
DRAIN_SECONDS: Final = 30
"""So long may requests at work take once the server is told to stop."""
_BEAT_SECONDS: Final = 1


def bind(host: str, port: int) -> socket.socket:
    """A socket with the address; nobody is heard on it before a server listens.

    Raises:
        ConfigurationError: the address is taken or not of this machine.

    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise _refusal_of(error, host, port) from None
    return listener


def _refusal_of(error: OSError, host: str, port: int) -> ConfigurationError:
    """Why an address cannot be had; what most people meet says what to do."""
    text = _REASONS.get(error.errno or 0, "Cannot listen on {host} port {port}: {reason}.")
    return ConfigurationError(text, host=host, port=port, reason=error.strerror)


def address_of(listener: socket.socket) -> str:
    """Where a bound socket is reached, as a browser writes it."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def server_of(app: "ASGIApp", beat: Beat | None = None) -> "Server":
    """The server of an application; ``beat`` is called about once a second by the loop that answers requests.

    The same loop tidies the memory of the process. Told to stop, the server takes no more connections, gives the
    requests at work 30 seconds, and closes the platform.
    """
    from uvicorn import Config, Server

    class TellingServer(Server):
        """Tells the application that its end has begun, before its requests are waited for."""

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            ending = self.lifespan.state.get(STATE)
            if isinstance(ending, Ending):
                ending.tell(within=DRAIN_SECONDS)
            await super().shutdown(sockets)

    return TellingServer(
        Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            backlog=_BACKLOG,
            h11_max_incomplete_event_size=32_768,
            timeout_graceful_shutdown=DRAIN_SECONDS,
            callback_notify=_tidying(beat),
            timeout_notify=_BEAT_SECONDS,
        )
    )


def _tidying(beat: Beat | None) -> Beat:
    tidying = Tidying()

    async def tick() -> None:
        tidying.tick()
        if beat is not None:
            await beat()

    return tick


def serve_alone(app: "ASGIApp", listener: socket.socket) -> None:
    """Serve in this process until SIGTERM or SIGINT; the requests at work are finished first."""
    server = server_of(app)
    stop_quietly(server)
    server.run(sockets=[listener])


def stop_quietly(server: "Server") -> None:
    """Let SIGTERM and SIGINT end the server as well before it listens and after it has ended.

    uvicorn takes both over while it serves, and afterwards raises what it heard once more.
    """

    def stop(*_: object) -> None:
        server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
