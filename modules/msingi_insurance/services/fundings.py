"""Fundings: money that a payer gives to a product, as records of their own (status N, P, A, R)."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from msingi.clean_text import clean_text
from msingi.errors import NotFound
from msingi.money import MixedCurrencies, Money
from msingi.sayings import Saying
from msingi.work import Work
from msingi_insurance import posting_templates as chart
from msingi_insurance.models.payers import Funding, FundingStatus
from msingi_insurance.models.product import Product
from msingi_insurance.payment_errors import AlreadyDecided, DutiesConflict, PaidInFuture, ReceiptTaken
from msingi_insurance.rules.refusals import AmountInvalid
from msingi_insurance.services.payers import check_payers
from msingi_insurance.services.premium_posting import SCHEME, scheme_place
from msingi_ledger import Movement, Posting, open_account, post, reverse


class FundingDraft(BaseModel):
    """Money that a payer gave to a product."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    product_id: UUID = Field(description="The product.")
    payer_id: UUID = Field(description="The payer.")
    amount: Money = Field(description="The amount.")
    pay_date: date = Field(description="Day of the payment.")
    receipt: str = Field(min_length=1, max_length=50, description="Number of the receipt.")


def record_funding(work: Work, given: FundingDraft) -> Funding:
    """Record a funding as new; somebody else accepts or rejects it.

    Raises:
        NotFound: the product is not visible, or the payer does not exist.
        PayerNotAllowedHere: the payer belongs to another place (PAY-1).
        ReceiptTaken: the product has a funding with this receipt.

    """
    currency = work.platform.profile.currency
    if given.amount.currency != currency:
        raise MixedCurrencies(left=currency, right=given.amount.currency)
    if given.amount.minor <= 0:
        raise AmountInvalid
    if given.pay_date > work.today():
        raise PaidInFuture
    product = work.get(Product, given.product_id)
    check_payers(work, [(given.payer_id, product)])
    receipt = clean_text(given.receipt)
    _refuse_taken(work, product.id, receipt)
    return work.add(
        Funding(
            product_id=product.id,
            payer_id=given.payer_id,
            jurisdiction_id=product.jurisdiction_id,
            pay_date=given.pay_date,
            amount_minor=given.amount.minor,
            currency=currency,
            receipt=receipt,
            status=FundingStatus.NEW,
            recorded_by=work.actor.id,
        )
    )


def post_funding(work: Work, funding_id: UUID) -> Funding:
    """Tell that the money lies on the bank account; it is accepted or rejected next.

    Raises:
        AlreadyDecided: it is no longer new.

    """
    funding = _locked(work, funding_id)
    if funding.status is not FundingStatus.NEW:
        raise AlreadyDecided
    funding.status = FundingStatus.POSTED
    work.session.flush()
    return funding


def accept_funding(work: Work, funding_id: UUID) -> Funding:
    """Accept a posted funding and post it to the ledger.

    Raises:
        AlreadyDecided: it is not posted, or was decided before.
        DutiesConflict: the actor recorded it (four eyes).

    """
    funding = _locked(work, funding_id)
    if funding.status is not FundingStatus.POSTED:
        raise AlreadyDecided
    _decide(work, funding, FundingStatus.ACCEPTED)
    bank = open_account(work, chart.BANK, jurisdiction_id=scheme_place(work), owner=SCHEME)
    income = open_account(
        work, chart.FUNDINGS, jurisdiction_id=funding.jurisdiction_id, owner=str(funding.product_id)
    )
    posting = Posting(
        template=chart.FUNDED.name,
        key=f"insurance.funding:{funding.id}",
        jurisdiction_id=funding.jurisdiction_id,
        occurred_on=funding.pay_date,
        movements=(Movement(bank, income, funding.amount_minor),),
        moves_on=True,
    )
    funding.transaction_id = post(work, posting).transaction_id
    work.session.flush()
    return funding


def reject_funding(work: Work, funding_id: UUID, reason: str) -> Funding:
    """Reject a posted funding; one that was accepted by mistake is taken back from the ledger too, today.

    Raises:
        AlreadyDecided: it is new, or was rejected before.
        DutiesConflict: the actor recorded or accepted it (four eyes).
        InsufficientFunds: the money is no longer on the bank account.

    """
    funding = _locked(work, funding_id)
    if funding.status not in {FundingStatus.POSTED, FundingStatus.ACCEPTED}:
        raise AlreadyDecided
    if funding.transaction_id is not None:
        _take_back(work, funding, funding.transaction_id)
    _decide(work, funding, FundingStatus.REJECTED)
    funding.reason = clean_text(reason)
    work.session.flush()
    return funding


def _refuse_taken(work: Work, product_id: UUID, receipt: str) -> None:
    taken = select(Funding.id).where(Funding.product_id == product_id, Funding.receipt == receipt)
    with work.everywhere():
        if work.session.scalar(taken) is not None:
            raise ReceiptTaken(receipt=receipt)


def _take_back(work: Work, funding: Funding, transaction_id: UUID) -> None:
    if work.actor.id is not None and funding.decided_by == work.actor.id:
        raise DutiesConflict(did=Saying("accepted the funding"))
    with work.everywhere():
        reverse(work, transaction_id, reason="insurance.funding_rejected")


def _decide(work: Work, funding: Funding, status: FundingStatus) -> None:
    if work.actor.id is not None and funding.recorded_by == work.actor.id:
        raise DutiesConflict(did=Saying("recorded the funding"))
    funding.status, funding.decided_by, funding.decided_at = status, work.actor.id, work.now()


def _locked(work: Work, funding_id: UUID) -> Funding:
    funding = work.session.get(Funding, funding_id, with_for_update=True, populate_existing=True)
    if funding is None:
        raise NotFound(type="Funding")
    return funding
