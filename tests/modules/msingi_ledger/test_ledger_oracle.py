"""Random commands by random actors give what a dictionary gives, and money is exact to the last unit."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.modules.msingi_ledger.ledger_fixtures import BANK, PAYABLE, WALLET, Desk

from msingi.errors import DomainError
from msingi.ids import new_id
from msingi.money import Money, total
from msingi.platform import Platform
from msingi.work import Work
from msingi_ledger import (
    Account,
    HoldRequest,
    balance_of,
    capture,
    hold,
    open_account,
    post,
    post_many,
    release,
    reverse,
    verify,
)

ACCOUNTS = {"bank": BANK, "first": WALLET, "second": WALLET, "payable": PAYABLE}
ASSETS = {"bank"}
EVENTS = {
    "purse.gift": [("bank", "first"), ("bank", "second")],
    "purse.transfer": [("first", "second"), ("second", "first")],
    "purse.bill": [("first", "payable"), ("second", "payable")],
    "purse.payout": [("payable", "bank")],
}
PAIRS = [(template, *pair) for template, pairs in EVENTS.items() for pair in pairs]
KEYS = st.integers(0, 12)
AMOUNTS = st.sampled_from([1, 7, 50, 300, 1000])
COMMANDS = st.one_of(
    st.tuples(st.just("post"), KEYS, st.sampled_from(PAIRS), AMOUNTS),
    st.tuples(st.just("reverse"), KEYS),
    st.tuples(st.just("hold"), KEYS, st.sampled_from(["first", "second"]), AMOUNTS),
    st.tuples(st.just("release"), KEYS),
    st.tuples(st.just("capture"), KEYS, KEYS, AMOUNTS),
)
BULK = 250
SHARES = (652, 336, 2, 2, 4, 2, 2)
"""Of a thousand commands: new postings, repeated ones, other contents under old keys, reversals, and the three of holds."""


@dataclass(slots=True)
class Oracle:
    """The ledger as a dictionary: balances, holds, keys; a command answers whether it is accepted."""

    balance: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ACCOUNTS, 0))
    held: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ACCOUNTS, 0))
    posted: dict[Any, tuple[str, str, str, int]] = field(default_factory=dict)
    reversed: set[Any] = field(default_factory=set)
    holds: dict[Any, list[Any]] = field(default_factory=dict)

    def post(self, key: Any, event: tuple[str, str, str], minor: int) -> bool:
        if key in self.posted:
            return self.posted[key] == (*event, minor)
        if not self._move(event[1], event[2], minor):
            return False
        self.posted[key] = (*event, minor)
        return True

    def reverse(self, key: Any) -> bool:
        if key not in self.posted or key in self.reversed:
            return False
        _, debit, credit, minor = self.posted[key]
        if not self._move(credit, debit, minor):
            return False
        self.reversed.add(key)
        return True

    def hold(self, key: Any, name: str, minor: int) -> bool:
        if key in self.holds:
            return self.holds[key][:2] == [name, minor]
        if self.balance[name] - self.held[name] < minor:
            return False
        self.held[name] += minor
        self.holds[key] = [name, minor, "open"]
        return True

    def release(self, key: Any) -> bool:
        if key not in self.holds or self.holds[key][2] != "open":
            return False
        name, minor, _ = self.holds[key]
        self.held[name] -= minor
        self.holds[key][2] = "released"
        return True

    def capture(self, key: Any, posting: Any, minor: int) -> bool:
        if key not in self.holds:
            return False
        name, most, state = self.holds[key]
        wanted = ("purse.bill", name, "payable", minor)
        if posting in self.posted:
            return self.posted[posting] == wanted and state == posting
        if state != "open" or minor > most:
            return False
        self.held[name] -= most
        self.holds[key][2] = posting
        self.posted[posting] = wanted
        return self._move(name, "payable", minor)

    def _move(self, debit: str, credit: str, minor: int) -> bool:
        after = dict(self.balance)
        after[debit] += minor if debit in ASSETS else -minor
        after[credit] += -minor if credit in ASSETS else minor
        if any(after[name] < self.held[name] for name in (debit, credit)):
            return False
        self.balance = after
        return True


class Real:
    """The same commands on the ledger."""

    def __init__(self, platform: Platform, desk: Desk, run: str) -> None:
        self.platform, self.desk, self.name = platform, desk, f"run{run}"
        self.transactions: dict[Any, UUID] = {}
        self.holds: dict[Any, UUID] = {}
        with platform.work() as work:
            self.until = work.now() + timedelta(days=1)
            self.ids = {
                name: open_account(work, kind, jurisdiction_id=desk.place, owner=f"{self.name}-{name}")
                for name, kind in ACCOUNTS.items()
            }

    def post(self, key: Any, event: tuple[str, str, str], minor: int) -> bool:
        def command(work: Work) -> None:
            self.transactions[key] = post(work, self.posting(key, event, minor)).transaction_id

        return self._accepted(command)

    def reverse(self, key: Any) -> bool:
        known = self.transactions.get(key, UUID(int=1))
        return self._accepted(lambda work: reverse(work, known, reason="test"))

    def hold(self, key: Any, name: str, minor: int) -> bool:
        request = HoldRequest(self.ids[name], minor, f"{self.name}-{key}", self.until)

        def command(work: Work) -> None:
            self.holds[key] = hold(work, request).id

        return self._accepted(command)

    def release(self, key: Any) -> bool:
        return self._accepted(lambda work: release(work, self.holds.get(key, UUID(int=1))))

    def capture(self, key: Any, posting: Any, minor: int, name: str) -> bool:
        bill = self.posting(posting, ("purse.bill", name, "payable"), minor)

        def command(work: Work) -> None:
            captured = capture(work, self.holds.get(key, UUID(int=1)), bill)
            self.transactions[posting] = captured.transaction_id

        return self._accepted(command)

    def posting(self, key: Any, event: tuple[str, str, str], minor: int) -> Any:
        template, debit, credit = event
        return self.desk.posting(template, f"{self.name}-{key}", (self.ids[debit], self.ids[credit], minor))

    def _accepted(self, command: Callable[[Work], object]) -> bool:
        try:
            with self.platform.work() as work:
                command(work)
        except DomainError:
            return False
        return True


def _run(oracle: Oracle, real: Real, command: tuple[Any, ...]) -> tuple[bool, bool]:
    match command:
        case ("post", key, event, minor):
            return oracle.post(key, event, minor), real.post(key, event, minor)
        case ("reverse", key):
            return oracle.reverse(key), real.reverse(key)
        case ("hold", key, name, minor):
            return oracle.hold(key, name, minor), real.hold(key, name, minor)
        case ("release", key):
            return oracle.release(key), real.release(key)
        case ("capture", key, posting, minor):
            name = oracle.holds.get(key, ["first"])[0]
            return oracle.capture(key, posting, minor), real.capture(key, posting, minor, name)
    raise AssertionError(command)


@pytest.mark.rule("IN-1", "IN-2", "IN-3", "IN-4", "IN-8", "IN-12", "IN-13", "IN-14")
@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(commands=st.lists(COMMANDS, min_size=10, max_size=40))
def test_the_ledger_and_a_dictionary_agree(
    platform: Platform, desk: Desk, commands: list[tuple[Any, ...]]
) -> None:
    """The commands run twice: the second time, as after a restored backup, they change nothing (IN-13)."""
    oracle, real = Oracle(), Real(platform, desk, new_id().hex)

    for command in commands:
        expected, found = _run(oracle, real, command)
        assert found is expected, command

    with platform.work(writes=False) as work:
        before = {name: balance_of(work, real.ids[name]).minor for name in ACCOUNTS}
        assert before == oracle.balance
        assert {name: work.get(Account, real.ids[name]).held_minor for name in ACCOUNTS} == oracle.held
        assert verify(work).balanced
    for key, (*event, minor) in oracle.posted.items():
        assert real.post(key, tuple(event), minor)  # type: ignore[arg-type]
    with platform.work(writes=False) as work:
        assert {name: balance_of(work, real.ids[name]).minor for name in ACCOUNTS} == before


@pytest.mark.rule("IN-14", "IN-2", "IN-3", "IN-4", "IN-8", "IN-12")
def test_ten_thousand_random_operations_and_a_dictionary_agree(platform: Platform, desk: Desk) -> None:
    """What is accepted goes in bulk, as clearings come; what is refused is tried alone, and must leave nothing."""
    rng, oracle, real = Random(14), Oracle(), Real(platform, desk, "bulk")
    counts, waiting = Counter[str](), list[Any]()

    def write() -> None:
        with platform.work() as work:
            posted = post_many(work, [real.posting(*each) for each in waiting])
        for (key, *_), done in zip(waiting, posted, strict=True):
            real.transactions[key] = done.transaction_id
        waiting.clear()

    for number in range(10_000):
        command = _draw(rng, number, oracle)
        counts[command[0]] += 1
        if command[0] == "post" and oracle.post(*command[1:]):
            waiting.append(command[1:])
            if len(waiting) == BULK:
                write()
            continue
        write()
        expected, found = _run(oracle, real, command)
        assert found is expected, (number, command)
        counts["refused"] += not expected
    write()

    assert min(counts.values()) > 10, counts
    with platform.work(writes=False) as work:
        report = verify(work)
        assert (report.balanced, report.transactions) == (True, 1 + len(oracle.posted) + len(oracle.reversed))
        assert {name: balance_of(work, real.ids[name]).minor for name in ACCOUNTS} == oracle.balance
        assert {name: work.get(Account, real.ids[name]).held_minor for name in ACCOUNTS} == oracle.held


def _draw(rng: Random, number: int, oracle: Oracle) -> tuple[Any, ...]:
    """Nearly all commands post, a third of them what was posted before; the others are mixed in."""
    kind = rng.choices(["post", "again", "other", "reverse", "hold", "release", "capture"], SHARES)[0]
    held = rng.choice([*(key for key, one in oracle.holds.items() if one[2] == "open"), "h0"])
    before = rng.randrange(number + 1)
    match kind:
        case "again" if before in oracle.posted:
            template, debit, credit, minor = oracle.posted[before]
            return "post", before, (template, debit, credit), minor
        case "other":
            return "post", before, rng.choice(PAIRS), 9
        case "reverse" | "release":
            return kind, before if kind == "reverse" else held
        case "hold":
            return "hold", f"h{rng.randrange(500)}", rng.choice(["first", "second"]), rng.choice((1, 50, 300))
        case "capture":
            return "capture", held, f"c{number}", rng.choice((1, 50, 300))
    return "post", number, rng.choice([*PAIRS, *PAIRS[:2]]), rng.choice((1, 7, 50))


@pytest.mark.rule("IN-8", "attack 90")
def test_ten_thousand_half_units_add_up_to_the_ledger(platform: Platform, desk: Desk) -> None:
    """Bills shared by 50.5 % are rounded once each, half to even; the sum of what was rounded is the ledger."""
    rng = Random(90)
    gross = [Money.from_minor(rng.randrange(1, 2_000), "XAF") for _ in range(10_000)]
    shares = [amount.times(Decimal("0.505")) for amount in gross]
    rests = [amount - share for amount, share in zip(gross, shares, strict=True)]
    moved = [
        [(account, desk.payable, part.minor) for account, part in parts if part]
        for parts in (
            ((desk.wallet, share), (desk.other, rest)) for share, rest in zip(shares, rests, strict=True)
        )
    ]
    whole = total(gross, "XAF")
    with platform.work() as work:
        for name, wallet in (("first", desk.wallet), ("second", desk.other)):
            post(work, desk.posting("purse.gift", name, (desk.bank, wallet, whole.minor)))
        post_many(
            work, [desk.posting("purse.bill", f"b{number}", *each) for number, each in enumerate(moved)]
        )

    with platform.work(writes=False) as work:
        assert balance_of(work, desk.payable) == whole
        assert balance_of(work, desk.wallet) == Money.from_minor(1000, "XAF") + whole - total(shares, "XAF")
        assert balance_of(work, desk.other) == whole - total(rests, "XAF")
