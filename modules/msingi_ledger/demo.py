"""The ledger's line at the end of the demonstration."""

from collections.abc import Mapping

from msingi.errors import ConfigurationError
from msingi.work import Work
from msingi_ledger.plugin import plugin
from msingi_ledger.services.sealing import seal
from msingi_ledger.services.verifying import verify


@plugin.total
def ledger_total(work: Work) -> Mapping[str, str]:
    """Seal the ledger, and say whether the whole of it, computed again from its first line, is balanced."""
    seal(work, everything=True)
    report = verify(work)
    if not report.balanced:
        raise ConfigurationError(f"ledger: BROKEN {report.faults[0].rule}")
    return {"ledger": "balanced"}
