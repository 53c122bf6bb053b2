"""Background work about money: carry requests to gateways, ask silent ones, fill pools, end what is over."""

from datetime import timedelta

from msingi.jobs import Progress
from msingi.work import Work
from msingi_insurance.plugin import plugin
from msingi_insurance.services import references
from msingi_insurance.services.control_numbers import top_up_pools as fill_pools


@plugin.job(every=timedelta(minutes=5))
def send_references(work: Work, progress: Progress) -> None:
    """Send waiting requests for payment references to their gateways, each once (F29).

    They are marked as sent and saved before the first leaves: after a crash they are asked for, never sent again.
    """
    bills = references.bills_of(references.waiting_references(work))
    if not bills:
        return
    progress.checkpoint({"sent": [str(bill.id) for bill in bills]})
    issued = references.take_answers(work, references.send_bills(work, bills))
    progress.result({"sent": len(bills), "issued": issued})


@plugin.job(every=timedelta(minutes=5))
def ask_references(work: Work, progress: Progress) -> None:
    """Ask gateways what became of requests that they have not answered; nothing is sent again (PG-6, F29)."""
    bills = references.bills_of(references.silent_references(work))
    if not bills:
        return
    progress.checkpoint({"asked": [str(bill.id) for bill in bills]})
    issued = references.take_answers(work, references.ask_bills(work, bills))
    progress.result({"asked": len(bills), "issued": issued})


@plugin.job(every=timedelta(hours=1))
def top_up_pools(work: Work, progress: Progress) -> None:
    """Ask for numbers for pools that run low (PAY-9)."""
    progress.result({"asked": fill_pools(work)})


@plugin.job(every=timedelta(hours=12))
def expire_references(work: Work, progress: Progress) -> None:
    """End references that can no longer be paid (PG-6)."""
    progress.result({"expired": references.expire_references(work)})
