"""Daily work of insurance."""

from datetime import timedelta
from uuid import UUID

from msingi.jobs import Progress
from msingi.work import Work
from msingi_insurance import payment_jobs
from msingi_insurance.exchange.uploads import forget_discarded
from msingi_insurance.plugin import plugin
from msingi_insurance.services.policies_daily import CHUNK, expire_chunk, suspend_chunk
from msingi_insurance.settings import InsuranceSettings

__all__ = ["payment_jobs"]


@plugin.job(every=timedelta(days=1))
def forget_discarded_files(work: Work, progress: Progress) -> None:  # noqa: ARG001 - the contract of a job
    """Delete files of enrolments whose job was discarded."""
    forget_discarded(work)


@plugin.job(every=timedelta(days=1))
def expire_policies(work: Work, progress: Progress) -> None:
    """Set policies expired whose last day has passed."""
    done = int(progress.state.get("done", 0))
    while (count := expire_chunk(work)) > 0:
        done += count
        progress.checkpoint({"done": done}, done=done)
        if count < CHUNK:
            break
    progress.result({"expired": done})


@plugin.job(every=timedelta(days=1))
def suspend_unpaid_policies(work: Work, progress: Progress) -> None:
    """Suspend policies that are not fully paid in time, where the scheme wants it."""
    if not work.settings(InsuranceSettings).suspend_unpaid:
        return
    done = int(progress.state.get("done", 0))
    reached = progress.state.get("after")
    after = UUID(reached) if reached else None
    while True:
        count, after = suspend_chunk(work, after)
        done += count
        progress.checkpoint({"done": done, "after": str(after) if after else None}, done=done)
        if after is None:
            break
    progress.result({"suspended": done})
