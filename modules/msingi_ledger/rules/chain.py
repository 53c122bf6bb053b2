"""The canonical text of a transaction, and the chain over them (IN-9)."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import orjson

GENESIS: Final = bytes(32)
"""The hash before the first transaction of a book."""
TRANSACTION_KEY: Final = "ledger.transaction"
"""Purpose of the keyed hash of transactions."""
TRANSACTION_FIELDS: Final = (
    "id",
    "jurisdiction_id",
    "book_id",
    "template",
    "key",
    "input_hash",
    "provider",
    "event_id",
    "occurred_on",
    "recorded_at",
    "description",
    "posted_by",
    "reverses_id",
)
Side = tuple[Any, int, int]
"""Account, debit and credit of an entry."""


def canonical(values: Mapping[str, Any], entries: Iterable[Side]) -> bytes:
    """UTF-8 JSON of the transaction's fields in their order, then its entries in theirs."""
    fields = [values[name] for name in TRANSACTION_FIELDS]
    return canonical_text(fields, [tuple(entry) for entry in entries])


def canonical_text(fields: Sequence[Any], sides: Sequence[Side]) -> bytes:
    """The same from values that stand in the order of ``TRANSACTION_FIELDS``, and plain tuples."""
    return orjson.dumps([fields, sides], default=bytes.hex)


def link_hash(previous: bytes, mac: bytes) -> bytes:
    """SHA-256 over the link before and the keyed hash of a transaction."""
    return hashlib.sha256(previous + mac).digest()
