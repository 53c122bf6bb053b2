"""REST doors of the kernel: reports as files."""

from datetime import date
from uuid import UUID

from msingi.errors import InvalidInput
from msingi.http.rest import FileReply, RestRequest
from msingi.kernel.plugin import plugin
from msingi.plugin import SIGNED_IN
from msingi.reports import Question
from msingi.reports.engine import run_report
from msingi.reports.files import MEDIA_TYPES, as_file
from msingi.work import Work


@plugin.route("GET", "/reports/{name}.{form}", allow=SIGNED_IN)
def report_file(work: Work, request: RestRequest) -> FileReply:
    """A report as csv, xlsx or pdf: /reports/claims.claims.csv?by=region,month&since=2026-01-01&until=2026-12-31."""
    name, form = request.path["name"], request.path["form"]
    content = as_file(work, run_report(work, _question(name, request)), form)
    return FileReply(content, MEDIA_TYPES[form], f"{name}.{form}")


def _question(name: str, request: RestRequest) -> Question:
    asked = request.query
    try:
        return Question(
            report=name,
            by=tuple(filter(None, asked.get("by", "").split(","))),
            since=date.fromisoformat(asked["since"]),
            until=date.fromisoformat(asked["until"]),
            place_id=UUID(asked["place"]) if "place" in asked else None,
        )
    except (KeyError, ValueError) as error:
        raise InvalidInput(fields="since, until, place") from error
