"""What postings do to balances, one after the other, as the accounts stand under lock (IN-2)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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

    @property
    def available(self) -> int:
        """What may still be taken away."""
        return self.posted - self.held


def require_allowed(
    chart: Chart, template: str, movements: Iterable[Movement], accounts: Mapping[UUID, Standing]
) -> None:
    """Refuse movements between kinds that the template does not name (IN-6).

    Raises:
        UnknownTemplate: no module declares it.
        PairNotAllowed: names the two codes.

    """
    allowed = chart.pairs.get(template)
    if allowed is None:
        raise UnknownTemplate(template=template)
    for movement in movements:
        pair = accounts[movement.debit].code, accounts[movement.credit].code
        if pair not in allowed:
            raise PairNotAllowed(template=template, debit=pair[0], credit=pair[1])


def apply(movements: Iterable[Movement], accounts: Mapping[UUID, Standing]) -> None:
    """Change the standings by all movements of one posting.

    Raises:
        InsufficientFunds: a bounded account would fall below what is held of it; names its code, never its owner.
        TooMuchOnAccount: a balance would be larger than any real one.

    """
    touched: dict[UUID, Standing] = {}
    for debit, credit, minor in movements:
        for account_id, amount in ((debit, minor), (credit, -minor)):
            account = accounts[account_id]
            account.posted += account.account_class.sign * amount
            touched[account_id] = account
    for account in touched.values():
        if account.bounded and account.available < 0:
            raise InsufficientFunds(account=account.code)
        if abs(account.posted) > LARGEST_BALANCE:
            raise TooMuchOnAccount(account=account.code)
