"""What an account, a book and a hold are, as the text that their keyed hashes cover (IN-9, IN-12)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

_BYTES: Final = 32
_SPACE: Final = 1 << (8 * _BYTES)
NO_HOLDS: Final = bytes(_BYTES)
"""The sum of the hashes of no holds."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A kind of record: the purpose of its keyed hash, and the columns that the hash covers in their order."""

    purpose: str
    fields: tuple[str, ...]


BOOK: Final = Bound("ledger.book", ("id", "currency", "closed_through"))
ACCOUNT: Final = Bound(
    "ledger.account",
    ("id", "jurisdiction_id", "book_id", "currency", "code", "owner", "account_class", "bounded"),
)
HOLD: Final = Bound(
    "ledger.hold",
    (
        *("id", "jurisdiction_id", "account_id", "key", "input_hash", "currency", "amount_minor"),
        *("captured_minor", "state", "expires_at", "transaction_id"),
    ),
)
HOLDS: Final = Bound("ledger.holds", ("id", "holds_sum"))
"""An account and the sum of the hashes of its holds."""


def text_of(values: Sequence[Any]) -> bytes:
    """UTF-8 JSON of the values of a record, in the order of its fields."""
    return orjson.dumps(list(values), default=bytes.hex)


def changed_sum(known: bytes, *, gone: Iterable[bytes] = (), come: Iterable[bytes] = ()) -> bytes:
    """The sum of hashes after some went and others came; it does not depend on their order."""
    total = int.from_bytes(known) + sum(map(int.from_bytes, come)) - sum(map(int.from_bytes, gone))
    return (total % _SPACE).to_bytes(_BYTES)
