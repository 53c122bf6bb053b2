"""The chart of accounts of a platform, compiled from what its modules declare."""

from itertools import chain
from weakref import WeakKeyDictionary

from msingi.platform import Platform
from msingi.work import Work
from msingi_ledger.hooks import LedgerHooks
from msingi_ledger.rules.chart import Chart, compile_chart

_charts: WeakKeyDictionary[Platform, Chart] = WeakKeyDictionary()


def chart_of(work: Work) -> Chart:
    """The chart of the platform; templates are values that do not change while it runs.

    Raises:
        ConfigurationError: the declarations of the modules contradict each other.

    """
    chart = _charts.get(work.platform)
    if chart is None:
        templates = chain.from_iterable(work.ask(LedgerHooks.posting_templates)())
        forbidden = chain.from_iterable(work.ask(LedgerHooks.forbidden_routes)())
        backings = chain.from_iterable(work.ask(LedgerHooks.backings)())
        chart = _charts[work.platform] = compile_chart(templates, tuple(forbidden), tuple(backings))
    return chart
