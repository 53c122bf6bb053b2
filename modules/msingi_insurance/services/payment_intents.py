"""Intents to pay: checked, priced, and given the reference under which the money will come (PAY-3)."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from msingi.errors import NotFound
from msingi.money import Money
from msingi.work import Work
from msingi_insurance.errors import (
    AlreadyRenewed,
    NobodyToCover,
    NotStartedHere,
    ProductNotSold,
    RenewalTooEarly,
)
from msingi_insurance.models.field_staff import Officer
from msingi_insurance.models.payments import Payment, PaymentDetail
from msingi_insurance.payment_errors import IntentRefused
from msingi_insurance.rules.numbers import NumberCode
from msingi_insurance.rules.payments import (
    IntentFacts,
    IntentResult,
    PaymentState,
    PaymentStep,
    check_payment_step,
    judge_intent,
)
from msingi_insurance.rules.refusals import PolicyStepRefused
from msingi_insurance.rules.states import PayType, Stage
from msingi_insurance.services.payment_lookup import Found, Named, find_named
from msingi_insurance.services.payment_renewals import renewal_value
from msingi_insurance.services.references import ask_for_reference, payment_settings
from msingi_insurance.settings import InsuranceSettings

MOST_LINES: Final = 20
NOT_RENEWABLE: Final = (
    PolicyStepRefused,
    AlreadyRenewed,
    RenewalTooEarly,
    ProductNotSold,
    NotStartedHere,
    NobodyToCover,
)
"""Why a policy is not renewed on a day; the renewal that the money would make is refused for the same."""


class IntentLine(BaseModel):
    """One policy that is to be paid."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    insuree_number: str = Field(max_length=50, description="Insurance number of somebody of the family.")
    product_code: str = Field(max_length=8, description="Code of the product.")
    stage: Stage = Field(default=Stage.NEW, description="N pays a policy that exists, R renews the last one.")


class PaymentIntent(BaseModel):
    """What somebody wants to pay, and through which gateway."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lines: list[IntentLine] = Field(
        min_length=1, max_length=MOST_LINES, description="The policies to be paid, 1 to 20."
    )
    officer_id: UUID | None = Field(default=None, description="The officer who asks.")
    gateway: str = Field(default="", max_length=32, description="The gateway; left out: the usual one.")
    pay_type: PayType = Field(default=PayType.MOBILE, description="How it will be paid.")


def prepare_payment(work: Work, intent: PaymentIntent) -> Payment:
    """Check an intent, price its policies, and ask for the reference under which to pay.

    Raises:
        IntentRefused: carries the first code of PAY-3 that applies to a line.
        UnknownGateway: the settings have no such gateway.

    """
    lines = [Named(line.insuree_number.strip(), line.product_code.strip()) for line in intent.lines]
    found = find_named(work, lines, officer_id=intent.officer_id)
    if intent.officer_id and not _is_known(work, found):
        raise IntentRefused(result=int(IntentResult.INVALID_OFFICER))
    expected = [_checked(work, line, named, found) for line, named in zip(intent.lines, lines, strict=True)]
    payment = _payment(work, intent, found, lines, expected)
    _add_details(work, payment, intent.lines, lines, found, expected)
    return payment


def _is_known(work: Work, found: Found) -> bool:
    """Whether the officer serves a place of the lines, or is one whom the caller may see (attack 15)."""
    officer = found.officer
    return officer is not None and (bool(found.served) or work.covers(work.scope, officer.jurisdiction_id))


def _checked(work: Work, line: IntentLine, named: Named, found: Found) -> int:
    """What a line costs.

    Raises:
        IntentRefused: it cannot be paid.

    """
    expected = _expected(work, line, named, found)
    result = judge_intent(_facts(work, line, named, found, is_priced=expected is not None))
    if result is not IntentResult.OK or expected is None:
        raise IntentRefused(result=int(result))
    return expected


def _facts(work: Work, line: IntentLine, named: Named, found: Found, *, is_priced: bool) -> IntentFacts:
    today = work.today()
    product = found.products.get(named.product_code)
    renewal = line.stage is Stage.RENEWAL
    return IntentFacts(
        number=named.insuree_number,
        number_valid=_has_form(work, named.insuree_number),
        insuree_known=named.insuree_number in found.insurees,
        product_known=product is not None,
        product_on_sale=product is not None and _on_sale(product.date_from, product.date_to, today),
        officer_working=found.officer is None or _works(found.officer, today),
        officer_serves_place=found.officer_serves(named) is not False and found.allowed_here(named, today),
        renewal=renewal,
        enrolled=not renewal and is_priced,
        has_policy_to_renew=renewal and is_priced,
    )


def _has_form(work: Work, number: str) -> bool:
    return work.settings(InsuranceSettings).number_scheme().check(number) is NumberCode.VALID


def _on_sale(first: date, last: date | None, day: date) -> bool:
    return first <= day <= (last or date.max)


def _works(officer: Officer, day: date) -> bool:
    return officer.works_to is None or day <= officer.works_to


def _expected(work: Work, line: IntentLine, named: Named, found: Found) -> int | None:
    """What the policy still costs, or what its renewal will be quoted at (D-27); None when there is nothing to pay for."""
    if line.stage is Stage.NEW:
        running = found.payable(named, work.today())
        return None if running is None else running.remaining_minor
    policies = found.policies_of(named)
    if not policies:
        return None
    try:
        return renewal_value(work, policies[0].policy, on=work.today()).minor
    except NOT_RENEWABLE:
        return None


def _payment(
    work: Work, intent: PaymentIntent, found: Found, lines: Sequence[Named], expected: Sequence[int]
) -> Payment:
    total = sum(expected)
    if not total:
        raise IntentRefused(result=int(IntentResult.NOT_ENROLLED))
    currency = work.platform.profile.currency
    place = _place(found, lines)
    work.check_places({place})
    gateway = intent.gateway or payment_settings(work).default_gateway
    reference = ask_for_reference(
        work,
        gateway,
        jurisdiction_id=place,
        amount=Money.from_minor(total, currency),
        officer_id=intent.officer_id,
        insuree_number=lines[0].insuree_number,
    )
    state = check_payment_step(PaymentState.NOT_CONFIRMED, PaymentStep.POST, PaymentState.POSTED)
    payment = work.add(
        Payment(
            jurisdiction_id=place,
            state=state,
            gateway=gateway,
            reference_id=reference.id,
            officer_id=intent.officer_id,
            currency=currency,
            expected_minor=total,
            pay_type=intent.pay_type,
        )
    )
    work.session.flush()
    return payment


def _place(found: Found, lines: Sequence[Named]) -> UUID:
    """The place of the first insuree."""
    insuree = found.insurees.get(lines[0].insuree_number)
    if insuree is None:
        raise NotFound(type="Insuree")
    return insuree.jurisdiction_id


def _add_details(
    work: Work,
    payment: Payment,
    given: Sequence[IntentLine],
    lines: Sequence[Named],
    found: Found,
    expected: Sequence[int],
) -> None:
    rows = []
    for position, (line, named, minor) in enumerate(zip(given, lines, expected, strict=True), start=1):
        running = found.payable(named, work.today()) if line.stage is Stage.NEW else None
        rows.append(
            {
                "jurisdiction_id": payment.jurisdiction_id,
                "payment_id": payment.id,
                "position": position,
                "insuree_number": named.insuree_number,
                "product_code": named.product_code,
                "stage": line.stage,
                "expected_minor": minor,
                "currency": payment.currency,
                "policy_id": running.policy.id if running else None,
            }
        )
    work.insert_rows(PaymentDetail, rows)
