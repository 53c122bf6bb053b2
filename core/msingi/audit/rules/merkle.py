"""Merkle trees over leaf hashes, with inclusion proofs."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

EMPTY_ROOT = hashlib.sha256(b"").digest()
_NODE = b"\x01"


@dataclass(frozen=True, slots=True)
class ProofStep:
    """One sibling on the way from a leaf to the root."""

    digest: bytes
    on_left: bool


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root over the leaf hashes in this order; an odd one out rises unchanged."""
    if not leaves:
        return EMPTY_ROOT
    level = list(leaves)
    while len(level) > 1:
        level = _level_above(level)
    return level[0]


def inclusion_proof(leaves: Sequence[bytes], index: int) -> tuple[ProofStep, ...]:
    """The siblings that lead from one leaf to the root.

    Raises:
        IndexError: there is no such leaf.

    """
    if not 0 <= index < len(leaves):
        raise IndexError(f"no leaf {index} among {len(leaves)}")
    steps = []
    level = list(leaves)
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            steps.append(ProofStep(level[sibling], on_left=sibling < index))
        level = _level_above(level)
        index //= 2
    return tuple(steps)


def _level_above(level: list[bytes]) -> list[bytes]:
    pairs = [_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    return pairs + level[-1:] if len(level) % 2 else pairs


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()
