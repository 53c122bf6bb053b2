"""`msingi check`: everything that must be right before a start."""

import typer

from msingi.cli.options import DatabaseOption, JsonOption, ProfileOption
from msingi.cli.output import print_json

app = typer.Typer(help="Check settings, modules and database before a start.")


@app.command()
def check(
    profile: ProfileOption = None, database: DatabaseOption = None, *, json: JsonOption = False
) -> None:
    """Check the settings, the modules, the schema and the state of the database; exit 1 when something is wrong.

    Example: msingi check --profile burundi
    """
    from msingi.checks import check_installation
    from msingi.cli.platforms import platform_for
    from msingi.errors import ConfigurationError

    try:
        problems = check_installation(platform_for(profile, database))
    except ConfigurationError as error:
        problems = [str(error)]
    if json:
        print_json({"ok": not problems, "problems": problems})
    else:
        typer.echo("\n".join(problems) if problems else "Everything is in order.")
    raise typer.Exit(1 if problems else 0)
