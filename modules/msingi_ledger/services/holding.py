"""Holds: money of an account reserved for a while, then captured by a posting, released or expired (IN-12)."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select

from msingi.bulk import Recording, change_rows
from msingi.errors import NotFound
from msingi.ids import new_id
from msingi.work import Work
from msingi_ledger.errors import (
    CaptureExceedsHold,
    HoldNotOpen,
    HoldTooLong,
    InsufficientFunds,
    KeyUsedOtherwise,
    NotBounded,
    WrongAmount,
)
from msingi_ledger.models import Account, Hold, HoldState
from msingi_ledger.rules.postings import LARGEST_MINOR, Posting, taken_from
from msingi_ledger.services.accounts import lock_accounts
from msingi_ledger.services.books import open_book
from msingi_ledger.services.posting import Posted, post
from msingi_ledger.services.records import add_to_holds, changing_holds
from msingi_ledger.services.repeats import hashes_of, posted_before
from msingi_ledger.settings import LedgerSettings

_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class HoldRequest:
    """Money to reserve: minor units of an account until an instant, under an idempotency key."""

    account_id: UUID
    minor: int
    key: str
    expires_at: datetime

    @property
    def input_hash(self) -> bytes:
        """SHA-256 of everything that was asked for (IN-3)."""
        text = f"{self.account_id}|{self.minor}|{self.expires_at.timestamp()}"
        return hashlib.sha256(text.encode()).digest()


def hold(work: Work, request: HoldRequest) -> Hold:
    """Reserve money of a bounded account: it stays there and nobody else can take it.

    Raises:
        WrongAmount, HoldTooLong, NotBounded, InsufficientFunds, NotFound: it cannot be reserved.
        KeyUsedOtherwise: the key was used for another hold (IN-3).

    """
    _check(work, request)
    with work.everywhere():
        known = work.session.scalar(select(Hold).where(Hold.key == request.key))
        if known is not None:
            if not hmac.compare_digest(known.input_hash, request.input_hash):
                raise KeyUsedOtherwise
            return known
        account = lock_accounts(work, open_book(work), [request.account_id])[request.account_id]
        if not account.bounded:
            raise NotBounded(account=account.code)
        if account.available < request.minor:
            raise InsufficientFunds(account=account.code)
        _set_held(work, {account.id: account.held + request.minor})
        row = work.get(Account, account.id)
        made = Hold(
            id=new_id(),
            jurisdiction_id=row.jurisdiction_id,
            account_id=account.id,
            key=request.key,
            input_hash=request.input_hash,
            currency=row.currency,
            amount_minor=request.minor,
            captured_minor=0,
            state=HoldState.OPEN,
            expires_at=request.expires_at.astimezone(UTC),
        )
        add_to_holds(work, made)
        work.add(made)
        work.session.flush()
    return made


def capture(work: Work, hold_id: UUID, posting: Posting) -> Posted:
    """Take held money by a posting, at most what is held; the rest is free again.

    Raises:
        HoldNotOpen: it was captured by another posting, released, or its time is over.
        KeyUsedOtherwise: the posting's key stands for something else (IN-3).
        CaptureExceedsHold: the posting takes nothing from the held account, or more than is held.
        DomainError: a refusal of ``post``.

    """
    with work.everywhere():
        book = open_book(work)
        held = _locked_hold(work, hold_id)
        known = posted_before(work, book, hashes_of([posting])).get(posting.key)
        if known is not None:
            return _captured_before(held, known)
        if held.state is not HoldState.OPEN or held.expires_at <= work.now():
            raise HoldNotOpen
        ids = {account_id for movement in posting.movements for account_id in movement[:2]}
        accounts = lock_accounts(work, book, {held.account_id, *ids})
        account = accounts[held.account_id]
        taken = taken_from(account.id, account.account_class, posting.movements)
        if not 0 < taken <= held.amount_minor:
            raise CaptureExceedsHold
        _set_held(work, {account.id: account.held - held.amount_minor})
        posted = post(work, posting)
        with changing_holds(work, held):
            held.state, held.captured_minor = HoldState.CAPTURED, taken
            held.transaction_id = posted.transaction_id
        work.session.flush()
    return posted


def release(work: Work, hold_id: UUID) -> Hold:
    """Give held money free.

    Raises:
        HoldNotOpen: it was captured, released or has expired.

    """
    with work.everywhere():
        book = open_book(work)
        held = _locked_hold(work, hold_id)
        if held.state is not HoldState.OPEN:
            raise HoldNotOpen
        account = lock_accounts(work, book, [held.account_id])[held.account_id]
        _set_held(work, {account.id: account.held - held.amount_minor})
        with changing_holds(work, held):
            held.state = HoldState.RELEASED
        work.session.flush()
    return held


def expire_holds(work: Work) -> int:
    """Free what is held longer than agreed, at most 1,000 holds at once; returns how many (IN-12)."""
    due = select(Hold).where(Hold.state == HoldState.OPEN, Hold.expires_at <= work.now())
    with work.everywhere():
        book = open_book(work)
        holds = work.session.scalars(due.order_by(Hold.id).limit(_AT_ONCE).with_for_update()).all()
        accounts = lock_accounts(work, book, {held.account_id for held in holds})
        with changing_holds(work, *holds):
            for held in holds:
                accounts[held.account_id].held -= held.amount_minor
                held.state = HoldState.EXPIRED
        _set_held(work, {account.id: account.held for account in accounts.values()})
        work.session.flush()
    return len(holds)


def _captured_before(held: Hold, transaction_id: UUID) -> Posted:
    if held.transaction_id != transaction_id:
        raise KeyUsedOtherwise
    return Posted(transaction_id, is_new=False)


def _check(work: Work, request: HoldRequest) -> None:
    if type(request.minor) is not int or not 0 < request.minor <= LARGEST_MINOR:
        raise WrongAmount
    longest = work.settings(LedgerSettings).longest_hold_days
    if not timedelta(0) < request.expires_at - work.now() <= timedelta(days=longest):
        raise HoldTooLong(days=longest)


def _locked_hold(work: Work, hold_id: UUID) -> Hold:
    found = work.session.get(Hold, hold_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(type="Hold")
    return found


def _set_held(work: Work, held: dict[UUID, int]) -> None:
    """The holds themselves are audited; what they add up to on an account is not told again."""
    change_rows(work, Account, ("id",), ("held_minor",), list(held.items()), recording=Recording.BY_CALLER)
