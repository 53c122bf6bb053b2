"""`msingi migrate`: bring the database to the installed release."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from msingi.cli.edge import assembled
from msingi.cli.options import DatabaseOption, JsonOption, ProfileOption
from msingi.cli.output import print_json, print_table

if TYPE_CHECKING:
    from msingi.platform import Platform

app = typer.Typer(help="Bring the database to the installed release.")


@app.command()
def migrate(
    profile: ProfileOption = None,
    database: DatabaseOption = None,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be done, change nothing.")
    ] = False,
    status: Annotated[bool, typer.Option("--status", help="Show the revision of each module.")] = False,
    json: JsonOption = False,
) -> None:
    """Run the outstanding migrations of every enabled module in one transaction, then bring the roles up to date.

    Roles whose permissions change are named with what they gain and lose.

    Two processes starting together take turns. After a failure nothing has changed.

    Examples:
      msingi migrate --profile tanzania --database postgresql://msingi@localhost/msingi
      msingi migrate --dry-run

    """
    from msingi import migrate as migrations
    from msingi.kernel.readiness import refuse_absent, refuse_unreachable

    with assembled(profile, database) as here:
        if status or dry_run:
            refuse_absent(here.platform)
        refuse_unreachable(here.platform)
        roles = [] if status else [asdict(role) for role in migrations.role_changes(here.platform)]
        ask = migrations.status if status else migrations.pending if dry_run else migrations.prepare
        rows = [asdict(line) for line in ask(here.platform)]
    if json:
        print_json(rows if status else {"migrations": rows, "roles": roles})
        return
    typer.echo(here.say("Database: {address}", address=_address(here.platform)))
    if rows:
        print_table(rows, here.say)
    elif not roles:
        typer.echo(here.say("The database is up to date."))
    if roles:
        typer.echo(here.say("Roles that change:"))
        print_table(
            [
                {**role, "gains": ", ".join(role["gains"]), "loses": ", ".join(role["loses"])}
                for role in roles
            ],
            here.say,
        )


def _address(platform: "Platform") -> str:
    """Where the database is: the whole path of a file, or the address of a server without its password."""
    url = platform.database.url
    if platform.database.is_sqlite and url.database and not url.database.startswith((":", "file:")):
        return str(Path(url.database).resolve())
    return url.render_as_string(hide_password=True)
