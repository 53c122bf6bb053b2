"""Records contributions: row, posting and activation in one transaction, or nothing (PAY-1, PAY-2, POL-7)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select

from msingi.errors import NotFound
from msingi.ids import new_id
from msingi.money import MixedCurrencies, Money
from msingi.work import Work
from msingi_insurance.models.field_staff import Officer
from msingi_insurance.models.policy import Policy, Premium
from msingi_insurance.models.product import Product
from msingi_insurance.payment_errors import (
    CreditNotBrought,
    MobileNotByHand,
    OfficerRequired,
    PaidInFuture,
)
from msingi_insurance.payment_events import ContributionsReceived
from msingi_insurance.posting_templates import RECEIVED
from msingi_insurance.rules.life import Activation
from msingi_insurance.rules.payments import check_instalment
from msingi_insurance.rules.premium_shares import credit_change
from msingi_insurance.rules.states import PayType, PolicyStatus
from msingi_insurance.rules.terms import Terms
from msingi_insurance.services.officers import own_officer, require_at_work
from msingi_insurance.services.payers import check_payers
from msingi_insurance.services.policies_payment import activate_if_paid
from msingi_insurance.services.premium_posting import (
    MoneyPlace,
    PremiumAmounts,
    money_place,
    post_premiums,
)
from msingi_insurance.services.products_terms import terms_of
from msingi_insurance.services.receipts import check_free, check_given, next_receipts
from msingi_insurance.settings import InsuranceSettings
from msingi_ledger import PostingTemplate


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPremium:
    """A contribution to record; without a receipt the next automatic number is given."""

    policy_id: UUID
    amount: Money
    pay_date: date
    pay_type: PayType
    receipt: str = ""
    payer_id: UUID | None = None
    officer_id: UUID | None = None
    is_photo_fee: bool = False
    payment_id: UUID | None = None
    gateway: str = ""


@dataclass(frozen=True, slots=True)
class PaidSoFar:
    """What contributions to a policy add up to, without those for photos."""

    paid_minor: int = 0
    credit_minor: int = 0
    instalments: int = 0


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the contributions of one call stand on, read at once."""

    policies: Mapping[UUID, Policy]
    products: Mapping[UUID, Product]
    terms: Mapping[UUID, Terms]
    officers: Mapping[UUID, Officer]
    paid: Mapping[UUID, PaidSoFar]

    def product_of(self, new: NewPremium) -> Product:
        """The product that the contribution is for."""
        return self.products[self.policies[new.policy_id].product_id]


def receive_premium(work: Work, new: NewPremium) -> Premium:
    """Record one contribution that somebody brought.

    Raises:
        NotFound: policy, payer or officer are not visible.
        DomainError: a refusal of ``receive_premiums``.

    """
    if new.pay_type is PayType.CREDIT:
        raise CreditNotBrought
    officer_id = new.officer_id or own_officer(work)
    if new.pay_type is PayType.CASH and officer_id is None:
        raise OfficerRequired
    named = NewPremium(**{**_values(new), "officer_id": officer_id})
    policy = work.get(Policy, new.policy_id)
    if officer_id is not None:
        require_at_work(work, officer_id, policy.jurisdiction_id, new.pay_date)
    if new.receipt:
        check_given([new.receipt])
    return receive_premiums(work, [named])[0]


def receive_premiums(
    work: Work,
    given: Sequence[NewPremium],
    *,
    source: MoneyPlace | None = None,
    template: PostingTemplate = RECEIVED,
) -> list[Premium]:
    """Record contributions to any number of policies; each posts to the ledger, full payment activates.

    ``source`` and ``template`` say where the money comes from when it is not where its way of paying puts it.

    Raises:
        AmountInvalid, MixedCurrencies, PaidInFuture: an amount or a day is wrong.
        MobileNotByHand: cover waits for the bank, which will never confirm this (POL-4).
        TooManyInstalments: the product allows no further contribution (PAY-2).
        PayerNotAllowedHere: PAY-1.
        ReceiptTaken: POL-7.

    """
    _check_values(work, given)
    ground = _read_ground(work, given)
    _check_instalments(given, ground)
    check_payers(work, [(new.payer_id, ground.product_of(new)) for new in given])
    receipts = _receipts(work, given, ground)
    rows = _rows(work, given, ground, receipts)
    amounts = [_amounts(work, row, new, ground, source) for row, new in zip(rows, given, strict=True)]
    transactions = post_premiums(work, amounts, template=template)
    complete = [{**row, "transaction_id": transactions[row["id"]]} for row in rows]
    work.insert_rows(Premium, complete)
    policy_ids = tuple(ground.policies)
    work.emit(ContributionsReceived(premium_ids=tuple(row["id"] for row in rows), policy_ids=policy_ids))
    activate_if_paid(work, _completable(given, ground))
    return _stored(work, [row["id"] for row in rows])


def paid_so_far(work: Work, policy_ids: Iterable[UUID]) -> dict[UUID, PaidSoFar]:
    """What was paid for policies; a reversed contribution counts neither as money nor as an instalment."""
    wanted = list(policy_ids)
    received = func.sum(case((Premium.amount_minor > 0, 1), else_=0))
    instalments = received - func.count(Premium.reverses_id)
    statement = (
        select(Premium.policy_id, func.sum(Premium.amount_minor), func.sum(Premium.credit_minor), instalments)
        .where(Premium.policy_id.in_(wanted), Premium.is_photo_fee.is_(False))
        .group_by(Premium.policy_id)
    )
    with work.everywhere():
        found = {
            policy_id: PaidSoFar(int(paid), int(credit), int(count))
            for policy_id, paid, credit, count in work.session.execute(statement)
        }
    return {policy_id: found.get(policy_id, PaidSoFar()) for policy_id in wanted}


def lock_policies(work: Work, policy_ids: Iterable[UUID]) -> dict[UUID, Policy]:
    """The policies, locked in the order of their ids, so that two collectors never wait for each other.

    Raises:
        NotFound: one is not visible.

    """
    wanted = set(policy_ids)
    statement = select(Policy).where(Policy.id.in_(wanted)).order_by(Policy.id).with_for_update()
    options = {"populate_existing": True}
    found = {policy.id: policy for policy in work.session.scalars(statement, execution_options=options)}
    if len(found) != len(wanted):
        raise NotFound(type="Policy")
    return found


def _values(new: NewPremium) -> dict[str, Any]:
    return {name: getattr(new, name) for name in NewPremium.__slots__}


def _check_values(work: Work, given: Sequence[NewPremium]) -> None:
    currency = work.platform.profile.currency
    for new in given:
        if new.amount.currency != currency:
            raise MixedCurrencies(left=currency, right=new.amount.currency)
        if new.pay_date > work.today():
            raise PaidInFuture
        if new.pay_type is PayType.MOBILE and new.payment_id is None:
            _refuse_unconfirmable(work)


def _refuse_unconfirmable(work: Work) -> None:
    if work.settings(InsuranceSettings).activation is Activation.BANK_MATCH:
        raise MobileNotByHand


def _read_ground(work: Work, given: Sequence[NewPremium]) -> _Ground:
    policies = lock_policies(work, [new.policy_id for new in given])
    with work.everywhere():
        products = work.by_ids(Product, [policy.product_id for policy in policies.values()])
        officers = work.by_ids(Officer, [new.officer_id for new in given])
        terms = terms_of(work, {policy.product_version_id for policy in policies.values()})
    if {new.officer_id for new in given if new.officer_id} - officers.keys():
        raise NotFound(type="Officer")
    return _Ground(policies, products, terms, officers, paid_so_far(work, policies))


def _completable(given: Sequence[NewPremium], ground: _Ground) -> list[UUID]:
    """Policies that the contributions may complete: no suspension is lifted by a photo fee or an excess (POL-11)."""
    paid_for = {new.policy_id for new in given if not new.is_photo_fee}
    return [
        policy_id
        for policy_id in sorted(paid_for)
        if ground.policies[policy_id].status is not PolicyStatus.SUSPENDED
        or ground.paid[policy_id].paid_minor < ground.policies[policy_id].value_minor
    ]


def _check_instalments(given: Sequence[NewPremium], ground: _Ground) -> None:
    before = Counter({policy_id: paid.instalments for policy_id, paid in ground.paid.items()})
    for new in given:
        most = ground.terms[ground.policies[new.policy_id].product_version_id].max_installments
        count = before[new.policy_id]
        check_instalment(new.amount.amount, premiums_before=0 if new.is_photo_fee else count, most=most)
        before[new.policy_id] += not new.is_photo_fee


def _receipts(work: Work, given: Sequence[NewPremium], ground: _Ground) -> list[str]:
    """The receipt of each contribution: those given are checked, those left out are numbered."""
    by_product: dict[UUID, list[int]] = defaultdict(list)
    for position, new in enumerate(given):
        by_product[ground.product_of(new).id].append(position)
    receipts = [new.receipt for new in given]
    for product_id in sorted(by_product):
        positions = by_product[product_id]
        written = [receipts[position] for position in positions if receipts[position]]
        if written:
            check_free(work, product_id, written)
        blank = [position for position in positions if not receipts[position]]
        if blank:
            numbers = next_receipts(work, ground.products[product_id], len(blank))
            for position, number in zip(blank, numbers, strict=True):
                receipts[position] = number
    return receipts


def _rows(
    work: Work, given: Sequence[NewPremium], ground: _Ground, receipts: Sequence[str]
) -> list[dict[str, Any]]:
    paid = dict(ground.paid)
    rows = []
    for new, receipt in zip(given, receipts, strict=True):
        policy = ground.policies[new.policy_id]
        before, credit = paid[policy.id], 0
        if not new.is_photo_fee:
            credit = credit_change(
                new.amount.minor,
                paid_before=before.paid_minor,
                credit_before=before.credit_minor,
                value=policy.value_minor,
            )
            paid[policy.id] = PaidSoFar(before.paid_minor + new.amount.minor, before.credit_minor + credit)
        rows.append(_row(work, new, policy, receipt, credit))
    return rows


def _row(work: Work, new: NewPremium, policy: Policy, receipt: str, credit: int) -> dict[str, Any]:
    return {
        "id": new_id(),
        "jurisdiction_id": policy.jurisdiction_id,
        "policy_id": policy.id,
        "product_id": policy.product_id,
        "payer_id": new.payer_id,
        "officer_id": new.officer_id,
        "amount_minor": new.amount.minor,
        "currency": new.amount.currency,
        "receipt": receipt,
        "pay_date": new.pay_date,
        "pay_type": new.pay_type,
        "is_photo_fee": new.is_photo_fee,
        "credit_minor": credit,
        "collected_by": work.actor.id,
        "payment_id": new.payment_id,
    }


def _amounts(
    work: Work, row: Mapping[str, Any], new: NewPremium, ground: _Ground, source: MoneyPlace | None
) -> PremiumAmounts:
    policy = ground.policies[new.policy_id]
    product = ground.products[policy.product_id]
    officer = ground.officers.get(new.officer_id) if new.officer_id else None
    place = source or money_place(work, new.pay_type, officer=officer, gateway=new.gateway)
    return PremiumAmounts(
        premium_id=row["id"],
        policy=policy,
        income_owner=income_owner(product, ground.terms[policy.product_version_id]),
        income_place=product.jurisdiction_id,
        money=place,
        amount_minor=row["amount_minor"],
        credit_minor=row["credit_minor"],
        day=new.pay_date,
    )


def income_owner(product: Product, terms: Terms) -> str:
    """Whose account of contributions is credited: the account code of the product, or the product itself."""
    return terms.account_contributions or str(product.id)


def _stored(work: Work, premium_ids: Sequence[UUID]) -> list[Premium]:
    statement = select(Premium).where(Premium.id.in_(premium_ids))
    found = {premium.id: premium for premium in work.session.scalars(statement)}
    return [found[premium_id] for premium_id in premium_ids]
