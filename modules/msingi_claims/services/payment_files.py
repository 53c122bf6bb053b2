"""Files for the bank: the orders of a payment as pain.001 or CSV (TZA-16)."""

import io
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy import select

from msingi.i18n import in_language
from msingi.tabular import write_csv
from msingi.work import Work
from msingi_claims.models.payment import FacilityAccount, FacilityPayment, PaymentOrder
from msingi_claims.rules.bank_files import CSV_HEADER, Payer, Transfer, credit_transfers, csv_rows
from msingi_claims.rules.bills import FacilityPaymentState, WrongPaymentState
from msingi_claims.settings import ClaimsSettings
from msingi_registry import Facility

_READY: Final = frozenset(
    {FacilityPaymentState.APPROVED, FacilityPaymentState.SENT, FacilityPaymentState.SETTLED}
)


def payment_file(work: Work, payment_id: UUID, form: str) -> bytes:
    """The orders of an approved payment as ``xml`` (pain.001.001.09) or ``csv``.

    Raises:
        WrongPaymentState: nobody has approved it.

    """
    payment = work.get(FacilityPayment, payment_id)
    if payment.state not in _READY:
        raise WrongPaymentState(state=payment.state.value)
    with work.everywhere():
        return FORMS[form](work, payment, _transfers(work, payment))


def _transfers(work: Work, payment: FacilityPayment) -> list[Transfer]:
    statement = (
        select(PaymentOrder, FacilityAccount, Facility.code, Facility.name)
        .join(FacilityAccount, FacilityAccount.id == PaymentOrder.account_id)
        .join(Facility, Facility.id == PaymentOrder.facility_id)
        .where(PaymentOrder.payment_id == payment.id)
        .order_by(PaymentOrder.reference)
    )
    return [
        Transfer(
            reference=order.reference,
            facility=code,
            holder=account.holder,
            account=account.number,
            bank=account.bank,
            amount=order.amount,
            text=f"{payment.code} {name}",
        )
        for order, account, code, name in work.session.execute(statement)
    ]


def _xml(work: Work, payment: FacilityPayment, transfers: Sequence[Transfer]) -> bytes:
    settings = work.settings(ClaimsSettings)
    organisation = work.platform.profile.branding.organisation
    name = in_language(organisation, work.language)
    payer = Payer(name, settings.paying_account, settings.paying_bank)
    due = payment.due_on
    if payment.state is FacilityPaymentState.APPROVED:
        due = max(due, work.today())
    return credit_transfers(payment.code, payer, transfers, made=payment.made_at, due=due)


def _csv(_work: Work, _payment: FacilityPayment, transfers: Sequence[Transfer]) -> bytes:
    target = io.BytesIO()
    write_csv(target, CSV_HEADER, csv_rows(transfers))
    return target.getvalue()


FORMS: Final[Mapping[str, Callable[[Work, FacilityPayment, Sequence[Transfer]], bytes]]] = MappingProxyType(
    {"xml": _xml, "csv": _csv}
)
