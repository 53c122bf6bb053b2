"""Bills, payments and accounts of facilities over GraphQL (BAT-6, TZA-16)."""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Select, select

from msingi.graphql.scalars import Text
from msingi.money import Money
from msingi.work import Work
from msingi_claims.models.payment import (
    BatchRun,
    Bill,
    BillLine,
    FacilityAccount,
    FacilityPayment,
    PaymentOrder,
    RelativeIndex,
)
from msingi_claims.plugin import (
    APPROVE_ACCOUNTS,
    APPROVE_PAYMENTS,
    PREPARE_PAYMENTS,
    PROPOSE_ACCOUNTS,
    READ_PAYMENTS,
    RUN_BATCHES,
    plugin,
)
from msingi_claims.rules.bills import BankOutcome
from msingi_claims.services import batches, facility_accounts, payments, settling
from msingi_claims.services.answer_checks import BankAnswer

plugin.expose(
    BatchRun, "id", "year", "month", "claims", "bills", "amount", "run_at", "run_by", allow=READ_PAYMENTS
)
plugin.expose(
    RelativeIndex,
    *("id", "product_id", "care", "year", "period", "part", "allocated", "nominal", "percentage", "value"),
    allow=READ_PAYMENTS,
)
plugin.expose(
    Bill,
    *(
        "id",
        "code",
        "kind",
        "state",
        "claims",
        "amount",
        "account",
        "issued_on",
        "batch_id",
        "product_id",
        "order_id",
    ),
    *("facility_id", "transaction_id", "version"),
    allow=READ_PAYMENTS,
)
plugin.expose(BillLine, "id", "bill_id", "claim_id", "amount", allow=READ_PAYMENTS)
plugin.expose(
    FacilityPayment,
    *("id", "code", "state", "orders", "amount", "due_on", "made_at", "made_by", "approved_at"),
    *("approved_by", "sent_at", "settled_at", "version"),
    allow=READ_PAYMENTS,
)
plugin.expose(
    PaymentOrder,
    *("id", "payment_id", "facility_id", "reference", "state", "amount", "answered_on", "failure"),
    *("transaction_id",),
    allow=READ_PAYMENTS,
)
plugin.expose(
    FacilityAccount,
    *("id", "facility_id", "holder", "bank", "number", "proposed_at", "approved_at", "version"),
    allow=READ_PAYMENTS,
    guarded={"number": APPROVE_ACCOUNTS},
)


class BankAnswerInput(BaseModel):
    """What the bank says of one order."""

    model_config = ConfigDict(frozen=True)

    reference: Text = Field(description="Reference of the order.")
    outcome: BankOutcome = Field(description="Paid, failed, not known yet, or returned.")
    day: date = Field(description="Day of the answer.")
    amount: Money | None = Field(
        default=None, description="What was paid or came back; left out, what was ordered."
    )
    reason: Text | None = Field(default=None, description="Why it was not paid.")


@dataclass(frozen=True, slots=True)
class PreparedPayment:
    """A new payment, and what it could not include."""

    payment: FacilityPayment = field(metadata={"doc": "The payment: a draft that somebody else approves."})
    without_account: list[str] = field(
        metadata={"doc": "Codes of facilities that wait because no account of theirs is approved."}
    )


@plugin.connection(BatchRun, allow=READ_PAYMENTS, where=("year", "month"), order=("id",))
def batch_runs(work: Work) -> Select[BatchRun]:  # noqa: ARG001 - the contract of a list
    """Batch runs."""
    return select(BatchRun)


@plugin.connection(RelativeIndex, allow=READ_PAYMENTS, where=("product_id", "year"), order=("id",))
def relative_indexes(work: Work) -> Select[RelativeIndex]:  # noqa: ARG001
    """Indexes of relative prices."""
    return select(RelativeIndex)


@plugin.connection(
    Bill,
    allow=READ_PAYMENTS,
    where=("state", "kind", "facility_id", "product_id", "batch_id"),
    order=("id", "code"),
)
def bills(work: Work) -> Select[Bill]:  # noqa: ARG001
    """What facilities are owed for a product and a month."""
    return select(Bill)


@plugin.connection(BillLine, allow=READ_PAYMENTS, where=("claim_id",), order=("id",))
def bill_lines(work: Work, bill_id: UUID) -> Select[BillLine]:
    """The claims that a bill pays."""
    work.get(Bill, bill_id)
    return select(BillLine).where(BillLine.bill_id == bill_id)


@plugin.connection(
    FacilityPayment, allow=READ_PAYMENTS, where=("state", "code"), order=("id",), name="facility_payments"
)
def payments_of_facilities(work: Work) -> Select[FacilityPayment]:  # noqa: ARG001
    """Payments of regions to their facilities."""
    return select(FacilityPayment)


@plugin.connection(
    PaymentOrder, allow=READ_PAYMENTS, where=("payment_id", "facility_id", "state"), order=("reference",)
)
def payment_orders(work: Work) -> Select[PaymentOrder]:  # noqa: ARG001
    """Orders to pay facilities."""
    return select(PaymentOrder)


@plugin.connection(
    FacilityAccount, allow=READ_PAYMENTS, where=("facility_id",), order=("id",), name="facility_accounts"
)
def accounts_of_facilities(work: Work) -> Select[FacilityAccount]:  # noqa: ARG001
    """Accounts of facilities, proposed and approved."""
    return select(FacilityAccount)


@plugin.mutation(allow=RUN_BATCHES)
def run_batch(
    work: Work,
    place_id: UUID,
    year: Annotated[int, Field(ge=2000, le=2200)],
    month: Annotated[int, Field(ge=1, le=12)],
    *,
    confirm_zero: bool = False,
) -> BatchRun:
    """Run the batch of a month for the products of a place: indexes, capitation and bills, once."""
    return batches.run_batch(work, place_id, year, month, confirm_zero=confirm_zero)


@plugin.mutation(allow=RUN_BATCHES)
def queue_batch(
    work: Work,
    place_id: UUID,
    year: Annotated[int, Field(ge=2000, le=2200)],
    month: Annotated[int, Field(ge=1, le=12)],
    *,
    confirm_zero: bool = False,
) -> UUID:
    """Run the batch of a month as a job, for places with many claims; returns the job."""
    return batches.queue_batch(work, place_id, year, month, confirm_zero=confirm_zero)


@plugin.mutation(allow=PROPOSE_ACCOUNTS)
def propose_facility_account(
    work: Work,
    facility_id: UUID,
    holder: Annotated[Text, Field(max_length=140)],
    bank: Annotated[Text, Field(max_length=35)],
    number: Annotated[Text, Field(min_length=1, max_length=34, pattern=r"^[A-Za-z0-9/ -]+$")],
) -> FacilityAccount:
    """Propose where the money of a facility goes; somebody else approves it."""
    return facility_accounts.propose_account(work, facility_id, holder=holder, bank=bank, number=number)


@plugin.mutation(allow=APPROVE_ACCOUNTS)
def approve_facility_account(work: Work, id: UUID, expected_version: int) -> FacilityAccount:  # noqa: A002
    """Approve an account that somebody else proposed."""
    return facility_accounts.approve_account(work, id, expected_version=expected_version)


@plugin.mutation(allow=PREPARE_PAYMENTS)
def prepare_facility_payment(work: Work, place_id: UUID, due_on: date) -> PreparedPayment:
    """Prepare the payment of every bill of the facilities below a place."""
    made = payments.prepare_payment(work, place_id, due_on)
    return PreparedPayment(made.payment, list(made.without_account))


@plugin.mutation(allow=APPROVE_PAYMENTS)
def approve_facility_payment(work: Work, id: UUID, expected_version: int) -> FacilityPayment:  # noqa: A002
    """Approve a payment that somebody else prepared."""
    return payments.approve_payment(work, id, expected_version=expected_version)


@plugin.mutation(allow=PREPARE_PAYMENTS)
def cancel_facility_payment(work: Work, id: UUID, expected_version: int) -> FacilityPayment:  # noqa: A002
    """Give up a payment that was not sent."""
    return payments.cancel_payment(work, id, expected_version=expected_version)


@plugin.mutation(allow=PREPARE_PAYMENTS)
def send_facility_payment(work: Work, id: UUID, expected_version: int) -> FacilityPayment:  # noqa: A002
    """Say that the file of an approved payment went to the bank."""
    return payments.send_payment(work, id, expected_version=expected_version)


@plugin.mutation(allow=PREPARE_PAYMENTS)
def take_bank_answers(work: Work, id: UUID, answers: list[BankAnswerInput]) -> FacilityPayment:  # noqa: A002
    """Take over what the bank says of the orders of a payment, all or nothing."""
    said = [BankAnswer(one.reference, one.outcome, one.day, one.amount, one.reason or "") for one in answers]
    return settling.take_answers(work, id, said)
