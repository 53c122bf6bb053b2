"""What was posted before: keys that lead to the same transaction, events that were used (IN-3)."""

import hmac
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select, tuple_

from msingi.work import Work
from msingi_ledger.errors import EventAlreadyPosted, KeyUsedOtherwise
from msingi_ledger.models import Book, Transaction
from msingi_ledger.rules.postings import Posting

_AT_ONCE: Final = 5_000
_BY_KEYS: Final = select(Transaction.key, Transaction.id, Transaction.input_hash).where(
    Transaction.book_id == bindparam("book"), Transaction.key.in_(bindparam("keys", expanding=True))
)


def hashes_of(postings: Iterable[Posting]) -> dict[str, bytes]:
    """What was asked for under each key.

    Raises:
        KeyUsedOtherwise: a key stands for two contents.

    """
    hashes: dict[str, bytes] = {}
    for posting in postings:
        input_hash = posting.input_hash
        if not hmac.compare_digest(hashes.setdefault(posting.key, input_hash), input_hash):
            raise KeyUsedOtherwise
    return hashes


def posted_before(work: Work, book: Book, hashes: Mapping[str, bytes]) -> dict[str, UUID]:
    """The transactions to which the keys have led, by key.

    Raises:
        KeyUsedOtherwise: a key came with another content.

    """
    keys, found = list(hashes), dict[str, UUID]()
    for start in range(0, len(keys), _AT_ONCE):
        some = {"book": book.id, "keys": keys[start : start + _AT_ONCE]}
        for key, transaction_id, input_hash in work.session.execute(_BY_KEYS, some):
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
