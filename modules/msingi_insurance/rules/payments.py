"""Contributions and payments: instalments, receipts, payers, sharing, matching, states (PAY-1..PAY-7, POL-7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Final

from msingi_insurance.rules.amounts import ZERO, share_out
from msingi_insurance.rules.refusals import (
    AmountInvalid,
    NothingToPay,
    PayerNotAllowedHere,
    PaymentStepRefused,
    RefundRefused,
    TooManyInstalments,
)

MAX_RECEIPT: Final = 50


@dataclass(frozen=True, slots=True)
class Owed:
    """What a policy costs and what was paid for that policy alone (PAY-5)."""

    policy: str
    value: Decimal
    paid: Decimal

    @property
    def remaining(self) -> Decimal:
        """Value less the premiums of this policy, never below zero."""
        return max(ZERO, self.value - self.paid)


@dataclass(frozen=True, slots=True)
class Distribution:
    """The share of each policy, in the order given, and what is left over for the family's credit (PAY-6)."""

    shares: tuple[Decimal, ...]
    excess: Decimal


def check_instalment(amount: Decimal, *, premiums_before: int, most: int | None) -> None:
    """Refuse an amount of nothing and a premium beyond the instalments of the product (PAY-2)."""
    if amount <= 0:
        raise AmountInvalid
    if most is not None and premiums_before >= most:
        raise TooManyInstalments(most=most)


def check_payer(payer_place: str | None, product_path: Sequence[str]) -> None:
    """Refuse a payer whose place is neither national nor on the product's path, country down to its place (PAY-1)."""
    if payer_place is not None and payer_place not in product_path:
        raise PayerNotAllowedHere


def distribute(amount: Decimal, owed: Sequence[Owed], *, unit: Decimal) -> Distribution:
    """Share one payment over policies by what each still owes; the shares and the excess add up to it exactly (PAY-5).

    ``unit`` is the smallest amount of the currency. Nothing is shared by what others already paid in full.
    """
    if amount <= 0:
        raise AmountInvalid
    remaining = [policy.remaining for policy in owed]
    total = sum(remaining, ZERO)
    if not total:
        raise NothingToPay
    if amount >= total:
        return Distribution(tuple(remaining), amount - total)
    return Distribution(share_out(amount, remaining, unit=unit), ZERO)


def automatic_receipt(product: str, on: date, sequence: int) -> str:
    """The receipt number of a premium that came without one: ``RE-product-date-sequence`` (POL-7)."""
    return f"RE-{product}-{on:%Y%m%d}-{sequence}"


def check_refund(amount: Decimal, *, left: Decimal) -> None:
    """Refuse a refund of nothing, or of more than is left of a payment (PAY-6)."""
    if not ZERO < amount <= left:
        raise RefundRefused(most=left)


class IntentResult(IntEnum):
    """The answer to an intent to pay (PAY-3)."""

    OK = 0
    WRONG_NUMBER_FORMAT = 1
    INVALID_NUMBER_OR_NO_PRODUCT = 2
    INVALID_OFFICER = 3
    OFFICER_AND_PRODUCT = 4
    NO_PRODUCT_TO_RENEW = 5
    NUMBER_MISSING = 6
    NOT_ENROLLED = 7
    REFERENCE_ASSIGNED = 8


class MatchError(IntEnum):
    """Why a detail of a payment finds no policy (PAY-4)."""

    NUMBER_MISSING = 101
    PRODUCT_MISSING = 102
    INSUREE_UNKNOWN = 103
    NO_POLICY = 104
    PRODUCT_NOT_HERE = 105
    PRODUCT_NOT_NOW = 106
    OFFICER_UNKNOWN = 107
    OFFICER_ELSEWHERE = 108
    NO_PREMIUM = 109


class ReceivingResult(IntEnum):
    """The answer to a notice of payment (PAY-7)."""

    OK = 0
    WRONG_DATE = 1
    WRONG_INPUT = 2
    WRONG_REFERENCE = 3
    WRONG_AMOUNT = 4
    DUPLICATE = 5
    NO_OFFICER = 6
    NO_PRODUCT = 7
    NO_POLICY_TO_RENEW = 8
    UNKNOWN_TYPE = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentFacts:
    """What the registers say of one detail of an intent to pay."""

    number: str
    number_valid: bool
    insuree_known: bool
    product_known: bool
    product_on_sale: bool
    officer_working: bool
    officer_serves_place: bool
    renewal: bool
    enrolled: bool
    has_policy_to_renew: bool
    reference_assigned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchFacts:
    """What the registers say of one detail of a payment that looks for its policy.

    ``officer_serves_place`` is None when the payment names no officer.
    """

    number: str
    product: str
    insuree_known: bool
    has_policy: bool
    product_allowed_here: bool
    product_valid: bool
    officer_known: bool = True
    officer_serves_place: bool | None = None
    has_premium: bool = True


def judge_intent(facts: IntentFacts) -> IntentResult:
    """The first code that applies to an intent to pay (PAY-3)."""
    judged = (
        (facts.reference_assigned, IntentResult.REFERENCE_ASSIGNED),
        (not facts.number.strip(), IntentResult.NUMBER_MISSING),
        (not facts.number_valid, IntentResult.WRONG_NUMBER_FORMAT),
        (not (facts.insuree_known and facts.product_known), IntentResult.INVALID_NUMBER_OR_NO_PRODUCT),
        (not facts.officer_working, IntentResult.INVALID_OFFICER),
        (not (facts.officer_serves_place and facts.product_on_sale), IntentResult.OFFICER_AND_PRODUCT),
        (facts.renewal and not facts.has_policy_to_renew, IntentResult.NO_PRODUCT_TO_RENEW),
        (not facts.renewal and not facts.enrolled, IntentResult.NOT_ENROLLED),
    )
    return next((code for applies, code in judged if applies), IntentResult.OK)


def judge_match(facts: MatchFacts) -> tuple[MatchError, ...]:
    """Every reason why a detail does not match, lowest code first; what follows from another is not told (PAY-4, D-32)."""
    named = bool(facts.number.strip())
    judged = (
        (not named, MatchError.NUMBER_MISSING),
        (not facts.product.strip(), MatchError.PRODUCT_MISSING),
        (named and not facts.insuree_known, MatchError.INSUREE_UNKNOWN),
        (facts.insuree_known and not facts.has_policy, MatchError.NO_POLICY),
        (not facts.product_allowed_here, MatchError.PRODUCT_NOT_HERE),
        (not facts.product_valid, MatchError.PRODUCT_NOT_NOW),
        (not facts.officer_known, MatchError.OFFICER_UNKNOWN),
        (facts.officer_known and facts.officer_serves_place is False, MatchError.OFFICER_ELSEWHERE),
        (facts.has_policy and not facts.has_premium, MatchError.NO_PREMIUM),
    )
    return tuple(code for applies, code in judged if applies)


class PaymentState(StrEnum):
    """Where a payment stands (PAY-7)."""

    WRONG_FORMAT = "wrong_format"
    UNKNOWN_REFERENCE = "unknown_reference"
    WRONG_AMOUNT = "wrong_amount"
    NOT_CONFIRMED = "not_confirmed"
    POSTED = "posted"
    REFERENCE_ASSIGNED = "reference_assigned"
    UNMATCHED = "unmatched"
    MATCHED = "matched"


PAYMENT_CODES: Final[Mapping[PaymentState, int]] = MappingProxyType(
    {
        PaymentState.WRONG_FORMAT: -1,
        PaymentState.UNKNOWN_REFERENCE: -2,
        PaymentState.WRONG_AMOUNT: -3,
        PaymentState.NOT_CONFIRMED: 1,
        PaymentState.POSTED: 2,
        PaymentState.REFERENCE_ASSIGNED: 3,
        PaymentState.UNMATCHED: 4,
        PaymentState.MATCHED: 5,
    }
)
"""The numbers that trained staff and exchanged files know."""


class PaymentStep(StrEnum):
    """What happens to a payment."""

    POST = "post"
    ASSIGN_REFERENCE = "assign_reference"
    RECEIVE = "receive"
    REJECT = "reject"
    MATCH = "match"


_P: Final = PaymentState
_REJECTIONS: Final = frozenset({_P.WRONG_FORMAT, _P.UNKNOWN_REFERENCE, _P.WRONG_AMOUNT})
PAYMENT_STEPS: Final[Mapping[PaymentStep, tuple[frozenset[PaymentState], frozenset[PaymentState]]]] = (
    MappingProxyType(
        {
            PaymentStep.POST: (frozenset({_P.NOT_CONFIRMED}), frozenset({_P.POSTED})),
            PaymentStep.ASSIGN_REFERENCE: (frozenset({_P.POSTED}), frozenset({_P.REFERENCE_ASSIGNED})),
            PaymentStep.REJECT: (
                frozenset({_P.NOT_CONFIRMED, _P.POSTED, _P.REFERENCE_ASSIGNED}),
                _REJECTIONS,
            ),
            PaymentStep.RECEIVE: (
                frozenset({_P.NOT_CONFIRMED, _P.POSTED, _P.REFERENCE_ASSIGNED}),
                frozenset({_P.UNMATCHED}),
            ),
            PaymentStep.MATCH: (frozenset({_P.UNMATCHED}), frozenset({_P.MATCHED})),
        }
    )
)
"""From which states each step leads to which; whatever is not here is refused (PAY-7)."""


def check_payment_step(state: PaymentState, taken: PaymentStep, target: PaymentState) -> PaymentState:
    """The state after a step; refuses a step or a target that the table does not have."""
    sources, targets = PAYMENT_STEPS[taken]
    if state not in sources or target not in targets:
        raise PaymentStepRefused(state=state.value, step=taken.value)
    return target
