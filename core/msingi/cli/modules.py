"""`msingi modules`: what is installed and what the profile switches on."""

from typing import Any

import typer

from msingi.cli.options import DatabaseOption, JsonOption, ProfileOption
from msingi.cli.output import print_json, print_table

app = typer.Typer(help="List the installed modules.")


@app.command()
def modules(
    profile: ProfileOption = None, database: DatabaseOption = None, *, json: JsonOption = False
) -> None:
    """List every installed plugin, whether the profile enables it, and what it requires.

    Example: msingi modules --profile tanzania --json
    """
    from msingi.cli.platforms import platform_for
    from msingi.kernel.modules import describe_modules

    rows: list[dict[str, Any]] = [
        module.model_dump() for module in describe_modules(platform_for(profile, database))
    ]
    if json:
        print_json(rows)
    else:
        print_table([{**row, "requires": ", ".join(row["requires"])} for row in rows])
