"""What the author of a plugin overlooked and no start is stopped by: told by `msingi check`, before anybody meets it."""

import ast
import importlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from msingi.cli.catalogues import texts_in
from msingi.errors import DomainError
from msingi.module_order import CORE_PLUGINS, required
from msingi.platform import folder_of, package_of
from msingi.plugin import Plugin
from msingi.reports.definition import Report
from msingi.sayings import LISTED, Saying
from msingi.work import Work

if TYPE_CHECKING:
    from msingi.platform import Platform

_SPOKEN: Final = "fr"
"""What the platform itself speaks beside the English of the sources."""


def remarks_on_plugins(work: Work) -> list[Saying]:
    """What is worth knowing about the enabled plugins; the work only reads."""
    platform = work.platform
    return [
        *_foreign_events(platform),
        *_unfit_reports(work),
        *(remark for plugin in platform.plugins for remark in _untold(platform, plugin)),
    ]


def _foreign_events(platform: "Platform") -> Iterator[Saying]:
    """Reactions to events of a plugin that is not required: without it the code could not even be imported."""
    owners = {
        event: name for name, plugin in platform.installed.items() for event in plugin.contributions.events
    }
    for plugin in platform.plugins:
        at_hand = {plugin.name, *CORE_PLUGINS, *required(plugin.name, platform.installed)}
        for handler in plugin.contributions.handlers:
            owner = owners.get(handler.event)
            if owner is not None and owner not in at_hand:
                yield Saying(
                    "“{plugin}” reacts to {event} of “{owner}” without requiring it. Name “{owner}” in its requires.",
                    {"plugin": plugin.name, "event": handler.event.__name__, "owner": owner},
                )


def _unfit_reports(work: Work) -> Iterator[Saying]:
    """Reports whose rows lack a column: whoever opens one would meet a defect."""
    reports = (report for plugin in work.platform.plugins for report in plugin.contributions.reports)
    for report in reports:
        try:
            missing = _missing_columns(report, work)
        except Exception as error:  # noqa: BLE001 - the edge to code of others: it may fail in any way
            text = "The report {report} cannot be opened: asking for its rows ends in {error}."
            yield Saying(text, {"report": report.name, "error": type(error).__name__})
            continue
        if missing:
            yield Saying(
                "The report {report} cannot be opened: its rows lack the columns {columns}.",
                {"report": report.name, "columns": LISTED.join(missing)},
            )


def _missing_columns(report: Report, work: Work) -> list[str]:
    there = set(report.rows(work).selected_columns.keys())
    time = "at" if "at" in there else "day"
    measures = (measure.name for measure in report.measures)
    needed = ("place_id", time, *report.dimensions, *report.keys, *measures)
    return [name for name in needed if name not in there]


def _untold(platform: "Platform", plugin: Plugin[Any]) -> Iterator[Saying]:
    """Texts of a plugin from elsewhere that no catalogue translates; ours are proven complete by our tests."""
    if _SPOKEN not in platform.profile.languages or _is_ours(plugin):
        return
    told = {text for folder in platform.texts.folders for text in texts_in(folder, _SPOKEN)}
    silent = sorted(text for text in set(_texts_of(plugin)) if text and text not in told)
    if silent:
        values = {"plugin": plugin.name, "language": _SPOKEN, "text": silent[0], "number": len(silent)}
        yield Saying(
            "“{plugin}”: one text is not in “{language}”: “{text}”.",
            values,
            "“{plugin}”: {number} texts are not in “{language}”, the first of them: “{text}”.",
            len(silent),
        )


def _is_ours(plugin: Plugin[Any]) -> bool:
    from msingi.contracts.exports import shipped_plugins

    return plugin.name in CORE_PLUGINS or plugin in shipped_plugins()


def _texts_of(plugin: Plugin[Any]) -> Iterator[str]:
    parts = plugin.contributions
    yield from (permission.description for permission in parts.permissions)
    yield from (field.description or "" for field in plugin.settings_class.model_fields.values())
    for report in parts.reports:
        yield report.title
        yield from (dimension.label for dimension in report.dimensions.values())
        yield from (measure.label for measure in report.every_measure)
    home = package_of(plugin) or plugin.module
    yield from (error.template for error in _refusals(DomainError) if _is_below(error.__module__, home))
    for file in _sources(plugin):
        yield from _sentences(ast.parse(file.read_text(encoding="utf-8")))


def _refusals(above: type[DomainError]) -> Iterator[type[DomainError]]:
    for error in above.__subclasses__():
        yield error
        yield from _refusals(error)


def _is_below(module: str, home: str) -> bool:
    return module == home or module.startswith(f"{home}.")


def _sources(plugin: Plugin[Any]) -> Iterable[Path]:
    if package_of(plugin) is None:
        return [Path(str(importlib.import_module(plugin.module).__file__))]
    return sorted(folder_of(plugin).rglob("*.py"))


def _sentences(tree: ast.Module) -> Iterator[str]:
    """The texts of the sentences that a file says, where they stand beside the call; those with a plural are left out."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = ast.unparse(call.func).rpartition(".")[2]
        if name == Saying.__name__ and len(call.args) in {1, 2} and not _counts(call):
            text = call.args[0]
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                yield text.value


def _counts(call: ast.Call) -> bool:
    return any(keyword.arg == "many" for keyword in call.keywords)
