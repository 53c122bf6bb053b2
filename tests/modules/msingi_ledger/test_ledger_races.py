"""Many writers at once, a deadlock, and a process that dies: money is neither made nor lost."""

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from threading import Barrier, Lock
from uuid import UUID

import pytest
from sqlalchemy import event
from tests.modules.msingi_ledger.killed_poster import BILLS, post_and_wait
from tests.modules.msingi_ledger.ledger_fixtures import Desk

from msingi.platform import Platform
from msingi.testing import KEYS
from msingi.transact import transact
from msingi_ledger import Posting, balance_of, hold, post, post_many, verify
from msingi_ledger.errors import InsufficientFunds, KeyUsedOtherwise
from msingi_ledger.services.holding import HoldRequest

WRITERS = 50


def _post(platform: Platform, *postings: Posting) -> bool:
    def once() -> bool:
        with platform.work() as work:
            return post_many(work, postings)[0].is_new

    try:
        return transact(once, attempts=8)
    except InsufficientFunds:
        return False


def _balance(platform: Platform, account: UUID) -> int:
    with platform.work(writes=False) as work:
        return balance_of(work, account).minor


@pytest.mark.rule("IN-2", "attack 86")
def test_fifty_parallel_debits_never_overdraw_a_wallet(platform: Platform, desk: Desk) -> None:
    with ThreadPoolExecutor(WRITERS) as writers:
        paid = list(writers.map(lambda n: _post(platform, desk.bill(f"b{n}", 100)), range(WRITERS)))

    assert sum(paid) == 10
    assert (_balance(platform, desk.wallet), _balance(platform, desk.payable)) == (0, 1000)
    with platform.work(writes=False) as work:
        assert verify(work).balanced


@pytest.mark.rule("IN-2", "IN-4", "IN-8", "I2")
def test_fifty_writers_of_random_transfers_keep_every_sum(platform: Platform, desk: Desk) -> None:
    rng = Random(7)
    ways = ((desk.wallet, desk.other), (desk.other, desk.wallet))
    batches = [
        [
            desk.posting("purse.transfer", f"{writer}-{number}", (*rng.choice(ways), rng.randint(1, 90)))
            for number in range(3)
        ]
        for writer in range(WRITERS)
    ]

    with ThreadPoolExecutor(WRITERS) as writers:
        done = writers.map(lambda batch: _post(platform, *batch), batches)
        with platform.work(writes=False) as work:
            beside = verify(work)
        posted = sum(done)

    with platform.work(writes=False) as work:
        report = verify(work)
    assert (beside.balanced, report.balanced, report.transactions) == (True, True, 1 + 3 * posted)
    assert _balance(platform, desk.wallet) + _balance(platform, desk.other) == 1000


@pytest.mark.rule("IN-3")
def test_the_same_command_from_many_clients_is_carried_out_once(platform: Platform, desk: Desk) -> None:
    with ThreadPoolExecutor(10) as writers:
        new = list(writers.map(lambda _: _post(platform, desk.gift("once", 5)), range(10)))

    assert (sum(new), _balance(platform, desk.wallet)) == (1, 1005)


@pytest.mark.rule("IN-2", "IN-12")
def test_parallel_holds_reserve_only_what_is_there(platform: Platform, desk: Desk) -> None:
    def reserve(number: int) -> bool:
        def once() -> bool:
            with platform.work() as work:
                until = work.now() + timedelta(days=1)
                hold(work, HoldRequest(desk.wallet, 300, f"h{number}", until))
            return True

        try:
            return transact(once, attempts=8)
        except InsufficientFunds:
            return False

    with ThreadPoolExecutor(10) as writers:
        assert sum(writers.map(reserve, range(10))) == 3


@pytest.mark.rule("IN-8", "IN-12")
def test_verification_takes_no_hold_made_beside_it_for_a_wrong_one(platform: Platform, desk: Desk) -> None:
    """A hold is made before each statement, except those that read the holds themselves: they would never end."""
    made: list[str] = []
    busy = Lock()

    def hold_one_more(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "ledger_hold.input_hash" not in statement and busy.acquire(blocking=False):
            made.append(f"h{len(made)}")
            with platform.work() as beside:
                hold(beside, HoldRequest(desk.wallet, 1, made[-1], beside.now() + timedelta(days=1)))
            busy.release()

    with platform.work(writes=False) as work:
        event.listen(platform.database.read, "before_cursor_execute", hold_one_more)
        try:
            report = verify(work)
        finally:
            event.remove(platform.database.read, "before_cursor_execute", hold_one_more)

    assert report.faults == ()
    assert len(made) > 10


@pytest.mark.rule("F40", "I2")
def test_works_that_lock_each_other_out_are_repeated(platform: Platform, desk: Desk) -> None:
    """Each work posts twice, so that its second locks may come before its first: no order helps then."""
    steps = [("purse.bill", desk.wallet, desk.payable), ("purse.equity", desk.bank, desk.operator)]
    both = Barrier(2)

    def run(name: str, order: list[int]) -> int:
        tries: list[int] = []

        def once() -> None:
            tries.append(1)
            with platform.work() as work:
                for step in order:
                    template, debit, credit = steps[step]
                    post(work, desk.posting(template, f"{name}{step}", (debit, credit, 10)))
                    if step == order[0] and len(tries) == 1 and not platform.database.is_sqlite:
                        both.wait(timeout=10)

        transact(once, attempts=8)
        return len(tries)

    with ThreadPoolExecutor(2) as writers:
        tries = sum(writers.map(run, "xy", ([0, 1], [1, 0])))

    assert tries == (2 if platform.database.is_sqlite else 3)
    assert (_balance(platform, desk.payable), _balance(platform, desk.operator)) == (20, 20)
    with platform.work(writes=False) as work:
        assert verify(work).balanced


@pytest.mark.rule("I1", "F1")
@pytest.mark.parametrize("commits", [False, True])
def test_a_killed_process_leaves_all_of_its_postings_or_none(
    platform: Platform, desk: Desk, database_url: str, *, commits: bool
) -> None:
    platform.database.dispose()
    processes = multiprocessing.get_context("forkserver")
    told = processes.Queue()
    poster = processes.Process(
        target=post_and_wait, args=(database_url, KEYS, desk, told), kwargs={"commits": commits}
    )
    poster.start()
    told.get(timeout=30)
    poster.kill()
    poster.join()

    with platform.work(writes=False) as work:
        report = verify(work)
    assert (report.balanced, report.transactions) == (True, 1 + BILLS * commits)
    assert _post(platform, *(desk.bill(f"bill-{number}", 1) for number in range(BILLS))) is not commits
    assert _balance(platform, desk.payable) == BILLS
    with pytest.raises(KeyUsedOtherwise):
        _post(platform, desk.bill("bill-0", 2))
