"""The unit of work: one operation, one session, one transaction, one actor."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, event, insert
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.orm.attributes import get_history

from msingi.actor import EVERYWHERE, NOWHERE, Actor, ActorKind, Scope
from msingi.db import CHECKED, Model, Scoped, Versioned, WorkSession
from msingi.errors import DomainError, Forbidden, NotAuthenticated, NotFound, StaleVersion
from msingi.ids import new_id
from msingi.keyring import Keyring
from msingi.lengths import refuse_overlong
from msingi.plugin import PUBLIC, SIGNED_IN, Permission, PluginSettings
from msingi.plugin import Event as PluginEvent
from msingi.rows import pages_below, rows_by_id
from msingi.scoping import places_below
from msingi.types import keyring_of

if TYPE_CHECKING:
    from msingi.platform import Platform

_Model = TypeVar("_Model", bound=Model)
_Settings = TypeVar("_Settings", bound=PluginSettings)
_Answer = TypeVar("_Answer")
_Asked = ParamSpec("_Asked")

Clock = Callable[[], datetime]
RECORDED = "msingi_recorded"
"""Execution option of a bulk statement whose rows the audit trail receives one by one."""


def system_clock() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from, for the audit trail; never logged beside personal data."""

    request_id: UUID
    address: str = ""
    door: str = "system"
    """graphql, rest, cli, job or system."""
    basis: str = ""
    """The access basis stated by the caller (ID-19)."""


class Work:
    """What plugin code receives: session, actor, clock, settings and the verbs that the core offers.

    Application code never commits: the edge does, once, when the whole operation succeeded.
    """

    def __init__(
        self,
        platform: "Platform",
        session: WorkSession,
        *,
        actor: Actor,
        origin: Origin,
        language: str,
        writes: bool,
    ) -> None:
        self.platform = platform
        self.session = session
        self.actor = actor
        self.origin = origin
        self.language = language
        self.writes = writes
        self._known_places: dict[Scope, set[UUID]] = {}
        self._last_steps: list[Callable[[], object]] = []
        self._asked: frozenset[str] | None = None
        session.info["work"] = self
        session.info["scope"] = EVERYWHERE if actor.kind is ActorKind.SYSTEM else NOWHERE

    # Time, settings, keys

    def now(self) -> datetime:
        """The present instant (UTC) of the platform's clock."""
        return self.platform.clock()

    def today(self) -> date:
        """The present date in the country's time zone."""
        return self.now().astimezone(ZoneInfo(self.platform.profile.timezone)).date()

    def settings(self, settings_class: type[_Settings]) -> _Settings:
        """The validated settings of a plugin, by its settings class."""
        return self.platform.settings(settings_class)

    @property
    def keyring(self) -> Keyring:
        """The installation's keys, for blind indexes."""
        return keyring_of(self.platform.database.read.dialect)

    # Permissions and scope

    @property
    def scope(self) -> Scope:
        """The rows that this operation may touch now."""
        return self.session.scope

    def may(self, permission: Permission) -> bool:
        """Whether the actor holds the permission anywhere."""
        if permission == PUBLIC:
            return True
        return self.actor.authenticated and (permission == SIGNED_IN or self.actor.holds(permission.name))

    def require(self, permission: Permission, jurisdiction_id: UUID | None = None) -> None:
        """Refuse unless the actor holds the permission, for this jurisdiction when one is given.

        Raises:
            NotAuthenticated: nobody is signed in.
            Forbidden: the permission is not held, or not there; the refusal is audited.

        """
        if not self.may(permission):
            if not self.actor.authenticated:
                raise NotAuthenticated
            raise self._refusal(permission, jurisdiction_id)
        if jurisdiction_id is not None and not self.covers(self._scope_of(permission), jurisdiction_id):
            raise self._refusal(permission, jurisdiction_id)

    def _refusal(self, permission: Permission, jurisdiction_id: UUID | None) -> Forbidden:
        error = Forbidden(permission=permission.name)
        self.platform.trail.refused(self, error, jurisdiction_id=jurisdiction_id)
        return error

    def _scope_of(self, permission: Permission) -> Scope:
        return NOWHERE if permission in {PUBLIC, SIGNED_IN} else self.actor.scope(permission.name)

    @contextmanager
    def allowed(self, permission: Permission, *others: Permission) -> Iterator[None]:
        """Run a block under permissions: all are required, and the rows that every one of them opens are the scope."""
        scope = EVERYWHERE
        for needed in (permission, *others):
            self.require(needed)
            if self.actor.kind is not ActorKind.SYSTEM:
                scope = self._common(scope, self._scope_of(needed))
        with self.scoped(scope):
            yield

    def _common(self, one: Scope, other: Scope) -> Scope:
        """The rows in both scopes: in a tree, of two subtrees one holds the other or they share nothing."""
        if one == other or other.everywhere:
            return one
        if one.everywhere:
            return other
        return Scope(frozenset(self.visible_places(one.roots, other) | self.visible_places(other.roots, one)))

    @contextmanager
    def everywhere(self) -> Iterator[None]:
        """Run a block over all rows: for checks that must see the whole country (ID-12), never for answers."""
        with self.scoped(EVERYWHERE):
            yield

    @contextmanager
    def scoped(self, scope: Scope) -> Iterator[None]:
        """Run a block under this scope; what is pending is written under the scope in which it was made."""
        before = self.session.scope
        self.session.flush()
        self.session.info["scope"] = scope
        try:
            yield
            self.session.flush()
        finally:
            self.session.info["scope"] = before

    def covers(self, scope: Scope, jurisdiction_id: UUID) -> bool:
        """Whether a jurisdiction lies inside the scope."""
        if scope.everywhere or jurisdiction_id in scope.roots:
            return True
        return bool(scope.roots) and self.visible_places([jurisdiction_id], scope) == {jurisdiction_id}

    def visible_places(self, places: Collection[UUID], scope: Scope) -> set[UUID]:
        """Those of the jurisdictions that lie inside the scope, in one query."""
        known = self._known_places.get(scope, set())
        if scope.everywhere or known.issuperset(places):
            return set(places)
        given = {"roots": list(scope.roots), "places": list(places)}
        asking = self.session if self.session.new else self.session.connection()
        return set(asking.scalars(places_below(), given))

    # Reading

    def find(self, model: type[_Model], record_id: UUID, *, lock: bool = False) -> _Model | None:
        """The record, or None when it does not exist or is out of scope; a locked one as it stands now."""
        record = self.session.get(model, record_id, with_for_update=lock, populate_existing=lock)
        if isinstance(record, Scoped) and not self.scope.everywhere:
            self._known_places.setdefault(self.scope, set()).add(record.jurisdiction_id)
        return record

    def get(self, model: type[_Model], record_id: UUID, *, expected_version: int | None = None) -> _Model:
        """The record.

        Raises:
            NotFound: it does not exist or is out of scope; the answer is the same.
            StaleVersion: ``expected_version`` is given and is not the current one.

        """
        record = self.find(model, record_id)
        if record is None:
            raise NotFound(type=model.__name__)
        if (
            expected_version is not None
            and isinstance(record, Versioned)
            and record.version != expected_version
        ):
            raise StaleVersion(current=record.version, expected=expected_version)
        return record

    def by_ids(
        self,
        model: type[_Model],
        ids: Iterable[UUID | None],
        *,
        attributes: frozenset[str] | None = None,
    ) -> dict[UUID, _Model]:
        """Rows by id, in one query, as read-only rows with the model's attributes, or only with those named."""
        return cast("dict[UUID, _Model]", rows_by_id(self.session, model, ids, attributes))

    def children(
        self,
        column: InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None],
        parents: Sequence[Any],
        *,
        order_by: ColumnElement[Any] | InstrumentedAttribute[Any] | None = None,
    ) -> dict[UUID, list[Any]]:
        """The rows of ``column``'s model by the parent that the column names, in one query.

        Raises:
            TooManyRows: the parents have more than 20,000 rows together, a hundred for each of a full page.

        """
        found = pages_below(self.session, column, [parent.id for parent in parents], order_by=order_by)
        return {parent.id: list(found.get(parent.id, ())) for parent in parents}

    def answer_children(
        self,
        column: InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None],
        parents: Sequence[Any],
        *,
        order_by: ColumnElement[Any] | InstrumentedAttribute[Any] | None = None,
    ) -> dict[UUID, Any]:
        """Like ``children``, for an extension that hands the rows on as they are: with what the caller selected.

        Raises:
            TooManyRows: as ``children`` does.

        """
        ids = [parent.id for parent in parents]
        found = pages_below(self.session, column, ids, order_by=order_by, attributes=self._asked)
        return {parent_id: found.get(parent_id, ()) for parent_id in ids}

    @contextmanager
    def answering(self, attributes: frozenset[str] | None) -> Iterator[None]:
        """Run a block that answers with rows of which these attributes are selected; for the schema alone."""
        self._asked = attributes
        try:
            yield
        finally:
            self._asked = None

    # Writing

    def add(self, record: _Model) -> _Model:
        """Add a record to the transaction; it is written at the next flush."""
        self.session.add(record)
        return record

    def insert_rows(self, model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
        """Write many rows in one statement, audited and checked against the scope like single ones.

        Every row carries the same keys; ``id`` is made when absent.
        """
        if not rows:
            return
        refuse_overlong(model, rows)
        complete = [row if "id" in row else {"id": new_id(), **row} for row in rows]
        if issubclass(model, Scoped):
            self.check_places({row["jurisdiction_id"] for row in complete})
        self.session.flush()
        self.session.execute(insert(model), complete, execution_options={RECORDED: True, CHECKED: True})
        self.platform.trail.inserted(self, model, complete)

    def check_places(self, places: set[UUID]) -> None:
        """Refuse writes to jurisdictions outside the scope.

        Raises:
            NotFound: at least one place is out of scope or does not exist.

        """
        if self.scope.everywhere:
            return
        known = self._known_places.setdefault(self.scope, set())
        unknown = places - known
        if unknown:
            if self.visible_places(unknown, self.scope) != unknown:
                raise NotFound(type="Jurisdiction")
            known |= unknown

    def emit(self, event: PluginEvent) -> None:
        """Tell an event: ``on`` handlers run now in dependency order, ``after`` handlers become durable jobs."""
        self.platform.emit(self, event)

    def enqueue(self, job: str, *, key: str | None = None, **arguments: Any) -> UUID:
        """Queue a job inside this transaction and return its id; one waiting job per ``key``."""
        return self.platform.jobs.enqueue(self, job, key=key, arguments=arguments)

    def ask(self, hook: Callable[Concatenate[Any, _Asked], _Answer]) -> Callable[_Asked, list[_Answer]]:
        """Ask every plugin that answers this hook; call the result with keyword arguments only."""
        return cast("Callable[_Asked, list[_Answer]]", getattr(self.platform.hooks, hook.__name__))

    def audit(
        self,
        action: str,
        *,
        entity: str,
        entity_id: UUID | None = None,
        jurisdiction_id: UUID | None = None,
        details: Mapping[str, Any] | None = None,
    ) -> None:
        """Write one line to the audit trail beside those that every change writes by itself."""
        self.platform.trail.note(
            self,
            action=action,
            entity=entity,
            entity_id=entity_id,
            jurisdiction_id=jurisdiction_id,
            details=details or {},
        )

    def when_over(self, step: Callable[[], object]) -> None:
        """Call a step once the operation is over, whether it was committed or undone; it opens a work of its own."""
        self._last_steps.append(step)

    def over(self) -> None:
        """Call the steps that waited for the end; for the platform alone."""
        for step in self._last_steps:
            step()

    def seen(self, permission: Permission, answer: object) -> None:
        """Tell the trail what was read under a sensitive permission (P4); nothing for others."""
        if permission.sensitive:
            self.platform.trail.read(self, permission, answer)

    def say(self, error: DomainError) -> str:
        """The refusal's text in the reader's language."""
        return self.platform.texts.refusal(error, self.language)


@event.listens_for(WorkSession, "before_flush")
def _refuse_to_lose_changes(session: Session, _context: object, _instances: object) -> None:
    work: Work | None = session.info.get("work")
    if work is not None and not work.writes and _has_changes(session):
        raise RuntimeError(
            "this unit of work only reads and saves nothing: change records in a mutation or a job"
        )


def _has_changes(session: Session) -> bool:
    return bool(session.new or session.deleted or any(map(session.is_modified, session.dirty)))


@event.listens_for(WorkSession, "before_flush")
def _check_written_places(session: Session, _context: object, _instances: object) -> None:
    work: Work | None = session.info.get("work")
    if work is None or work.scope.everywhere:
        return
    changed = [record for record in session.dirty if session.is_modified(record)]
    touched = [record for record in (*session.new, *changed, *session.deleted) if isinstance(record, Scoped)]
    if touched:
        work.check_places({place for record in touched for place in _places_of(record)})


@event.listens_for(WorkSession, "before_flush")
def _check_lengths(session: Session, _context: object, _instances: object) -> None:
    for record in (*session.new, *session.dirty):
        refuse_overlong(type(record), [vars(record)])


def _places_of(record: Scoped) -> Iterator[UUID]:
    """The place of a record and, when it moves, the one it leaves."""
    yield record.jurisdiction_id
    yield from get_history(record, "jurisdiction_id").deleted or ()
