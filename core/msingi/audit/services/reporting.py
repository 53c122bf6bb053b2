"""The state of the trail at a glance."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from sqlalchemy import func, select
from typing_extensions import Doc

from msingi.audit.models import BLOCKS, ENTRIES
from msingi.audit.services.chain import anchor_of, count_unsealed, head_block, window_start
from msingi.work import Work


@dataclass(frozen=True, slots=True)
class AuditStatus:
    """How far the trail is sealed."""

    blocks: Annotated[int, Doc("Number of blocks, the empty first one included.")]
    sealed: Annotated[int, Doc("Lines in blocks.")]
    unsealed: Annotated[int, Doc("Recent lines that wait for the next sealing.")]
    sealed_at: Annotated[datetime | None, Doc("When the newest block was sealed; empty before the first.")]
    anchor: Annotated[
        str | None, Doc("Number and hash of the newest block, to be noted outside the database.")
    ]


def status(work: Work) -> AuditStatus:
    """Count blocks and lines of the whole country; an exact check is ``verify``."""
    connection = work.session.connection()
    head = head_block(connection)
    if head is None:
        waiting = connection.execute(select(func.count()).select_from(ENTRIES)).scalar_one()
        return AuditStatus(0, 0, waiting, None, None)
    blocks, sealed = connection.execute(
        select(func.count(), func.coalesce(func.sum(BLOCKS.c.count), 0))
    ).one()
    waiting = count_unsealed(connection, since=window_start(head, work.now()))
    return AuditStatus(blocks, int(sealed), waiting, head["sealed_at"], anchor_of(head))
