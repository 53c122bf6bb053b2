"""Files of the bank: what became of the orders of a payment (TZA-16)."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

from msingi.money import Money, exponent_of
from msingi.tabular import (
    Column,
    LineError,
    Mapping,
    Numbered,
    RefusedLine,
    cells,
    parse_lines,
    read_table,
)
from msingi.work import Work
from msingi_claims.rules.bills import BankOutcome
from msingi_claims.services.answer_checks import BankAnswer


def read_answers(work: Work, content: bytes) -> list[BankAnswer]:
    """The bank's answers from a CSV or XLSX file: reference, outcome (paid, failed, unknown, returned), day, amount, reason.

    A line that cannot be read is an answer too, of what could be read: all that is wrong with it is told at once.

    Raises:
        TabularError: the file is not a table of these columns.

    """
    currency = work.platform.profile.currency

    def build(
        reference: str | None = None,
        outcome: BankOutcome | None = None,
        day: date | None = None,
        amount: Decimal | None = None,
        reason: str | None = None,
    ) -> BankAnswer:
        paid = None if amount is None else Money(amount, currency)
        return BankAnswer(reference and reference.strip(), outcome, day, paid, reason or "")

    mapping = Mapping(build, _columns(currency))
    return [_answer(mapping, read) for read in parse_lines(read_table(io.BytesIO(content)), mapping)]


def _answer(mapping: Mapping[BankAnswer], read: Numbered[BankAnswer] | tuple[LineError, ...]) -> BankAnswer:
    if isinstance(read, Numbered):
        return replace(read.record, line=read.line)
    fields = read.fields if isinstance(read, RefusedLine) else {}
    return replace(mapping.build(**fields), line=read[0].line, unread=read)


def _columns(currency: str) -> tuple[Column, ...]:
    amount = cells.decimal(minimum=Decimal(0), places=exponent_of(currency))
    return (
        Column("reference", "reference", cells.text(maximum=35)),
        Column("outcome", "outcome", cells.choice({outcome.value: outcome for outcome in BankOutcome})),
        Column("day", "day", cells.date(), aliases=("date",)),
        Column("amount", "amount", cells.optional(amount), required=False),
        Column("reason", "reason", cells.optional(cells.text(maximum=200)), required=False),
    )
