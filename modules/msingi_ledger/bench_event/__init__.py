"""A plugin with one business event, for the benchmark: what a facility is owed for claims."""

from collections.abc import Sequence
from typing import Final

from msingi.plugin import Plugin
from msingi_ledger.rules.chart import AccountClass, AccountKind, PostingTemplate

payer = Plugin("ledger_bench", requires=["ledger"])

BENEFITS: Final = AccountKind("5900", AccountClass.EXPENSE, "Benefits", bounded=False)
PAYABLE: Final = AccountKind("2490", AccountClass.LIABILITY, "Owed to a facility")
VALUATED: Final = PostingTemplate("ledger_bench.valuated", ((BENEFITS, PAYABLE),), "A claim is valuated")


@payer.answer
def posting_templates() -> Sequence[PostingTemplate]:
    """The one event that is measured."""
    return [VALUATED]
