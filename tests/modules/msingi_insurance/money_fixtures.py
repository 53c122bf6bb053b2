"""What tests of money do in a scheme: a product, a family with a policy, officers, gateways and balances."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from tests.modules.msingi_insurance.insurance_fixtures import Scheme, scheme_of

from msingi.actor import Actor
from msingi.ids import new_id
from msingi.money import Money
from msingi.plugin import Permission
from msingi.testing import AsUser, MakePlatform
from msingi.work import Work
from msingi_insurance.models.field_staff import Officer
from msingi_insurance.models.policy import Policy, Premium
from msingi_insurance.models.product import Product
from msingi_insurance.rules.states import PayType
from msingi_insurance.services.officers import OfficerDraft, create_officer
from msingi_insurance.services.policies import enrol_policy
from msingi_insurance.services.policies_drafts import PolicyDraft
from msingi_insurance.services.premiums import NewPremium
from msingi_insurance.services.products import create_product
from msingi_insurance.services.products_drafts import ProductDraft
from msingi_ledger import Account

TODAY = date(2026, 3, 2)
VALUE = 1000


@dataclass
class Till:
    """A scheme that sells one product for 1,000 francs, with two officers."""

    scheme: Scheme
    product: Product
    officer: Officer
    other: Officer
    as_user: AsUser
    policies: list[Policy] = field(default_factory=list)

    def act(self, step: Any) -> Any:
        """What a service returns, saved."""
        return self.scheme.act(step)

    def user(self, *permissions: Permission | str, at: str = "CM") -> Actor:
        """Somebody with these rights only."""
        return self.as_user(*permissions, at=self.scheme.places[at])

    def policy(self, *members: Any, village: str = "V1", on: date = TODAY) -> Policy:
        """A new family with a policy that is not paid."""
        family = self.scheme.enrol(*members, village=village).family
        seller = self.other if village == "V3" else self.officer
        draft = PolicyDraft(
            family_id=family.id, product_id=self.product.id, enrol_date=on, officer_id=seller.id
        )
        policy: Policy = self.act(lambda work: enrol_policy(work, draft)).policy
        self.policies.append(policy)
        return policy

    def cash(self, policy: Policy, amount: int, **others: Any) -> NewPremium:
        """Cash that the officer took."""
        values: dict[str, Any] = {
            "policy_id": policy.id,
            "amount": francs(amount),
            "pay_date": TODAY,
            "pay_type": PayType.CASH,
            "officer_id": self.officer.id,
        }
        return NewPremium(**(values | others))

    def get(self, policy: Policy) -> Policy:
        """The policy as it stands."""
        with self.scheme.platform.work() as work:
            return work.get(Policy, policy.id)

    def balances(self) -> dict[str, int]:
        """What lies on the accounts of each kind."""
        return balances(self.scheme)


def till_of(
    make_platform: MakePlatform, as_user: AsUser, *, terms: dict[str, Any] | None = None, **settings: Any
) -> Till:
    """A scheme with a product, two officers, and settings of insurance."""
    scheme = scheme_of(make_platform, as_user, **settings)
    country = scheme.places["CM"]
    draft = ProductDraft(
        code="CHF",
        name="Cover",
        jurisdiction_id=country,
        date_from=date(2020, 1, 1),
        terms={"lump_sum": str(VALUE), "threshold": 6, "grace_period_payment": 1, **(terms or {})},
    )

    def make(work: Work) -> tuple[Product, Officer, Officer]:
        product = create_product(work, draft)
        return product, _officer(work, scheme, "E1", "D1"), _officer(work, scheme, "E2", "D2")

    product, officer, other = scheme.act(make)
    return Till(scheme, product, officer, other, as_user)


def _officer(work: Work, scheme: Scheme, code: str, place: str) -> Officer:
    place_id = scheme.places[place]
    draft = OfficerDraft(
        code=code, name=f"Officer {code}", jurisdiction_id=place_id, user_id=new_id(), place_ids=[place_id]
    )
    return create_officer(work, draft)


def francs(amount: int) -> Money:
    """So many francs."""
    return Money(Decimal(amount), "XAF")


def balances(scheme: Scheme) -> dict[str, int]:
    """What lies on the accounts of each kind, those with nothing left out."""
    statement = select(Account.code, func.sum(Account.posted_minor)).group_by(Account.code)
    with scheme.platform.work() as work:
        return {code: int(total) for code, total in work.session.execute(statement) if total}


def premiums(scheme: Scheme) -> Sequence[Premium]:
    """Every contribution, in the order of recording."""
    with scheme.platform.work() as work:
        return work.session.scalars(select(Premium).order_by(Premium.id)).all()
