"""Search the trail within the actor's jurisdictions, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, and_, cast, or_, select, tuple_

from msingi.audit.models import AuditEntry
from msingi.scoping import subtree_of
from msingi.work import Work

MOST = 1000


@dataclass(frozen=True, slots=True)
class EntryQuery:
    """What to look for; every condition given must hold, ``until`` is exclusive, ``before`` is the last line seen."""

    actor_id: UUID | None = None
    action: str | None = None
    entity: str | None = None
    record: UUID | None = None
    within: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: tuple[datetime, UUID] | None = None


def search(work: Work, query: EntryQuery, *, first: int = 50) -> Sequence[AuditEntry]:
    """The newest lines that fulfil the query, at most 1,000."""
    statement = select(AuditEntry).where(*_criteria(query))
    newest = statement.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(min(first, MOST))
    return work.session.scalars(newest).all()


def lines_about(record: UUID | None) -> Select[AuditEntry]:
    """A select of the lines about one record, also of the lists in which it was read; all lines without one."""
    statement = select(AuditEntry)
    return statement if record is None else statement.where(_about(record))


def _criteria(query: EntryQuery) -> list[ColumnElement[bool]]:
    equals: list[tuple[Any, Any]] = [
        (AuditEntry.actor_id, query.actor_id),
        (AuditEntry.action, query.action),
        (AuditEntry.entity, query.entity),
    ]
    criteria: list[ColumnElement[bool]] = [column == value for column, value in equals if value is not None]
    if query.record is not None:
        criteria.append(_about(query.record))
    if query.within is not None:
        criteria.append(AuditEntry.jurisdiction_id.in_(subtree_of([query.within])))
    if query.since is not None:
        criteria.append(AuditEntry.at >= query.since)
    if query.until is not None:
        criteria.append(AuditEntry.at < query.until)
    if query.before is not None:
        criteria.append(tuple_(AuditEntry.at, AuditEntry.id) < query.before)
    return criteria


def _about(record: UUID) -> ColumnElement[bool]:
    in_list = cast(AuditEntry.changes, String).contains(str(record))
    return or_(AuditEntry.entity_id == record, and_(AuditEntry.action == "read", in_list))
