"""A whole unit of work is repeated when the database asks for it (F40)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped

import msingi.transact
from msingi import Model, Plugin
from msingi.ids import new_id
from msingi.platform import Platform
from msingi.testing import MakePlatform
from msingi.transact import transact

plugin = Plugin("purse")


class PurseAccount(Model):
    """An account."""

    __tablename__ = "purse_account"
    __audited__ = False

    balance: Mapped[int]


@pytest.fixture
def platform(make_platform: MakePlatform) -> Platform:
    platform = make_platform(plugin)
    with platform.database.write.connect() as connection, connection.begin():
        Model.metadata.create_all(connection, tables=[Model.metadata.tables["purse_account"]])
    return platform


@pytest.fixture
def accounts(platform: Platform) -> list[UUID]:
    rows = [{"id": new_id(), "balance": 1000} for _ in range(3)]
    with platform.work() as work:
        work.insert_rows(PurseAccount, rows)
    return [UUID(str(row["id"])) for row in rows]


def transfer(platform: Platform, source: UUID, target: UUID, amount: int) -> None:
    """Move money one account after the other: two of these in opposite directions lock each other out."""
    with platform.work() as work:
        for account, change in ((source, -amount), (target, amount)):
            moved = update(PurseAccount).where(PurseAccount.id == account)
            work.session.execute(moved.values(balance=PurseAccount.balance + change))


@pytest.mark.rule("F40", "I2")
def test_parallel_transfers_in_opposite_directions_keep_the_sum(
    platform: Platform, accounts: list[UUID]
) -> None:
    a, b, c = accounts
    pairs = [(a, b), (b, a), (b, c), (c, b)]

    def move(number: int) -> None:
        source, target = pairs[number % len(pairs)]
        transact(lambda: transfer(platform, source, target, number), attempts=20)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(move, range(80)))

    with platform.work(writes=False) as work:
        rows = work.session.execute(select(PurseAccount.id, PurseAccount.balance))
        balances = {row.id: row.balance for row in rows}
    paid = dict.fromkeys(accounts, 0)
    for number in range(80):
        source, target = pairs[number % len(pairs)]
        paid[source] -= number
        paid[target] += number
    assert balances == {account: 1000 + paid[account] for account in accounts}
    assert sum(balances.values()) == 3000


class Refusal(Exception):
    """What a driver raises."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__("the driver's words")
        self.sqlstate = sqlstate


def failing(sqlstate: str, calls: list[str], *, times: int) -> Callable[[], str]:
    def attempt() -> str:
        calls.append(sqlstate)
        return refuse(sqlstate) if len(calls) <= times else "done"

    return attempt


def refuse(sqlstate: str) -> NoReturn:
    raise OperationalError("UPDATE", {}, Refusal(sqlstate))


@pytest.mark.rule("F40")
@pytest.mark.parametrize("sqlstate", ["40001", "40P01", "55P03"])
def test_a_conflict_is_repeated(sqlstate: str) -> None:
    calls: list[str] = []

    assert transact(failing(sqlstate, calls, times=3)) == "done"
    assert len(calls) == 4


@pytest.mark.rule("F40")
def test_the_last_failure_is_told() -> None:
    calls: list[str] = []

    with pytest.raises(OperationalError):
        transact(failing("40001", calls, times=9), attempts=3)
    assert len(calls) == 3


@pytest.mark.rule("F38")
@pytest.mark.parametrize(("sqlstate", "times"), [("55P03", 1), ("40P01", 4)])
def test_who_waited_long_for_a_lock_does_not_wait_once_more(
    sqlstate: str, times: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(msingi.transact, "PATIENCE_SECONDS", -1.0)

    with pytest.raises(OperationalError):
        transact(failing(sqlstate, calls, times=9))

    assert len(calls) == times


@pytest.mark.rule("F19")
@pytest.mark.parametrize("sqlstate", ["08006", "08003", "23505", ""])
def test_a_lost_connection_or_a_defect_is_not_repeated(sqlstate: str) -> None:
    calls: list[str] = []

    with pytest.raises(OperationalError):
        transact(failing(sqlstate, calls, times=9))
    assert len(calls) == 1
