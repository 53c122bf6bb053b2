"""Price lists in a file: one line per list and item or service."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from msingi import tabular
from msingi.errors import DomainError
from msingi.tabular import Column, Numbered, RefusedLine
from msingi.work import Work
from msingi_catalogue.errors import UnknownCode, UnknownPriceList
from msingi_catalogue.imports.strategy import Strategy, strategy_refusal
from msingi_catalogue.models import PriceList
from msingi_catalogue.rules.changes import Effect
from msingi_catalogue.services.inputs import PricedKind
from msingi_catalogue.services.price_lists import (
    LineKey,
    PriceChange,
    entry_ids,
    mistakes_of_line,
    priced_on,
    set_prices,
)
from msingi_catalogue.services.stamps import lock_register
from msingi_registry import Outcome, Said

_APART: Final = "\x1f"


@dataclass(frozen=True, slots=True)
class PriceLine:
    """A line of a price list; an empty price takes that of the catalogue."""

    price_list: str
    kind: PricedKind
    code: str
    price_minor: int | None
    since: date | None


class PriceImporter:
    """Reads and writes lines of price lists that exist already."""

    batch_size: Final[int] = 20_000

    def __init__(self, columns: tuple[Column, ...], strategy: Strategy, *, dry_run: bool) -> None:
        self._columns = columns
        self._strategy = strategy
        self._dry_run = dry_run

    def mapping(self) -> tabular.Mapping[PriceLine]:
        """The columns."""
        return tabular.Mapping(PriceLine, self._columns)

    def keys(self, record: PriceLine) -> Sequence[str]:
        """List, kind and code."""
        return (_APART.join((record.price_list, record.kind, record.code)),)

    def write(self, work: Work, lines: Sequence[Numbered[PriceLine]]) -> Outcome:
        """Write the lines, list by list."""
        outcome = Outcome()
        lock_register(work)
        by_list: dict[str, list[Numbered[PriceLine]]] = {}
        for line in lines:
            by_list.setdefault(line.record.price_list, []).append(line)
        lists = _own_lists(work, by_list)
        refused: dict[int, DomainError] = {}
        for code, own in by_list.items():
            if code in lists:
                refused |= self._write_list(work, lists[code], own, outcome)
            else:
                refused |= {line.line: UnknownPriceList(unknown=code) for line in own}
        wrong = [(line.line, _stated(line.record)) for line in lines if line.line in refused]
        told = _mistakes(work, wrong, lists)
        outcome.said += told
        for number in refused.keys() - {one.line for one in told}:
            _refuse(outcome, number, refused[number])
        return outcome

    def judge(self, work: Work, lines: Sequence[RefusedLine]) -> Sequence[Said]:
        """What else is wrong with lines of which cells cannot be read: the list, its kind, the code."""
        lists = _own_lists(
            work, {str(line.fields["price_list"]) for line in lines if "price_list" in line.fields}
        )
        return _mistakes(work, [(line[0].line, line.fields) for line in lines], lists)

    @property
    def ends(self) -> bool:
        """Whether it ends what the list does not name."""
        return self._strategy is Strategy.REPLACE

    def close(self, work: Work, keys: Collection[str]) -> Outcome:
        """With the strategy replace, take off the lists of the file what it does not name."""
        outcome = Outcome()
        if not self.ends:
            return outcome
        named: dict[str, set[LineKey]] = {}
        for key in keys:
            price_list, kind, code = key.split(_APART)
            named.setdefault(price_list, set()).add((PricedKind(kind), code))
        for code, found in _own_lists(work, named).items():
            gone = [key for key in priced_on(work, found) if key not in named[code]]
            effects = set_prices(work, found, {}, removed=gone)
            for kind, entry in sorted(key for key, effect in effects.items() if effect is Effect.UPDATED):
                outcome.end(f"{code} {kind} {entry}", dry_run=self._dry_run)
        return outcome

    def _write_list(
        self, work: Work, price_list: PriceList, lines: Sequence[Numbered[PriceLine]], outcome: Outcome
    ) -> dict[int, DomainError]:
        """Write the lines that the strategy takes; answers those that are refused."""
        known = priced_on(work, price_list)
        refused: dict[int, DomainError] = {}
        taken: dict[LineKey, Numbered[PriceLine]] = {}
        for line in lines:
            key = (line.record.kind, line.record.code)
            refusal = strategy_refusal(self._strategy, line.record.code, known=key in known)
            if refusal is None:
                taken[key] = line
            else:
                refused[line.line] = refusal
        wanted = {key: PriceChange(line.record.price_minor, line.record.since) for key, line in taken.items()}
        for key, effect in set_prices(work, price_list, wanted).items():
            if isinstance(effect, DomainError):
                refused[taken[key].line] = effect
            else:
                setattr(outcome, effect.value, getattr(outcome, effect.value) + 1)
        return refused


def _own_lists(work: Work, codes: Collection[str]) -> dict[str, PriceList]:
    found = work.session.scalars(select(PriceList).where(PriceList.code.in_(list(codes)))).all()
    visible = work.visible_places([one.place_id for one in found], work.scope)
    return {one.code: one for one in found if one.place_id in visible}


def _stated(record: PriceLine) -> Mapping[str, object]:
    return {"price_list": record.price_list, "kind": record.kind, "code": record.code}


def _mistakes(
    work: Work, lines: Sequence[tuple[int, Mapping[str, object]]], lists: Mapping[str, PriceList]
) -> list[Said]:
    """What is wrong with lines whatever their price, as far as their fields could be read; one look at the registers."""
    keys = {number: key for number, fields in lines if (key := _key(fields)) is not None}
    ids = entry_ids(work, set(keys.values()))
    outcome = Outcome()
    for number, fields in lines:
        code, key = fields.get("price_list"), keys.get(number)
        price_list = lists.get(str(code))
        if code is not None and price_list is None:
            _refuse(outcome, number, UnknownPriceList(unknown=code), "list")
        if key is not None and price_list is not None:
            for mistake in mistakes_of_line(price_list, key, ids):
                _refuse(outcome, number, mistake)
        elif key is not None and key not in ids:
            _refuse(outcome, number, UnknownCode(unknown=key[1]))
    return outcome.said


def _key(fields: Mapping[str, object]) -> LineKey | None:
    kind, code = fields.get("kind"), fields.get("code")
    return (kind, code) if isinstance(kind, PricedKind) and isinstance(code, str) else None


def _refuse(outcome: Outcome, line: int, refusal: DomainError, column: str = "code") -> None:
    outcome.refuse(line, column, refusal.code, **refusal.params)
