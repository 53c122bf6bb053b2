"""What contributions do to the ledger: the money on one side, income and the family's credit on the other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from msingi.rbac.tree_queries import roots
from msingi.work import Work
from msingi_insurance import posting_templates as chart
from msingi_insurance.models.field_staff import Officer
from msingi_insurance.models.policy import Policy
from msingi_insurance.rules.states import PayType
from msingi_ledger import AccountKind, Movement, Posting, PostingTemplate, open_accounts, post_many

SCHEME = ""
"""Owner of accounts of which there is one."""


@dataclass(frozen=True, slots=True)
class MoneyPlace:
    """Where money lies: an account of a kind, its owner and the owner's place."""

    kind: AccountKind
    owner: str
    jurisdiction_id: UUID


@dataclass(frozen=True, slots=True)
class PremiumAmounts:
    """A contribution as the ledger sees it; a reversal has negative amounts."""

    premium_id: UUID
    policy: Policy
    income_owner: str
    income_place: UUID
    money: MoneyPlace
    amount_minor: int
    credit_minor: int
    day: date

    @property
    def income_minor(self) -> int:
        """The part that pays for the policy."""
        return self.amount_minor - self.credit_minor


def money_place(work: Work, pay_type: PayType, *, officer: Officer | None, gateway: str = "") -> MoneyPlace:
    """Where the money of a way of paying lies: with the officer, at the gateway, or on the scheme's bank account."""
    if pay_type is PayType.CASH and officer is not None:
        return MoneyPlace(chart.CASH, str(officer.id), officer.jurisdiction_id)
    kind = chart.PLACE_OF[pay_type]
    return MoneyPlace(kind, gateway if kind is chart.CLEARING else SCHEME, scheme_place(work))


def credit_place(policy: Policy) -> MoneyPlace:
    """Where the credit of a policy's family lies."""
    return MoneyPlace(chart.FAMILY_CREDIT, str(policy.family_id), policy.jurisdiction_id)


def scheme_place(work: Work) -> UUID:
    """The place of the scheme's own accounts: the top of the tree."""
    return min(roots(work))


def post_premiums(
    work: Work, premiums: Sequence[PremiumAmounts], *, template: PostingTemplate
) -> dict[UUID, UUID]:
    """Post contributions, one transaction each, all or none; the transactions by contribution."""
    accounts = _accounts(work, premiums)
    postings = [_posting(premium, accounts, template) for premium in premiums]
    posted = post_many(work, postings)
    return {premium.premium_id: each.transaction_id for premium, each in zip(premiums, posted, strict=True)}


def _accounts(work: Work, premiums: Sequence[PremiumAmounts]) -> Mapping[tuple[str, str], UUID]:
    """The accounts by code and owner, in one call for each kind."""
    wanted: dict[AccountKind, dict[str, UUID]] = {}
    for premium in premiums:
        wanted.setdefault(premium.money.kind, {})[premium.money.owner] = premium.money.jurisdiction_id
        if premium.income_minor:
            wanted.setdefault(chart.CONTRIBUTIONS, {})[premium.income_owner] = premium.income_place
        if premium.credit_minor:
            owner = str(premium.policy.family_id)
            wanted.setdefault(chart.FAMILY_CREDIT, {})[owner] = premium.policy.jurisdiction_id
    return {
        (kind.code, owner): account_id
        for kind, owners in wanted.items()
        for owner, account_id in open_accounts(work, kind, owners).items()
    }


def _posting(
    premium: PremiumAmounts, accounts: Mapping[tuple[str, str], UUID], template: PostingTemplate
) -> Posting:
    money = accounts[premium.money.kind.code, premium.money.owner]
    targets = (
        (chart.CONTRIBUTIONS.code, premium.income_owner, premium.income_minor),
        (chart.FAMILY_CREDIT.code, str(premium.policy.family_id), premium.credit_minor),
    )
    moved = ((accounts[code, owner], minor) for code, owner, minor in targets if minor)
    movements = [_movement(money, target, minor) for target, minor in moved if target != money]
    return Posting(
        template=template.name,
        key=f"insurance.premium:{premium.premium_id}",
        jurisdiction_id=premium.policy.jurisdiction_id,
        occurred_on=premium.day,
        movements=tuple(movements),
        moves_on=True,
    )


def _movement(money: UUID, target: UUID, minor: int) -> Movement:
    return Movement(money, target, minor) if minor > 0 else Movement(target, money, -minor)
