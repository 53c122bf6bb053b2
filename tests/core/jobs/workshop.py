"""A plugin with every kind of job, and the worker process that the tests kill."""

import os
import signal
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Mapped

from msingi import DomainError, Event, Model, Plugin, Work
from msingi.jobs import Progress
from msingi.kernel.models import JobRecord
from msingi.platform import Platform
from msingi.testing import small_profile

if TYPE_CHECKING:
    from msingi.jobs import Progress as KnownToCheckersOnly

plugin = Plugin("workshop")
neighbour: dict[str, int] = {}
"""How often an unreachable neighbour still refuses, by name: the world outside the transaction."""
meanwhile: list[Callable[[], object]] = []
"""What happens elsewhere while a job runs."""


class WorkshopEntry(Model):
    """A line that a job wrote."""

    __tablename__ = "workshop_entry"
    __audited__ = False

    label: Mapped[str]
    writer: Mapped[int]


class OutOfThread(DomainError):
    """The workshop has no thread of this colour."""

    code = "workshop.out_of_thread"
    template = "There is no thread of colour {colour}."


@plugin.event
class Sewn(Event):
    """A piece is finished."""

    piece: str


def write(work: Work, label: str) -> None:
    work.add(WorkshopEntry(label=label, writer=os.getpid()))
    work.session.flush()


def labels(platform: Platform) -> list[str]:
    with platform.work(writes=False) as work:
        return sorted(work.session.scalars(select(WorkshopEntry.label)))


def writers(platform: Platform) -> Mapping[str, int]:
    with platform.work(writes=False) as work:
        rows = work.session.execute(select(WorkshopEntry.label, WorkshopEntry.writer))
        return {row.label: row.writer for row in rows}


@plugin.job()
def sew(work: Work, progress: Progress, label: str) -> None:
    """Write one line."""
    write(work, label)
    progress.result({"pieces": 1})


@plugin.job()
def sew_typed(work: Work, progress: "KnownToCheckersOnly", piece_id: UUID, wait: "timedelta") -> None:
    """Write the types of the arguments."""
    write(work, f"{type(piece_id).__name__} {type(wait).__name__} {progress.state}")


@plugin.job(attempts=3)
def tear(work: Work, progress: Progress, label: str) -> None:
    """Write a line, then fail for a reason that nobody foresaw."""
    write(work, label)
    raise ZeroDivisionError(f"the secret of {label}")


@plugin.job(attempts=2)
def dye(work: Work, progress: Progress, colour: str) -> None:
    """Refuse."""
    raise OutOfThread(colour=colour)


@plugin.job(attempts=2)
def sew_until_killed(work: Work, progress: Progress, label: str, marker: Path) -> None:
    """Write a line; the first worker then hangs until it is killed."""
    write(work, label)
    hang_once(marker)


@plugin.job()
def sew_slowly(work: Work, progress: Progress, label: str, marker: Path) -> None:
    """Take a moment, longer than the lease of the worker processes."""
    marker.touch()
    time.sleep(2)
    write(work, label)


@plugin.job()
def sew_meanwhile(work: Work, progress: Progress, label: str) -> None:
    """Write a line after something happened elsewhere."""
    while meanwhile:
        meanwhile.pop()()
    write(work, label)


@plugin.job(attempts=2)
def kill_the_worker(work: Work, progress: Progress) -> None:
    """Die like a process out of memory."""
    os.kill(os.getpid(), signal.SIGKILL)


@plugin.job()
def sew_many(work: Work, progress: Progress, total: int, step: int, marker: Path) -> None:
    """Write many lines step by step; the first worker hangs half way."""
    for start in range(progress.state.get("next", 0), total, step):
        end = min(start + step, total)
        work.insert_rows(
            WorkshopEntry, [{"label": f"{line:06}", "writer": os.getpid()} for line in range(start, end)]
        )
        if start >= total // 2:
            hang_once(marker)
        progress.checkpoint({"next": end}, done=end, total=total)


@plugin.job()
def look_around(work: Work, progress: Progress) -> None:
    """Report a first reading, and write down what others then see of it."""
    progress(3, 10)
    with work.platform.work(writes=False) as other:
        columns = (JobRecord.progress, JobRecord.total, JobRecord.state)
        mine = select(*columns).where(JobRecord.name == "workshop.look_around")
        seen = other.session.execute(mine).one()
    write(work, f"{seen.progress}/{seen.total} {seen.state.value}")


@plugin.job(every=timedelta(hours=1))
def sweep(work: Work, progress: Progress) -> None:
    """Write a line per period."""
    write(work, f"swept {work.now():%H:%M}")


@plugin.after(Sewn)
def deliver(event: Sewn, work: Work) -> None:
    write(work, f"delivered {event.piece} {work.actor.kind.value}")
    if neighbour.get(event.piece, 0):
        neighbour[event.piece] -= 1
        raise ConnectionError(event.piece)


def hang_once(marker: Path) -> None:
    if not marker.exists():
        marker.touch()
        time.sleep(600)


def open_workshop(url: str, backend: str, **jobs: float) -> Platform:
    profile = small_profile(
        database={"url": url, "pool_size": 5, "synchronous": "NORMAL"},
        jobs={"backend": backend, **jobs},
        modules=["workshop"],
    )
    return Platform(profile, plugins=[plugin])


def serve(url: str, backend: str) -> None:
    """Work until killed, as ``msingi worker`` does."""
    platform = open_workshop(url, backend, lease_seconds=1.5, poll_seconds=0.1)
    platform.jobs.serve_forever()
    platform.close()
