"""The trail in the schema: lines of one's own places, the state of the sealing, the proof of one line."""

from uuid import UUID

from sqlalchemy import Select

from msingi.audit import services
from msingi.audit.models import AuditEntry
from msingi.audit.plugin import READ, WATCH, plugin
from msingi.work import Work

plugin.expose(
    AuditEntry,
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
    allow=READ,
)


@plugin.connection(
    AuditEntry,
    allow=READ,
    where=("actor_id", "action", "entity", "entity_id", "request_id", "at"),
    order=("at",),
)
def audit_entries(work: Work, record: UUID | None = None) -> Select[AuditEntry]:  # noqa: ARG001
    """Lines of the audit trail; with a record, those about it and the lists in which it was read."""
    return services.lines_about(record)


@plugin.query(allow=WATCH)
def audit_status(work: Work) -> services.AuditStatus:
    """How far the audit trail is sealed, and the newest block to note elsewhere."""
    return services.status(work)


@plugin.query(allow=READ)
def audit_proof(work: Work, entry_id: UUID) -> services.EntryProof:
    """Evidence that one line is part of a sealed block, checkable without any other line."""
    return services.prove(work, entry_id)
