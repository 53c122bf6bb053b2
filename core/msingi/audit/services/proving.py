"""Prove one line without showing the others: its canonical text and the way to the root of its block."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from sqlalchemy import select
from typing_extensions import Doc

from msingi.audit.errors import NotSealed
from msingi.audit.models import BLOCKS, ENTRIES, LEAVES, AuditEntry
from msingi.audit.rules.hashing import entry_text
from msingi.audit.rules.merkle import inclusion_proof
from msingi.work import Work

SEAL_SECONDS = 60
"""How often the sealing job runs."""


@dataclass(frozen=True, slots=True)
class SiblingHash:
    """One sibling on the way from the line to the root."""

    digest: Annotated[str, Doc("Hash of the sibling, hexadecimal.")]
    on_left: Annotated[bool, Doc("Whether the sibling stands on the left.")]


@dataclass(frozen=True, slots=True)
class EntryProof:
    """Evidence that one line is part of a sealed block."""

    id: Annotated[UUID, Doc("The line.")]
    text: Annotated[str, Doc("The canonical text of the line, as it was hashed.")]
    mac: Annotated[str, Doc("The keyed hash that follows the text in the leaf, hexadecimal.")]
    digest: Annotated[str, Doc("SHA-256 of 00, text and keyed hash: the leaf, hexadecimal.")]
    siblings: Annotated[list[SiblingHash], Doc("SHA-256 of 01, left and right, upwards from the leaf.")]
    merkle_root: Annotated[str, Doc("The root that the block bears, hexadecimal.")]
    block: Annotated[int, Doc("Number of the block.")]


def prove(work: Work, entry_id: UUID) -> EntryProof:
    """The proof of one visible line.

    Raises:
        NotFound: there is no such line in the actor's jurisdictions.
        NotSealed: the line is in no block yet.

    """
    work.get(AuditEntry, entry_id)
    connection = work.session.connection()
    entry = connection.execute(select(ENTRIES).where(ENTRIES.c.id == entry_id)).mappings().one()
    leaf = connection.execute(select(LEAVES).where(LEAVES.c.id == entry_id)).mappings().first()
    if leaf is None:
        raise NotSealed(seconds=SEAL_SECONDS)
    in_block = select(LEAVES.c.digest).where(LEAVES.c.block == leaf["block"]).order_by(LEAVES.c.position)
    root = select(BLOCKS.c.merkle_root).where(BLOCKS.c.number == leaf["block"])
    steps = inclusion_proof(connection.execute(in_block).scalars().all(), leaf["position"])
    return EntryProof(
        id=entry_id,
        text=entry_text(entry).decode(),
        mac=entry["mac"].hex(),
        digest=leaf["digest"].hex(),
        siblings=[SiblingHash(step.digest.hex(), step.on_left) for step in steps],
        merkle_root=connection.execute(root).scalar_one().hex(),
        block=leaf["block"],
    )
