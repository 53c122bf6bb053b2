"""Indicators of management over GraphQL."""

from datetime import date
from uuid import UUID

from msingi.work import Work
from msingi_claims.plugin import READ_REPORTS, plugin
from msingi_claims.services import indicators as figures


@plugin.query(allow=READ_REPORTS)
def indicators(
    work: Work, since: date, until: date, place_id: UUID | None = None, product_id: UUID | None = None
) -> list[figures.Indicator]:
    """The indicators P1 to P12 and D1 to D9 of a period, both days included, below a place and for a product."""
    return figures.indicators(work, figures.Window(since, until, place_id, product_id))
