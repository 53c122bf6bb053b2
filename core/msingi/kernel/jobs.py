"""Periodic work of the kernel."""

from datetime import timedelta

from msingi.jobs.progress import Progress
from msingi.kernel.idempotency import forget_old
from msingi.kernel.plugin import plugin
from msingi.kernel.resealing import reseal as seal_again
from msingi.kernel.services import forget_finished
from msingi.work import Work


@plugin.job(every=timedelta(days=1))
def tidy(work: Work, progress: Progress) -> None:
    """Delete finished jobs and answers to idempotency keys that are older than 30 days."""
    progress.result({"jobs": forget_finished(work), "answers": forget_old(work)})


@plugin.job(every=timedelta(days=1))
def reseal(work: Work, progress: Progress) -> None:
    """Seal values of older keys with the newest one, so that the older ones can be dropped."""
    counts = seal_again(work)
    work.audit("core.reseal", entity="core_installation", details=counts)
    progress.result(counts)
