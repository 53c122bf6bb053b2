"""What was posted before: keys that lead to the same transaction, events that were used (IN-3)."""

import hmac
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import select, tuple_

from msingi.work import Work
from msingi_ledger.errors import EventAlreadyPosted, KeyUsedOtherwise
from msingi_ledger.models import Book, Transaction
from msingi_ledger.rules.postings import Posting

_AT_ONCE: Final = 5_000


def posted_before(work: Work, book: Book, postings: Sequence[Posting]) -> dict[str, UUID]:
    """The transactions to which keys of these postings have led, by key.

    Raises:
        KeyUsedOtherwise: a key came with another content, earlier or in this very list.

    """
    keys = [posting.key for posting in postings]
    found: dict[str, UUID] = {}
    hashes = {posting.key: posting.input_hash for posting in postings}
    _refuse_other_content(postings, hashes)
    for start in range(0, len(keys), _AT_ONCE):
        some = select(Transaction.key, Transaction.id, Transaction.input_hash).where(
            Transaction.book_id == book.id, Transaction.key.in_(keys[start : start + _AT_ONCE])
        )
        for key, transaction_id, input_hash in work.session.execute(some):
            if not hmac.compare_digest(input_hash, hashes[key]):
                raise KeyUsedOtherwise
            found[key] = transaction_id
    return found


def refuse_used_events(work: Work, postings: Iterable[Posting]) -> None:
    """Refuse events of providers that were posted under another key.

    Raises:
        EventAlreadyPosted: names the provider.

    """
    events = [posting.event for posting in postings if posting.event is not None]
    for event, times in Counter(events).items():
        if times > 1:
            raise EventAlreadyPosted(provider=event.provider)
    identity = tuple_(Transaction.provider, Transaction.event_id)
    for start in range(0, len(events), _AT_ONCE):
        used = work.session.scalar(
            select(Transaction.provider).where(identity.in_(events[start : start + _AT_ONCE])).limit(1)
        )
        if used is not None:
            raise EventAlreadyPosted(provider=used)


def _refuse_other_content(postings: Iterable[Posting], hashes: Mapping[str, bytes]) -> None:
    if any(not hmac.compare_digest(hashes[posting.key], posting.input_hash) for posting in postings):
        raise KeyUsedOtherwise
