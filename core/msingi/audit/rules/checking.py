"""Where the chain of blocks breaks first, decided from values alone (attack 94)."""

import hmac
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from msingi.audit.rules.hashing import NO_HASH, Signer, Values, block_hash, entry_text, leaf_hash
from msingi.audit.rules.merkle import merkle_root


class Fault(StrEnum):
    """What is wrong at a link of the chain."""

    ENTRY_ALTERED = "entry_altered"
    ENTRY_MISSING = "entry_missing"
    ENTRY_FORGED = "entry_forged"
    ENTRY_UNREADABLE = "entry_unreadable"
    ENTRY_OVERDUE = "entry_overdue"
    LEAF_ALTERED = "leaf_altered"
    LEAF_MISSING = "leaf_missing"
    LEAF_WITHOUT_BLOCK = "leaf_without_block"
    OUT_OF_ORDER = "out_of_order"
    BLOCK_ALTERED = "block_altered"
    BLOCK_MISSING = "block_missing"
    CHAIN_BROKEN = "chain_broken"
    ANCHOR_LOST = "anchor_lost"
    TRAIL_EMPTIED = "trail_emptied"


EXPLANATIONS: Mapping[Fault, str] = {
    Fault.ENTRY_ALTERED: "the line was changed after it was written",
    Fault.ENTRY_MISSING: "the line was deleted after it was sealed",
    Fault.ENTRY_FORGED: "the line was not written by this installation, or was changed before it was sealed",
    Fault.ENTRY_UNREADABLE: "the line holds a value that cannot be read",
    Fault.ENTRY_OVERDUE: "the line appeared long after its instant, behind blocks that were sealed already",
    Fault.LEAF_ALTERED: "the sealed hash of the line was changed",
    Fault.LEAF_MISSING: "the block seals more or fewer lines than are there",
    Fault.LEAF_WITHOUT_BLOCK: "the block of this line was deleted",
    Fault.OUT_OF_ORDER: "the lines of the block were put into another order",
    Fault.BLOCK_ALTERED: "the values of the block were changed",
    Fault.BLOCK_MISSING: "blocks before this one were deleted",
    Fault.CHAIN_BROKEN: "the block does not follow the block before it",
    Fault.ANCHOR_LOST: "the block that was noted outside the database is not in the chain",
    Fault.TRAIL_EMPTIED: "the trail holds no line, though the setup of the installation writes some",
}


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """One place where the trail does not hold: the fault, and the block, position and entry where known."""

    fault: Fault
    block: int | None = None
    position: int | None = None
    entry_id: UUID | None = None

    @property
    def explanation(self) -> str:
        """The fault in words."""
        return EXPLANATIONS[self.fault]


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """A leaf with the entry it seals; ``entry`` is None when the row is gone."""

    position: int
    entry_id: UUID
    digest: bytes
    entry: Values | None


@dataclass(frozen=True, slots=True)
class Link:
    """What the next block must continue: number and hash of the block before."""

    number: int = -1
    hash: bytes = NO_HASH


def check_link(block: Values, previous: Link, sign: Signer) -> Iterator[BrokenLink]:
    """Faults of the block's own values and of its place in the chain."""
    number = block["number"]
    if number != previous.number + 1:
        yield BrokenLink(Fault.BLOCK_MISSING, number)
    elif not hmac.compare_digest(block["previous_hash"], previous.hash):
        yield BrokenLink(Fault.CHAIN_BROKEN, number)
    if not (
        hmac.compare_digest(block["hash"], block_hash(block))
        and hmac.compare_digest(block["mac"], sign(block["hash"]))
    ):
        yield BrokenLink(Fault.BLOCK_ALTERED, number)


def check_leaves(block: Values, leaves: Iterable[SealedEntry], sign: Signer) -> Iterator[BrokenLink]:
    """Faults of the entries that a block seals, in their order, then of the set as a whole."""
    digests: list[bytes] = []
    before: tuple[Any, ...] | None = None
    sound = True
    for leaf in leaves:
        order = None if leaf.entry is None else (leaf.entry["at"], leaf.entry["id"])
        fault = check_leaf(leaf, len(digests), sign) or _order_fault(before, order)
        if fault is not None:
            sound = False
            yield BrokenLink(fault, block["number"], leaf.position, leaf.entry_id)
        before = order or before
        digests.append(leaf.digest)
    if sound:
        yield from _check_whole(block, digests)


def check_leaf(leaf: SealedEntry, expected_position: int, sign: Signer) -> Fault | None:
    """The fault of one leaf: its entry gone, changed or moved, or its own hash changed."""
    if leaf.entry is None:
        return Fault.ENTRY_MISSING
    if leaf.position != expected_position:
        return Fault.LEAF_MISSING
    text = entry_text(leaf.entry)
    authentic = hmac.compare_digest(leaf.entry["mac"], sign(text))
    same = hmac.compare_digest(leaf.digest, leaf_hash(text, leaf.entry["mac"]))
    if authentic and same:
        return None
    if authentic:
        return Fault.LEAF_ALTERED
    return Fault.ENTRY_FORGED if same else Fault.ENTRY_ALTERED


def is_authentic(entry: Values, sign: Signer) -> bool:
    """Whether the entry still bears the keyed hash it was written with."""
    return hmac.compare_digest(entry["mac"], sign(entry_text(entry)))


def _order_fault(before: tuple[Any, ...] | None, order: tuple[Any, ...] | None) -> Fault | None:
    return Fault.OUT_OF_ORDER if before is not None and order is not None and order <= before else None


def _check_whole(block: Values, digests: Sequence[bytes]) -> Iterator[BrokenLink]:
    number = block["number"]
    if len(digests) != block["count"]:
        yield BrokenLink(Fault.LEAF_MISSING, number)
    elif not hmac.compare_digest(merkle_root(digests), block["merkle_root"]):
        yield BrokenLink(Fault.OUT_OF_ORDER, number)
