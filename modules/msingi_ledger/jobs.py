"""Background work of the ledger: seal, expire, verify."""

from datetime import timedelta

from msingi.jobs import Progress
from msingi.work import Work
from msingi_ledger.plugin import plugin
from msingi_ledger.services import checking, holding, sealing


@plugin.job(every=timedelta(minutes=1))
def seal_transactions(work: Work, progress: Progress) -> None:  # noqa: ARG001 - the contract of a job
    """Put new transactions into the hash chain."""
    sealing.seal(work)


@plugin.job(every=timedelta(days=1))
def seal_late_transactions(work: Work, progress: Progress) -> None:  # noqa: ARG001
    """Put transactions into the hash chain that were saved long after they were posted."""
    sealing.seal(work, everything=True)


@plugin.job(every=timedelta(minutes=5))
def expire_holds(work: Work, progress: Progress) -> None:  # noqa: ARG001
    """Free money that is held longer than agreed."""
    holding.expire_holds(work)


@plugin.job(every=timedelta(days=1))
def verify_ledger(work: Work, progress: Progress) -> None:
    """Compute the whole ledger again each night and keep what came out (IN-8)."""
    check = checking.check_ledger(work)
    progress.result({"balanced": check.balanced, "root": check.root, "faults": check.faults})
