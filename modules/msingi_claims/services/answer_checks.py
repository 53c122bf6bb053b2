"""What may be wrong with the bank's answers: every mistake of every line is found, and later lines are still judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from msingi.errors import DomainError
from msingi.money import Money
from msingi.sayings import Saying
from msingi.tabular import REASONS, LineError
from msingi_claims.models.payment import PaymentOrder
from msingi_claims.payment_errors import (
    AnswerBeforeSending,
    ReturnBeforePayment,
    UnknownReference,
    UnreadableAnswer,
    WrongAmountPaid,
    WrongAnswerDay,
)
from msingi_claims.rules.bills import BankOutcome, OrderAlreadyFinal, PaymentOrderState, after_outcome

_WHOLE: Final = frozenset({BankOutcome.PAID, BankOutcome.RETURNED})
"""What the bank says of the whole amount of an order: a part of it is another payment, which nobody ordered."""
_UNREADABLE: Final = Saying("(unreadable)")


@dataclass(frozen=True, slots=True)
class BankAnswer:
    """What the bank says of one order; without an amount the ordered one is meant.

    ``line`` is where it stands in its file; without one its place among the answers is named. What could not be read
    of a line is None, and ``unread`` says why.
    """

    reference: str | None
    outcome: BankOutcome | None
    day: date | None
    amount: Money | None = None
    reason: str = ""
    line: int | None = None
    unread: tuple[LineError, ...] = ()


class Step(NamedTuple):
    """An order, the state that it comes to, and the answer that says so."""

    order: PaymentOrder
    state: PaymentOrderState
    answer: BankAnswer


class Judged(NamedTuple):
    """Every change that answers bring, in their order, and what is wrong with each answer that is wrong."""

    steps: Sequence[Step]
    mistakes: Sequence[Sequence[DomainError]]


class _Days(NamedTuple):
    """On which days the bank can have answered: it had the payment since the first of them."""

    sent_on: date
    today: date


class _Standing(NamedTuple):
    """Where an order stands, and the day of the answer that says so; None where a wrong line does not tell."""

    state: PaymentOrderState | None
    since: date | None


def judge(
    orders: Mapping[str, PaymentOrder], answers: Sequence[BankAnswer], *, sent_on: date, today: date
) -> Judged:
    """What answers change, and every mistake of every one of them; nothing is changed yet.

    An answer is judged as if those before it were mended, so that no mistake is told that another one causes.
    """
    stands = {reference: _Standing(order.state, order.answered_on) for reference, order in orders.items()}
    steps: list[Step] = []
    mistakes: list[Sequence[DomainError]] = []
    for place, answer in enumerate(answers, start=1):
        line, order = answer.line or place, orders.get(answer.reference or "")
        days = _mistakes_of_day(answer, _Days(sent_on, today), line)
        wrong = [*_unread(answer, line), *_mistakes_of_order(answer, order, line), *days]
        if order is not None:
            before = stands[order.reference]
            after, refusals = _after(before, answer, line, day=None if days else answer.day)
            wrong += refusals
            stands[order.reference] = after
            if after.state is not None and after.state is not before.state:
                steps.append(Step(order, after.state, answer))
        if wrong:
            mistakes.append(wrong)
    return Judged(steps, mistakes)


def _unread(answer: BankAnswer, line: int) -> list[DomainError]:
    return [UnreadableAnswer(line=line, reason=_told(error)) for error in answer.unread]


def _told(error: LineError) -> Saying:
    reason = Saying(REASONS[error.code], error.params)
    return Saying("{path}: {reason}", {"path": error.column, "reason": reason}) if error.column else reason


def _mistakes_of_order(answer: BankAnswer, order: PaymentOrder | None, line: int) -> list[DomainError]:
    if order is None:
        named = answer.reference
        return [] if named is None else [UnknownReference(line=line, reference=named[:35])]
    if answer.outcome not in _WHOLE or answer.amount in {None, order.amount}:
        return []
    expected, found = str(order.amount), str(answer.amount)
    return [WrongAmountPaid(line=line, reference=order.reference, expected=expected, found=found)]


def _mistakes_of_day(answer: BankAnswer, days: _Days, line: int) -> list[DomainError]:
    if answer.day is None:
        return []
    named = _UNREADABLE if answer.reference is None else answer.reference[:35]
    if answer.day < days.sent_on:
        return [AnswerBeforeSending(line=line, reference=named, day=days.sent_on.isoformat())]
    return [WrongAnswerDay(line=line, reference=named)] if answer.day > days.today else []


def _after(
    before: _Standing, answer: BankAnswer, line: int, *, day: date | None
) -> tuple[_Standing, list[DomainError]]:
    """Where the order stands after the answer of a day that can be; a refused answer leaves it where it was."""
    if before.state is None or answer.outcome is None:
        return _Standing(None, None), []
    reference = answer.reference or ""
    try:
        state = after_outcome(before.state, answer.outcome, reference, line=line)
    except OrderAlreadyFinal as refusal:
        return before, [refusal]
    came_back = (before.state, state) == (PaymentOrderState.PAID, PaymentOrderState.RETURNED)
    if came_back and before.since is not None and day is not None and day < before.since:
        early = ReturnBeforePayment(line=line, reference=reference, day=before.since.isoformat())
        return _Standing(state, None), [early]
    is_same = state is before.state and before.since is not None
    return before if is_same else _Standing(state, day), []
