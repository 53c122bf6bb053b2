"""What postings do to balances, one after the other, as the accounts stand under lock (IN-2)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from msingi_ledger.errors import InsufficientFunds, PairNotAllowed, TooMuchOnAccount, UnknownTemplate
from msingi_ledger.rules.chart import AccountClass, Chart
from msingi_ledger.rules.postings import LARGEST_BALANCE, Movement


@dataclass(slots=True)
class Standing:
    """An account under lock: what is on it and what of that is held, in minor units on its normal side."""

    id: UUID
    code: str
    account_class: AccountClass
    bounded: bool
    posted: int
    held: int
    sign: int = field(init=False)
    """1 where a debit raises the balance, -1 where a credit does."""

    def __post_init__(self) -> None:
        self.sign = self.account_class.sign

    @property
    def available(self) -> int:
        """What may still be taken away."""
        return self.posted - self.held


class Transfer(NamedTuple):
    """A movement with the accounts that it debits and credits."""

    debited: Standing
    credited: Standing
    minor: int


def transfers_of(movements: Iterable[Movement], accounts: Mapping[UUID, Standing]) -> list[Transfer]:
    """The movements of a posting with their accounts."""
    return [Transfer(accounts[debit], accounts[credit], minor) for debit, credit, minor in movements]


def require_allowed(chart: Chart, template: str, transfers: Iterable[Transfer]) -> None:
    """Refuse transfers between kinds that the template does not name (IN-6).

    Raises:
        UnknownTemplate: no module declares it.
        PairNotAllowed: names the two codes.

    """
    allowed = chart.pairs.get(template)
    if allowed is None:
        raise UnknownTemplate(template=template)
    for debited, credited, _ in transfers:
        if (debited.code, credited.code) not in allowed:
            raise PairNotAllowed(template=template, debit=debited.code, credit=credited.code)


def apply(transfers: Sequence[Transfer]) -> None:
    """Change the standings by all transfers of one posting.

    Raises:
        InsufficientFunds: a bounded account would fall below what is held of it; names its code, never its owner.
        TooMuchOnAccount: a balance would be larger than any real one.

    """
    for debited, credited, minor in transfers:
        debited.posted += debited.sign * minor
        credited.posted -= credited.sign * minor
    for debited, credited, _ in transfers:
        _refuse_impossible(debited)
        _refuse_impossible(credited)


def _refuse_impossible(account: Standing) -> None:
    if account.bounded and account.posted < account.held:
        raise InsufficientFunds(account=account.code)
    if not -LARGEST_BALANCE <= account.posted <= LARGEST_BALANCE:
        raise TooMuchOnAccount(account=account.code)
