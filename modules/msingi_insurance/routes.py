"""REST doors of insurance: notices of gateways, statements, files of the field, master data."""

from datetime import date
from typing import Any, Final

from msingi.http.rest import RestRequest
from msingi.sayings import Saying
from msingi.work import Work
from msingi_insurance import photo_routes  # noqa: F401 - adds the doors of photos to the plugin
from msingi_insurance.exchange.master_data import master_data
from msingi_insurance.exchange.renewal_files import read_renewals
from msingi_insurance.exchange.uploads import keep_file
from msingi_insurance.payment_errors import StatementUnreadable
from msingi_insurance.plugin import (
    ANSWER_RENEWALS,
    DOWNLOAD_REGISTERS,
    EXCHANGE_ENROLMENTS,
    NOTIFY_PAYMENTS,
    RECONCILE_PAYMENTS,
    plugin,
)
from msingi_insurance.rules.payments import PAYMENT_CODES
from msingi_insurance.services.notices import read_notice
from msingi_insurance.services.payments import receive_payment
from msingi_insurance.services.renewal_answers import answer_renewals
from msingi_insurance.services.statements import MOST_BYTES, compare_statement

MOST_NOTICE_BYTES: Final = 64 * 1024
MOST_PACKAGE: Final = 60 * 1024 * 1024


@plugin.route("POST", "/payment-notices/{gateway}", allow=NOTIFY_PAYMENTS, most_bytes=MOST_NOTICE_BYTES)
def payment_notice(work: Work, request: RestRequest) -> dict[str, Any]:
    """Receive a signed notice of payment; the same transaction again gets the same answer (PAY-8)."""
    notice = read_notice(work, request.path["gateway"], request.headers, request.body)
    payment = receive_payment(work, notice)
    return {"paymentId": payment.id, "state": PAYMENT_CODES[payment.state], "result": payment.result}


@plugin.route("POST", "/statements/{gateway}/{day}", allow=RECONCILE_PAYMENTS, most_bytes=MOST_BYTES)
def upload_statement(work: Work, request: RestRequest) -> dict[str, Any]:
    """Compare a CSV or XLSX statement of one day with our payments; columns: transaction, amount, day, number."""
    statement = compare_statement(work, request.path["gateway"], _day(str(request.path["day"])), request.body)
    work.session.flush()
    counts = ("listed", "matched", "missing", "different", "extra")
    return {"statementId": statement.id, **{name: getattr(statement, name) for name in counts}}


@plugin.route("POST", "/enrolments", allow=EXCHANGE_ENROLMENTS, most_bytes=MOST_PACKAGE)
def upload_enrolments(work: Work, request: RestRequest) -> dict[str, Any]:
    """Keep an enrolment file, XML or an archive with photos, and read it as a job; ``?dryRun=1`` only reports."""
    upload = keep_file(work, request.body, dry_run=request.query.get("dryRun") == "1")
    counts = {"families": upload.families, "notKept": upload.not_kept or []}
    return {"uploadId": upload.id, "jobId": upload.job_id, **counts}


@plugin.route("POST", "/renewals", allow=ANSWER_RENEWALS, most_bytes=MOST_BYTES)
def upload_renewals(work: Work, request: RestRequest) -> dict[str, Any]:
    """Take in a renewal file; every record gets its result (POL-9)."""
    answers = read_renewals(request.body, currency=work.platform.profile.currency)
    outcomes = answer_renewals(work, answers)
    return {
        "results": [
            {"renewalId": one.renewal_id, "result": one.result, "reason": one.reason} for one in outcomes
        ]
    }


@plugin.route("GET", "/master-data/{officer}", allow=DOWNLOAD_REGISTERS)
def download_master_data(work: Work, request: RestRequest) -> dict[str, Any]:
    """Master data of an officer's device; with ``?version=`` of the last one only whether anything changed."""
    data = master_data(work, str(request.path["officer"]))
    if request.query.get("version") == data["version"]:
        return {"version": data["version"], "unchanged": True}
    return data


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise StatementUnreadable(why=Saying("write its day as YYYY-MM-DD")) from None
