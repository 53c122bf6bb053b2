"""Payment references: asked from gateways once each, reconciled when they stay silent (PG-6, F29)."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select, update

from msingi.errors import NotFound
from msingi.money import Money
from msingi.sayings import LISTED, Saying
from msingi.work import Work
from msingi_insurance.models.payments import Payment, PaymentReference
from msingi_insurance.models.product import Product
from msingi_insurance.payment_errors import ReferenceStepRefused, UnknownGateway
from msingi_insurance.payment_events import ReferenceIssued
from msingi_insurance.payment_hooks import GatewaySilent, PaymentHooks
from msingi_insurance.payment_settings import GatewaySettings, PaymentSettings
from msingi_insurance.rules.payments import PaymentState, PaymentStep, check_payment_step
from msingi_insurance.rules.references import (
    STEP_OF,
    UNANSWERED,
    Answer,
    Bill,
    GatewayAnswer,
    ReferenceState,
    ReferenceStep,
    next_state,
)
from msingi_insurance.settings import InsuranceSettings

AT_ONCE: Final = 100
"""References that one run of a job carries to their gateways."""
_LONGEST_NAME: Final = 32
"""Characters of a gateway's name that a refusal repeats."""


@dataclass(frozen=True, slots=True)
class AskedReference:
    """What a new reference is asked for."""

    gateway: str
    product: Product | None
    jurisdiction_id: UUID
    amount: Money | None = None
    officer_id: UUID | None = None
    insuree_number: str = ""


def payment_settings(work: Work) -> PaymentSettings:
    """The settings of payments."""
    return work.settings(InsuranceSettings).payments


def gateway_settings(work: Work, gateway: str) -> GatewaySettings:
    """The settings of a gateway.

    Raises:
        UnknownGateway: there is none of this name.

    """
    gateways = payment_settings(work).gateways
    found = gateways.get(gateway)
    if found is None:
        raise UnknownGateway(gateway=gateway[:_LONGEST_NAME], known=_told_known(gateways))
    return found


def ask_for_reference(
    work: Work,
    gateway: str,
    *,
    jurisdiction_id: UUID,
    amount: Money,
    officer_id: UUID | None,
    insuree_number: str,
) -> PaymentReference:
    """Make a request for a number of its own; it leaves after the commit, exactly once.

    Raises:
        UnknownGateway: the settings have no such gateway.

    """
    asked = AskedReference(gateway, None, jurisdiction_id, amount, officer_id, insuree_number)
    reference = work.add(PaymentReference(**reference_values(work, asked), assigned_on=work.today()))
    work.session.flush()
    send_soon(work)
    return reference


def waiting_references(work: Work) -> list[PaymentReference]:
    """Requests that have not left yet, marked as sent: from now on they are asked for, never sent again (F29)."""
    statement = (
        select(PaymentReference)
        .where(PaymentReference.state == ReferenceState.REQUESTED)
        .order_by(PaymentReference.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    references = list(work.session.scalars(statement))
    for reference in references:
        _take_step(reference, ReferenceStep.SEND)
        reference.sent_at = work.now()
    work.session.flush()
    return references


def silent_references(work: Work) -> list[PaymentReference]:
    """Requests that a gateway has not answered for a while (F29)."""
    since = work.now() - timedelta(minutes=payment_settings(work).silence_minutes)
    statement = (
        select(PaymentReference)
        .where(
            PaymentReference.state.in_(UNANSWERED),
            PaymentReference.sent_at <= since,
            or_(PaymentReference.asked_at.is_(None), PaymentReference.asked_at <= since),
        )
        .order_by(PaymentReference.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    references = list(work.session.scalars(statement))
    for reference in references:
        reference.asked_at = work.now()
    work.session.flush()
    return references


def bills_of(references: Iterable[PaymentReference]) -> list[Bill]:
    """What gateways are told about references."""
    return [
        Bill(
            id=reference.id,
            gateway=reference.gateway,
            currency=reference.currency,
            amount=reference.amount.amount if reference.amount else None,
            description=f"contribution {reference.id}",
            expires_on=reference.expires_on,
        )
        for reference in references
    ]


def send_bills(work: Work, bills: Sequence[Bill]) -> dict[UUID, GatewayAnswer]:
    """Send requests, outside of any transaction; silence is an answer too."""
    ask = work.ask(PaymentHooks.request_reference)
    return {bill.id: _answer_of(ask, work, bill) for bill in bills}


def ask_bills(work: Work, bills: Sequence[Bill]) -> dict[UUID, GatewayAnswer]:
    """Ask what became of requests, outside of any transaction."""
    ask = work.ask(PaymentHooks.ask_reference)
    return {bill.id: _answer_of(ask, work, bill) for bill in bills}


def take_answers(work: Work, answers: dict[UUID, GatewayAnswer]) -> int:
    """Bring answers of gateways into the life of their references; returns how many numbers came."""
    statement = select(PaymentReference).where(PaymentReference.id.in_(answers)).with_for_update()
    issued = 0
    options = {"populate_existing": True}
    for reference in work.session.scalars(statement, execution_options=options).all():
        issued += _take_answer(work, reference, answers[reference.id])
    work.session.flush()
    return issued


def cancel_reference(work: Work, reference_id: UUID) -> PaymentReference:
    """Cancel a number that nobody paid; a gateway that has it must agree.

    Raises:
        NotFound: it is not visible.
        ReferenceStepRefused: it was paid, or the gateway does not agree.

    """
    reference = work.session.get(PaymentReference, reference_id, with_for_update=True, populate_existing=True)
    if reference is None:
        raise NotFound(type="PaymentReference")
    state = reference.state
    if next_state(state, ReferenceStep.CANCEL) is None:
        raise ReferenceStepRefused(state=state.value, step=ReferenceStep.CANCEL.value)
    if state is ReferenceState.ISSUED:
        (bill,) = bills_of([reference])
        ask = work.ask(PaymentHooks.cancel_reference)
        agreed = ask(work=work, bill=bill, number=reference.number or "")
        if not any(agreed):
            raise ReferenceStepRefused(state=state.value, step=ReferenceStep.CANCEL.value)
    _take_step(reference, ReferenceStep.CANCEL)
    work.session.flush()
    return reference


def expire_references(work: Work) -> int:
    """End references whose last day is over, so that nothing is pending for ever (PG-6)."""
    states = [state for state in ReferenceState if next_state(state, ReferenceStep.EXPIRE)]
    statement = (
        update(PaymentReference)
        .where(PaymentReference.state.in_(states), PaymentReference.expires_on < work.today())
        .values(state=ReferenceState.EXPIRED, version=PaymentReference.version + 1)
    )
    result = work.session.execute(statement)
    return int(getattr(result, "rowcount", 0))


def pay_reference(reference: PaymentReference) -> bool:
    """Mark a reference as paid; a late payment of an expired one counts (HC-13). False when it cannot be paid."""
    if next_state(reference.state, ReferenceStep.PAY) is None:
        return False
    _take_step(reference, ReferenceStep.PAY)
    return True


def reference_values(work: Work, asked: AskedReference) -> dict[str, object]:
    """The values of a new reference."""
    days = gateway_settings(work, asked.gateway).valid_days
    return {
        "jurisdiction_id": asked.jurisdiction_id,
        "gateway": asked.gateway,
        "product_id": asked.product.id if asked.product else None,
        "state": ReferenceState.REQUESTED,
        "amount_minor": asked.amount.minor if asked.amount else None,
        "currency": work.platform.profile.currency,
        "officer_id": asked.officer_id,
        "insuree_number": asked.insuree_number,
        "requested_at": work.now(),
        "expires_on": work.today() + timedelta(days=days),
    }


def send_soon(work: Work) -> None:
    """Have the requests leave after the commit."""
    work.enqueue("insurance.send_references", key="insurance.send_references")


def _told_known(gateways: Collection[str]) -> Saying:
    if not gateways:
        return Saying("the settings name none")
    return Saying("known are {gateways}", {"gateways": LISTED.join(sorted(gateways))})


def _answer_of(ask: Callable[..., Sequence[GatewayAnswer | None]], work: Work, bill: Bill) -> GatewayAnswer:
    """The answer of the plugin that speaks with the gateway; without an answer the outcome is unknown."""
    try:
        answers = [answer for answer in ask(work=work, bill=bill) if answer is not None]
    except (GatewaySilent, OSError):
        return GatewayAnswer(Answer.UNKNOWN)
    return answers[0] if answers else GatewayAnswer(Answer.UNKNOWN, code="no gateway")


def _take_answer(work: Work, reference: PaymentReference, answer: GatewayAnswer) -> int:
    reference.code = answer.code[:40]
    step = STEP_OF[answer.answer]
    if step is None or next_state(reference.state, step) is None:
        return 0
    _take_step(reference, step)
    if step is ReferenceStep.REJECT:
        _move_payments(work, reference, PaymentStep.REJECT, PaymentState.WRONG_FORMAT)
    if step is not ReferenceStep.ISSUE:
        return 0
    reference.number, reference.issued_at = answer.number, work.now()
    _move_payments(work, reference, PaymentStep.ASSIGN_REFERENCE, PaymentState.REFERENCE_ASSIGNED)
    work.emit(ReferenceIssued(reference_id=reference.id))
    return 1


def _move_payments(work: Work, reference: PaymentReference, step: PaymentStep, state: PaymentState) -> None:
    """Payments that waited for the number have it now (state 3), or end because the gateway refuses it (-1, PAY-7)."""
    waiting = select(Payment).where(
        Payment.reference_id == reference.id, Payment.state == PaymentState.POSTED
    )
    for payment in work.session.scalars(waiting):
        payment.state = check_payment_step(payment.state, step, state)
        payment.reference_number = reference.number or ""


def _take_step(reference: PaymentReference, step: ReferenceStep) -> None:
    following = next_state(reference.state, step)
    if following is None:
        raise ReferenceStepRefused(state=reference.state.value, step=step.value)
    reference.state = following
    if step is ReferenceStep.LOSE:
        reference.sent_at = reference.asked_at = None
