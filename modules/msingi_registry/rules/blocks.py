"""Arithmetic of UHID blocks: how many to lease, and which numbers to draw (ID-2)."""

import secrets
from collections.abc import Container
from typing import Final

from msingi_registry.rules.identifiers import UHID, CodeScheme, RandomBelow, make_code
from msingi_registry.rules.refusals import Refusal

BLOCK_SIZE: Final = 500
"""UHIDs in one block."""

REFILL_BELOW: Final = 250
"""A device with fewer unused UHIDs than this receives a new block."""

MAX_BLOCK: Final = 10_000
"""Most UHIDs that one call cuts."""

_TRIES_PER_CODE: Final = 20


def refill_size(unused: int, *, block_size: int = BLOCK_SIZE, refill_below: int = REFILL_BELOW) -> int:
    """Say how many UHIDs to lease to a device that still holds `unused` of them: a whole block or none."""
    if unused < 0 or not 0 < refill_below <= block_size <= MAX_BLOCK:
        raise Refusal("registry.block_size_invalid", size=block_size)
    return block_size if unused < refill_below else 0


def draw_block(
    size: int,
    taken: Container[str],
    *,
    scheme: CodeScheme = UHID,
    random_below: RandomBelow = secrets.randbelow,
) -> tuple[str, ...]:
    """Draw random, different codes of which none is taken, in the order they were drawn.

    Raises `registry.block_size_invalid`, and `registry.identifier_space_exhausted` when almost
    every draw hits a taken code.
    """
    if not 0 < size <= MAX_BLOCK:
        raise Refusal("registry.block_size_invalid", size=size)
    drawn: dict[str, None] = {}
    for _ in range(size * _TRIES_PER_CODE):
        code = make_code(scheme, random_below)
        if code not in taken:
            drawn[code] = None
        if len(drawn) == size:
            return tuple(drawn)
    raise Refusal("registry.identifier_space_exhausted", scheme=scheme.name)
