"""Background work about money and the field: gateways, pools, the renewal list, files, signs of fraud."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from msingi.jobs import Progress
from msingi.work import Work
from msingi_insurance.exchange.uploads import read_file
from msingi_insurance.plugin import EXCHANGE_ENROLMENTS, plugin
from msingi_insurance.services import contracts, references, renewals
from msingi_insurance.services.control_numbers import top_up_pools as fill_pools
from msingi_insurance.services.fraud_findings import find_signs
from msingi_insurance.settings import InsuranceSettings


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


@plugin.job(every=timedelta(hours=1))
def list_renewals(work: Work, progress: Progress) -> None:
    """Make the renewal list of the day and tell families, from the hour that the settings say (POL-8)."""
    zone = ZoneInfo(work.platform.profile.timezone)
    if work.now().astimezone(zone).hour < work.settings(InsuranceSettings).renewal_list_hour:
        return
    listed = _each_chunk(work, progress, "list", renewals.list_renewals)
    told = _each_chunk(work, progress, "tell", renewals.tell_renewals)
    progress.result({"listed": listed, "told": told})


def _each_chunk(
    work: Work, progress: Progress, phase: str, step: Callable[[Work, UUID | None], renewals.Listed]
) -> int:
    """Repeat a step until nothing is left; a restart goes on after the last saved one."""
    state = dict(progress.state)
    if state.get(f"{phase}_done"):
        return int(state[f"{phase}_count"])
    reached, count = state.get(f"{phase}_after"), int(state.get(f"{phase}_count", 0))
    after = UUID(reached) if reached else None
    while True:
        done = step(work, after)
        after, count = done.after, count + done.count
        state |= {
            f"{phase}_after": str(after) if after else None,
            f"{phase}_count": count,
            f"{phase}_done": after is None,
        }
        progress.checkpoint(state, done=count)
        if after is None:
            return count


@plugin.job()
def read_enrolments(work: Work, progress: Progress, upload_id: UUID) -> None:
    """Read an uploaded file of enrolments, family by family (CLM-F3)."""
    with work.allowed(EXCHANGE_ENROLMENTS):
        read_file(work, upload_id, progress)


@plugin.job(every=timedelta(days=1))
def find_enrolment_fraud(work: Work, progress: Progress) -> None:
    """Look for signs of fraud in the enrolments and contributions of a year (attack 89)."""
    progress.result({"found": find_signs(work)})


@plugin.job(every=timedelta(days=1))
def end_contracts(work: Work, progress: Progress) -> None:
    """Set contracts of policy holders executed whose last day has passed."""
    progress.result({"ended": contracts.end_contracts(work)})
