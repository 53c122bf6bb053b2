"""What processes cost: processor time and memory of a server, its workers and its database backends, from /proc."""

import os
import statistics
import time
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Final

from sqlalchemy import text

from msingi.platform import Platform

_PROC: Final = Path("/proc")
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_BACKENDS: Final = text(
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
)


def descendants(pid: int) -> set[int]:
    """The children of a process and theirs."""
    found: set[int] = set()
    waiting = [pid]
    while waiting:
        for child in _children(waiting.pop()):
            found.add(child)
            waiting.append(child)
    return found


def backends(platform: Platform) -> set[int]:
    """The server processes behind the connections to a PostgreSQL database on this machine; none for SQLite."""
    if platform.database.is_sqlite:
        return set()
    with platform.database.read.connect() as connection:
        return {pid for pid in connection.scalars(_BACKENDS) if (_PROC / str(pid)).is_dir()}


def cpu_seconds(pids: Iterable[int]) -> float:
    """Processor time that living processes have used since they began, in seconds."""
    return sum(_ticks(pid) for pid in pids) / _TICKS


def resident_mb(pids: Collection[int]) -> float:
    """Memory of the largest of the processes, in megabytes: pages of mapped files included."""
    return max((_kb(_PROC / str(pid) / "status", "VmRSS:") for pid in pids), default=0) / 1024


def proportional_mb(pids: Collection[int]) -> float:
    """Memory of the processes together, in megabytes; of a page that several share, each bears its part.

    Forked processes share pages until one of them writes: the sum of what is resident would count these pages once
    for each process, and what is private alone not at all.
    """
    return sum(_kb(_PROC / str(pid) / "smaps_rollup", "Pss:") for pid in pids) / 1024


def yardstick_ms() -> float:
    """Processor time of a million additions in Python, in milliseconds, the median of five: the pace of this machine.

    Shared processors vary threefold from hour to hour; times of two runs are comparable in units of this one.
    """
    return statistics.median(_additions() for _ in range(5))


def reset_peak() -> None:
    """Let the peak of this process begin at what it holds now."""
    (_PROC / "self" / "clear_refs").write_text("5", encoding="ascii")


def peak_mb() -> float:
    """The most memory that this process has held since the last reset, in megabytes."""
    return _kb(_PROC / "self" / "status", "VmHWM:") / 1024


def _additions() -> float:
    total, started = 0, time.process_time()
    for number in range(1_000_000):
        total += number
    return 1000 * (time.process_time() - started)


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in (_PROC / str(pid) / "task").glob("*/children"):
        found += map(int, _read(task).split())
    return found


def _ticks(pid: int) -> int:
    fields = _read(_PROC / str(pid) / "stat").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12]) if fields else 0


def _kb(path: Path, name: str) -> int:
    for line in _read(path).splitlines():
        if line.startswith(name):
            return int(line.split()[1])
    return 0


def _read(path: Path) -> str:
    """A file of a process; empty when the process has ended."""
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""
