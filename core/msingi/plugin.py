"""The contract of a plugin: a manifest plus decorators that store into it; no behaviour."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID

import pluggy
from pydantic import BaseModel, ConfigDict
from sqlalchemy import CompoundSelect, Select
from typing_extensions import TypeVar as DefaultTypeVar

from msingi.db import Model

if TYPE_CHECKING:
    from msingi.reports import Measure, Report, WorkedOut

hookspec = pluggy.HookspecMarker("msingi")
hookimpl = pluggy.HookimplMarker("msingi")


class PluginSettings(BaseModel):
    """The typed settings of one plugin: an unknown key stops the start with its dotted path."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


class Event(BaseModel):
    """A fact told after a decision: ids and plain values only, never ORM objects."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True, slots=True)
class Permission:
    """One right, named ``plugin.action``, with the sentence that an administrator reads."""

    name: str
    description: str
    sensitive: bool = False
    """Whether reads under this right are written to the audit trail (P4)."""


PUBLIC = Permission("public", "Open to everybody, without signing in")
SIGNED_IN = Permission("signed_in", "Open to every signed-in user, for their own affairs only")

_Settings = DefaultTypeVar("_Settings", bound=PluginSettings, default=PluginSettings)
_Event = TypeVar("_Event", bound=Event)
_Function = TypeVar("_Function", bound=Callable[..., Any])
_Batch = TypeVar("_Batch", bound=Callable[..., Mapping[UUID, Any]])
_Rows = TypeVar("_Rows", bound=Callable[..., Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]])
_List = TypeVar("_List", bound=Callable[..., Select[Any]])


@dataclass(frozen=True, slots=True)
class Exposure:
    """A model in the GraphQL schema: only the fields listed, only to those who hold ``allow``.

    A guarded field is null without its own permission at the place of the row.
    """

    model: type[Model]
    fields: tuple[str, ...]
    allow: Permission
    guarded: Mapping[str, Permission]
    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """A query or a mutation; ``kind`` says which."""

    kind: str
    name: str
    function: Callable[..., Any]
    allow: Permission


@dataclass(frozen=True, slots=True)
class Connection:
    """A paged list of an exposed model; its function returns a select, the core filters, orders and cuts it."""

    name: str
    model: type[Model]
    function: Callable[..., Select[Any]]
    allow: Permission
    where: tuple[str, ...]
    order: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Extension:
    """A field added to an exposed model: always a batch function over a list of parents."""

    model: type[Model]
    name: str
    function: Callable[..., Mapping[UUID, Any]]
    allow: Permission
    reads: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Handler:
    """A reaction to an event: at once in the transaction, or after the commit as a durable job."""

    event: type[Event]
    function: Callable[..., None]
    after: bool
    name: str


@dataclass(frozen=True, slots=True)
class Job:
    """Durable work by name: enqueued by services, or periodic when ``every`` is set."""

    name: str
    function: Callable[..., None]
    every: timedelta | None
    attempts: int
    description: str


@dataclass(frozen=True, slots=True)
class Route:
    """A REST door below ``/api/<plugin>``, for what GraphQL does not carry (files, PDF).

    ``most_bytes`` is the cap of an upload's body; without it the cap of the installation holds (attack 65).
    """

    method: str
    path: str
    function: Callable[..., Any]
    allow: Permission
    most_bytes: int | None = None


@dataclass(slots=True)
class Contributions:
    """Everything that the decorators of one plugin collected."""

    permissions: list[Permission] = field(default_factory=list)
    exposures: list[Exposure] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)
    connections: list[Connection] = field(default_factory=list)
    extensions: list[Extension] = field(default_factory=list)
    handlers: list[Handler] = field(default_factory=list)
    events: list[type[Event]] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    hookspecs: list[type] = field(default_factory=list)
    answers: list[Callable[..., Any]] = field(default_factory=list)
    reports: list["Report"] = field(default_factory=list)
    benchmarks: dict[str, Callable[..., dict[str, float]]] = field(default_factory=dict)
    demo_loads: list[Callable[..., None]] = field(default_factory=list)
    scenes: list[Callable[..., None]] = field(default_factory=list)
    totals: list[Callable[..., Mapping[str, str]]] = field(default_factory=list)
    documents: dict[str, str] = field(default_factory=dict)


class Plugin(Generic[_Settings]):
    """One plugin: name, requirements, settings and contributions.

    Args:
        name: short snake_case name; prefixes its permissions, tables, error codes and settings.
        requires: names of the plugins whose public face it may use.
        settings: its ``PluginSettings`` subclass.
        glue: enabled by itself as soon as everything in ``requires`` is enabled.
        clinical: its records belong to patients: who administers everything gets no right there (CH-49).

    """

    def __init__(
        self,
        name: str,
        *,
        requires: Iterable[str] = (),
        settings: type[_Settings] = PluginSettings,  # type: ignore[assignment]
        glue: bool = False,
        clinical: bool = False,
    ) -> None:
        self.name = name
        self.requires = tuple(requires)
        self.settings_class: type[_Settings] = settings
        self.glue = glue
        self.clinical = clinical
        self.module: str = sys._getframe(1).f_globals["__name__"]  # noqa: SLF001 - as namedtuple and Enum do
        self.contributions = Contributions()

    def __repr__(self) -> str:
        return f"Plugin({self.name!r})"

    def permission(self, action: str, description: str, *, sensitive: bool = False) -> Permission:
        """Declare a right; ``sensitive`` reads leave a line in the audit trail."""
        permission = Permission(f"{self.name}.{action}", description, sensitive)
        self.contributions.permissions.append(permission)
        return permission

    def expose(
        self,
        model: type[Model],
        *fields: str,
        allow: Permission,
        guarded: Mapping[str, Permission] | None = None,
        name: str | None = None,
    ) -> None:
        """Put a model into the schema with these fields only: columns, or relationships towards exposed models.

        ``allow`` is needed for every operation that answers with the model and for every path that leads to it
        (attacks 16, 18); ``guarded`` names fields that need one more permission.
        """
        self.contributions.exposures.append(
            Exposure(model, fields, allow, guarded or {}, name or model.__name__)
        )

    def query(self, *, allow: Permission, name: str | None = None) -> Callable[[_Function], _Function]:
        """Add a root field that reads: ``function(work, **arguments)``."""
        return self._operation("query", allow, name)

    def mutation(self, *, allow: Permission, name: str | None = None) -> Callable[[_Function], _Function]:
        """Add a root field that writes: ``function(work, **arguments)``, one transaction per operation."""
        return self._operation("mutation", allow, name)

    def _operation(self, kind: str, allow: Permission, name: str | None) -> Callable[[_Function], _Function]:
        def store(function: _Function) -> _Function:
            self.contributions.operations.append(Operation(kind, name or function.__name__, function, allow))
            return function

        return store

    def connection(
        self,
        model: type[Model],
        *,
        allow: Permission,
        where: Sequence[str] = (),
        order: Sequence[str] = ("id",),
        name: str | None = None,
    ) -> Callable[[_List], _List]:
        """Add a paged list: ``function(work, **arguments) -> select(model)``.

        ``where`` and ``order`` name the columns that callers may filter and sort by; the first order is the default.
        """

        def store(function: _List) -> _List:
            self.contributions.connections.append(
                Connection(name or function.__name__, model, function, allow, tuple(where), tuple(order))
            )
            return function

        return store

    def extend(
        self,
        model: type[Model],
        *,
        allow: Permission,
        name: str | None = None,
        reads: Iterable[str] | None = None,
    ) -> Callable[[_Batch], _Batch]:
        """Add a field to a model, also of another plugin: ``function(parents, work) -> {parent id: value}``.

        ``reads`` names the attributes that the function reads of its parents besides their ``id``: a list then loads
        these and what is selected, instead of every column.
        """
        attributes = None if reads is None else frozenset(reads)

        def store(function: _Batch) -> _Batch:
            extension = Extension(model, name or function.__name__, function, allow, attributes)
            self.contributions.extensions.append(extension)
            return function

        return store

    def event(self, event: type[_Event]) -> type[_Event]:
        """Declare an event that this plugin tells."""
        self.contributions.events.append(event)
        return event

    def on(self, event: type[Event]) -> Callable[[_Function], _Function]:
        """React at once, inside the teller's transaction: an exception undoes everything."""
        return self._handler(event, after=False)

    def after(self, event: type[Event]) -> Callable[[_Function], _Function]:
        """React after the commit, at least once, retried until it succeeds; the handler must be idempotent."""
        return self._handler(event, after=True)

    def _handler(self, event: type[Event], *, after: bool) -> Callable[[_Function], _Function]:
        def store(function: _Function) -> _Function:
            name = f"{self.name}.{function.__name__}"
            self.contributions.handlers.append(Handler(event, function, after, name))
            return function

        return store

    def hooks(self, specification: type) -> type:
        """Declare a class of ``@hookspec`` methods: questions that other plugins may answer."""
        self.contributions.hookspecs.append(specification)
        return specification

    def answer(self, function: _Function) -> _Function:
        """Answer a hook of a required plugin; the function bears the hook's name."""
        self.contributions.answers.append(hookimpl(function))
        return function

    def job(
        self, *, every: timedelta | None = None, attempts: int = 5, name: str | None = None
    ) -> Callable[[_Function], _Function]:
        """Declare durable work: ``function(work, progress, **arguments)``; parked after ``attempts`` failures."""

        def store(function: _Function) -> _Function:
            job_name = f"{self.name}.{name or function.__name__}"
            description = (function.__doc__ or "").strip().partition("\n")[0]
            self.contributions.jobs.append(Job(job_name, function, every, attempts, description))
            return function

        return store

    def route(
        self, method: str, path: str, *, allow: Permission, most_bytes: int | None = None
    ) -> Callable[[_Function], _Function]:
        """Add a REST door: ``function(work, request) -> response`` below ``/api/<plugin>``.

        ``most_bytes`` is the cap of an upload's body, where it is not that of every request.
        """

        def store(function: _Function) -> _Function:
            self.contributions.routes.append(Route(method, path, function, allow, most_bytes))
            return function

        return store

    def report(
        self,
        name: str,
        *,
        title: str,
        allow: Permission,
        by: Mapping[str, str],
        sums: Sequence["Measure"],
        worked_out: "WorkedOut | None" = None,
    ) -> Callable[[_Rows], _Rows]:
        """Add a report: ``function(work) -> select`` of one row per fact, through the models.

        Its columns are ``place_id``, ``day`` or the instant ``at``, those named in ``by`` (name -> heading) and those
        that ``sums`` adds up; ``worked_out`` adds sums that no statement gives.
        """
        from msingi.reports import Dimension, Report

        def store(function: _Rows) -> _Rows:
            dimensions = {column: Dimension(column, heading) for column, heading in by.items()}
            self.contributions.reports.append(
                Report(f"{self.name}.{name}", title, function, allow, dimensions, tuple(sums), worked_out)
            )
            return function

        return store

    def benchmark(self, name: str) -> Callable[[_Function], _Function]:
        """Add a measurement to ``msingi bench``: ``function(*, quick, database_url) -> {key: number}``."""

        def store(function: _Function) -> _Function:
            self.contributions.benchmarks[name] = function
            return function

        return store

    def demo_load(self, function: _Function) -> _Function:
        """Fill a new demonstration: ``function(platform, wishes, progress)``, before anybody signs in."""
        self.contributions.demo_loads.append(function)
        return function

    def scene(self, function: _Function) -> _Function:
        """Add a scene to the story of the demonstration: ``function(stage)`` acts through the real HTTP API."""
        self.contributions.scenes.append(function)
        return function

    def document(self, name: str, home: str) -> None:
        """Publish the JSON Schema of a file that people write, as ``schema/<name>.schema.json``.

        ``home`` is its pydantic model as ``package.module:Class``, imported only when contracts are exported.
        """
        self.contributions.documents[name] = home

    def total(self, function: _Function) -> _Function:
        """Add lines to the end of the demonstration: ``function(work) -> {"facilities": "3061"}``.

        The unit of work may write, so that a module can seal what a server would have sealed by then.
        """
        self.contributions.totals.append(function)
        return function
