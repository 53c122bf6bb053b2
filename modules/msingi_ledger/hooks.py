"""What the ledger asks the modules that move money."""

from collections.abc import Sequence

from msingi.plugin import hookspec
from msingi_ledger.plugin import plugin
from msingi_ledger.rules.chart import Backing, ForbiddenRoute, PostingTemplate
from msingi_ledger.services.money_checks import MoneyCheck


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

    @hookspec
    def backings(self) -> Sequence[Backing]:
        """Name what is owed to others and the assets that must cover it at every moment (IN-5)."""
        raise NotImplementedError

    @hookspec
    def money_checks(self) -> Sequence[MoneyCheck]:
        """Name the rows of the module's own tables that break a rule of its money; verification asks for them (IN-10)."""
        raise NotImplementedError
