"""What a posting says: movements between accounts, under a template and a key of its own."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

import orjson

from msingi_ledger.errors import EmptyPosting, SameAccount, WrongAmount
from msingi_ledger.rules.chart import AccountClass

LARGEST_MINOR = 10**15
"""Most of one movement: above any real one of any currency, and sums over all lines fit 64 bits (attack 55)."""
LARGEST_BALANCE = 10**17
"""Most on one account, for the same reason: a thousand years of a country's spending on health."""


class Movement(NamedTuple):
    """An amount in minor units that debits one account and credits another: balanced by its form (IN-1)."""

    debit: UUID
    credit: UUID
    minor: int


class ExternalEvent(NamedTuple):
    """The event of a payment provider that a posting answers; unique for the provider (IN-3)."""

    provider: str
    event_id: str


@dataclass(frozen=True, slots=True)
class Posting:
    """One business event to post.

    ``key`` is the idempotency key of the command: posting it again gives the same transaction. ``description``
    is a code, never a text about a person. ``moves_on`` says that money came which nobody can date otherwise: when
    its day is closed it is booked on the first open day, and the description names the day it had (PG-3, PG-7).
    """

    template: str
    key: str
    jurisdiction_id: UUID
    occurred_on: date
    movements: tuple[Movement, ...]
    description: str = ""
    event: ExternalEvent | None = None
    moves_on: bool = False

    @property
    def input_hash(self) -> bytes:
        """SHA-256 of everything that was asked for (IN-3)."""
        return hashlib.sha256(orjson.dumps(self._plain())).digest()

    def _plain(self) -> list[object]:
        return [
            self.template,
            self.jurisdiction_id,
            self.occurred_on,
            self.description,
            list(self.event) if self.event else None,
            [[movement.debit, movement.credit, str(movement.minor)] for movement in self.movements],
        ]


def check_form(posting: Posting) -> None:
    """Refuse what can be refused without looking at accounts (IN-1, attack 54, attack 87).

    Raises:
        EmptyPosting: nothing moves.
        WrongAmount: an amount is not a whole number of minor units above zero, or larger than any real one.
        SameAccount: a movement debits and credits one account.

    """
    if not posting.movements:
        raise EmptyPosting
    for movement in posting.movements:
        if type(movement.minor) is not int or not 0 < movement.minor <= LARGEST_MINOR:
            raise WrongAmount
        if movement.debit == movement.credit:
            raise SameAccount


def on_an_open_day(posting: Posting, closed_through: date) -> Posting:
    """The posting as it is booked: on its own day, or on the first open one when it moves on."""
    if not posting.moves_on or posting.occurred_on > closed_through:
        return posting
    note = f"booked_late:{posting.occurred_on.isoformat()}"
    return replace(
        posting,
        occurred_on=closed_through + timedelta(days=1),
        description=f"{posting.description} {note}".lstrip(),
    )


def reversed_movements(movements: Iterable[Movement]) -> tuple[Movement, ...]:
    """The movements that take others back, last first."""
    return tuple(Movement(each.credit, each.debit, each.minor) for each in reversed(tuple(movements)))


def taken_from(account_id: UUID, account_class: AccountClass, movements: Iterable[Movement]) -> int:
    """By how much movements lower the balance of an account; below zero when they raise it."""
    debited = sum(
        each.minor * ((each.debit == account_id) - (each.credit == account_id)) for each in movements
    )
    return -account_class.sign * debited
