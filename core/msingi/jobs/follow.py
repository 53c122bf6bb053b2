"""Follow a running job from outside: readings of its row until it ends."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from uuid import UUID

from msingi.kernel.models import JobState
from msingi.kernel.services import visible_job

if TYPE_CHECKING:
    from msingi.actor import Actor
    from msingi.platform import Platform

LONGEST_SECONDS = 3600.0
Run: TypeAlias = "Callable[[Callable[[], JobReading]], Awaitable[JobReading]]"
_MOVING = (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class JobReading:
    """How far a job was at one moment."""

    id: UUID
    state: JobState
    progress: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Follower:
    """Who follows a job: asked at each look who they are, so that a revoked session or right ends it."""

    who: "Callable[[], Actor]"
    run: Run = asyncio.to_thread
    """Calls a function in another thread."""
    is_over: Callable[[], bool] = lambda: False
    """Whether following ends now, because the server does."""


async def job_progress(
    platform: "Platform",
    job_id: UUID,
    *,
    follower: Follower,
    every: float = 1.0,
    longest: float = LONGEST_SECONDS,
) -> AsyncGenerator[JobReading, None]:
    """Yield the first reading at once, then each change, until the job ends or ``longest`` seconds passed.

    Raises:
        NotAuthenticated: the follower's session has ended meanwhile.
        NotFound: the follower may not see the job, or no more.

    """
    shown: JobReading | None = None
    for _ in range(max(1, int(longest / every))):
        reading = await follower.run(lambda: _read(platform, job_id, follower.who()))
        if reading != shown:
            yield reading
            shown = reading
        if reading.state not in _MOVING or follower.is_over():
            return
        await asyncio.sleep(every)


def _read(platform: "Platform", job_id: UUID, actor: "Actor") -> JobReading:
    with platform.work(actor, writes=False) as work:
        job = visible_job(work, job_id)
        return JobReading(job.id, job.state, job.progress, job.total)
