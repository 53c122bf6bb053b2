"""REST doors of lists: upload one, download one."""

from typing import Any, Final

from msingi.http.rest import FileReply, RestRequest
from msingi.work import Work
from msingi_registry.imports.exports import export_list
from msingi_registry.imports.files import MOST_BYTES, keep_upload, read_kind
from msingi_registry.plugin import IMPORT_DATA, READ_FACILITIES, plugin

_CSV: Final = "text/csv; charset=utf-8"
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@plugin.route("POST", "/imports/{kind}", allow=IMPORT_DATA, most_bytes=MOST_BYTES)
def upload_list(work: Work, request: RestRequest) -> dict[str, Any]:
    """Keep a CSV, XLSX, JSON or XML list, the body of the request, for a day; start reading it with startImport."""
    run = keep_upload(work, read_kind(request.path["kind"]), request.body)
    return {"fileId": run.id, "kind": str(run.kind), "columns": run.columns}


@plugin.route("GET", "/exports/{kind}.csv", allow=READ_FACILITIES)
def download_csv(work: Work, request: RestRequest) -> FileReply:
    """The places or facilities of one's own scope as CSV."""
    kind = str(request.path["kind"])
    return FileReply(export_list(work, kind, "csv"), _CSV, f"{kind}.csv")


@plugin.route("GET", "/exports/{kind}.xlsx", allow=READ_FACILITIES)
def download_xlsx(work: Work, request: RestRequest) -> FileReply:
    """The places or facilities of one's own scope as a workbook."""
    kind = str(request.path["kind"])
    return FileReply(export_list(work, kind, "xlsx"), _XLSX, f"{kind}.xlsx")
