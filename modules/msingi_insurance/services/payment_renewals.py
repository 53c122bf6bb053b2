"""Renewals that a payment asks for: priced anew, made when the money is there (PAY-5, D-27)."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from msingi.money import Money
from msingi.work import Work
from msingi_insurance.models.family import Family
from msingi_insurance.models.policy import Policy
from msingi_insurance.models.product import Product
from msingi_insurance.rules.periods import ONE_DAY
from msingi_insurance.rules.renewal import intended_product
from msingi_insurance.rules.states import Stage
from msingi_insurance.services.policies import renew_paid
from msingi_insurance.services.policies_drafts import RenewalDraft
from msingi_insurance.services.policies_quotes import offer_to, window_of


def renewal_value(work: Work, policy: Policy, *, on: date) -> Money:
    """What the renewal of a policy costs on a day, under the product that follows it.

    Raises:
        ProductNotSold, NobodyToCover: it cannot be renewed then.

    """
    with work.everywhere():
        family = work.get(Family, policy.family_id)
        windows = {str(one.id): window_of(one) for one in work.session.scalars(select(Product))}
        follows = max(on, policy.expiry_date + ONE_DAY)
        product_id = UUID(intended_product(str(policy.product_id), windows, on=follows))
        offer = offer_to(
            work,
            family,
            product_id,
            stage=Stage.RENEWAL,
            enrolled=on,
            previous_expiry=policy.expiry_date,
        )
    return Money.rounded(offer.quote.value, policy.currency)


def renew_for_payment(work: Work, policy_id: UUID, *, on: date, officer_id: UUID | None) -> Policy:
    """Renew a policy because its money came.

    Raises:
        DomainError: a refusal of the renewal.

    """
    draft = RenewalDraft(policy_id=policy_id, enrol_date=on, officer_id=officer_id)
    with work.everywhere():
        return renew_paid(work, draft).policy
