"""How a command shows what came of a list: the counts that say something, then the lines that were wrong."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import typer

from msingi.cli.output import print_json, print_table

if TYPE_CHECKING:
    from msingi.cli.speech import Speech

_COUNTS: Final = ("created", "updated", "ended", "unchanged", "suspicious", "refused")
_COLUMNS: Final = ("line", "column", "code", "message")


def print_report(report: Mapping[str, Any], say: "Speech", *, json: bool) -> None:
    """Print the report of an import: all of it as JSON, or what a person needs of it.

    A job that is done because its file was refused as a whole is shown as failed.
    """
    from msingi.tabular import Mode

    report = {**report, "state": "failed"} if report["failure"] else report
    if json:
        print_json(report)
        return
    counts = {name: report[name] for name in _COUNTS if report.get(name) is not None}
    print_table([{"state": say(str(report["state"])), **counts}], say)
    if report["failure"]:
        print_table([{"failure": report["failure"]}], say)
    elif report["refused"] and report.get("mode") == Mode.ALL_OR_NOTHING:
        typer.echo(
            say(
                "Nothing was taken over: correct these lines, or leave them out with `--mode skip_and_report`."
            )
        )
        typer.echo()
    if not report["messages"]:
        return
    print_table(
        [{name: _member(message, name) for name in _COLUMNS} for message in report["messages"]],
        say,
        folded="message",
    )


def _member(message: Any, name: str) -> object:
    return message[name] if isinstance(message, Mapping) else getattr(message, name)
