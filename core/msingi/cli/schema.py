"""`msingi schema`: the published contracts, exported and compared."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from msingi.cli.edge import plainly
from msingi.cli.speech import speech_for

app = typer.Typer(help="Export or check the published schemas.", no_args_is_help=True)
FolderOption = Annotated[Path, typer.Option("--folder", help="Where the contracts lie.")]
PluginOption = Annotated[
    str | None,
    typer.Option("--plugin", help="Only what this installed plugin adds to the modules that it requires."),
]


@app.command()
def export(plugin: PluginOption = None, folder: FolderOption = Path("schema")) -> None:
    """Write full.graphql, one SDL per profile, the settings' JSON Schema, event schemas and the list of permissions.

    Of one plugin it writes what this one adds: its schema, its settings, its events and its permissions.

    Examples:
      msingi schema export
      msingi schema export --plugin hello

    """
    from msingi.contracts import refuse_folder_of_others, write_contracts

    files, _ = _contracts(plugin)
    if plugin is not None:
        with plainly(speech_for()):
            refuse_folder_of_others(plugin, folder)
    for path in write_contracts(files, folder):
        typer.echo(path)


@app.command()
def check(plugin: PluginOption = None, folder: FolderOption = Path("schema")) -> None:
    """Exit 1 when an exported file is stale; list what changed, the breaking changes first.

    Examples:
      msingi schema check
      msingi schema check --plugin hello

    """
    from msingi.contracts import compare_contracts

    files, ground = _contracts(plugin)
    remedy = f"msingi schema export --plugin {plugin}" if plugin else "msingi schema export"
    problems = compare_contracts(files, folder, ground=ground, remedy=remedy)
    typer.echo("\n".join(problems) if problems else "The published schemas are up to date.")
    raise typer.Exit(1 if problems else 0)


@app.command()
def docs(
    folder: Annotated[Path, typer.Option("--folder", help="Where the reference lies.")] = Path(
        "docs/reference"
    ),
) -> None:
    """Write the reference pages: modules, settings, permissions, hooks, events, command line.

    Example: msingi schema docs
    """
    from msingi.reference import write_reference

    for path in write_reference(folder):
        typer.echo(path)


def _contracts(plugin: str | None) -> tuple[Mapping[str, str], str]:
    """The files, and the schema that theirs adds to."""
    from msingi.contracts import contracts, plugin_contracts

    if plugin is None:
        return contracts(), ""
    with plainly(speech_for()):
        own = plugin_contracts(plugin)
    return own.files, own.ground
