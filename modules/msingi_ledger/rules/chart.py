"""Kinds of accounts, and the templates that say between which of them money may move (IN-6)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from msingi.errors import ConfigurationError


class AccountClass(StrEnum):
    """The five classes of double entry; assets and expenses grow by debits, the others by credits."""

    ASSET = "asset"
    LIABILITY = "liability"
    INCOME = "income"
    EXPENSE = "expense"
    EQUITY = "equity"

    @property
    def sign(self) -> int:
        """1 where a debit raises the balance, -1 where a credit does."""
        return 1 if self in {AccountClass.ASSET, AccountClass.EXPENSE} else -1


@dataclass(frozen=True, slots=True)
class AccountKind:
    """A line of the chart of accounts; each owner has one account of a kind.

    ``bounded`` accounts never go below zero (IN-2).
    """

    code: str
    account_class: AccountClass
    description: str
    bounded: bool = True


@dataclass(frozen=True, slots=True)
class PostingTemplate:
    """A business event that moves money, with the only pairs (debited kind, credited kind) that it may use.

    ``only_record`` says that its module keeps no record of its own beside the transaction: such a one is taken back
    in the ledger, every other where it was made.
    """

    name: str
    pairs: tuple[tuple[AccountKind, AccountKind], ...]
    description: str
    only_record: bool = False


@dataclass(frozen=True, slots=True)
class ForbiddenRoute:
    """Money must never get from one kind to another except through certain kinds (IN-6, IN-7)."""

    source: AccountKind
    target: AccountKind
    except_through: tuple[AccountKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Backing:
    """Money of others is kept, so that it is always there: what is owed never exceeds what lies on the assets (IN-5).

    ``broken`` says in plain words what is wrong when it does; it stands in the catalogue of the module.
    """

    owed: tuple[AccountKind, ...]
    assets: tuple[AccountKind, ...]
    broken: str


@dataclass(frozen=True, slots=True)
class Chart:
    """All kinds and templates of an installation, compiled once."""

    kinds: Mapping[str, AccountKind]
    pairs: Mapping[str, frozenset[tuple[str, str]]]
    only_records: frozenset[str] = frozenset()
    """Templates whose transactions are taken back in the ledger."""
    backings: tuple[Backing, ...] = ()

    def allows(self, template: str, debited: str, credited: str) -> bool:
        """Whether a template may move money between these codes; an unknown template may nothing."""
        return (debited, credited) in self.pairs.get(template, frozenset())


def compile_chart(
    templates: Iterable[PostingTemplate],
    forbidden: Sequence[ForbiddenRoute] = (),
    backings: Sequence[Backing] = (),
) -> Chart:
    """Put the templates of all plugins together.

    Raises:
        ConfigurationError: a template's name or an account's code is used for two things, the templates
            together open a forbidden route, or something else than assets backs what is owed.

    """
    kinds: dict[str, AccountKind] = {}
    pairs: dict[str, frozenset[tuple[str, str]]] = {}
    only_records: set[str] = set()
    for template in templates:
        if template.name in pairs:
            raise ConfigurationError(f"ledger: two posting templates are called {template.name!r}.")
        pairs[template.name] = frozenset((debit.code, credit.code) for debit, credit in template.pairs)
        if template.only_record:
            only_records.add(template.name)
        for kind in (kind for pair in template.pairs for kind in pair):
            if kinds.setdefault(kind.code, kind) != kind:
                raise ConfigurationError(f"ledger: the account code {kind.code!r} means two kinds.")
    _check_backings(backings)
    chart = Chart(kinds, pairs, frozenset(only_records), tuple(backings))
    for route in forbidden:
        if route.target.code in reachable(
            chart, route.source.code, {kind.code for kind in route.except_through}
        ):
            raise ConfigurationError(
                f"ledger: the templates let money go from {route.source.code!r} to {route.target.code!r}."
            )
    return chart


def _check_backings(backings: Iterable[Backing]) -> None:
    for backing in backings:
        sides = ((AccountClass.LIABILITY, backing.owed), (AccountClass.ASSET, backing.assets))
        wrong = [kind.code for side, kinds in sides for kind in kinds if kind.account_class is not side]
        if wrong:
            raise ConfigurationError(
                f"ledger: assets back liabilities; {', '.join(wrong)} stands on the wrong side of"
                f" {backing.broken!r}."
            )


def reachable(chart: Chart, source: str, blocked: Iterable[str] = ()) -> set[str]:
    """The codes that money of a code may reach by any number of postings, not passing through blocked codes."""
    steps = {pair for pairs in chart.pairs.values() for pair in pairs}
    closed, reached, ahead = set(blocked), set[str](), [source]
    while ahead:
        here = ahead.pop()
        found = {credited for debited, credited in steps if debited == here} - reached
        reached |= found
        ahead += found - closed
    return reached - closed
