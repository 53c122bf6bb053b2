"""Periodic work of the kernel."""

from datetime import timedelta

from msingi.jobs.progress import Progress
from msingi.kernel.idempotency import forget_old
from msingi.kernel.plugin import plugin
from msingi.kernel.resealing import reseal as seal_again
from msingi.kernel.services import forget_finished
from msingi.table_statistics import RENEWED_SECONDS, learn_statistics
from msingi.work import Work


@plugin.job(every=timedelta(days=1))
def tidy(work: Work, progress: Progress) -> None:
    """Delete finished jobs and answers to idempotency keys that are older than 30 days."""
    progress.result({"jobs": forget_finished(work), "answers": forget_old(work)})


@plugin.job(every=timedelta(seconds=RENEWED_SECONDS))
def learn_amounts(work: Work, _progress: Progress) -> None:
    """Let SQLite find out how much there is of what, so that long lists stay fast; PostgreSQL does so by itself."""
    if work.platform.database.is_sqlite:
        learn_statistics(work.session.connection())


@plugin.job(every=timedelta(days=1))
def reseal(work: Work, progress: Progress) -> None:
    """Seal values of older keys with the newest one, so that the older ones can be dropped."""
    counts = seal_again(work)
    work.audit("core.reseal", entity="core_installation", details=counts)
    progress.result(counts)
