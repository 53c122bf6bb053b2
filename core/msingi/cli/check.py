"""`msingi check`: everything that must be right before a start."""

from contextlib import closing
from typing import TYPE_CHECKING

import typer

from msingi.cli import platforms
from msingi.cli.options import DatabaseOption, JsonOption, ProfileOption
from msingi.cli.output import print_json
from msingi.cli.speech import Speech, speech_for, speech_on
from msingi.errors import ConfigurationError

if TYPE_CHECKING:
    from msingi.platform import Platform

app = typer.Typer(help="Check settings, modules and database before a start.")


@app.command()
def check(
    profile: ProfileOption = None, database: DatabaseOption = None, *, json: JsonOption = False
) -> None:
    """Check the settings, the modules, the schema and the state of the database; exit 1 when something is wrong.

    Remarks name what is in order and still worth knowing, such as products of the country file that the database
    does not have yet.

    Example: msingi check --profile burundi
    """
    say = speech_for(profile)
    problems: list[str] = []
    remarks: list[str] = []
    try:
        with closing(platforms.platform_for(profile, database)) as platform:
            say = speech_on(platform)
            problems, remarks = _found(platform, say)
    except ConfigurationError as error:
        problems = [say.refusal(error)]
    if json:
        print_json({"ok": not problems, "problems": problems, "remarks": remarks})
    else:
        lines = [*(problems or [say("Everything is in order.")]), *remarks]
        typer.echo("\n".join(lines))
    raise typer.Exit(1 if problems else 0)


def _found(platform: "Platform", say: Speech) -> tuple[list[str], list[str]]:
    """What is wrong, and what is worth knowing when nothing is."""
    from msingi.checks import check_installation, remarks_on

    problems = [say.tell(problem) for problem in check_installation(platform)]
    remarks = [] if problems else [say.tell(remark) for remark in remarks_on(platform)]
    return problems, remarks
