"""Rows of an older release are adopted in parts: postings go on between them, and a run that was broken off is repeated."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import event
from tests.modules.msingi_ledger.ledger_fixtures import WALLET, Desk, alter, report_of

from msingi.platform import Platform
from msingi_ledger import HoldRequest, hold, open_account, post, release
from msingi_ledger.services import adopting

_OLDER = (
    "UPDATE ledger_book SET mac = NULL",
    "UPDATE ledger_account SET mac = NULL, holds_sum = NULL, holds_mac = NULL",
    "UPDATE ledger_hold SET mac = NULL",
)
_PARTS = 2 + 4 + 4 + 4
"""One book, six accounts, five holds and the sums of six accounts, two rows at a time; each time one finds no more."""


@pytest.fixture
def older(platform: Platform, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """A ledger without keyed hashes and with five holds, whose ids come back; it is adopted two rows at a time."""
    monkeypatch.setattr(adopting, "_AT_ONCE", 2)
    with platform.work() as work:
        ends = work.now() + timedelta(days=1)
        made = [hold(work, HoldRequest(desk.wallet, 10, f"h{number}", ends)).id for number in range(5)]
    alter(platform, *_OLDER)
    return made


@contextmanager
def _counted(platform: Platform, *, stopped_after: int | None = None) -> Iterator[list[int]]:
    """The commits inside the block; the process is stopped when so many were made."""
    commits: list[int] = []

    def note(_: object) -> None:
        if len(commits) == stopped_after:
            raise KeyboardInterrupt
        commits.append(1)

    event.listen(platform.database.write, "commit", note)
    try:
        yield commits
    finally:
        event.remove(platform.database.write, "commit", note)


@pytest.mark.rule("IN-9")
@pytest.mark.usefixtures("older")
def test_each_part_is_a_work_of_its_own(platform: Platform) -> None:
    with _counted(platform) as commits:
        assert adopting.adopt(platform) == 12

    assert len(commits) == _PARTS
    assert report_of(platform).faults == ()
    assert adopting.adopt(platform) == 0


@pytest.mark.rule("IN-9", "IN-12")
@pytest.mark.parametrize("after", range(_PARTS))
def test_a_run_that_was_broken_off_goes_on_after_other_work(
    platform: Platform, desk: Desk, older: list[UUID], after: int
) -> None:
    with pytest.raises(KeyboardInterrupt), _counted(platform, stopped_after=after) as commits:
        adopting.adopt(platform)
    with platform.work() as work:
        release(work, older[0])
        hold(work, HoldRequest(desk.wallet, 5, "beside", work.now() + timedelta(days=1)))
        post(work, desk.bill("beside", 5))
        open_account(work, WALLET, jurisdiction_id=desk.place, owner="patient-3")
    left = adopting.adopt(platform)

    assert (len(commits), left <= 12) == (after, True)
    assert report_of(platform).faults == ()
