"""`msingi audit`: verify, search, seal and export the audit trail."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from msingi.cli.options import DatabaseOption, JsonOption, ProfileOption
from msingi.cli.output import print_json, print_table

if TYPE_CHECKING:
    from msingi.audit.models import AuditEntry
    from msingi.audit.services import VerifyReport
    from msingi.i18n import Texts

app = typer.Typer(help="Verify, search, seal and export the audit trail.", no_args_is_help=True)

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

    Example: msingi audit verify --profile burundi --anchor 1440:9f2c...
    """
    from sqlalchemy.exc import DBAPIError

    from msingi.audit import services
    from msingi.cli import platform_for

    try:
        with closing(platform_for(profile, database)) as platform, platform.work(writes=False) as work:
            report = services.verify(work, anchor=anchor)
            place = _broken_place(report, platform.texts, work.language)
    except DBAPIError as error:
        typer.echo(f"BROKEN: the database itself cannot be read: {error.orig}")
        raise typer.Exit(1) from None
    if json:
        print_json(_report_values(report))
    elif place:
        typer.echo(f"BROKEN: {place}. Faults in all: {report.faults}.")
    else:
        counts = f"{report.blocks} blocks, {report.entries} sealed lines, {report.unsealed} not sealed yet"
        typer.echo(f"INTACT: {counts}. Anchor to note elsewhere: {report.anchor or 'none yet'}")
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
    from msingi.cli import platform_for

    query = services.EntryQuery(
        actor_id=actor, action=action, entity=entity, record=record, since=_utc(since), until=_utc(until)
    )
    with closing(platform_for(profile, database)) as platform, platform.work(writes=False) as work:
        rows = [_line_values(line) for line in services.search(work, query, first=first)]
    if json:
        print_json(rows)
    else:
        print_table([{name: _printable(value) for name, value in row.items()} for row in rows])


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
    from msingi.cli import platform_for

    with closing(platform_for(profile, database)) as platform, platform.work() as work:
        report = services.seal(work, everything=everything)
    if json:
        print_json({"blocks": report.blocks, "entries": report.entries})
    else:
        typer.echo(f"Sealed {report.entries} lines in {report.blocks} blocks.")


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
    from msingi.cli import platform_for

    program = file.with_suffix(".verify.py")
    with (
        closing(platform_for(profile, database)) as platform,
        platform.work(writes=False) as work,
        file.open("xb") as stream,
    ):
        report = services.export(work, stream)
    program.write_text(services.VERIFIER.read_text(encoding="utf-8"), encoding="utf-8")
    if json:
        print_json({"blocks": report.blocks, "entries": report.entries, "unsealed": report.unsealed})
    else:
        typer.echo(
            f"{file}: {report.blocks} blocks, {report.entries} sealed lines, {report.unsealed} others."
        )


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


def _broken_place(report: "VerifyReport", texts: "Texts", language: str) -> str:
    first = report.first_broken
    if first is None:
        return ""
    parts = [("block", first.block), ("line", first.position), ("id", first.entry_id)]
    place = ", ".join(f"{name} {value}" for name, value in parts if value is not None)
    return f"{place}: {texts.get(first.explanation, language)}"


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


def _printable(value: object) -> str:
    from rich.markup import escape

    text = "" if value is None else str(value)
    return escape("".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text))


def _utc(instant: datetime | None) -> datetime | None:
    return instant.replace(tzinfo=UTC) if instant is not None and instant.tzinfo is None else instant
