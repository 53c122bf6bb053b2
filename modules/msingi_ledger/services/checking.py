"""The nightly check: the ledger is verified, and what came out is kept where administrators look (IN-8)."""

from typing import Final

import structlog
from sqlalchemy import Select, select

from msingi.work import Work
from msingi_ledger.models import Check
from msingi_ledger.services.verifying import LedgerReport, verify

_log = structlog.get_logger("msingi.ledger")
_NEWEST_FIRST: Final = (Check.checked_at.desc(), Check.id.desc())


def check_ledger(work: Work) -> Check:
    """Verify what is saved, against the root of the last balanced check; a wrong place is logged as an error.

    What was found wrong is never what the next check is measured by: a chain that was cut stays told until it is
    whole again (IN-9). The ledger is read beside ``work``, so that nobody waits for the verification to end.
    """
    with work.platform.work(writes=False) as reading:
        report = verify(reading, anchor=reading.session.scalar(_trusted_roots().limit(1)))
    check = work.add(_check(work, report))
    if not check.balanced:
        _log.error(
            "ledger.broken", rule=check.rule, table=check.table, row=str(check.row), faults=check.faults
        )
    work.session.flush()
    return check


def checks() -> Select[Check]:
    """The checks, the newest first."""
    return select(Check).order_by(*_NEWEST_FIRST)


def _trusted_roots() -> Select[str]:
    """The roots that balanced checks kept, the newest first."""
    return select(Check.root).where(Check.balanced, Check.root != "").order_by(*_NEWEST_FIRST)


def _check(work: Work, report: LedgerReport) -> Check:
    check = Check(
        checked_at=work.now(),
        balanced=report.balanced,
        transactions=report.transactions,
        entries=report.entries,
        sealed=report.sealed,
        root=report.root,
        faults=len(report.faults),
    )
    if report.faults:
        first = report.faults[0]
        check.rule, check.table, check.row, check.reason = (
            first.rule,
            first.table,
            first.row,
            first.explanation,
        )
    return check
