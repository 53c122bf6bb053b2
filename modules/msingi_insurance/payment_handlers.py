"""What insurance does about money after it came."""

from msingi.work import Work
from msingi_insurance.payment_events import PaymentReceived
from msingi_insurance.plugin import plugin
from msingi_insurance.services.payment_matching import match_payment


@plugin.after(PaymentReceived)
def share_payment(event: PaymentReceived, work: Work) -> None:
    """Share money over the policies that it is for; a repeat finds it shared already (PAY-8)."""
    match_payment(work, event.payment_id)
