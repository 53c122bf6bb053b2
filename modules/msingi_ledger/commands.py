"""`msingi ledger`: verify, adopt, balances, the journal for accounting software."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from msingi.cli.edge import opened
from msingi.cli.options import DatabaseOption, JsonOption, ProfileOption
from msingi.cli.output import print_json, print_table

if TYPE_CHECKING:
    from msingi.cli.speech import Speech
    from msingi_ledger.models import Check
    from msingi_ledger.services.verifying import LedgerReport

app = typer.Typer(help="Verify the ledger, show balances, export the journal.", no_args_is_help=True)

MOST_CHECKS: Final = 30
DAY: Final = ["%Y-%m-%d"]
_DAY_TOLD: Final = "<YYYY-MM-DD>"


@app.command()
def verify(
    profile: ProfileOption = None,
    database: DatabaseOption = None,
    *,
    anchor: Annotated[
        str | None,
        typer.Option(
            "--anchor", help="NUMBER:HASH of a link noted earlier elsewhere.", metavar="NUMBER:HASH"
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Compute every balance and the hash chain again from the first line; exit 1 and name the first wrong row.

    Note the anchor that is printed outside the database: later it shows that no transaction was cut off.

    Example: msingi ledger verify --profile burundi --json
    """
    from msingi_ledger.services import verifying

    with opened(profile, database) as here, here.work(writes=False) as work:
        report = verifying.verify(work, anchor=anchor)
    if json:
        print_json(_values(report))
    else:
        typer.echo(_verdict(report, here.say))
    raise typer.Exit(0 if report.balanced else 1)


@app.command()
def checks(
    profile: ProfileOption = None,
    database: DatabaseOption = None,
    *,
    json: JsonOption = False,
) -> None:
    """Show what the nightly checks of the last 30 days found; exit 1 when the newest one named a wrong row, 2 when there is none.

    Example: msingi ledger checks --profile burundi
    """
    from msingi_ledger.services import checking

    with opened(profile, database) as here, here.work(writes=False) as work:
        newest = work.session.scalars(checking.checks().limit(MOST_CHECKS))
        rows = [_row_of(check, here.say) for check in newest]
    if json:
        print_json(rows)
    else:
        print_table(rows, here.say)
    if not rows:
        raise typer.Exit(2)
    raise typer.Exit(0 if rows[0]["balanced"] else 1)


@app.command()
def adopt(
    profile: ProfileOption = None,
    database: DatabaseOption = None,
) -> None:
    """Give the books, accounts and holds of an older release the keyed hashes that verification asks for.

    Run it once, after the update; before, look through the accounts. It gives a hash to what has none, and to nothing else.

    The server may run meanwhile: a posting waits for one part of 2,000 rows at most. If it was broken off, run it again: it goes on.

    Example: msingi ledger adopt --profile burundi
    """
    from msingi_ledger.services import adopting

    with opened(profile, database) as here:
        adopted = adopting.adopt(here.platform)
        said = here.say.count("{number} row was adopted.", "{number} rows were adopted.", adopted)
    typer.echo(said)


@app.command()
def balance(
    profile: ProfileOption = None,
    database: DatabaseOption = None,
    *,
    through: Annotated[
        datetime | None, typer.Option(formats=DAY, metavar=_DAY_TOLD, help="Last day that counts.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Show the trial balance: debits, credits and balance of every code, through a day.

    Example: msingi ledger balance --through 2026-12-31
    """
    from msingi_ledger.services.reports import trial_balance

    with opened(profile, database) as here, here.work(writes=False) as work:
        lines = trial_balance(work, through=through.date() if through else None)
    rows = [
        {
            "code": line.code,
            "class": line.account_class.value,
            "accounts": line.accounts,
            "debit": str(line.debit),
            "credit": str(line.credit),
            "balance": str(line.balance),
        }
        for line in lines
    ]
    if json:
        print_json(rows)
    else:
        print_table(rows, here.say)


@app.command()
def export(
    file: Annotated[Path, typer.Argument(help="New CSV file.", exists=False)],
    profile: ProfileOption = None,
    database: DatabaseOption = None,
    *,
    since: Annotated[datetime | None, typer.Option(formats=DAY, metavar=_DAY_TOLD, help="First day.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=DAY, metavar=_DAY_TOLD, help="Last day.")] = None,
) -> None:
    """Write the journal as CSV, one line per debit or credit, each transaction balanced, for accounting software.

    Example: msingi ledger export journal.csv --since 2026-01-01 --until 2026-03-31
    """
    from msingi.tabular import write_csv
    from msingi_ledger.services.reports import JOURNAL_HEADER, journal

    with (
        opened(profile, database) as here,
        here.work(writes=False) as work,
        file.open("xb") as stream,
    ):
        rows = journal(work, since=since.date() if since else None, until=until.date() if until else None)
        write_csv(stream, JOURNAL_HEADER, rows)
    typer.echo(here.say("Written: {file}", file=file))


def _verdict(report: "LedgerReport", say: "Speech") -> str:
    if report.faults:
        first = report.faults[0]
        return say(
            "BROKEN {rule}: {table} {row}: {reason}. Faults: {number}.",
            rule=first.rule,
            table=first.table,
            row=first.row,
            reason=say(first.explanation),
            number=len(report.faults),
        )
    counts = (
        say.count("{number} transaction", "{number} transactions", report.transactions),
        say.count("{number} line", "{number} lines", report.entries),
        say("{number} in the chain", number=report.sealed),
    )
    anchor = report.root or say("none yet")
    return say(
        "BALANCED: {counts}. Anchor to note elsewhere: {anchor}", counts=", ".join(counts), anchor=anchor
    )


def _row_of(check: "Check", say: "Speech") -> dict[str, object]:
    return {
        "checked_at": check.checked_at.isoformat(timespec="seconds"),
        "balanced": check.balanced,
        "transactions": check.transactions,
        "root": check.root,
        "faults": check.faults,
        "first": f"{check.rule} {check.table} {check.row}: {say(check.reason)}" if check.rule else "",
    }


def _values(report: "LedgerReport") -> dict[str, object]:
    return {**asdict(report), "balanced": report.balanced}
