"""Canonical texts of entries and blocks, and their hashes with separated domains."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import orjson

ENTRY_FIELDS = (
    "id",
    "at",
    "actor_id",
    "actor_kind",
    "on_behalf_of",
    "action",
    "entity",
    "entity_id",
    "changes",
    "jurisdiction_id",
    "request_id",
    "door",
    "basis",
)
BLOCK_FIELDS = (
    "number",
    "first_entry",
    "last_entry",
    "count",
    "merkle_root",
    "previous_hash",
    "sealed_through",
    "sealed_at",
)
NO_HASH = bytes(32)
_LEAF = b"\x00"
_BLOCK = b"\x02"

Signer = Callable[[bytes], bytes]
"""A keyed hash: the same bytes under the same key give the same 32 bytes."""


class Values(Protocol):
    """Values by name: a dictionary or a row of the database."""

    def __getitem__(self, name: str, /) -> Any:
        """The value of this name."""


def canonical(values: Mapping[str, Any]) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces; bytes become hexadecimal digits."""
    return orjson.dumps(values, option=orjson.OPT_SORT_KEYS, default=_as_text)


def entry_text(row: Values) -> bytes:
    """The canonical text of an entry."""
    return canonical({name: row[name] for name in ENTRY_FIELDS})


def leaf_hash(text: bytes, mac: bytes) -> bytes:
    """SHA-256 of a canonical entry and its 32 bytes of keyed hash."""
    return hashlib.sha256(_LEAF + text + mac).digest()


def block_hash(row: Values) -> bytes:
    """SHA-256 of the canonical block, which names the hash of the block before."""
    return hashlib.sha256(_BLOCK + canonical({name: row[name] for name in BLOCK_FIELDS})).digest()


def _as_text(value: object) -> str:
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(f"{type(value).__name__} has no canonical text")
