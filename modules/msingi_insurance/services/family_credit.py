"""What families paid too much: their credit, and how it pays for a policy, such as a renewal (PAY-6)."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from msingi.money import Money
from msingi.work import Work
from msingi_insurance.models.policy import Policy, Premium
from msingi_insurance.payment_errors import CreditEmpty
from msingi_insurance.posting_templates import CREDIT_USED, FAMILY_CREDIT
from msingi_insurance.rules.states import PayType
from msingi_insurance.services.officers import officer_at_desk
from msingi_insurance.services.premium_posting import credit_place
from msingi_insurance.services.premiums import NewPremium, lock_policies, paid_so_far, receive_premiums
from msingi_ledger import Account


def credits_of(work: Work, family_ids: Collection[UUID]) -> dict[UUID, Money]:
    """The credit of each family as the ledger holds it, in one statement; zero where nothing was paid too much."""
    currency = work.platform.profile.currency
    statement = select(Account.owner, Account.posted_minor).where(
        Account.code == FAMILY_CREDIT.code,
        Account.currency == currency,
        Account.owner.in_([str(family_id) for family_id in family_ids]),
    )
    with work.everywhere():
        held = {row.owner: int(row.posted_minor) for row in work.session.execute(statement)}
    return {family_id: Money.from_minor(held.get(str(family_id), 0), currency) for family_id in family_ids}


def pay_from_credit(work: Work, policy_id: UUID) -> Premium:
    """Pay for a policy from the credit of its family: what there is, at most what the policy still costs.

    Raises:
        NotFound: the policy is not visible.
        OfficerNotThere: the caller is an officer who does not work there (TZA-14).
        CreditEmpty: there is no credit, or nothing is left to pay.
        InsufficientFunds: somebody else used the credit at the same moment.

    """
    policy = lock_policies(work, [policy_id])[policy_id]
    officer_at_desk(work, policy.jurisdiction_id, work.today())
    amount = min(credits_of(work, [policy.family_id])[policy.family_id].minor, _missing(work, policy))
    if amount <= 0:
        raise CreditEmpty
    new = NewPremium(
        policy_id=policy.id,
        amount=Money.from_minor(amount, policy.currency),
        pay_date=work.today(),
        pay_type=PayType.CREDIT,
    )
    return receive_premiums(work, [new], source=credit_place(policy), template=CREDIT_USED)[0]


def _missing(work: Work, policy: Policy) -> int:
    return policy.value_minor - paid_so_far(work, [policy.id])[policy.id].paid_minor
