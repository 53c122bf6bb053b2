"""`msingi modules`: what is installed and what the profile switches on."""

from typing import TYPE_CHECKING

import typer

from msingi.cli.edge import assembled
from msingi.cli.options import DatabaseOption, JsonOption, ProfileOption
from msingi.cli.output import print_json, print_table
from msingi.cli.speech import Speech

if TYPE_CHECKING:
    from msingi.kernel.modules import ModuleInfo

app = typer.Typer(help="List the installed modules.")


@app.command()
def modules(
    profile: ProfileOption = None, database: DatabaseOption = None, *, json: JsonOption = False
) -> None:
    """List every installed plugin, whether the profile enables it, and what it requires.

    Example: msingi modules --profile tanzania --json
    """
    from msingi.kernel.modules import describe_modules

    with assembled(profile, database) as here:
        if json:
            print_json([module.model_dump() for module in describe_modules(here.platform)])
            return
        found = describe_modules(here.platform, here.say.language)
    print_table([_row(module, here.say) for module in found], here.say, folded="what it is for")
    for one in here.platform.unloadable:
        typer.echo(here.say.tell(one.remark()), err=True)


def _row(module: "ModuleInfo", say: Speech) -> dict[str, str]:
    return {
        "name": module.name,
        "version": module.version,
        "state": say("on") if module.enabled else say("off"),
        "what it is for": module.title.removesuffix("."),
    }
