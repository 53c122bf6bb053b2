"""Reports as files: CSV and XLSX for calculation, PDF for the record, in the reader's language."""

import io
import json
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from babel.numbers import format_currency, format_decimal

from msingi.i18n import in_language
from msingi.money import Money, exponent_of
from msingi.reports.errors import UnknownReportForm
from msingi.reports.table import ReportTable, Value
from msingi.tabular import Cell, write_csv, write_xlsx
from msingi.written import written_day

if TYPE_CHECKING:
    from msingi.work import Work

MEDIA_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
_TOTAL: Final = "Total"


def as_file(work: "Work", table: ReportTable, form: str) -> bytes:
    """The report as csv, xlsx or pdf.

    Raises:
        UnknownReportForm: another form is asked for.

    """
    if form not in MEDIA_TYPES:
        raise UnknownReportForm(forms=", ".join(MEDIA_TYPES))
    if form == "pdf":
        return _pdf(work, table)
    target = io.BytesIO()
    header = [column.label for column in table.columns]
    rows = ([_cell(value) for value in row] for row in table.rows)
    (write_xlsx if form == "xlsx" else write_csv)(target, header, rows)
    return target.getvalue()


def _pdf(work: "Work", table: ReportTable) -> bytes:
    import typst

    language = work.language
    say = work.platform.texts.get
    organisation = work.platform.profile.branding.organisation
    total = [_said(value, language) for value in table.total]
    facts = {
        "language": language,
        "organisation": in_language(organisation, language),
        "title": table.title,
        "period": " - ".join(written_day(day, language, "medium") for day in (table.since, table.until)),
        "made": written_day(work.today(), language),
        "header": [column.label for column in table.columns],
        "numeric": [column.kind.value != "text" for column in table.columns],
        "rows": [[_said(value, language) for value in row] for row in table.rows],
        "total": [total[0] or say(_TOTAL, language), *total[1:]] if total else [],
    }
    page: bytes = typst.compile(
        _template(), sys_inputs={"report": json.dumps(facts, ensure_ascii=False)}, ignore_system_fonts=True
    )
    return page


def _cell(value: Value) -> Cell:
    return value.amount if isinstance(value, Money) else value


def _said(value: Value, language: str) -> str:
    if value is None:
        return ""
    if isinstance(value, Money):
        digits = exponent_of(value.currency)
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return format_currency(
            value.amount, value.currency, f"{pattern} ¤¤", locale=language, currency_digits=False
        )
    if isinstance(value, date):
        return written_day(value, language, "medium")
    return value if isinstance(value, str) else format_decimal(value, locale=language)


@lru_cache(maxsize=1)
def _template() -> bytes:
    return files("msingi.reports").joinpath("report.typ").read_bytes()
