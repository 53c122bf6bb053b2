"""What the ledger asks the modules that move money."""

from collections.abc import Sequence

from msingi.plugin import hookspec
from msingi_ledger.plugin import plugin
from msingi_ledger.rules.chart import ForbiddenRoute, PostingTemplate


@plugin.hooks
class LedgerHooks:
    """Questions of the ledger, asked once for each platform."""

    @hookspec
    def posting_templates(self) -> Sequence[PostingTemplate]:
        """Name the business events that move money and the pairs of accounts that each may use (IN-6)."""
        raise NotImplementedError

    @hookspec
    def forbidden_routes(self) -> Sequence[ForbiddenRoute]:
        """Name the kinds of accounts between which no sequence of postings may carry money (IN-6, IN-7)."""
        raise NotImplementedError
