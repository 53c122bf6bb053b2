"""A till with a gateway, and what tests of payments do with it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from tests.modules.msingi_insurance.gateway_double import GatewayDouble
from tests.modules.msingi_insurance.money_fixtures import TODAY, Till, till_of

from msingi.testing import AsUser, MakePlatform
from msingi_insurance.models.family import Insuree
from msingi_insurance.models.payments import Payment, PaymentReference
from msingi_insurance.models.policy import Policy
from msingi_insurance.rules.references import (
    MoneyNotice,
)
from msingi_insurance.rules.states import Stage
from msingi_insurance.services.payment_intents import IntentLine, PaymentIntent, prepare_payment

SECRET = "a secret of the gateway"
TillWith = Callable[..., Till]


@pytest.fixture
def gateway() -> GatewayDouble:
    return GatewayDouble()


POOLS = {"CHF": {"gateway": "G", "threshold": 2, "batch": 3}}


@pytest.fixture
def till_with(make_platform: MakePlatform, as_user: AsUser, gateway: GatewayDouble) -> TillWith:
    def make(*plugins: Any, **overrides: Any) -> Any:
        return make_platform(*plugins, gateway.plugin(), **overrides)

    def build(**payments: Any) -> Till:
        gateways = {"gateways": {"G": {"notice_secret": SECRET}}, "default_gateway": "G"}
        return till_of(make, as_user, payments={**gateways, **payments})

    return build


@pytest.fixture
def till(till_with: TillWith) -> Till:
    return till_with()


def jobs(till: Till) -> None:
    till.scheme.platform.jobs.run_pending()


def number_of(till: Till, policy: Policy) -> str:
    with till.scheme.platform.work() as work:
        statement = select(Insuree.number).where(Insuree.family_id == policy.family_id)
        return str(work.session.scalars(statement).first())


def intend(till: Till, *policies: Policy, stage: Stage = Stage.NEW) -> Payment:
    lines = [
        IntentLine(insuree_number=number_of(till, policy), product_code="CHF", stage=stage)
        for policy in policies
    ]
    intent = PaymentIntent(lines=lines, officer_id=till.officer.id)
    payment: Payment = till.act(lambda work: prepare_payment(work, intent))
    return payment


def notice(number: str, amount: int, *, transaction: str = "T1", **others: Any) -> MoneyNotice:
    values: dict[str, Any] = {
        "gateway": "G",
        "transaction": transaction,
        "number": number,
        "amount": Decimal(amount),
        "currency": "XAF",
        "paid_on": TODAY,
    }
    return MoneyNotice(**(values | others))


def stored(till: Till, payment: Payment) -> Payment:
    with till.scheme.platform.work() as work:
        return work.get(Payment, payment.id)


def reference_of(payment: Payment) -> UUID:
    assert payment.reference_id is not None
    return payment.reference_id


def references(till: Till) -> list[PaymentReference]:
    with till.scheme.platform.work() as work:
        statement = select(PaymentReference).order_by(PaymentReference.id)
        return list(work.session.scalars(statement))
