"""What becomes of the policy of a case when contributions arrive, somebody confirms it, and time passes (POL-4, POL-6)."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from msingi.cases import Problem, WrongCase
from msingi_insurance.case.model import CasePayment, QuoteCase
from msingi_insurance.rules.amounts import ZERO
from msingi_insurance.rules.life import (
    UNPAID,
    PolicyDecision,
    PolicyFacts,
    on_confirmation,
    on_payment,
    unpaid_step,
)
from msingi_insurance.rules.payments import check_instalment
from msingi_insurance.rules.premium import Quote
from msingi_insurance.rules.refusals import TooManyInstalments
from msingi_insurance.rules.states import PolicyStatus
from msingi_insurance.rules.trace import Step
from msingi_insurance.rules.variations import vary


@dataclass(frozen=True, slots=True)
class PolicyLife:
    """Where a policy stands, since when it is in effect, what was paid for it, and why."""

    status: PolicyStatus
    effective: date | None
    paid: Decimal
    missing: Decimal
    excess: Decimal
    """What was paid above the value; it goes to the credit of the family (PAY-6)."""
    steps: tuple[Step, ...]


def life_of(case: QuoteCase, quoted: Quote) -> PolicyLife:
    """The life of the policy that was quoted, up to the day of the case.

    Raises:
        WrongCase: there are more payments than the product has instalments (PAY-2).

    """
    _refuse_instalments(case)
    living = _Living(case, quoted)
    if not quoted.value:
        living.pay()
    confirmed = case.policy.confirmed
    for payment in case.payments:
        if confirmed is not None and confirmed < payment.day:
            living.confirm(confirmed)
            confirmed = None
        living.look(payment.day)
        living.pay(payment)
    if confirmed is not None:
        living.confirm(confirmed)
    if case.as_of is not None:
        living.look(case.as_of)
    return living.told()


class _Living:
    """The policy as its days pass."""

    def __init__(self, case: QuoteCase, quoted: Quote) -> None:
        period = quoted.period
        self._case = case
        self._last_payment = period.last_payment
        self._policy = PolicyFacts(PolicyStatus.IDLE, quoted.value, period.start, period.expiry)
        self._payments: list[CasePayment] = []
        self._steps: list[Step] = []

    def pay(self, payment: CasePayment | None = None) -> None:
        """Take a contribution in; without one, what costs nothing is active at once."""
        self._payments += [payment] if payment else []
        decided = on_payment(
            self._policy,
            self._paid,
            pay_date=payment.day if payment else self._case.policy.enrolled,
            activation=self._case.scheme.activation,
            reconciled=sum((one.amount for one in self._payments if one.reconciled), ZERO),
        )
        self._become(decided)

    def look(self, day: date) -> None:
        """Suspend what is not paid in time, and end what is over, as the daily job does from the day after enrolment."""
        if day <= self._case.policy.enrolled:
            return
        lived = min(day, self._policy.expiry)  # what is over is not suspended any more
        late = unpaid_step(self._policy, self._paid, last_payment=self._last_payment, today=lived)
        if late is not None and self._case.scheme.suspend_unpaid:
            suspended = PolicyStatus.SUSPENDED
            self._policy = replace(self._policy, status=suspended, before=self._policy.status, reason=UNPAID)
            self._steps.append(late)
        if self._policy.expiry < day:
            self._policy = replace(self._policy, status=PolicyStatus.EXPIRED)

    def confirm(self, confirmed: date) -> None:
        """Confirm it, where it waits for that."""
        self.look(confirmed)
        if self._policy.status is not PolicyStatus.READY:
            return
        paid_on = self._payments[-1].day if self._payments else self._case.policy.enrolled
        counts_from = self._case.scheme.confirmation_date
        decided = on_confirmation(self._policy, confirmed=confirmed, paid_on=paid_on, counts_from=counts_from)
        self._become(decided)

    def told(self) -> PolicyLife:
        """What has become of it."""
        policy, paid = self._policy, self._paid
        missing, excess = max(ZERO, policy.value - paid), max(ZERO, paid - policy.value)
        return PolicyLife(policy.status, policy.effective, paid, missing, excess, tuple(self._steps))

    def _become(self, decided: PolicyDecision) -> None:
        self._policy = replace(self._policy, status=decided.status, effective=decided.effective)
        self._steps += decided.steps

    @property
    def _paid(self) -> Decimal:
        return sum((one.amount for one in self._payments), ZERO)


def _refuse_instalments(case: QuoteCase) -> None:
    terms, _ = vary(case.product, places=case.places, on=case.policy.enrolled)
    for at, payment in enumerate(case.payments):
        try:
            check_instalment(payment.amount, premiums_before=at, most=terms.max_installments)
        except TooManyInstalments as refusal:
            raise WrongCase([Problem(f"$.payments[{at}]", refusal.template, refusal.params)]) from None
