"""Follow a running job from outside: readings of its row until it ends."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from msingi.kernel.models import JobState
from msingi.kernel.services import visible_job

if TYPE_CHECKING:
    from msingi.actor import Actor
    from msingi.platform import Platform

LONGEST_SECONDS = 3600.0
_MOVING = (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True, slots=True)
class JobReading:
    """How far a job was at one moment."""

    id: UUID
    state: JobState
    progress: int
    total: int | None


async def job_progress(
    platform: "Platform",
    job_id: UUID,
    *,
    actor: "Actor",
    every: float = 1.0,
    longest: float = LONGEST_SECONDS,
) -> AsyncGenerator[JobReading, None]:
    """Yield the first reading at once, then each change, until the job ends or ``longest`` seconds passed.

    Raises:
        NotFound: the actor may not see the job; asked again at each look, so a revoked right ends the stream.

    """
    shown: JobReading | None = None
    for _ in range(max(1, int(longest / every))):
        reading = await asyncio.to_thread(_read, platform, job_id, actor)
        if reading != shown:
            yield reading
            shown = reading
        if reading.state not in _MOVING:
            return
        await asyncio.sleep(every)


def _read(platform: "Platform", job_id: UUID, actor: "Actor") -> JobReading:
    with platform.work(actor, writes=False) as work:
        job = visible_job(work, job_id)
        return JobReading(job.id, job.state, job.progress, job.total)
