"""Held money stays where it is, nobody else takes it, and it is never held for ever."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from tests.modules.msingi_ledger.ledger_fixtures import Desk

from msingi.errors import DomainError
from msingi.platform import Platform
from msingi.testing import FrozenClock
from msingi.work import Work
from msingi_ledger import Account, Hold, HoldRequest, balance_of, capture, hold, post, release, verify
from msingi_ledger.errors import (
    CaptureExceedsHold,
    HoldNotOpen,
    HoldTooLong,
    InsufficientFunds,
    KeyUsedOtherwise,
    NotBounded,
    WrongAmount,
)
from msingi_ledger.models import HoldState
from msingi_ledger.services.holding import expire_holds


def _wish(work: Work, desk: Desk, minor: int, *, key: str = "h", days: float = 7) -> HoldRequest:
    return HoldRequest(desk.wallet, minor, key, work.now() + timedelta(days=days))


def _standing(work: Work, desk: Desk) -> tuple[int, int]:
    account = work.get(Account, desk.wallet)
    return account.posted_minor, account.held_minor


@pytest.mark.rule("IN-2", "IN-3")
def test_held_money_cannot_be_spent_by_others(platform: Platform, desk: Desk) -> None:
    with platform.work() as work:
        made = hold(work, _wish(work, desk, 700))
        assert hold(work, _wish(work, desk, 700)) is made
        assert _standing(work, desk) == (1000, 700)

    with pytest.raises(InsufficientFunds), platform.work() as work:
        post(work, desk.bill("b", 301))
    with pytest.raises(InsufficientFunds), platform.work() as work:
        hold(work, _wish(work, desk, 301, key="other"))
    with pytest.raises(KeyUsedOtherwise), platform.work() as work:
        hold(work, _wish(work, desk, 1))

    with platform.work() as work:
        post(work, desk.bill("b", 300))
        assert _standing(work, desk) == (700, 700)
        assert verify(work).balanced


@pytest.mark.rule("IN-12", "attack 88")
def test_a_capture_takes_at_most_what_is_held_and_frees_the_rest(platform: Platform, desk: Desk) -> None:
    with platform.work() as work:
        made = hold(work, _wish(work, desk, 700))
    for wrong in (desk.bill("b", 701), desk.gift("b", 5)):
        with pytest.raises(CaptureExceedsHold), platform.work() as work:
            capture(work, made.id, wrong)

    with platform.work() as work:
        posted = capture(work, made.id, desk.bill("b", 400))
        assert _standing(work, desk) == (600, 0)
    with platform.work() as work:
        assert capture(work, made.id, desk.bill("b", 400)) == (posted.transaction_id, False)
        found = work.get(Hold, made.id)
        assert (found.state, found.captured.minor, found.transaction_id) == (
            HoldState.CAPTURED,
            400,
            posted.transaction_id,
        )
        assert balance_of(work, desk.payable).minor == 400
        assert verify(work).balanced
    with pytest.raises(HoldNotOpen), platform.work() as work:
        capture(work, made.id, desk.bill("again", 1))
    with pytest.raises(HoldNotOpen), platform.work() as work:
        release(work, made.id)


@pytest.mark.rule("IN-12")
def test_a_hold_ends_by_release_or_by_itself(
    platform: Platform, desk: Desk, frozen_clock: FrozenClock
) -> None:
    with platform.work() as work:
        early, late = (
            hold(work, _wish(work, desk, 300, key=key, days=days)) for key, days in (("a", 1), ("b", 3))
        )
        released = hold(work, _wish(work, desk, 100, key="c"))
        assert release(work, released.id).state is HoldState.RELEASED
        assert _standing(work, desk) == (1000, 600)
    frozen_clock.move(days=2)

    with pytest.raises(HoldNotOpen), platform.work() as work:
        capture(work, early.id, desk.bill("b", 1))
    with platform.work() as work:
        assert (expire_holds(work), expire_holds(work)) == (1, 0)
    with platform.work(writes=False) as work:
        states = dict(work.session.execute(select(Hold.id, Hold.state)).all())
        assert states == {
            early.id: HoldState.EXPIRED,
            late.id: HoldState.OPEN,
            released.id: HoldState.RELEASED,
        }
        assert _standing(work, desk) == (1000, 300)
        assert verify(work).balanced


@pytest.mark.rule("IN-12", "attack 54")
@pytest.mark.parametrize(
    ("account", "minor", "days", "refusal"),
    [
        ("wallet", 1, 31, HoldTooLong),
        ("wallet", 1, 0, HoldTooLong),
        ("wallet", 0, 1, WrongAmount),
        ("wallet", -1, 1, WrongAmount),
        ("wallet", 1001, 1, InsufficientFunds),
        ("operator", 1, 1, NotBounded),
    ],
)
def test_what_cannot_be_held(
    platform: Platform, desk: Desk, account: str, minor: int, days: float, refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal), platform.work() as work:
        hold(work, HoldRequest(getattr(desk, account), minor, "h", work.now() + timedelta(days=days)))

    with platform.work(writes=False) as work:
        assert work.session.scalar(select(Hold.id)) is None
