"""Notices of gateways: genuine ones only, read in the form of their gateway (PG-1, D-31)."""

import hmac
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from msingi.work import Work
from msingi_insurance.payment_errors import NoticeNotGenuine, NoticeUnreadable
from msingi_insurance.payment_hooks import PaymentHooks
from msingi_insurance.rules.payments import ReceivingResult
from msingi_insurance.rules.references import MoneyNotice
from msingi_insurance.services.references import gateway_settings

SIGNATURE_HEADER: Final = "x-signature"
"""HMAC-SHA256 of the body under the secret of the gateway, in hexadecimal digits."""


class PlainNotice(BaseModel):
    """The plain form of a notice, for gateways without a plugin of their own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    transaction: Annotated[str, Field(min_length=1, max_length=64)]
    number: Annotated[str, Field(max_length=40)] = ""
    amount: Annotated[Decimal, Field(gt=0, max_digits=19, decimal_places=4)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    paid_on: date
    channel: Annotated[str, Field(pattern=r"^[BCM]$")] = "M"


def read_notice(work: Work, gateway: str, headers: Mapping[str, str], body: bytes) -> MoneyNotice:
    """The payment that a notice tells of, once its signature is verified.

    Raises:
        UnknownGateway: the settings have no such gateway.
        NoticeNotGenuine: the signature is missing or does not fit, or nobody can verify it.
        NoticeUnreadable: it is genuine and does not say what a payment needs.

    """
    secret = gateway_settings(work, gateway).notice_secret.get_secret_value()
    answers = work.ask(PaymentHooks.read_notice)(work=work, gateway=gateway, headers=headers, body=body)
    verified = [notice for notice in answers if notice is not None]
    if verified:
        return verified[0]
    if not secret or not _is_genuine(secret, headers.get(SIGNATURE_HEADER, ""), body):
        raise NoticeNotGenuine
    return _plain(gateway, body)


def sign_notice(secret: str, body: bytes) -> str:
    """The signature that belongs to a body."""
    return hmac.new(secret.encode(), body, "sha256").hexdigest()


def _is_genuine(secret: str, signature: str, body: bytes) -> bool:
    return hmac.compare_digest(sign_notice(secret, body).encode(), signature.lower().encode())


def _plain(gateway: str, body: bytes) -> MoneyNotice:
    try:
        read = PlainNotice.model_validate_json(body)
    except ValidationError as error:
        fields = {str(problem["loc"][0]) for problem in error.errors() if problem["loc"]}
        raise NoticeUnreadable(result=int(_result(fields))) from None
    return MoneyNotice(
        gateway=gateway,
        transaction=read.transaction,
        number=read.number,
        amount=read.amount,
        currency=read.currency,
        paid_on=read.paid_on,
        channel=read.channel,
    )


def _result(fields: set[str]) -> ReceivingResult:
    """The code of PAY-7 for the fields that cannot be read."""
    if "paid_on" in fields:
        return ReceivingResult.WRONG_DATE
    if fields & {"amount", "currency"}:
        return ReceivingResult.WRONG_AMOUNT
    return ReceivingResult.WRONG_REFERENCE if "number" in fields else ReceivingResult.WRONG_INPUT
