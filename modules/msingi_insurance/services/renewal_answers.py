"""What officers bring back about renewals: each answer judged, kept and answered by its code (POL-9, D-27)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from msingi.errors import DomainError
from msingi.money import Money
from msingi.work import Work
from msingi_insurance.errors import AlreadyRenewed
from msingi_insurance.hooks import calendar_of
from msingi_insurance.models.policy import Policy
from msingi_insurance.models.product import Product
from msingi_insurance.models.renewals import PolicyRenewal, RenewalAnswer
from msingi_insurance.payment_errors import ReceiptTaken
from msingi_insurance.rules.periods import renewal_deadline
from msingi_insurance.rules.renewal import RenewalResult, UploadedRenewal, judge_upload
from msingi_insurance.rules.states import PayType
from msingi_insurance.services.officers import officer_by_code
from msingi_insurance.services.policies import renew_policy
from msingi_insurance.services.policies_drafts import RenewalDraft
from msingi_insurance.services.premiums import NewPremium, receive_premium
from msingi_insurance.services.products import terms_of
from msingi_insurance.services.receipts import taken_receipts

MOST_ANSWERS: Final = 500


class AnsweredRenewal(BaseModel):
    """What a family answered about one renewal."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    renewal_id: UUID = Field(description="The entry of the renewal list.")
    officer_code: str = Field(default="", max_length=20, description="Code of the officer who asked.")
    insuree_number: str = Field(default="", max_length=50, description="Insurance number, for the eye.")
    receipt: str = Field(default="", max_length=50, description="Receipt; left out: the next number.")
    product_code: str = Field(
        default="", max_length=8, description="Code of the product; empty: the intended one."
    )
    amount: Money | None = Field(default=None, description="What was paid; left out: nothing yet.")
    day: date = Field(description="Day of the answer and the payment.")
    discontinue: bool = Field(default=False, description="Whether the family does not want to go on.")
    payer_id: UUID | None = Field(default=None, description="Who paid, when not the family.")
    reference: str = Field(default="", max_length=40, description="Control number, when it is paid that way.")


@dataclass(frozen=True, slots=True)
class RenewalOutcome:
    """What came of one answer."""

    renewal_id: UUID = field(metadata={"doc": "The entry of the renewal list."})
    result: int = field(
        metadata={
            "doc": "0 done, -1 duplicate receipt, -2 grace over, -3 rejected, -4 renewed already, -5 fatal."
        }
    )
    reason: str = field(default="", metadata={"doc": "Code of the refusal behind it, if any."})
    policy_id: UUID | None = field(default=None, metadata={"doc": "The policy that follows, when done."})


def answer_renewals(work: Work, answers: Sequence[AnsweredRenewal]) -> list[RenewalOutcome]:
    """Take answers in, each by itself: what is refused leaves nothing but the answer and its code."""
    return [_answer(work, answer) for answer in answers]


def _answer(work: Work, answer: AnsweredRenewal) -> RenewalOutcome:
    renewal = work.session.get(PolicyRenewal, answer.renewal_id, with_for_update=True, populate_existing=True)
    if renewal is None:
        return RenewalOutcome(answer.renewal_id, int(RenewalResult.FATAL), "core.not_found")
    try:
        with work.session.begin_nested():
            outcome = _take(work, answer, renewal)
    except ReceiptTaken as refusal:
        outcome = _refused(answer, RenewalResult.DUPLICATE_RECEIPT, refusal)
    except AlreadyRenewed as refusal:
        outcome = _refused(answer, RenewalResult.ALREADY_RENEWED, refusal)
    except DomainError as refusal:
        outcome = _refused(answer, RenewalResult.FATAL, refusal)
    work.session.refresh(renewal)
    _keep(work, answer, renewal, outcome)
    return outcome


def _refused(answer: AnsweredRenewal, result: RenewalResult, refusal: DomainError) -> RenewalOutcome:
    return RenewalOutcome(answer.renewal_id, int(result), refusal.code)


def _take(work: Work, answer: AnsweredRenewal, renewal: PolicyRenewal) -> RenewalOutcome:
    policy = work.get(Policy, renewal.policy_id)
    with work.everywhere():
        product = work.get(Product, renewal.product_id)
    result = judge_upload(_facts(work, answer, renewal, policy, product))
    if result is not RenewalResult.DONE:
        return RenewalOutcome(renewal.id, int(result))
    officer = officer_by_code(work, answer.officer_code) if answer.officer_code else None
    officer_id = officer.id if officer else renewal.officer_id
    draft = RenewalDraft(policy_id=policy.id, enrol_date=answer.day, officer_id=officer_id)
    followed = renew_policy(work, draft).policy
    if answer.amount is not None:
        receive_premium(work, _premium(answer, answer.amount, followed.id, officer_id))
    return RenewalOutcome(renewal.id, int(result), policy_id=followed.id)


def _facts(
    work: Work, answer: AnsweredRenewal, renewal: PolicyRenewal, policy: Policy, product: Product
) -> UploadedRenewal:
    terms = terms_of(work, [policy.product_version_id])[policy.product_version_id]
    last_day = renewal_deadline(terms, previous_expiry=policy.expiry_date, calendar=calendar_of(work))
    taken = bool(answer.receipt) and bool(taken_receipts(work, product.id, [answer.receipt]))
    wanted = not answer.discontinue and answer.product_code in {"", product.code}
    return UploadedRenewal(
        status=policy.status,
        receipt_taken=taken,
        accepted=wanted,
        has_later_policy=renewal.renewed_policy_id is not None,
        paid_on=answer.day,
        last_day=max(last_day, policy.expiry_date),
    )


def _premium(answer: AnsweredRenewal, amount: Money, policy_id: UUID, officer_id: UUID | None) -> NewPremium:
    return NewPremium(
        policy_id=policy_id,
        amount=amount,
        pay_date=answer.day,
        pay_type=PayType.CASH,
        receipt=answer.receipt,
        payer_id=answer.payer_id,
        officer_id=officer_id,
    )


def _keep(work: Work, answer: AnsweredRenewal, renewal: PolicyRenewal, outcome: RenewalOutcome) -> None:
    """An answer is kept with its values whatever came of it; only a final one ends the prompt (D-27)."""
    values = answer.model_dump(mode="json", exclude={"renewal_id", "officer_code", "amount"})
    values["amount"] = str(answer.amount) if answer.amount else ""
    work.add(
        RenewalAnswer(
            renewal_id=renewal.id,
            jurisdiction_id=renewal.jurisdiction_id,
            officer_code=answer.officer_code,
            values=values,
            result=outcome.result,
            answered_at=work.now(),
        )
    )
    final = outcome.result == RenewalResult.DONE or answer.discontinue
    if final and renewal.response in {None, 0}:
        renewal.response, renewal.response_on = outcome.result, answer.day
    work.session.flush()
