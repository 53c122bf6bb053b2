"""Statements of gateways and banks: compared with our payments, differences posted by a second person (PG-5)."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from msingi.clean_text import InvalidCharacter, TextTooLong, TooManyMarks
from msingi.errors import NotFound
from msingi.money import MixedCurrencies, Money, exponent_of
from msingi.sayings import LISTED, Saying
from msingi.tabular import (
    REASONS,
    CellRefused,
    Column,
    LineError,
    Mode,
    Numbered,
    Parsed,
    cells,
    parse,
    read_table,
)
from msingi.tabular import Mapping as LineMapping
from msingi.work import Work
from msingi_insurance import posting_templates as chart
from msingi_insurance.models.payments import Payment, Statement
from msingi_insurance.payment_errors import (
    AlreadyDecided,
    DutiesConflict,
    PaidInFuture,
    SlipMissing,
    StatementUnreadable,
)
from msingi_insurance.rules.references import MoneyNotice, clean_id
from msingi_insurance.rules.refusals import AmountInvalid
from msingi_insurance.services.payments import receive_payments
from msingi_insurance.services.premium_posting import SCHEME, scheme_place
from msingi_insurance.services.references import gateway_settings
from msingi_ledger import LARGEST_MINOR, Movement, Posting, open_account, post

MOST_BYTES: Final = 20 * 1024 * 1024
"""Largest uploaded statement."""
MOST_LINES: Final = 20_000
_AT_ONCE: Final = 5_000
_ID: Final = cells.text(maximum=64)
_NUMBER: Final = 40
_SHOWN: Final = 20
"""Numbers of lines that a refusal names."""


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One transaction of a statement."""

    transaction: str
    amount: Decimal
    day: date
    number: str = ""


def compare_statement(work: Work, gateway: str, day: date, content: bytes) -> Statement:
    """Compare the list of a day with our payments and keep every difference; nothing is posted yet.

    Raises:
        UnknownGateway: the settings have no such gateway.
        TabularError: it is no table with the columns of a statement.
        StatementUnreadable: its day or the day of a line lies in the future, a line cannot be read or booked, or it has
            too many.

    """
    gateway_settings(work, gateway)
    if day > work.today():
        raise StatementUnreadable(why=Saying("its day lies in the future"))
    lines = _read(content, currency=work.platform.profile.currency, today=work.today())
    ours = _payments(work, gateway, day, [line.transaction for line in lines])
    differences = [found for line in lines if (found := _difference(line, ours, work)) is not None]
    listed = {line.transaction for line in lines}
    extra = [
        _line("extra", payment.transaction or "", payment.received, payment.pay_date, "")
        for payment in ours.values()
        if payment.pay_date == day and payment.transaction not in listed
    ]
    counts = _counts(differences)
    return work.add(
        Statement(
            jurisdiction_id=scheme_place(work),
            gateway=gateway,
            day=day,
            made_at=work.now(),
            made_by=work.actor.id,
            listed=len(lines),
            matched=len(lines) - len(differences),
            missing=counts["missing"],
            different=counts["different"],
            extra=len(extra),
            lines=[*differences, *extra],
        )
    )


def approve_statement(work: Work, statement_id: UUID) -> Statement:
    """Receive the money that a statement lists and nobody told us of; other differences stay for people.

    Raises:
        NotFound: it is not visible.
        AlreadyDecided: it was approved before.
        UnknownGateway: the settings have no such gateway any more.
        DutiesConflict: the actor compared it.

    """
    statement = work.session.get(Statement, statement_id, with_for_update=True, populate_existing=True)
    if statement is None:
        raise NotFound(type="Statement")
    if statement.approved_at is not None:
        raise AlreadyDecided
    if work.actor.id is not None and work.actor.id == statement.made_by:
        raise DutiesConflict(did=Saying("compared the statement"))
    statement.approved_by, statement.approved_at = work.actor.id, work.now()
    channel = gateway_settings(work, statement.gateway).channel
    receive_payments(
        work, [_notice(statement, line, channel) for line in statement.lines if line["kind"] == "missing"]
    )
    work.session.flush()
    return statement


def settle_gateway(work: Work, gateway: str, amount: Money, *, day: date, slip: str) -> UUID:
    """Book what a gateway paid into the bank account; returns the transaction. The same slip again is the same.

    Raises:
        UnknownGateway: the settings have no such gateway.
        MixedCurrencies, AmountInvalid, PaidInFuture, SlipMissing, InvalidCharacter, TooManyMarks, TextTooLong: the money,
            its day or its slip cannot be.
        InsufficientFunds: the gateway has not collected so much.

    """
    gateway_settings(work, gateway)
    _check_settlement(work, amount, day, slip)
    place = scheme_place(work)
    bank = open_account(work, chart.BANK, jurisdiction_id=place, owner=SCHEME)
    clearing = open_account(work, chart.CLEARING, jurisdiction_id=place, owner=gateway)
    posting = Posting(
        template=chart.SETTLED.name,
        key=f"insurance.settled:{gateway}:{clean_id(slip)}",
        jurisdiction_id=place,
        occurred_on=day,
        movements=(Movement(bank, clearing, amount.minor),),
    )
    return post(work, posting).transaction_id


def _check_settlement(work: Work, amount: Money, day: date, slip: str) -> None:
    currency = work.platform.profile.currency
    if amount.currency != currency:
        raise MixedCurrencies(left=currency, right=amount.currency)
    if amount.minor <= 0:
        raise AmountInvalid
    if day > work.today():
        raise PaidInFuture
    if not clean_id(slip):
        raise SlipMissing


def _read(content: bytes, *, currency: str, today: date) -> Sequence[StatementLine]:
    table, columns = read_table(io.BytesIO(content)), _columns(currency)
    parsed: Parsed[StatementLine] = parse(table, columns, Mode.ALL_OR_NOTHING)
    if parsed.errors:
        raise StatementUnreadable(why=_told(parsed.errors[0]))
    lines = [numbered.record for numbered in parsed.valid]
    if len(lines) > MOST_LINES:
        raise StatementUnreadable(why=Saying("it has more than {most} lines", {"most": MOST_LINES}))
    if len({line.transaction for line in lines}) < len(lines):
        raise StatementUnreadable(why=Saying("a transaction is there twice"))
    _refuse_future(parsed.valid, today)
    return lines


def _columns(currency: str) -> LineMapping[StatementLine]:
    """The columns; an amount that the ledger would not take is refused here, where a person can correct its line."""
    exponent = exponent_of(currency)
    least, most = (Decimal(minor).scaleb(-exponent) for minor in (1, LARGEST_MINOR))
    amount = cells.decimal(minimum=least, maximum=most, places=exponent)
    return LineMapping(
        build=StatementLine,
        columns=(
            Column("transaction", "transaction", _transaction, aliases=("transaction id", "reference")),
            Column("amount", "amount", amount, aliases=("montant",)),
            Column("day", "day", cells.date(), aliases=("date", "jour")),
            Column("number", "number", _number, aliases=("control number", "numéro"), required=False),
        ),
        ignore_unknown=True,
    )


def _transaction(cell: str) -> str:
    return _ID(_cleaned(cell))


def _number(cell: str) -> str:
    return _cleaned(cell)[:_NUMBER]


def _cleaned(cell: str) -> str:
    try:
        return clean_id(cell)
    except TextTooLong as refusal:
        raise CellRefused("tabular.too_long", maximum=refusal.params["most"]) from None
    except (InvalidCharacter, TooManyMarks):
        raise CellRefused("tabular.control_character") from None


def _told(wrong: LineError) -> Saying:
    reason = Saying(REASONS[wrong.code], wrong.params)
    place = {"line": wrong.line, "column": wrong.column, "reason": reason}
    if not wrong.column:
        return Saying("look at line {line} ({reason})", place)
    return Saying("look at line {line}, column “{column}” ({reason})", place)


def _refuse_future(lines: Sequence[Numbered[StatementLine]], today: date) -> None:
    """No money is received before it is paid, so the approval would fail at such a line."""
    early = [numbered.line for numbered in lines if numbered.record.day > today]
    if early:
        shown = LISTED.join(map(str, early[:_SHOWN])) + (" …" if len(early) > _SHOWN else "")
        raise StatementUnreadable(
            why=Saying(
                "the day of line {lines} lies in the future",
                {"lines": shown, "number": len(early)},
                many="the days of {number} lines lie in the future: {lines}",
                number=len(early),
            )
        )


def _payments(work: Work, gateway: str, day: date, listed: Sequence[str]) -> Mapping[str, Payment]:
    """Our payments that the statement lists, and those of its day."""
    ours = select(Payment).where(Payment.gateway == gateway, Payment.transaction.is_not(None))
    found: dict[str, Payment] = {}
    with work.everywhere():
        for payment in work.session.scalars(ours.where(Payment.pay_date == day)):
            found[payment.transaction or ""] = payment
        for start in range(0, len(listed), _AT_ONCE):
            some = ours.where(Payment.transaction.in_(listed[start : start + _AT_ONCE]))
            found |= {payment.transaction or "": payment for payment in work.session.scalars(some)}
    return found


def _difference(line: StatementLine, ours: Mapping[str, Payment], work: Work) -> dict[str, Any] | None:
    amount = Money(line.amount, work.platform.profile.currency)
    payment = ours.get(line.transaction)
    if payment is None:
        return _line("missing", line.transaction, amount, line.day, line.number)
    if payment.received != amount:
        return _line("different", line.transaction, amount, line.day, line.number)
    return None


def _line(kind: str, transaction: str, amount: Money | None, day: date | None, number: str) -> dict[str, Any]:
    return {
        "kind": kind,
        "transaction": transaction,
        "amount": str(amount) if amount else "",
        "day": day.isoformat() if day else "",
        "number": number,
    }


def _counts(differences: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    kinds = [line["kind"] for line in differences]
    return {"missing": kinds.count("missing"), "different": kinds.count("different")}


def _notice(statement: Statement, line: Mapping[str, Any], channel: str) -> MoneyNotice:
    amount = Money.parse(line["amount"])
    return MoneyNotice(
        gateway=statement.gateway,
        transaction=line["transaction"],
        number=line["number"],
        amount=amount.amount,
        currency=amount.currency,
        paid_on=date.fromisoformat(line["day"]),
        channel=channel,
        is_listed=True,
    )
