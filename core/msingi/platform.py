"""Discover, check, order, assemble: the only file that knows everything."""

import importlib
import importlib.util
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from msingi.actor import SYSTEM, Actor
from msingi.contribution_mistakes import refuse_mistakes
from msingi.db import Database, Model, WorkSession, connect_database
from msingi.discovery import Discovery, discover, unloadable_part
from msingi.errors import ConfigurationError, DomainError
from msingi.hooks import assemble_hooks
from msingi.i18n import Texts
from msingi.ids import new_id
from msingi.keep import Keep
from msingi.keyring import Keyring, KeyringError
from msingi.module_order import CORE_PLUGINS, in_order
from msingi.plugin import PUBLIC, SIGNED_IN, Event, Exposure, Handler, Permission, Plugin, PluginSettings
from msingi.profiles import Profile, wrong_settings
from msingi.work import Clock, Origin, Work, system_clock

if TYPE_CHECKING:
    from msingi.audit.trail import Trail
    from msingi.graphql.engine import GraphQLEngine
    from msingi.jobs import Jobs
    from msingi.rbac.access import GrantCache

_PARTS = ("models", "events", "hooks", "handlers", "jobs", "graphql", "routes", "reports")
_Settings = TypeVar("_Settings", bound=PluginSettings)


class Platform:
    """One assembled installation: profile, ordered plugins, database, schema. Several live in one process."""

    def __init__(
        self, profile: Profile, *, plugins: Iterable[Plugin[Any]] | None = None, clock: Clock = system_clock
    ) -> None:
        """Assemble.

        ``plugins`` replaces discovery by entry points (tests, embedding); the core plugins are always there.

        Raises:
            ConfigurationError: an unknown module, a missing requirement, a cycle, a wrong setting, an operation
                without a permission, a misspelt hook: the message names the place.

        """
        self.profile = profile
        self.clock = clock
        found = discover() if plugins is None else Discovery(tuple(plugins))
        found.refuse_unloadable(profile.modules)
        self.unloadable = found.unloadable
        self.installed = installed_plugins(found.plugins)
        self.plugins = in_order(self.installed, profile.modules)
        self._settings = {plugin.settings_class: _validated(plugin, profile) for plugin in self.plugins}
        for plugin in self.plugins:
            load_parts(plugin)
        _refuse_foreign_settings(profile, {*self.installed, *(one.name for one in found.unloadable)})
        refuse_mistakes(self.plugins)
        self.permissions = _collect_permissions(self.plugins)
        self.hooks = assemble_hooks(self.plugins)
        self._kept: dict[str, Keep[Any, Any]] = {}
        self._handlers = _by_event(self.plugins)

    # Parts, made when first needed: the command line starts fast

    @cached_property
    def database(self) -> Database:
        """The engines of this installation."""
        settings = self.profile.database
        return connect_database(
            settings.url.get_secret_value(),
            self.keyring,
            pool_size=settings.pool_size,
            pool_timeout=settings.pool_timeout,
            synchronous=settings.synchronous,
            statement_seconds=settings.statement_seconds,
        )

    @cached_property
    def keyring(self) -> Keyring:
        """The keys of this installation.

        Raises:
            ConfigurationError: no key is configured, or one is malformed.

        """
        security = self.profile.security
        try:
            return Keyring.from_text(
                [key.get_secret_value() for key in security.keys], security.index_key.get_secret_value()
            )
        except KeyringError as error:
            raise ConfigurationError.of(error.saying) from None

    @cached_property
    def texts(self) -> Texts:
        """The catalogues of the core and of every enabled plugin."""
        core = Path(__file__).parent
        return Texts(
            [
                core / "locale",
                core / "tabular" / "locale",
                core / "edge" / "locale",
                core / "cases" / "locale",
                *(folder_of(plugin) / "locale" for plugin in self.plugins),
            ],
            self.profile.languages,
        )

    @cached_property
    def trail(self) -> "Trail":
        """The audit trail."""
        from msingi.audit.trail import Trail

        return Trail(self)

    @cached_property
    def grant_cache(self) -> "GrantCache":
        """The grants compiled so far."""
        from msingi.rbac.access import GrantCache

        return GrantCache()

    @cached_property
    def jobs(self) -> "Jobs":
        """The durable jobs."""
        from msingi.jobs import Jobs

        return Jobs(self)

    @cached_property
    def graphql(self) -> "GraphQLEngine":
        """The GraphQL schema and its executor."""
        from msingi.graphql.engine import GraphQLEngine

        return GraphQLEngine(self)

    # Use

    def settings(self, settings_class: type[_Settings]) -> _Settings:
        """The validated settings of an enabled plugin, by its settings class."""
        return cast("_Settings", self._settings[settings_class])

    def kept(self, name: str, size: int = 100) -> Keep[Any, Any]:
        """The memory of this name for values that never change, named ``plugin.thing``; made when first asked for."""
        return self._kept.setdefault(name, Keep(size))

    def today(self) -> date:
        """The present date in the country's time zone."""
        return self.clock().astimezone(ZoneInfo(self.profile.timezone)).date()

    @contextmanager
    def work(
        self,
        actor: Actor = SYSTEM,
        *,
        writes: bool = True,
        origin: Origin | None = None,
        language: str | None = None,
    ) -> Iterator[Work]:
        """One unit of work: committed when the block ends well, undone as a whole when it raises."""
        engine = self.database.write if writes else self.database.read
        session = WorkSession(bind=engine, expire_on_commit=False)
        work = Work(
            self,
            session,
            actor=actor,
            origin=origin or Origin(new_id()),
            language=language or actor.language or self.profile.languages[0],
            writes=writes,
        )
        try:
            yield work
            if writes:
                session.finish()
            else:
                session.undo()
        except DomainError as refusal:
            session.undo()
            self.trail.refused(work, refusal)
            raise
        except BaseException:
            session.undo()
            raise
        finally:
            session.close()
            self.trail.settle(work)
            work.over()
            session.info.pop("work", None)  # each would keep the other until the collector comes by
        if writes:
            self.jobs.committed(work)

    def emit(self, work: Work, event: Event) -> None:
        """Run the immediate handlers in dependency order and queue the later ones, in this transaction."""
        for handler in self._handlers.get(type(event), ()):
            if handler.after:
                work.enqueue(f"after.{handler.name}", event=event.model_dump(mode="json"))
            else:
                handler.function(event, work)

    def after_handlers(self) -> Mapping[str, Handler]:
        """Handlers that run after the commit, by the name of their job."""
        return {f"after.{h.name}": h for handlers in self._handlers.values() for h in handlers if h.after}

    def close(self) -> None:
        """Stop workers and close connections; the object is not used afterwards."""
        for part in ("jobs", "database"):
            if part in self.__dict__:
                closing: Callable[[], None] = (
                    getattr(self.__dict__[part], "close", None) or self.database.dispose
                )
                closing()


def installed_plugins(given: Iterable[Plugin[Any]] | None = None) -> dict[str, Plugin[Any]]:
    """The core plugins and those of the entry points that can be loaded (or the given ones), by name.

    Raises:
        ConfigurationError: two plugins bear the same name.

    """
    found: dict[str, Plugin[Any]] = {}
    core = [importlib.import_module(f"msingi.{_package_of(name)}.plugin").plugin for name in CORE_PLUGINS]
    others = discover().plugins if given is None else given
    for plugin in [*core, *others]:
        if plugin.name in found and found[plugin.name] is not plugin:
            raise ConfigurationError(
                "Two plugins are called “{name}”: {first} and {second}. Remove one.",
                name=plugin.name,
                first=found[plugin.name].module,
                second=plugin.module,
            )
        found[plugin.name] = plugin
    return found


def load_parts(plugin: Plugin[Any], parts: Sequence[str] = _PARTS) -> None:
    """Import the conventional files of a plugin package, so that their decorators have run.

    Raises:
        ConfigurationError: one of them cannot be imported; its error is the cause.

    """
    package = package_of(plugin)
    if not package:
        return
    try:
        _import_parts(package, tuple(parts))
    except ConfigurationError:
        raise
    except Exception as error:
        raise unloadable_part(plugin, error).refusal() from error


@cache
def _import_parts(package: str, parts: tuple[str, ...]) -> None:
    """Once in a process: each platform would look for the same files on the disk again."""
    for name in (f"{package}.{part}" for part in parts):
        if importlib.util.find_spec(name) is not None:
            importlib.import_module(name)


def package_of(plugin: Plugin[Any]) -> str | None:
    """The package of a plugin, or None for a plugin that is one module."""
    module = importlib.import_module(plugin.module)
    if hasattr(module, "__path__"):
        return plugin.module
    return module.__package__ if plugin.module.endswith(".plugin") else None


def folder_of(plugin: Plugin[Any]) -> Path:
    """The folder that holds a plugin's locale and migrations."""
    return Path(str(importlib.import_module(plugin.module).__file__)).parent


def models_of(plugin: Plugin[Any]) -> list[type[Model]]:
    """The tables of a plugin, in name order."""
    home = package_of(plugin)
    mine = [
        mapper.class_
        for mapper in Model.registry.mappers
        if mapper.class_.__module__ == plugin.module
        or (home is not None and mapper.class_.__module__.startswith(f"{home}."))
    ]
    return sorted(mine, key=lambda model: model.__tablename__)


def _package_of(core_name: str) -> str:
    return "kernel" if core_name == "core" else core_name


def _validated(plugin: Plugin[Any], profile: Profile) -> PluginSettings:
    try:
        settings: PluginSettings = plugin.settings_class.model_validate(profile.plugins.get(plugin.name, {}))
    except ValidationError as error:
        wrong = wrong_settings(error, profile.source, f"plugins.{plugin.name}.")
        wrong.folders = (folder_of(plugin) / "locale",)
        raise wrong from None
    return settings


def _refuse_foreign_settings(profile: Profile, installed: Container[str]) -> None:
    for name in profile.plugins:
        if name not in installed:
            raise ConfigurationError(
                "plugins.{name}: there is no plugin of this name; check the spelling.", name=name
            )


def _collect_permissions(plugins: Iterable[Plugin[Any]]) -> dict[str, Permission]:
    permissions = {
        permission.name: permission for plugin in plugins for permission in plugin.contributions.permissions
    }
    for plugin in plugins:
        parts = plugin.contributions
        guarded: list[Any] = [*parts.operations, *parts.connections, *parts.extensions, *parts.routes]
        for part in (*guarded, *parts.exposures):
            allow: object = part.allow
            if not isinstance(allow, Permission) or (
                allow not in {PUBLIC, SIGNED_IN} and allow.name not in permissions
            ):
                raise ConfigurationError(
                    "{plugin}: {name} has no permission. Give it allow=... with one that an enabled plugin declares, "
                    "or PUBLIC.",
                    plugin=plugin.name,
                    name=_named(part),
                )
    return permissions


def _named(part: Any) -> str:
    name: str = part.model.__name__ if isinstance(part, Exposure) else part.function.__qualname__
    return name


def _by_event(plugins: Iterable[Plugin[Any]]) -> dict[type[Event], list[Handler]]:
    handlers: dict[type[Event], list[Handler]] = {}
    for plugin in plugins:
        for handler in plugin.contributions.handlers:
            handlers.setdefault(handler.event, []).append(handler)
    return handlers
