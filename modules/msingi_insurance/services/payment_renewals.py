"""Renewals that a payment asks for: priced anew, made when the money is there (PAY-5, D-27)."""

from datetime import date
from uuid import UUID

from msingi.money import Money
from msingi.work import Work
from msingi_insurance.models.family import Family
from msingi_insurance.models.policy import Policy
from msingi_insurance.services.policies import renew_paid
from msingi_insurance.services.policies_drafts import RenewalDraft
from msingi_insurance.services.policies_renewal import renewal_offer


def renewal_value(work: Work, policy: Policy, *, on: date) -> Money:
    """What the renewal of a policy costs on a day, under the product that follows it.

    Raises:
        DomainError: a refusal of ``renewal_offer``; it cannot be renewed then.

    """
    with work.everywhere():
        family = work.get(Family, policy.family_id)
        offer = renewal_offer(work, policy, family, enrolled=on)
    return Money.rounded(offer.quote.value, policy.currency)


def renew_for_payment(work: Work, policy_id: UUID, *, on: date, officer_id: UUID | None) -> Policy:
    """Renew a policy because its money came.

    Raises:
        DomainError: a refusal of the renewal.

    """
    draft = RenewalDraft(policy_id=policy_id, enrol_date=on, officer_id=officer_id)
    with work.everywhere():
        return renew_paid(work, draft).policy
