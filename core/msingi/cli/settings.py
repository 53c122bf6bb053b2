"""`msingi settings`: what is in force, as a file that can be reviewed, moved and compared (X-10)."""

from typing import Annotated

import typer

from msingi.cli.options import DatabaseOption, ProfileOption
from msingi.cli.output import print_json

app = typer.Typer(help="Show, export and compare settings.", no_args_is_help=True)


@app.command()
def show(profile: ProfileOption = None, database: DatabaseOption = None) -> None:
    """Print every setting in force as JSON; secrets are masked.

    Example: msingi settings show --profile algeria
    """
    from msingi.cli.platforms import platform_for

    print_json(platform_for(profile, database).profile.model_dump(mode="json"))


@app.command()
def diff(
    left: Annotated[str, typer.Argument(help="A profile name or TOML file.")],
    right: Annotated[str, typer.Argument(help="Another one.")],
) -> None:
    """Print the settings in which two profiles differ, one per line; exit 1 when they differ.

    Example: msingi settings diff cameroon ./production.toml
    """
    from msingi.profiles import differing, load_profile

    lines = differing(load_profile(left), load_profile(right))
    typer.echo("\n".join(lines) if lines else "The profiles are equal.")
    raise typer.Exit(1 if lines else 0)
