"""The life of a policy: its states, the steps between them, and what a payment or a day does to it (POL-4, POL-11)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from msingi_insurance.rules.amounts import ZERO
from msingi_insurance.rules.refusals import PolicyHasPremiums, PolicyStepRefused, ReasonRequired
from msingi_insurance.rules.states import PolicyStatus
from msingi_insurance.rules.trace import Step, Trace, step


class PolicyStep(StrEnum):
    """What may happen to a policy."""

    PAY_IN_FULL = "pay_in_full"
    CONFIRM = "confirm"
    ENFORCE = "enforce"
    SUSPEND = "suspend"
    WITHHOLD = "withhold"
    """Give a suspension for missing money a reason that no payment lifts."""
    REINSTATE = "reinstate"
    EXPIRE = "expire"
    RENEW = "renew"


@dataclass(frozen=True, slots=True)
class Transition:
    """From which states a step leads where; ``target`` None means that the decision names it."""

    sources: frozenset[PolicyStatus]
    target: PolicyStatus | None
    guard: str
    needs_reason: bool = False


def _from(*sources: PolicyStatus) -> frozenset[PolicyStatus]:
    return frozenset(sources)


_S: Final = PolicyStatus
TRANSITIONS: Final[Mapping[PolicyStep, Transition]] = MappingProxyType(
    {
        PolicyStep.PAY_IN_FULL: Transition(
            _from(_S.IDLE, _S.SUSPENDED), None, "value reached; activation option"
        ),
        PolicyStep.CONFIRM: Transition(_from(_S.READY), _S.ACTIVE, "right to confirm"),
        PolicyStep.ENFORCE: Transition(
            _from(_S.IDLE), _S.ACTIVE, "right to enforce; reason", needs_reason=True
        ),
        PolicyStep.SUSPEND: Transition(
            _from(_S.IDLE, _S.ACTIVE), _S.SUSPENDED, "reason, or the job after POL-6", needs_reason=True
        ),
        PolicyStep.WITHHOLD: Transition(
            _from(_S.SUSPENDED),
            _S.SUSPENDED,
            "suspended for missing money; another reason",
            needs_reason=True,
        ),
        PolicyStep.REINSTATE: Transition(
            _from(_S.SUSPENDED, _S.EXPIRED),
            None,
            "reason; back to the status before, an expired one to its cover",
            needs_reason=True,
        ),
        PolicyStep.EXPIRE: Transition(
            _from(_S.IDLE, _S.ACTIVE, _S.SUSPENDED, _S.READY), _S.EXPIRED, "expiry before today"
        ),
        PolicyStep.RENEW: Transition(
            _from(_S.ACTIVE, _S.EXPIRED), None, "window; product valid; stage R; no later policy"
        ),
    }
)
"""Every step of a policy; whatever is not here is refused."""


UNPAID: Final = "not paid in time"
"""Why the daily job suspends a policy (POL-6)."""
TAKEN_BACK: Final[Mapping[str, str]] = MappingProxyType(
    {kind: f"contribution taken back: {kind}" for kind in ("refund", "reversal")}
)
"""Why a contribution that goes back suspends a policy, by the kind of the return (PAY-6)."""
_LACKS_MONEY: Final = frozenset({UNPAID, *TAKEN_BACK.values()})


class Activation(StrEnum):
    """When a fully paid policy becomes active (POL-4)."""

    PAYMENT = "payment"
    CONFIRMATION = "confirmation"
    BANK_MATCH = "bank_match"


class ConfirmationDate(StrEnum):
    """From which day a confirmed policy may be effective (POL-4)."""

    CONFIRMATION = "confirmation"
    PAYMENT = "payment"


class Paid(StrEnum):
    """How much of a policy's value is paid."""

    LESS = "less"
    FULL = "full"
    MORE = "more"


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """What the decisions about a policy look at; amounts in major units."""

    status: PolicyStatus
    value: Decimal
    start: date
    expiry: date
    effective: date | None = None
    before: PolicyStatus | None = None
    """What it was when it was suspended; of an expired policy also what it was at its end, None for active."""
    reason: str = ""
    """Why it has this status."""

    @property
    def is_suspended(self) -> bool:
        """Whether a suspension holds, or held when it expired."""
        ended = self.status is PolicyStatus.EXPIRED and self.before is not None and bool(self.reason)
        return self.status is PolicyStatus.SUSPENDED or ended

    @property
    def is_held(self) -> bool:
        """Whether somebody suspended it for another reason than missing money."""
        return self.is_suspended and self.reason not in _LACKS_MONEY


@dataclass(frozen=True, slots=True)
class PolicyDecision:
    """What becomes of a policy: status, effective date, what was paid too much, and why."""

    status: PolicyStatus
    effective: date | None
    paid: Paid
    excess: Decimal = ZERO
    """Goes to the credit of the family (PAY-6)."""
    steps: Trace = ()


def check_step(status: PolicyStatus, taken: PolicyStep, *, reason: str | None = None) -> Transition:
    """Refuse a step that the table does not have from this status, or that lacks its reason."""
    transition = TRANSITIONS[taken]
    if status not in transition.sources:
        raise PolicyStepRefused(status=status.value, step=taken.value)
    if transition.needs_reason and not (reason or "").strip():
        raise ReasonRequired(step=taken.value)
    return transition


def on_payment(
    policy: PolicyFacts,
    paid: Decimal,
    *,
    pay_date: date,
    activation: Activation,
    reconciled: Decimal | None = None,
) -> PolicyDecision:
    """What the contributions so far make of a policy (POL-4, PAY-6).

    ``paid`` is the sum of all contributions, ``pay_date`` the day of the last one. Under activation on bank match
    only ``reconciled``, the part that the bank has confirmed, activates. A policy that is neither idle nor suspended
    keeps its status, and so does one that somebody suspended for another reason than money: what is paid counts when
    it is reinstated (POL-11). One that was suspended for money and is paid in full by now waits idle for the bank. An
    effective date once given is kept: cover that was granted is not taken back.
    """
    reached = _reached(policy.value, paid)
    excess = max(ZERO, paid - policy.value)
    said = [_said(policy, paid, excess, reached)]
    if reached is Paid.LESS or policy.status not in TRANSITIONS[PolicyStep.PAY_IN_FULL].sources:
        return PolicyDecision(policy.status, policy.effective, reached, excess, tuple(said))
    if policy.is_held:
        said.append(step("POL-11", "stays_suspended"))
        return PolicyDecision(policy.status, policy.effective, reached, excess, tuple(said))
    if activation is Activation.BANK_MATCH and (reconciled or ZERO) < policy.value:
        said.append(step("POL-4", "waits_for_bank"))
        return PolicyDecision(PolicyStatus.IDLE, policy.effective, reached, excess, tuple(said))
    if activation is Activation.CONFIRMATION:
        said.append(step("POL-4", "waits_for_confirmation"))
        return PolicyDecision(PolicyStatus.READY, policy.effective, reached, excess, tuple(said))
    effective = policy.effective or max(pay_date, policy.start)
    said.append(step("POL-4", "effective", date=effective))
    return PolicyDecision(PolicyStatus.ACTIVE, effective, reached, excess, tuple(said))


def on_confirmation(
    policy: PolicyFacts, *, confirmed: date, paid_on: date, counts_from: ConfirmationDate
) -> PolicyDecision:
    """Make a ready policy active (POL-4)."""
    check_step(policy.status, PolicyStep.CONFIRM)
    day = confirmed if counts_from is ConfirmationDate.CONFIRMATION else paid_on
    effective = policy.effective or max(day, policy.start)
    said = step("POL-4", "effective_confirmed", date=effective)
    return PolicyDecision(PolicyStatus.ACTIVE, effective, Paid.FULL, steps=(said,))


def on_enforcement(
    policy: PolicyFacts, paid: Decimal, *, pay_date: date, reason: str | None
) -> PolicyDecision:
    """Make an idle policy active although it is not fully paid (POL-4)."""
    check_step(policy.status, PolicyStep.ENFORCE, reason=reason)
    effective = max(pay_date, policy.start)
    missing = max(ZERO, policy.value - paid)
    said = step("POL-4", "enforced", date=effective, missing=missing)
    return PolicyDecision(PolicyStatus.ACTIVE, effective, _reached(policy.value, paid), steps=(said,))


def on_suspension(policy: PolicyFacts, *, reason: str | None) -> PolicyStep:
    """Which step a suspension is: one for missing money takes another reason, and keeps the status before (POL-11)."""
    lacks_money = policy.status is PolicyStatus.SUSPENDED and not policy.is_held
    taken = PolicyStep.WITHHOLD if lacks_money else PolicyStep.SUSPEND
    check_step(policy.status, taken, reason=reason)
    return taken


def on_reinstatement(policy: PolicyFacts, *, reason: str | None) -> PolicyStatus:
    """The status that a suspended policy gets back, or that one had at its end which expired meanwhile (POL-11)."""
    check_step(policy.status, PolicyStep.REINSTATE, reason=reason)
    before = policy.before or PolicyStatus.IDLE
    if not policy.is_suspended or before not in TRANSITIONS[PolicyStep.SUSPEND].sources:
        raise PolicyStepRefused(
            status=(policy.before or policy.status).value, step=PolicyStep.REINSTATE.value
        )
    return before


def cover_given_back(
    policy: PolicyFacts,
    paid: Decimal,
    *,
    pay_date: date,
    activation: Activation,
    reconciled: Decimal | None = None,
) -> date | None:
    """From which day an expired policy covers when the suspension of its end is lifted; None when it covers none (POL-11).

    One that was active covers as before; else as if it had been lifted in time: what was paid in full by its last day.
    """
    if policy.before is PolicyStatus.ACTIVE:
        return policy.effective
    lifted = replace(policy, status=PolicyStatus.IDLE, before=None, reason="")
    decided = on_payment(lifted, paid, pay_date=pay_date, activation=activation, reconciled=reconciled)
    is_covered = decided.status is PolicyStatus.ACTIVE and (decided.effective or date.max) <= policy.expiry
    return decided.effective if is_covered else None


def in_force(status: PolicyStatus, before: PolicyStatus | None) -> bool:
    """Whether a policy covers the days of its cover: it is active, or was when it expired, for claims come late (D-28).

    One that was idle, ready or suspended at its end covers none: what is over is not paid for by waiting.
    """
    return status is PolicyStatus.ACTIVE or (status is PolicyStatus.EXPIRED and before is None)


def unpaid_step(policy: PolicyFacts, paid: Decimal, *, last_payment: date, today: date) -> Step | None:
    """Why the daily job suspends a policy: it is not fully paid after its last day to pay; None when it stays (POL-6)."""
    if policy.status not in TRANSITIONS[PolicyStep.SUSPEND].sources:
        return None
    if paid >= policy.value or today <= last_payment:
        return None
    return step("POL-6", "suspended_unpaid", date=last_payment, missing=policy.value - paid)


def check_deletion(*, premiums: int) -> None:
    """Refuse to delete a policy that has contributions (POL-11, D-18)."""
    if premiums:
        raise PolicyHasPremiums(premiums=premiums)


def _reached(value: Decimal, paid: Decimal) -> Paid:
    if paid < value:
        return Paid.LESS
    return Paid.FULL if paid == value else Paid.MORE


def _said(policy: PolicyFacts, paid: Decimal, excess: Decimal, reached: Paid) -> Step:
    if reached is Paid.MORE:
        return step("PAY-6", "paid_more", paid=paid, value=policy.value, excess=excess)
    saying = "paid_full" if reached is Paid.FULL else "paid_less"
    return step("POL-4", saying, paid=paid, value=policy.value)
