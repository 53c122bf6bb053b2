"""`msingi audit`: verify, search, seal and export the audit trail."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final
from uuid import UUID

import typer

from msingi.cli.edge import opened
from msingi.cli.options import DatabaseOption, JsonOption, ProfileOption
from msingi.cli.output import print_json, print_table
from msingi.cli.speech import speech_for

if TYPE_CHECKING:
    from msingi.audit.models import AuditEntry
    from msingi.audit.services import VerifyReport
    from msingi.cli.speech import Speech

app = typer.Typer(help="Verify, search, seal and export the audit trail.", no_args_is_help=True)

_SHOWN = ("at", "actor_kind", "actor_id", "action", "entity", "entity_id", "changes")
"""What a person sees of a line; JSON holds the rest."""
_ANCHOR: Final = re.compile("[0-9]{1,18}:[0-9a-f]{64}")
AnchorOption = Annotated[
    str | None,
    typer.Option("--anchor", help="NUMBER:HASH of a block noted earlier elsewhere.", metavar="NUMBER:HASH"),
]


@app.command()
def verify(
    profile: ProfileOption = None,
    database: DatabaseOption = None,
    *,
    anchor: AnchorOption = None,
    json: JsonOption = False,
) -> None:
    """Check the whole trail; exit 1 and name the first broken place when it does not hold.

    Note the anchor that is printed outside the database: later it shows that no block was cut off.

    Example: msingi audit verify --profile burundi --anchor "$(cat /media/key/anchor)"
    """
    from sqlalchemy.exc import DBAPIError

    from msingi.audit import services
    from msingi.failures import is_away

    if anchor is not None and not _ANCHOR.fullmatch(anchor):
        raise typer.BadParameter(speech_for(profile)("Write an anchor as it was printed: NUMBER:HASH."))
    with opened(profile, database) as here:
        try:
            with here.work(writes=False) as work:
                report = services.verify(work, anchor=anchor)
        except DBAPIError as error:
            if is_away(error):
                raise
            typer.echo(here.say("BROKEN: the database itself cannot be read: {reason}", reason=error.orig))
            raise typer.Exit(1) from None
    if json:
        print_json(_report_values(report))
    else:
        typer.echo(_verdict(report, here.say))
    raise typer.Exit(0 if report.intact else 1)


@app.command()
def search(  # noqa: PLR0913 - the options of a command
    profile: ProfileOption = None,
    database: DatabaseOption = None,
    *,
    actor: Annotated[UUID | None, typer.Option(help="Id of the user who acted.")] = None,
    action: Annotated[str | None, typer.Option(help="insert, update, delete, read, refused, ...")] = None,
    entity: Annotated[str | None, typer.Option(help="Table or subject.")] = None,
    record: Annotated[UUID | None, typer.Option(help="Id of a record, also in lists that were read.")] = None,
    since: Annotated[datetime | None, typer.Option(help="From this instant on (UTC).")] = None,
    until: Annotated[datetime | None, typer.Option(help="Before this instant (UTC).")] = None,
    first: Annotated[int, typer.Option(help="How many lines, newest first.", min=1, max=1000)] = 50,
    json: JsonOption = False,
) -> None:
    """Show the newest lines that fulfil every condition given.

    Example: msingi audit search --record 0190... --action read
    """
    from msingi.audit import services

    query = services.EntryQuery(
        actor_id=actor, action=action, entity=entity, record=record, since=_utc(since), until=_utc(until)
    )
    with opened(profile, database) as here, here.work(writes=False) as work:
        rows = [_line_values(line) for line in services.search(work, query, first=first)]
    if json:
        print_json(rows)
    else:
        print_table([{name: row[name] for name in _SHOWN} for row in rows], here.say)


@app.command()
def seal(
    profile: ProfileOption = None,
    database: DatabaseOption = None,
    *,
    everything: Annotated[
        bool, typer.Option("--everything", help="Look through the whole trail, not only the last hour.")
    ] = False,
    json: JsonOption = False,
) -> None:
    """Seal the lines that wait now, without waiting for the job.

    Example: msingi audit seal --everything
    """
    from msingi.audit import services

    with opened(profile, database) as here, here.work() as work:
        report = services.seal(work, everything=everything)
    if json:
        print_json({"blocks": report.blocks, "entries": report.entries})
    else:
        typer.echo(
            here.say(
                "Sealed: {counts}.", counts=_counts(here.say, lines=report.entries, blocks=report.blocks)
            )
        )


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="New file; lines of JSON.", exists=False)],
    profile: ProfileOption = None,
    database: DatabaseOption = None,
    *,
    json: JsonOption = False,
) -> None:
    """Write the whole trail to a file, and beside it the program that verifies it without this platform.

    Example: msingi audit export trail.ndjson && python trail.verify.py trail.ndjson
    """
    from msingi.audit import services

    program = file.with_suffix(".verify.py")
    with (
        opened(profile, database) as here,
        here.work(writes=False) as work,
        file.open("xb") as stream,
    ):
        report = services.export(work, stream)
    program.write_text(services.VERIFIER.read_text(encoding="utf-8"), encoding="utf-8")
    if json:
        print_json({"blocks": report.blocks, "entries": report.entries, "unsealed": report.unsealed})
    else:
        counts = _counts(here.say, lines=report.entries, blocks=report.blocks, waiting=report.unsealed)
        typer.echo(here.say("Written: {file}: {counts}.", file=file, counts=counts))


def _report_values(report: "VerifyReport") -> dict[str, Any]:
    first = report.first_broken
    broken = None
    if first is not None:
        broken = {
            "fault": first.fault,
            "block": first.block,
            "position": first.position,
            "entry": first.entry_id,
        }
    return {
        "intact": report.intact,
        "blocks": report.blocks,
        "entries": report.entries,
        "unsealed": report.unsealed,
        "faults": report.faults,
        "first_broken": broken,
        "anchor": report.anchor,
    }


def _verdict(report: "VerifyReport", say: "Speech") -> str:
    first = report.first_broken
    if first is None:
        counts = _counts(say, lines=report.entries, blocks=report.blocks, waiting=report.unsealed)
        anchor = report.anchor or say("none yet")
        return say("INTACT: {counts}. Anchor to note elsewhere: {anchor}", counts=counts, anchor=anchor)
    parts = [("block", first.block), ("line", first.position), ("id", first.entry_id)]
    place = ", ".join(f"{say(name)} {value}" for name, value in parts if value is not None)
    return say(
        "BROKEN: {place}: {reason}. Faults in all: {number}.",
        place=place,
        reason=say(first.explanation),
        number=report.faults,
    )


def _counts(say: "Speech", *, lines: int, blocks: int, waiting: int | None = None) -> str:
    """How many lines are sealed in how many blocks, and how many wait."""
    counts = [
        say.count("{number} block", "{number} blocks", blocks),
        say.count("{number} sealed line", "{number} sealed lines", lines),
    ]
    if waiting is not None:
        counts.append(say.count("{number} line not sealed yet", "{number} lines not sealed yet", waiting))
    return ", ".join(counts)


def _line_values(line: "AuditEntry") -> dict[str, Any]:
    names = (
        "at",
        "actor_kind",
        "actor_id",
        "action",
        "entity",
        "entity_id",
        "changes",
        "door",
        "basis",
        "id",
    )
    return {name: getattr(line, name) for name in names}


def _utc(instant: datetime | None) -> datetime | None:
    return instant.replace(tzinfo=UTC) if instant is not None and instant.tzinfo is None else instant
