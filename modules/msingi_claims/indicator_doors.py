"""REST doors of indicators: the indicators of a period as CSV, XLSX or PDF."""

from datetime import date
from typing import Final
from uuid import UUID

from msingi.errors import InvalidInput, NotFound
from msingi.http.rest import FileReply, RestRequest
from msingi.money import Money
from msingi.reports import ColumnKind, ReportColumn, ReportTable
from msingi.reports.files import MEDIA_TYPES, as_file
from msingi.reports.table import Value
from msingi.work import Work
from msingi_claims.plugin import READ_REPORTS, plugin
from msingi_claims.services.indicators import Indicator, IndicatorKind, Window, indicators

TITLE: Final = "Indicators"


@plugin.route("GET", "/indicators/{form}", allow=READ_REPORTS)
def indicator_file(work: Work, request: RestRequest) -> FileReply:
    """The indicators of a period: ``csv``, ``xlsx`` or ``pdf``; ``since``, ``until``, ``place``, ``product``."""
    form, window = request.path["form"], _window(request)
    if form not in MEDIA_TYPES:
        raise NotFound(type="ReportForm")
    table = _table(work, window)
    name = f"indicators-{window.since}-{window.until}.{form}"
    return FileReply(as_file(work, table, form), MEDIA_TYPES[form], name)


def _window(request: RestRequest) -> Window:
    query = request.query
    try:
        place, product = (UUID(query[name]) if query.get(name) else None for name in ("place", "product"))
        return Window(date.fromisoformat(query["since"]), date.fromisoformat(query["until"]), place, product)
    except (KeyError, ValueError) as error:
        raise InvalidInput(fields="since, until, place, product") from error


def _table(work: Work, window: Window) -> ReportTable:
    say = work.platform.texts.get
    columns = [
        ReportColumn("code", say("Code", work.language), ColumnKind.TEXT),
        ReportColumn("label", say("Indicator", work.language), ColumnKind.TEXT),
        ReportColumn("value", say("Value", work.language), ColumnKind.NUMBER),
    ]
    rows = [(one.code, one.label, _value(work, one)) for one in indicators(work, window)]
    return ReportTable("indicators", say(TITLE, work.language), window.since, window.until, columns, rows, ())


def _value(work: Work, one: Indicator) -> Value:
    if one.value is None or one.kind is not IndicatorKind.MONEY:
        return one.value
    return Money.rounded(one.value, work.platform.profile.currency)
