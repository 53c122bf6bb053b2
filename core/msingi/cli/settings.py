"""`msingi settings`: what is in force, as a file that can be reviewed, moved and compared (X-10)."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from msingi.cli.edge import assembled
from msingi.cli.options import DatabaseOption, ProfileOption
from msingi.cli.output import print_json

if TYPE_CHECKING:
    from msingi.platform import Platform

app = typer.Typer(help="Show, export and compare settings.", no_args_is_help=True)


@app.command()
def show(profile: ProfileOption = None, database: DatabaseOption = None) -> None:
    """Print every setting in force as JSON; secrets are masked.

    Example: msingi settings show --profile algeria
    """
    with assembled(profile, database) as here:
        print_json(_in_force(here.platform))


@app.command()
def diff(
    left: Annotated[str, typer.Argument(help="A profile name or TOML file.")],
    right: Annotated[str, typer.Argument(help="Another one.")],
) -> None:
    """Print the settings in which two profiles differ, one per line; exit 1 when they differ.

    Example: msingi settings diff cameroon ./production.toml
    """
    from msingi.profiles import differing

    with assembled(left, None) as one, assembled(right, None) as other:
        lines = differing(_in_force(one.platform), _in_force(other.platform))
    typer.echo("\n".join(lines) if lines else one.say("The profiles are equal."))
    raise typer.Exit(1 if lines else 0)


def _in_force(platform: "Platform") -> dict[str, Any]:
    """Plain values, those of the enabled plugins as their settings classes read them: only these know their secrets."""
    validated = {plugin.name: platform.settings(plugin.settings_class) for plugin in platform.plugins}
    plugins = {name: settings.model_dump(mode="json") for name, settings in validated.items()}
    return {**platform.profile.model_dump(mode="json"), "plugins": plugins}
