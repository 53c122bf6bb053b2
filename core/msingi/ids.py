"""Row identifiers: UUID version 7, made where the row is born (SY-1)."""

import secrets
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0


def new_id() -> UUID:
    """A UUIDv7: 48 bits of Unix milliseconds, then random bits; strictly rising within one process."""
    global _last  # noqa: PLW0603 - a process-wide clock reading is the definition of the order
    with _lock:
        stamp = (time.time_ns() // 1_000_000) << 12 | secrets.randbits(10)
        _last = stamp if stamp > _last else _last + 1
        high = _last
    milliseconds, counter = high >> 12, high & 0xFFF
    return UUID(int=milliseconds << 80 | 0x7 << 76 | counter << 64 | 0b10 << 62 | secrets.randbits(62))
