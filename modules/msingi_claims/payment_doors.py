"""REST doors of payments: the file for the bank, and the bank's answers."""

from typing import Any, Final
from uuid import UUID

from msingi.errors import NotFound
from msingi.http.rest import FileReply, RestRequest
from msingi.work import Work
from msingi_claims.plugin import PREPARE_PAYMENTS, plugin
from msingi_claims.services.bank_answers import read_answers
from msingi_claims.services.payment_files import payment_file
from msingi_claims.services.settling import take_answers

_MOST_ANSWERS: Final = 5_000_000
_MEDIA_TYPES: Final = {"xml": "application/xml", "csv": "text/csv; charset=utf-8"}


@plugin.route("GET", "/payments/{payment_id}.xml", allow=PREPARE_PAYMENTS)
def payment_xml(work: Work, request: RestRequest) -> FileReply:
    """The orders of an approved payment as pain.001.001.09."""
    return _file(work, request, "xml")


@plugin.route("GET", "/payments/{payment_id}.csv", allow=PREPARE_PAYMENTS)
def payment_csv(work: Work, request: RestRequest) -> FileReply:
    """The orders of an approved payment as CSV."""
    return _file(work, request, "csv")


@plugin.route("POST", "/payments/{payment_id}/answers", allow=PREPARE_PAYMENTS, most_bytes=_MOST_ANSWERS)
def bank_answers(work: Work, request: RestRequest) -> dict[str, Any]:
    """Take over the bank's answers from a CSV or XLSX file, all or nothing: reference, outcome, day, amount, reason."""
    payment = take_answers(work, _id(request), read_answers(work, request.body))
    return {"id": str(payment.id), "state": payment.state.value}


def _file(work: Work, request: RestRequest, form: str) -> FileReply:
    payment_id = _id(request)
    return FileReply(payment_file(work, payment_id, form), _MEDIA_TYPES[form], f"payment-{payment_id}.{form}")


def _id(request: RestRequest) -> UUID:
    try:
        return UUID(request.path["payment_id"])
    except ValueError as error:
        raise NotFound(type="FacilityPayment") from error
