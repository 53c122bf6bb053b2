"""Subscriptions: the progress of a background job, pushed while it runs."""

from collections.abc import AsyncGenerator
from typing import Any
from uuid import UUID

import strawberry

from msingi.graphql.roots import Allow
from msingi.graphql.shapes import document_enum
from msingi.kernel.models import JobState
from msingi.plugin import SIGNED_IN

document_enum(JobState)


@strawberry.type(description="How far a background job is.")
class JobProgress:
    """One reading of a job's progress."""

    id: UUID = strawberry.field(description="The job.")
    state: JobState = strawberry.field(description="Where the job is in its life.")
    progress: int = strawberry.field(description="Units done.")
    total: int | None = strawberry.field(description="Units in all, when known.")


@strawberry.type(description="What can be followed while it changes.")
class Subscription:
    """Root of the subscriptions."""

    @strawberry.subscription(  # type: ignore[untyped-decorator]
        directives=[Allow(permission=SIGNED_IN.name)],
        description="Readings of a job's progress until it ends; your own jobs, or any with core.read_jobs for the whole country.",
    )
    async def job_progress(self, info: strawberry.Info, id: UUID) -> AsyncGenerator[JobProgress, None]:  # noqa: A002
        """Follow one job."""
        watch: Any = info.context
        async for reading in watch.job(id):
            yield JobProgress(
                id=reading.id, state=reading.state, progress=reading.progress, total=reading.total
            )
