"""The ledger's line at the end of the demonstration."""

from collections.abc import Mapping

from msingi.errors import ConfigurationError
from msingi.work import Work
from msingi_ledger.plugin import plugin
from msingi_ledger.services.verifying import verify


@plugin.total
def ledger_total(work: Work) -> Mapping[str, str]:
    """Whether the whole ledger, computed again from its first line, is balanced."""
    report = verify(work)
    if not report.balanced:
        raise ConfigurationError(f"ledger: BROKEN {report.faults[0].rule}")
    return {"ledger": "balanced"}
