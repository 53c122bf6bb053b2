"""`msingi new`: the working, tested skeleton of a module or a plugin, and the next migration."""

from pathlib import Path
from typing import Annotated, Final

import typer

from msingi.cli.speech import speech_for

app = typer.Typer(help="Write the skeleton of a new module or plugin, or a migration.", no_args_is_help=True)
NameArgument = Annotated[str, typer.Argument(help="Short snake_case name, e.g. sms_receipts.")]
UNFILLED: Final = (
    "Attention: {columns} must not be empty, and rows that are there already have no value for it. Give the column a "
    "server_default, or fill the rows in this revision: docs/how-to/write-a-module.md, “Change a table”, shows both."
)
FolderOption = Annotated[Path | None, typer.Option("--folder", help="Where to write; default: here.")]


@app.command()
def plugin(name: NameArgument, folder: FolderOption = None) -> None:
    """Write a plugin in a distribution of its own: package, migration, tests, README.

    Examples:
      msingi new plugin hello
      cd msingi-hello && pip --python "$VIRTUAL_ENV" install -e '.[dev]' && pytest

    """
    from msingi.scaffold import write_skeleton

    _report(write_skeleton("plugin", name, (folder or Path()) / f"msingi-{name.replace('_', '-')}"))


@app.command()
def module(name: NameArgument, folder: FolderOption = None) -> None:
    """Write a module inside this repository, in the folder modules, and its tests.

    Example: msingi new module appointments
    """
    from msingi.scaffold import write_skeleton

    _report(write_skeleton("module", name, folder or Path()))


@app.command()
def migration(
    name: Annotated[str, typer.Argument(help="Name of an installed plugin.")],
    message: Annotated[str, typer.Argument(help="What changes, in a few words.")],
) -> None:
    """Write the next migration of a plugin from the difference between its models and its migrations.

    Example: msingi new migration hello "add a column for the author"
    """
    from msingi.scaffold import write_migration

    revision = write_migration(name, message)
    say = speech_for()
    if revision is None:
        typer.echo(say("The migrations say already what the models say."))
        return
    typer.echo(revision.path)
    if revision.unfilled:
        typer.echo(say(UNFILLED, columns=", ".join(revision.unfilled)), err=True)


def _report(paths: list[Path]) -> None:
    for path in paths:
        typer.echo(path)
