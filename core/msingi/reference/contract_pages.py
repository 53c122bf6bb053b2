"""Pages about what plugins declare: modules with their operations, hooks, events."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from strawberry.utils.str_converters import to_camel_case

from msingi.contracts.markdown import table
from msingi.kernel.modules import ModuleInfo, describe_modules
from msingi.platform import Platform
from msingi.plugin import Event, Permission, Plugin
from msingi.reference.sentences import first_sentence
from msingi.reports import Report


def modules_page(platform: Platform) -> str:
    """Each module with its operations and the permission that each needs."""
    sections = [_module(platform, info) for info in describe_modules(platform)]
    intro = "# Modules\n\nWhat ships with the platform, in the order of start. A country's profile enables what it needs.\n\n"
    return intro + "\n".join(sections)


def hooks_page(platform: Platform) -> str:
    """The questions that plugins ask and others may answer."""
    rows = [
        (plugin.name, f"`{_signature(hook)}`", _whole(hook))
        for plugin in platform.plugins
        for specification in plugin.contributions.hookspecs
        for hook in hooks_of(specification)
    ]
    intro = "# Hooks\n\nQuestions asked before a decision. Answer one with `@plugin.answer` on a function of the same name.\n\n"
    return intro + table(("Asked by", "Hook", "Question"), rows)


def hooks_of(specification: type) -> Iterator[Any]:
    """The hook functions of a specification class."""
    return (member for name, member in vars(specification).items() if not name.startswith("_"))


def events_page(platform: Platform) -> str:
    """The facts that plugins tell after a decision."""
    events = [(plugin, event) for plugin in platform.plugins for event in plugin.contributions.events]
    intro = (
        "# Events\n\nFacts told after a decision. React with `@plugin.on(Event)` in the same transaction, or with\n"
        "`@plugin.after(Event)` once it is committed. JSON Schemas lie in `schema/events/`.\n"
    )
    return intro + "".join(_event(platform, plugin, event) for plugin, event in events)


def _module(platform: Platform, info: ModuleInfo) -> str:
    plugin = platform.installed[info.name]
    rows = [
        (kind, f"`{name}`", f"`{allow.name}`", first_sentence(function))
        for kind, name, allow, function in _operations(platform, plugin)
    ]
    requires = f"Requires: {', '.join(info.requires)}.\n\n" if info.requires else ""
    jobs = "".join(f"- Job `{job.name}`: {job.description}\n" for job in plugin.contributions.jobs)
    reports = "".join(_report(report) for report in plugin.contributions.reports)
    operations = table(("Kind", "Name", "Permission", "What it does"), rows) if rows else ""
    body = "\n".join(part for part in (operations, jobs + reports) if part)
    return f"## {info.name}\n\n{info.title}\n\n{requires}{body}"


def _report(report: Report) -> str:
    by = ", ".join(f"`{name}`" for name in report.dimensions)
    sums = ", ".join(f"`{measure.name}`" for measure in report.every_measure)
    told = f"- Report `{report.name}` (`{report.allow.name}`): {report.title}; {sums} by {by}."
    return f"{told} {first_sentence(report.rows)}\n"


def _operations(
    platform: Platform, plugin: Plugin[Any]
) -> Iterator[tuple[str, str, Permission, Callable[..., Any]]]:
    types = {
        exposure.model: exposure.name
        for each in platform.plugins
        for exposure in each.contributions.exposures
    }
    parts = plugin.contributions
    for operation in parts.operations:
        yield operation.kind, to_camel_case(operation.name), operation.allow, operation.function
    for listed in parts.connections:
        yield "list", to_camel_case(listed.name), listed.allow, listed.function
    for added in parts.extensions:
        yield "field", f"{types[added.model]}.{to_camel_case(added.name)}", added.allow, added.function
    for door in sorted(parts.routes, key=lambda each: (each.path, each.method)):
        yield f"REST {door.method}", f"/api/{plugin.name}{door.path}", door.allow, door.function


def _event(platform: Platform, plugin: Plugin[Any], event: type[Event]) -> str:
    listeners = [
        f"`{handler.name}` ({'after' if handler.after else 'on'})"
        for other in platform.plugins
        for handler in other.contributions.handlers
        if handler.event is event
    ]
    fields = ", ".join(f"`{name}`" for name in event.model_fields)
    heard = f"\n\nHeard by: {', '.join(listeners)}." if listeners else ""
    return f"\n## {plugin.name}.{event.__name__}\n\n{first_sentence(event)}\n\nFields: {fields}.{heard}\n"


def _signature(function: Any) -> str:
    parameters = [name for name in inspect.signature(function).parameters if name != "self"]
    return f"{function.__name__}({', '.join(parameters)})"


def _whole(function: Any) -> str:
    return " ".join((inspect.getdoc(function) or "").split())
