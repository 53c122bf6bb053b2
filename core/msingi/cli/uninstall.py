"""`msingi uninstall`: remove the tables and data of a module that is switched off."""

from typing import TYPE_CHECKING, Annotated

import typer

from msingi.cli.edge import REFUSED, opened
from msingi.cli.options import DatabaseOption, ProfileOption

if TYPE_CHECKING:
    from msingi.cli.speech import Speech

app = typer.Typer(help="Remove the tables and data of a module that is switched off.")


@app.command()
def uninstall(
    name: Annotated[str, typer.Argument(help="Name of an installed module that is switched off.")],
    profile: ProfileOption = None,
    database: DatabaseOption = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; for scripts.")] = False,
) -> None:
    """Remove the tables of a module with all their rows, for good; the name has to be typed once more.

    Make a backup first. Afterwards the package itself may be uninstalled. What the audit trail says stays.

    Example: msingi uninstall sms_receipts --profile ./country.toml
    """
    from msingi.uninstall import holding_of
    from msingi.uninstall import uninstall as remove

    with opened(profile, database) as here:
        holding = holding_of(here.platform, name)
        tables = here.say.count("{number} table", "{number} tables", holding.tables)
        rows = here.say.count("{number} row", "{number} rows", holding.rows)
        typer.echo(here.say("{name}: {tables}, {rows}.", name=name, tables=tables, rows=rows))
        if not yes:
            _refuse_doubt(name, here.say)
        remove(here.platform, holding)
    typer.echo(here.say("They were removed."))


def _refuse_doubt(name: str, say: "Speech") -> None:
    answer = typer.prompt(say("They go for good. Type the name of the module once more"))
    if answer.strip() != name:
        typer.echo(say("That is another name. Nothing was removed."), err=True)
        raise typer.Exit(REFUSED)
