"""What insurance does about money that came and policies that were renewed."""

from msingi.work import Work
from msingi_insurance.events import PolicyEnrolled
from msingi_insurance.models.payments import Payment
from msingi_insurance.payment_events import PaymentReceived
from msingi_insurance.plugin import plugin
from msingi_insurance.services.payment_matching import match_payment
from msingi_insurance.services.renewals import mark_renewed


@plugin.after(PaymentReceived)
def share_payment(event: PaymentReceived, work: Work) -> None:
    """Share money over the policies that it is for; a repeat finds it shared, or joined to another payment (PAY-8)."""
    if work.find(Payment, event.payment_id) is not None:
        match_payment(work, event.payment_id)


@plugin.on(PolicyEnrolled)
def end_prompt(event: PolicyEnrolled, work: Work) -> None:
    """Take a policy that was renewed off the renewal list (POL-8)."""
    if event.previous_policy_id is not None:
        mark_renewed(work, event.previous_policy_id, event.policy_id)
