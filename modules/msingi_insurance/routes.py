"""REST doors of insurance: notices of gateways and statements to compare."""

from datetime import date
from typing import Any, Final

from msingi.http.rest import RestRequest
from msingi.work import Work
from msingi_insurance.payment_errors import StatementUnreadable
from msingi_insurance.plugin import NOTIFY_PAYMENTS, RECONCILE_PAYMENTS, plugin
from msingi_insurance.rules.payments import PAYMENT_CODES
from msingi_insurance.services.notices import read_notice
from msingi_insurance.services.payments import receive_payment
from msingi_insurance.services.statements import MOST_BYTES, compare_statement

MOST_NOTICE_BYTES: Final = 64 * 1024


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


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise StatementUnreadable(why="the day is not YYYY-MM-DD") from None
