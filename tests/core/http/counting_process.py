"""A process that counts with others in a folder: what it tells when the folder or the space fails."""

import json
import os
import resource
import shutil
import signal
import sys
from pathlib import Path

from structlog.testing import capture_logs

from msingi.http.metric_files import RESERVED
from msingi.http.metrics import Metrics

FOLDER = Path(os.environ.get("PROMETHEUS_MULTIPROC_DIR", ""))


def reserve_all(metrics: Metrics) -> object:
    """Every file has its blocks before it is filled."""
    metrics.note("graphql", 200, 0.01)
    return [file.stat().st_blocks * 512 >= file.stat().st_size == RESERVED for file in FOLDER.iterdir()]


def lack_space(metrics: Metrics) -> object:
    """No file may become as large as it has to be."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (RESERVED - 1, RESERVED - 1))
    return _counted_twice(metrics)


def lose_the_folder(metrics: Metrics) -> object:
    """The folder is swept away before the first request."""
    shutil.rmtree(FOLDER)
    return _counted_twice(metrics)


def lose_the_folder_later(metrics: Metrics) -> object:
    """The folder is swept away between two requests."""
    metrics.note("graphql", 200, 0.01)
    shutil.rmtree(FOLDER)
    return _counted_twice(metrics)


def meet_torn_files(metrics: Metrics) -> object:
    """Processes that were killed left files that nobody can read."""
    metrics.note("graphql", 200, 0.01)
    (FOLDER / "counter_1.db").touch()
    (FOLDER / "counter_2.db").write_bytes(b"\x40" + bytes(7) + b"\xff" * 20)
    (FOLDER / "histogram_3.db").write_bytes(b"\x40" + bytes(7) + b"\x04" + bytes(3) + b"[1]       " * 9)
    return _told(metrics)


def _counted_twice(metrics: Metrics) -> object:
    metrics.note("graphql", 200, 0.01)
    metrics.note_jobs({"queued": 3})
    told = _told(metrics)
    metrics.note("graphql", 200, 0.01)
    return [told, _told(metrics), sorted(file.name for file in FOLDER.glob("*"))]


def _told(metrics: Metrics) -> list[str]:
    lines = metrics.text().decode().splitlines()
    return [line for line in lines if line.startswith(("msingi_requests_total", "msingi_jobs"))]


if __name__ == "__main__":
    with capture_logs() as logs:
        answer = globals()[sys.argv[1]](Metrics())
    json.dump({"answer": answer, "logs": [line["event"] for line in logs]}, sys.stdout)
