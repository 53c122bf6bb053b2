"""How a command shows what came of a list: the counts that say something, then the lines that were wrong."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import typer

from msingi.cli.output import print_json, print_table

if TYPE_CHECKING:
    from msingi.cli.speech import Speech

_COUNTS: Final = ("created", "updated", "ended", "unchanged", "suspicious", "refused")
_WOULD: Final = {"created": "would_create", "updated": "would_update", "ended": "would_end"}
"""What a dry run calls the counts of what it has undone."""
_COLUMNS: Final = ("line", "column", "code", "message")


def print_report(report: Mapping[str, Any], say: "Speech", *, json: bool) -> None:
    """Print the report of an import: all of it as JSON, or what a person needs of it.

    A job that is done because its file was refused as a whole is shown as failed. A dry run says what would be done.
    """
    report = {**report, "state": "failed"} if report["failure"] else report
    if json:
        print_json(report)
        return
    _print_counts(report, say)
    if report["failure"]:
        print_table([{"failure": report["failure"]}], say)
    else:
        _print_verdict(report, say)
    if not report["messages"]:
        return
    print_table(
        [{name: _member(message, name) for name in _COLUMNS} for message in report["messages"]],
        say,
        folded="message",
    )


def _print_counts(report: Mapping[str, Any], say: "Speech") -> None:
    dry = bool(report.get("dry_run"))
    state = "dry run" if dry and report["state"] == "done" else str(report["state"])
    counts = {name: report[name] for name in _COUNTS if report.get(name) is not None}
    named = {_WOULD.get(name, name) if dry else name: count for name, count in counts.items()}
    print_table([{"state": say(state), **named}], say)


def _print_verdict(report: Mapping[str, Any], say: "Speech") -> None:
    """Say when one refused line keeps everything else out."""
    from msingi.tabular import Mode

    if not report["refused"] or report.get("mode") != Mode.ALL_OR_NOTHING:
        return
    if report.get("dry_run"):
        told = say(
            "Nothing would be taken over, not even the good lines: correct the refused ones, or leave them out with"
            " `--mode skip_and_report`."
        )
    else:
        told = say(
            "Nothing was taken over: correct these lines, or leave them out with `--mode skip_and_report`."
        )
    typer.echo(told)
    typer.echo()


def _member(message: Any, name: str) -> object:
    return message[name] if isinstance(message, Mapping) else getattr(message, name)
