"""The recorder: builds audit lines and writes them in the transaction of the change."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, insert

from msingi.actor import Actor
from msingi.audit.kept import Kept, Line, PendingRead, kept_by, kept_if_any, take_waiting, waiting_in
from msingi.audit.models import ENTRIES
from msingi.audit.reads import Readable, models_within, records_in
from msingi.audit.rules.hashing import canonical
from msingi.audit.rules.values import clean, plain
from msingi.bulk import insert_cells
from msingi.db import Model
from msingi.errors import DomainError, Forbidden, NotAuthenticated
from msingi.ids import new_id, new_ids
from msingi.plugin import Permission

if TYPE_CHECKING:
    from msingi.platform import Platform
    from msingi.work import Origin, Work

READ_IDS_LIMIT = 200
ENTRY_KEY = "audit.entry"
"""Purpose of the keyed hash of entries."""
_STEM = "audit_stem"
_INSERT = insert(ENTRIES)
_MOST_WAITING = 500
"""Lines that wait for the commit."""
_MANY = 50
"""From so many lines on a bulk insert is faster than one statement with parameters."""


class Change(NamedTuple):
    """What happened to one record of a bulk change.

    ``fields`` holds plain JSON values: ``[before, after]``, ``[after]``, or None where the value is not kept.
    """

    record_id: UUID
    fields: Mapping[str, Any]
    jurisdiction_id: UUID | None = None


class Trail:
    """Writes audit lines: changes inside their transaction, refusals and reads whatever becomes of it."""

    def __init__(self, platform: "Platform") -> None:
        self.platform = platform

    def inserted(self, work: "Work", model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
        """Record rows written in bulk: one line per row, names of their fields only, in one statement."""
        if not model.__audited__ or not rows:
            return
        fields = dict.fromkeys(rows[0])
        changes = [Change(row["id"], fields, row.get("jurisdiction_id")) for row in rows]
        self.changed_many(work, "insert", model.__tablename__, changes)

    def changed_many(self, work: "Work", action: str, entity: str, changes: Sequence[Change]) -> None:
        """Record changes of many records of one kind: one line for each, all of them written at once.

        Bulk changes of the rows below a business object are told by one line about that object.
        """
        if not changes:
            return
        stem = {**_stem(work), "at": work.now().astimezone(UTC), "action": action, "entity": entity}
        sign = self.platform.keyring.sign
        lines: list[Line] = [
            {
                **stem,
                "id": line_id,
                "entity_id": change.record_id,
                "changes": change.fields,
                "jurisdiction_id": change.jurisdiction_id,
            }
            for line_id, change in zip(new_ids(len(changes)), changes, strict=True)
        ]
        for line in lines:
            line["mac"] = sign(ENTRY_KEY, canonical(line))
        self.write(work, lines)

    def note(
        self,
        work: "Work",
        *,
        action: str,
        entity: str,
        entity_id: UUID | None,
        jurisdiction_id: UUID | None,
        details: Mapping[str, Any],
    ) -> None:
        """Record an action that is not a change of a row; undone together with the work."""
        line = self._described(work, action, entity, entity_id, jurisdiction_id, details)
        if work.writes:
            self.write(work, [line])
        else:
            kept_by(work).lines.append(line)

    def keep(
        self,
        work: "Work",
        *,
        action: str,
        entity: str,
        entity_id: UUID | None = None,
        jurisdiction_id: UUID | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """Record an action that stays in the trail although the work is undone, e.g. a failed login."""
        kept_by(work).lines.append(
            self._described(work, action, entity, entity_id, jurisdiction_id, details or {})
        )

    def refused(
        self,
        work: "Work",
        error: DomainError,
        *,
        entity: str = "",
        entity_id: UUID | None = None,
        jurisdiction_id: UUID | None = None,
    ) -> None:
        """Record a refusal once, by its code and permission; its other parameters are not kept (attack 95).

        Refusals to sign in carry no actor and are left to the edge's log.
        """
        if isinstance(error, NotAuthenticated) or not kept_by(work).is_new(error):
            return
        details: dict[str, Any] = {"code": error.code}
        if isinstance(error, Forbidden):
            details["permission"] = plain(error.params.get("permission"))
        kept_by(work).lines.append(self.line(work, "refused", entity, entity_id, details, jurisdiction_id))

    def read(self, work: "Work", permission: Permission, answer: object) -> None:
        """Record what an answer shows under a sensitive permission; a page is looked at once it is complete (P4)."""
        if not permission.sensitive:
            return
        if isinstance(answer, Readable):
            kept_by(work).reads.append(PendingRead(permission, answer, only_place(work)))
            return
        for entity, ids in records_in(answer).items():
            self.record_read(work, permission, entity, ids)

    def shown(self, work: "Work", permissions: Mapping[type[Model], Permission], answer: object) -> None:
        """Record the records of an answer whose types are read under sensitive permissions of their own (P4).

        A record that this work changes has its line already.
        """
        if not permissions:
            return
        told = {(line["entity"], line["entity_id"]) for line in waiting_in(work.session.info)}
        found: dict[type[Model], list[UUID | None]] = {}
        for record in models_within(answer):
            if type(record) in permissions and (record.__tablename__, record.id) not in told:
                found.setdefault(type(record), []).append(record.id)
        for model, ids in found.items():
            self.record_read(work, permissions[model], model.__tablename__, ids)

    def opened(self, work: "Work", permission: Permission, door: str, ids: Iterable[UUID]) -> None:
        """Record that a door under a sensitive permission was opened, unless what it gave told more of itself."""
        kept = kept_if_any(work.session.info)
        if kept is None or not any(_is_read_under(permission, line) for line in kept.lines):
            self.record_read(work, permission, door, list(ids) or [None])

    def record_read(
        self,
        work: "Work",
        permission: Permission,
        entity: str,
        ids: Iterable[UUID | None],
        *,
        jurisdiction_id: UUID | None = None,
    ) -> None:
        """Record which records were read under a sensitive permission: at most 200 ids, and how many in all."""
        seen = list(ids) if permission.sensitive else []
        if not seen:
            return
        known = list(dict.fromkeys(record_id for record_id in seen if record_id is not None))
        details: dict[str, Any] = {"permission": permission.name, "count": len(known) or len(seen)}
        if len(known) > 1:
            details["ids"] = [str(record_id) for record_id in known[:READ_IDS_LIMIT]]
        only = known[0] if len(known) == 1 else None
        place = jurisdiction_id or only_place(work)
        kept_by(work).lines.append(self.line(work, "read", clean(entity, 100), only, details, place))

    def save_kept(self, work: "Work") -> None:
        """Put all lines of the work into the transaction that is about to commit: both are saved or neither."""
        lines = take_waiting(work.session.info)
        kept = kept_if_any(work.session.info)
        if kept is not None and work.writes:
            self._count_reads(work, kept)
            kept.saved = len(kept.lines)
            lines += kept.lines
        if lines:
            _insert(work.session.connection(), lines)

    def settle(self, work: "Work") -> None:
        """Write what must be kept although the work was undone or only read, in a transaction of its own.

        A sensitive answer whose line cannot be written is not given: this raises before the work ends (attack 32).
        """
        kept = kept_if_any(work.session.info)
        if kept is None:
            return
        self._count_reads(work, kept)
        lines, kept.lines = kept.lines, []
        if lines:
            with self.platform.database.write.begin() as connection:
                _insert(connection, lines)

    def line(
        self,
        work: "Work",
        action: str,
        entity: str,
        entity_id: UUID | None,
        changes: Mapping[str, Any],
        jurisdiction_id: UUID | None,
    ) -> Line:
        """One complete line with its keyed hash; ``changes`` holds plain values only."""
        line: Line = {
            **_stem(work),
            "id": new_id(),
            "at": work.now().astimezone(UTC),
            "action": action,
            "entity": entity,
            "entity_id": entity_id,
            "changes": changes,
            "jurisdiction_id": jurisdiction_id,
        }
        line["mac"] = self.platform.keyring.sign(ENTRY_KEY, canonical(line))
        return line

    def write(self, work: "Work", lines: Sequence[Line]) -> None:
        """Put lines into the work's transaction: in one statement before it commits, in a savepoint at once.

        What a savepoint undoes takes its lines along; many lines are not held in memory.
        """
        waiting = waiting_in(work.session.info)
        if work.session.in_nested_transaction() or len(waiting) + len(lines) > _MOST_WAITING:
            _insert(work.session.connection(), lines)
        else:
            waiting.extend(lines)

    def _described(
        self,
        work: "Work",
        action: str,
        entity: str,
        entity_id: UUID | None,
        jurisdiction_id: UUID | None,
        details: Mapping[str, Any],
    ) -> Line:
        values = {name: plain(value) for name, value in details.items()}
        return self.line(work, clean(action, 64), clean(entity, 100), entity_id, values, jurisdiction_id)

    def _count_reads(self, work: "Work", kept: Kept) -> None:
        reads, kept.reads = kept.reads, []
        for read in reads:
            entity, ids = read.answer.read_ids()
            self.record_read(work, read.permission, entity, ids, jurisdiction_id=read.place)


def _is_read_under(permission: Permission, line: Line) -> bool:
    """Whether a line tells of a read under this permission."""
    return bool(line["action"] == "read" and line["changes"].get("permission") == permission.name)


def only_place(work: "Work") -> UUID | None:
    """The one jurisdiction below which everything in the present scope lies, if there is exactly one."""
    roots = work.scope.roots
    return next(iter(roots)) if len(roots) == 1 else None


def _insert(connection: Connection, lines: Sequence[Line]) -> None:
    if len(lines) >= _MANY:
        insert_cells(connection, ENTRIES, {name: [line[name] for line in lines] for name in lines[0]})
    else:
        connection.execute(_INSERT, lines if len(lines) > 1 else lines[0])


def _stem(work: "Work") -> Line:
    known: tuple[Actor, Line] | None = work.session.info.get(_STEM)
    if known is not None and known[0] is work.actor:
        return known[1]
    stem = _who_and_why(work.actor, work.origin)
    work.session.info[_STEM] = (work.actor, stem)
    return stem


def _who_and_why(actor: Actor, origin: "Origin") -> Line:
    return {
        "actor_id": actor.id,
        "actor_kind": actor.kind.value,
        "on_behalf_of": actor.on_behalf_of,
        "request_id": origin.request_id,
        "door": clean(origin.door, 16),
        "basis": clean(origin.basis, 200),
    }
