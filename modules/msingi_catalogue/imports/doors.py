"""REST doors of lists: upload one, download one."""

from typing import Any, Final

from msingi.http.rest import FileReply, RestRequest
from msingi.work import Work
from msingi_catalogue.imports.exports import WRITERS, export_list
from msingi_catalogue.imports.reading import READING
from msingi_catalogue.imports.strategy import ListKind
from msingi_catalogue.plugin import IMPORT_CATALOGUE, READ_CATALOGUE, plugin
from msingi_catalogue.services.writing import require_country
from msingi_registry import keep_upload, read_kind

MOST_BYTES: Final = 32 * 1024 * 1024
"""Largest uploaded list."""


@plugin.route("POST", "/imports/{kind}", allow=IMPORT_CATALOGUE, most_bytes=MOST_BYTES)
def upload_catalogue_list(work: Work, request: RestRequest) -> dict[str, Any]:
    """Keep a CSV, XLSX, JSON or XML list, the body of the request, for a day; read it with startCatalogueImport."""
    kind = read_kind(str(request.path["kind"]), READING)
    if kind != ListKind.PRICE_LIST:
        require_country(work)
    run = keep_upload(work, kind, request.body)
    return {"fileId": run.id, "kind": run.kind, "columns": run.columns}


@plugin.route("GET", "/exports/{kind}.{form}", allow=READ_CATALOGUE)
def download_catalogue_list(work: Work, request: RestRequest) -> FileReply:
    """A register, or all price lists, as they stand today: csv, xlsx, json or xml."""
    kind, form = str(request.path["kind"]), str(request.path["form"])
    content = export_list(work, kind, form)
    return FileReply(content, WRITERS[form][1], f"{kind}.{form}")
