"""Idempotency keys: the first answer to a key is the answer to every repeat of it (IN-3, SY-6)."""

from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from msingi.errors import IdempotencyConflict
from msingi.ids import new_id
from msingi.kernel.models import IdempotencyRecord
from msingi.work import Work

KEPT = timedelta(days=30)


def recall(work: Work, key: str, payload_hash: str) -> dict[str, Any] | None:
    """The first answer to this key, or None when this call is the first; a second one at the same time waits.

    Raises:
        IdempotencyConflict: the key was used with another payload.

    """
    if _claim(work, key, payload_hash):
        return None
    known = work.session.execute(_mine(work, key)).one()
    if known.payload_hash != payload_hash or known.response is None:
        raise IdempotencyConflict
    answer: dict[str, Any] = orjson.loads(known.response)
    return answer


def remember(work: Work, key: str, response: dict[str, Any]) -> None:
    """Keep the answer in the transaction of the change that it reports."""
    work.session.execute(
        update(IdempotencyRecord)
        .where(IdempotencyRecord.actor_id == work.actor.id, IdempotencyRecord.key == key)
        .values(response=orjson.dumps(response).decode())
    )


def forget_old(work: Work) -> int:
    """Delete answers older than 30 days; returns how many."""
    result = work.session.execute(
        delete(IdempotencyRecord).where(IdempotencyRecord.created_at < work.now() - KEPT)
    )
    return int(getattr(result, "rowcount", 0))


def _claim(work: Work, key: str, payload_hash: str) -> bool:
    table = IdempotencyRecord.__table__
    insert = insert_sqlite if work.platform.database.is_sqlite else insert_postgresql
    row = {
        "id": new_id(),
        "actor_id": work.actor.id,
        "key": key,
        "payload_hash": payload_hash,
        "created_at": work.now(),
    }
    claim = insert(table).values(row).on_conflict_do_nothing()  # type: ignore[arg-type]
    result = work.session.execute(claim, execution_options={"preserve_rowcount": True})
    return bool(getattr(result, "rowcount", 0))


def _mine(work: Work, key: str) -> Any:
    return select(IdempotencyRecord.payload_hash, IdempotencyRecord.response).where(
        IdempotencyRecord.actor_id == work.actor.id, IdempotencyRecord.key == key
    )
