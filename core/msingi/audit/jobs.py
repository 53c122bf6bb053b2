"""Periodic work of the trail: seal every minute, sweep once a day."""

from datetime import timedelta
from typing import TYPE_CHECKING

from msingi.audit.plugin import plugin
from msingi.audit.services import seal
from msingi.work import Work

if TYPE_CHECKING:
    from msingi.jobs import Progress


@plugin.job(every=timedelta(minutes=1), name="seal")
def seal_recent(work: Work, progress: "Progress") -> None:
    """Seal the audit lines of the last minutes into blocks."""
    progress(seal(work).entries)


@plugin.job(every=timedelta(days=1), name="sweep")
def seal_everything(work: Work, progress: "Progress") -> None:
    """Seal audit lines of transactions that stayed open for hours."""
    progress(seal(work, everything=True).entries)
