"""GraphQL operations on payers and fundings."""

from uuid import UUID

from sqlalchemy import Select, select

from msingi.work import Work
from msingi_insurance.models.payers import Funding, Payer
from msingi_insurance.plugin import DECIDE_FUNDINGS, EDIT_PAYERS, READ_PAYERS, RECORD_FUNDINGS, plugin
from msingi_insurance.services import fundings as funding
from msingi_insurance.services import payers as paying
from msingi_insurance.services.fundings import FundingDraft
from msingi_insurance.services.payers import PayerChanges, PayerDraft

plugin.expose(
    Payer,
    *("id", "type", "name", "address", "jurisdiction_id", "closed_on", "version", "phone", "email"),
    allow=READ_PAYERS,
    guarded={"phone": EDIT_PAYERS, "email": EDIT_PAYERS},
)
plugin.expose(
    Funding,
    *("id", "product_id", "payer_id", "payer", "pay_date", "amount", "receipt", "status", "recorded_by"),
    *("decided_by", "decided_at", "reason", "transaction_id", "version"),
    allow=READ_PAYERS,
)


@plugin.connection(
    Payer, allow=READ_PAYERS, where=("type", "name", "jurisdiction_id", "closed_on"), order=("name", "id")
)
def payers(work: Work) -> Select[Payer]:  # noqa: ARG001 - the contract of a list
    """Payers."""
    return select(Payer)


@plugin.connection(
    Funding,
    allow=READ_PAYERS,
    where=("product_id", "payer_id", "status", "pay_date"),
    order=("id", "pay_date"),
)
def fundings(work: Work) -> Select[Funding]:  # noqa: ARG001 - the contract of a list
    """Money that payers gave to products."""
    return select(Funding)


@plugin.mutation(allow=EDIT_PAYERS)
def create_payer(work: Work, input: PayerDraft) -> Payer:  # noqa: A002 - the name that callers see
    """Add a payer; refused to everybody who may collect contributions."""
    return paying.create_payer(work, input)


@plugin.mutation(allow=EDIT_PAYERS)
def update_payer(
    work: Work,
    id: UUID,  # noqa: A002 - the name that callers see
    input: PayerChanges,  # noqa: A002
    expected_version: int | None = None,
) -> Payer:
    """Correct or close a payer."""
    return paying.update_payer(work, id, input, expected_version=expected_version)


@plugin.mutation(allow=RECORD_FUNDINGS)
def record_funding(work: Work, input: FundingDraft) -> Funding:  # noqa: A002 - the name that callers see
    """Record money that a payer gives to a product."""
    return funding.record_funding(work, input)


@plugin.mutation(allow=RECORD_FUNDINGS)
def post_funding(work: Work, id: UUID) -> Funding:  # noqa: A002 - the name that callers see
    """Tell that the money of a funding lies on the bank account."""
    return funding.post_funding(work, id)


@plugin.mutation(allow=DECIDE_FUNDINGS)
def accept_funding(work: Work, id: UUID) -> Funding:  # noqa: A002 - the name that callers see
    """Accept a funding that somebody else recorded, and post it."""
    return funding.accept_funding(work, id)


@plugin.mutation(allow=DECIDE_FUNDINGS)
def reject_funding(work: Work, id: UUID, reason: str) -> Funding:  # noqa: A002
    """Reject a funding that somebody else recorded; one that somebody else accepted is taken back from the ledger."""
    return funding.reject_funding(work, id, reason)
