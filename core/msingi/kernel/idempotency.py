"""Idempotency keys: the first answer to a key is the answer to every repeat of it (IN-3, SY-6)."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from msingi.errors import IdempotencyConflict
from msingi.ids import new_id
from msingi.kernel.models import IdempotencyRecord
from msingi.work import Work

if TYPE_CHECKING:
    from msingi.platform import Platform

KEPT = timedelta(days=30)


class AnsweredMeanwhile(Exception):
    """Another call with the same key was faster."""


def recall(platform: "Platform", actor_id: UUID, key: str, payload_hash: str) -> dict[str, Any] | None:
    """The first answer to this key, or None when there is none yet.

    Raises:
        IdempotencyConflict: the key was used with another payload.

    """
    with platform.work(writes=False) as work:
        known = work.session.execute(
            select(IdempotencyRecord.payload_hash, IdempotencyRecord.response).where(
                IdempotencyRecord.actor_id == actor_id, IdempotencyRecord.key == key
            )
        ).one_or_none()
    if known is None:
        return None
    if known.payload_hash != payload_hash:
        raise IdempotencyConflict
    answer: dict[str, Any] = orjson.loads(known.response)
    return answer


def remember(work: Work, key: str, payload_hash: str, response: dict[str, Any]) -> None:
    """Keep the answer in the transaction of the change that it reports; it is sealed, for it may hold secrets.

    Raises:
        AnsweredMeanwhile: another call with this key has committed; undo this one and recall.

    """
    insert = insert_sqlite if work.platform.database.is_sqlite else insert_postgresql
    row = {
        "id": new_id(),
        "actor_id": work.actor.id,
        "key": key,
        "payload_hash": payload_hash,
        "response": orjson.dumps(response).decode(),
        "created_at": work.now(),
    }
    claim = insert(IdempotencyRecord.__table__).values(row).on_conflict_do_nothing()  # type: ignore[arg-type]
    result = work.session.execute(claim, execution_options={"preserve_rowcount": True})
    if not getattr(result, "rowcount", 0):
        raise AnsweredMeanwhile


def forget_old(work: Work) -> int:
    """Delete answers older than 30 days; returns how many."""
    result = work.session.execute(
        delete(IdempotencyRecord).where(IdempotencyRecord.created_at < work.now() - KEPT)
    )
    return int(getattr(result, "rowcount", 0))
