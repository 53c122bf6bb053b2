"""GraphQL operations on payments, references and statements."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from msingi.money import Money
from msingi.work import Work
from msingi_insurance.models.payments import Payment, PaymentDetail, PaymentReference, Statement
from msingi_insurance.plugin import (
    APPROVE_STATEMENTS,
    MATCH_PAYMENTS,
    READ_PAYMENTS,
    RECONCILE_PAYMENTS,
    REQUEST_REFERENCES,
    plugin,
)
from msingi_insurance.rules.payments import PaymentState
from msingi_insurance.services import (
    control_numbers,
    payment_intents,
    payment_matching,
    references,
    statements,
)
from msingi_insurance.services.control_numbers import TakenNumber
from msingi_insurance.services.payment_intents import PaymentIntent

plugin.expose(
    PaymentReference,
    *("id", "gateway", "product_id", "number", "state", "code", "amount", "officer_id", "insuree_number"),
    *("assigned_on", "requested_at", "sent_at", "issued_at", "expires_on", "jurisdiction_id", "version"),
    allow=READ_PAYMENTS,
)
plugin.expose(
    PaymentDetail,
    *("id", "position", "insuree_number", "product_code", "stage", "expected", "policy_id", "premium_id"),
    "error",
    allow=READ_PAYMENTS,
)
plugin.expose(
    Payment,
    *("id", "state", "gateway", "transaction", "reference_id", "reference_number", "reference", "officer_id"),
    *("expected", "received", "pay_date", "pay_type", "result", "received_at", "matched_at", "matched_by"),
    *("transaction_id", "jurisdiction_id", "version"),
    allow=READ_PAYMENTS,
)
plugin.expose(
    Statement,
    *("id", "gateway", "day", "made_at", "made_by", "listed", "matched", "missing", "extra", "different"),
    *("approved_by", "approved_at", "version"),
    allow=READ_PAYMENTS,
)


@dataclass(frozen=True, slots=True)
class StatementDifference:
    """A line of a statement that does not agree with our payments."""

    kind: str = field(metadata={"doc": "missing with us, different amount, or extra with us."})
    transaction: str = field(metadata={"doc": "Transaction of the gateway or bank."})
    amount: str = field(metadata={"doc": "Its amount and currency."})
    day: str = field(metadata={"doc": "Its day."})
    number: str = field(metadata={"doc": "The reference that it names, if any."})


@plugin.connection(
    Payment,
    allow=READ_PAYMENTS,
    where=("state", "gateway", "transaction", "reference_number", "officer_id", "pay_date", "result"),
    order=("id",),
)
def payments(work: Work) -> Select[Payment]:  # noqa: ARG001 - the contract of a list
    """Payments, expected and received."""
    return select(Payment)


@plugin.connection(
    Payment, allow=MATCH_PAYMENTS, where=("gateway", "pay_date", "reference_number"), order=("id",)
)
def unmatched_payments(work: Work) -> Select[Payment]:  # noqa: ARG001 - the contract of a list
    """Money in suspense that waits for somebody to find its policies."""
    return select(Payment).where(Payment.state == PaymentState.UNMATCHED)


@plugin.connection(
    PaymentReference,
    allow=READ_PAYMENTS,
    where=("gateway", "product_id", "number", "state", "officer_id", "insuree_number", "expires_on"),
    order=("id", "expires_on"),
)
def payment_references(work: Work) -> Select[PaymentReference]:  # noqa: ARG001 - the contract of a list
    """Payment references."""
    return select(PaymentReference)


@plugin.connection(Statement, allow=RECONCILE_PAYMENTS, where=("gateway", "day"), order=("id", "day"))
def payment_statements(work: Work) -> Select[Statement]:  # noqa: ARG001 - the contract of a list
    """Statements that were compared."""
    return select(Statement)


@plugin.extend(Payment, allow=READ_PAYMENTS, name="details")
def details_of_payments(parents: Sequence[Payment], work: Work) -> dict[UUID, list[PaymentDetail]]:
    """The policies that it is for."""
    return work.children(PaymentDetail.payment_id, parents, order_by=PaymentDetail.position)


@plugin.extend(Statement, allow=RECONCILE_PAYMENTS)
def differences(parents: Sequence[Statement], work: Work) -> dict[UUID, list[StatementDifference]]:
    """What does not agree."""
    rows = work.by_ids(Statement, [parent.id for parent in parents])
    return {key: [StatementDifference(**line) for line in row.lines] for key, row in rows.items()}


@plugin.mutation(allow=REQUEST_REFERENCES)
def prepare_payment(work: Work, input: PaymentIntent) -> Payment:  # noqa: A002 - the name that callers see
    """Check what is to be paid and ask for the reference under which to pay it."""
    return payment_intents.prepare_payment(work, input)


@plugin.mutation(allow=REQUEST_REFERENCES)
def take_reference(work: Work, product_id: UUID, officer_id: UUID) -> TakenNumber:
    """Take the next free number of a product's pool for an officer who works offline."""
    return control_numbers.take_number(work, product_id, officer_id=officer_id)


@plugin.mutation(allow=REQUEST_REFERENCES)
def assign_reference(
    work: Work, gateway: str, number: str, insuree_number: str, officer_id: UUID | None = None
) -> int:
    """Give a number to a family: 0 done, 1 cannot be assigned, 2 somebody else has it."""
    done = control_numbers.assign_number(
        work, number, gateway=gateway, insuree_number=insuree_number, officer_id=officer_id
    )
    return int(done)


@plugin.mutation(allow=REQUEST_REFERENCES)
def cancel_reference(work: Work, id: UUID) -> PaymentReference:  # noqa: A002 - the name that callers see
    """Cancel a reference that nobody paid."""
    return references.cancel_reference(work, id)


@plugin.mutation(allow=MATCH_PAYMENTS)
def match_payment(work: Work, id: UUID, policy_ids: list[UUID]) -> Payment:  # noqa: A002
    """Share money in suspense over policies that somebody found for it."""
    return payment_matching.match_by_hand(work, id, policy_ids)


@plugin.mutation(allow=APPROVE_STATEMENTS)
def approve_statement(work: Work, id: UUID) -> Statement:  # noqa: A002 - the name that callers see
    """Receive the money that a statement lists and that no notice told of."""
    return statements.approve_statement(work, id)


@plugin.mutation(allow=RECONCILE_PAYMENTS)
def settle_gateway(work: Work, gateway: str, amount: Money, day: date, slip: str) -> UUID:
    """Book what a gateway paid into the bank account; returns the transaction in the ledger."""
    return statements.settle_gateway(work, gateway, amount, day=day, slip=slip)
