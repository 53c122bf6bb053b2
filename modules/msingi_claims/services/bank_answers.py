"""Files of the bank: what became of the orders of a payment (TZA-16)."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

from msingi.money import Money, exponent_of
from msingi.tabular import REASONS, Column, LineError, Mapping, Mode, cells, parse, read_table
from msingi.work import Work
from msingi_claims.payment_errors import AnswersRefused
from msingi_claims.rules.bills import BankOutcome
from msingi_claims.services.settling import BankAnswer


def read_answers(work: Work, content: bytes) -> list[BankAnswer]:
    """The bank's answers from a CSV or XLSX file: reference, outcome (paid, failed, unknown, returned), day, amount, reason.

    Raises:
        AnswersRefused: lines cannot be read; each is named with its reason.
        TabularError: the file is not a table of these columns.

    """
    currency = work.platform.profile.currency

    def build(
        reference: str,
        outcome: BankOutcome,
        day: date,
        amount: Decimal | None = None,
        reason: str | None = None,
    ) -> BankAnswer:
        paid = None if amount is None else Money(amount, currency)
        return BankAnswer(reference.strip(), outcome, day, paid, reason or "")

    read = parse(read_table(io.BytesIO(content)), Mapping(build, _columns(currency)), Mode.ALL_OR_NOTHING)
    if read.errors:
        lines = " ".join(_said(work, error) for error in read.errors[:50])
        raise AnswersRefused(count=read.refused_lines, lines=lines)
    return [replace(numbered.record, line=numbered.line) for numbered in read.valid]


def _columns(currency: str) -> tuple[Column, ...]:
    amount = cells.decimal(minimum=Decimal(0), places=exponent_of(currency))
    return (
        Column("reference", "reference", cells.text(maximum=35)),
        Column("outcome", "outcome", cells.choice({outcome.value: outcome for outcome in BankOutcome})),
        Column("day", "day", cells.date(), aliases=("date",)),
        Column("amount", "amount", cells.optional(amount), required=False),
        Column("reason", "reason", cells.optional(cells.text(maximum=200)), required=False),
    )


def _said(work: Work, error: LineError) -> str:
    reason = work.platform.texts.get(REASONS[error.code], work.language).format(**error.params)
    return f"{error.line} ({error.column}): {reason}"
