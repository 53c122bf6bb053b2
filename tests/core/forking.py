"""What runs in the processes of the supervisor's tests: tiny applications behind it, and a platform as it is forked."""

import asyncio
import json
import os
import socket
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msingi.cli.counting import counting_together
from msingi.cli.forked import DRAIN_TICKS, SILENT_TICKS, Supervisor
from msingi.cli.serve import assemble


async def tell_pid(scope: Any, receive: Any, send: Any) -> None:
    """Answer with the number of the process; below /slow after half a second."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    await asyncio.sleep(0.5 if scope["path"] == "/slow" else 0)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(os.getpid()).encode()})


def supervise_counted(folder: str, port: int, workers: int) -> None:
    """Serve with processes that count together; below /metrics stands what they counted."""
    tempfile.tempdir = folder
    with counting_together(workers):
        from msingi.http.metrics import MeteredApp, Metrics

        metrics = Metrics()

        async def tell(scope: Any, receive: Any, send: Any) -> None:
            if scope["type"] == "lifespan" or scope["path"] != "/metrics":
                await tell_pid(scope, receive, send)
                return
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": metrics.text()})

        supervise(MeteredApp(tell, metrics), port, workers)


async def refuse_to_start(scope: Any, receive: Any, send: Any) -> None:
    """An application that cannot start."""
    await receive()
    await send({"type": "lifespan.startup.failed", "message": "never"})


def supervise(
    app: Any, port: int, workers: int, silent_ticks: int = SILENT_TICKS, drain_ticks: int = DRAIN_TICKS
) -> None:
    """Serve an application with this many processes, and end with the supervisor's status."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", port))
    supervisor = Supervisor(
        app, listener, workers=workers, silent_ticks=silent_ticks, drain_ticks=drain_ticks
    )
    os._exit(supervisor.run())


def tell_what_is_forked(environment: Mapping[str, str], report: str) -> None:
    """Assemble an installation and write down what a fork would take along."""
    os.environ.update(environment)
    assemble("tanzania")
    handles = [str(path.readlink()) for path in Path("/proc/self/fd").iterdir() if path.is_symlink()]
    threads = len(list(Path("/proc/self/task").iterdir()))
    Path(report).write_text(json.dumps({"threads": threads, "handles": handles}), encoding="utf-8")
