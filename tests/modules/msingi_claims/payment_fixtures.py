"""What tests of batches and payments do in a scheme of claims: contributions, months, accounts, payments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from tests.modules.msingi_claims.claims_fixtures import COVERS_ALL, Scheme, scheme_of

from msingi.actor import Actor
from msingi.db import Model
from msingi.ids import new_id
from msingi.plugin import Permission
from msingi.testing import AsUser, FrozenClock, MakePlatform
from msingi.work import Work
from msingi_claims.models.payment import BatchRun, Bill, BillLine, FacilityPayment, PaymentOrder
from msingi_claims.plugin import APPROVE_ACCOUNTS, APPROVE_PAYMENTS, PREPARE_PAYMENTS, RUN_BATCHES
from msingi_claims.plugin import plugin as claims
from msingi_claims.rules.bills import BankOutcome
from msingi_claims.services.answer_checks import BankAnswer
from msingi_claims.services.batches import run_batch
from msingi_claims.services.facility_accounts import approve_account, propose_account
from msingi_claims.services.payments import approve_payment, prepare_payment, send_payment
from msingi_claims.services.settling import take_answers
from msingi_insurance import PayType, Policy, Premium, Product, ProductVersion
from msingi_insurance.posting_templates import (
    BANK,
    CONTRIBUTIONS,
    FAMILY_CREDIT,
    FUNDED,
    FUNDINGS,
    RECEIVED,
    RETURNED,
)
from msingi_ledger import Account, Movement, Posting, open_account, post

RELATIVE = {"kind": "service", "code": "SV2", "price_origin": "R"}
TENTH = {"care": "B", "period": "month", "percentages": ["10"] * 12}
"""A pool for all care: a tenth of the contributions of each month."""
WITH_POOL: dict[str, Any] = {
    **COVERS_ALL,
    "coverage": [RELATIVE],
    "pools": [TENTH],
    "account_remuneration": "6201",
}
TODAY = date(2026, 3, 2)


@dataclass
class Counter:
    """The payment side of a scheme: a maker, an approver, and the months that they pay."""

    scheme: Scheme
    clock: FrozenClock
    maker: Actor
    approver: Actor

    def at(self, *instant: int) -> None:
        """Set the clock, in UTC."""
        self.clock.instant = datetime(*instant, tzinfo=UTC)  # type: ignore[arg-type,misc]

    def contribute(
        self, policy_id: UUID, amount: int, *, credit: int = 0, on: date = date(2025, 1, 1), **others: Any
    ) -> None:
        """A contribution to a policy that came to the bank, without the ways that collect it."""

        def write(work: Work) -> None:
            policy = work.get(Policy, policy_id)
            row = {
                "jurisdiction_id": policy.jurisdiction_id,
                "policy_id": policy.id,
                "product_id": policy.product_id,
                "amount_minor": amount,
                "credit_minor": credit,
                "currency": "XAF",
                "receipt": str(new_id()),
                "pay_date": on,
                "pay_type": PayType.BANK,
                "is_photo_fee": False,
                "transaction_id": _received(work, policy, amount, credit),
            }
            work.insert_rows(Premium, [row | others])

        self.scheme.act(write)

    def fund(self, amount: int) -> None:
        """Money on the scheme's bank account."""

        def pay_in(work: Work) -> None:
            country = self.scheme.places["CM"]
            bank = open_account(work, BANK, jurisdiction_id=country)
            income = open_account(work, FUNDINGS, jurisdiction_id=country, owner="test")
            movement = Movement(bank, income, amount)
            post(work, Posting(FUNDED.name, f"fund:{new_id()}", country, date(2026, 1, 1), (movement,)))

        self.scheme.act(pay_in)

    def patient(self, paid: int = 0, **fields: Any) -> UUID:
        """An insuree whose family paid for 2025 and 2026."""
        (insuree,) = self.scheme.family()
        policy = self.scheme.insure([insuree], **fields)
        if paid:
            self.contribute(policy, paid)
        return insuree

    def processed(self, insuree: UUID, *lines: Any, **fields: Any) -> UUID:
        """A claim that is processed, now."""
        claim_id = self.scheme.submitted(insuree, *lines, **fields)
        self.scheme.process(claim_id)
        return claim_id

    def batch(self, year: int = 2026, month: int = 2, *, place: str = "CM", **options: bool) -> BatchRun:
        """The batch of a month, run by the maker."""
        place_id = self.scheme.places[place]
        run: BatchRun = self.scheme.as_actor(
            self.maker, RUN_BATCHES, lambda work: run_batch(work, place_id, year, month, **options)
        )
        return run

    def account(self, facility_id: UUID, number: str = "001") -> None:
        """An account of a facility, proposed by one and approved by another."""

        def propose(work: Work) -> UUID:
            return propose_account(work, facility_id, holder="Économat", bank="AFRICCMCX", number=number).id

        account_id = self.scheme.act(propose)
        self.scheme.as_actor(
            self.approver,
            APPROVE_ACCOUNTS,
            lambda work: approve_account(work, account_id, expected_version=1),
        )

    def prepared(self, place: str = "CM", *, actor: Actor | None = None) -> FacilityPayment:
        """A payment that waits for approval."""
        place_id = self.scheme.places[place]
        made: FacilityPayment = self.scheme.as_actor(
            actor or self.maker, PREPARE_PAYMENTS, lambda work: prepare_payment(work, place_id, TODAY).payment
        )
        return made

    def approved(self, place: str = "CM") -> FacilityPayment:
        """A payment that the approver approved."""
        made = self.prepared(place)
        payment: FacilityPayment = self.scheme.as_actor(
            self.approver,
            APPROVE_PAYMENTS,
            lambda work: approve_payment(work, made.id, expected_version=made.version),
        )
        return payment

    def sent(self, place: str = "CM") -> FacilityPayment:
        """A payment whose file is at the bank."""
        return self.send(self.approved(place))

    def send(self, approved: FacilityPayment) -> FacilityPayment:
        """An approved payment, now at the bank."""
        payment: FacilityPayment = self.scheme.as_actor(
            self.maker,
            PREPARE_PAYMENTS,
            lambda work: send_payment(work, approved.id, expected_version=approved.version),
        )
        return payment

    def orders(self, payment: FacilityPayment) -> list[PaymentOrder]:
        """Its orders by their references."""
        statement = select(PaymentOrder).where(PaymentOrder.payment_id == payment.id)
        found: list[PaymentOrder] = self.scheme.act(
            lambda work: list(work.session.scalars(statement.order_by(PaymentOrder.reference)))
        )
        return found

    def answer(
        self,
        payment: FacilityPayment,
        *answers: BankAnswer,
        outcome: BankOutcome | None = None,
        actor: Actor | None = None,
    ) -> FacilityPayment:
        """What the bank says: these answers, or the same outcome for every order."""
        if outcome is not None:
            answers = tuple(BankAnswer(one.reference, outcome, TODAY) for one in self.orders(payment))
        settled: FacilityPayment = self.scheme.as_actor(
            actor or self.maker, PREPARE_PAYMENTS, lambda work: take_answers(work, payment.id, answers)
        )
        return settled

    def rows(self, model: type[Any], *columns: str) -> list[tuple[Any, ...]]:
        """Columns of all rows of a table, in order."""
        wanted = [getattr(model, name) for name in columns]
        found: list[tuple[Any, ...]] = self.scheme.act(
            lambda work: sorted(tuple(row) for row in work.session.execute(select(*wanted)))
        )
        return found

    def counts(self, *models: type[Model]) -> list[int]:
        """How many rows tables have."""

        def count(work: Work) -> list[int]:
            return [work.session.scalar(select(func.count()).select_from(model)) or 0 for model in models]

        found: list[int] = self.scheme.act(count)
        return found

    def balances(self) -> dict[str, int]:
        """What lies on the accounts of each kind."""
        statement = select(Account.code, func.sum(Account.posted_minor)).group_by(Account.code)
        found: dict[str, int] = self.scheme.act(
            lambda work: {code: int(total) for code, total in work.session.execute(statement) if total}
        )
        return found

    def picture(self) -> Any:
        """Everything that a refused step could have changed."""
        return (
            self.rows(Bill, "code", "state", "version"),
            self.rows(PaymentOrder, "reference", "state", "version"),
            self.rows(FacilityPayment, "code", "state", "version"),
            self.counts(BatchRun, BillLine),
            self.balances(),
        )


def counter_of(
    make_platform: MakePlatform,
    as_user: AsUser,
    clock: FrozenClock,
    terms: dict[str, Any] | None = None,
    **settings: Any,
) -> Counter:
    """A scheme in March 2026 whose product pays relative prices from a monthly pool, unless terms say otherwise."""
    scheme = scheme_of(make_platform, as_user, WITH_POOL if terms is None else terms, **settings)
    country = scheme.places["CM"]
    return Counter(scheme, clock, _payer(as_user, country), _payer(as_user, country))


def billed_of(
    make_platform: MakePlatform, as_user: AsUser, clock: FrozenClock, *, money: int = 10_000
) -> Counter:
    """Two facilities of two districts with a bill each: 250 and 100, accounts known, money in the bank."""
    counter = counter_of(make_platform, as_user, clock, COVERS_ALL)
    counter.at(2026, 2, 20, 9)
    counter.processed(counter.patient(), ("SV1", 2.5))
    counter.processed(counter.patient(), ("SV1", 1), facility_id=counter.scheme.centre, actor=counter.maker)
    counter.at(2026, 3, 2, 9)
    counter.batch()
    counter.account(counter.scheme.hospital, "FR7630006000011234567890189")
    counter.account(counter.scheme.centre, "00012345")
    counter.fund(money)
    return counter


def move_product(work: Work, version_id: UUID, place_id: UUID) -> None:
    """Let the product of a version belong to another place."""
    version = work.get(ProductVersion, version_id)
    work.get(Product, version.product_id).jurisdiction_id = place_id


def _payer(as_user: AsUser, place: UUID) -> Actor:
    rights: Sequence[Permission] = claims.contributions.permissions
    return as_user(*rights, at=place)


def _received(work: Work, policy: Policy, amount: int, credit: int) -> UUID:
    """What a contribution, or below zero its reversal, does to the ledger; returns the transaction."""
    place = policy.jurisdiction_id
    bank = open_account(work, BANK, jurisdiction_id=place)
    income = open_account(work, CONTRIBUTIONS, jurisdiction_id=place, owner=str(policy.product_id))
    kept = open_account(work, FAMILY_CREDIT, jurisdiction_id=place, owner=str(policy.family_id))
    moved = [(target, minor) for target, minor in ((income, amount - credit), (kept, credit)) if minor]
    movements = [
        Movement(bank, to, minor) if minor > 0 else Movement(to, bank, -minor) for to, minor in moved
    ]
    template = RECEIVED if amount > 0 else RETURNED
    return post(
        work, Posting(template.name, f"given:{new_id()}", place, work.today(), tuple(movements))
    ).transaction_id
