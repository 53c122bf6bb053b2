"""`msingi schema`: the published contracts, exported and compared."""

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Export or check the published schemas.", no_args_is_help=True)
FolderOption = Annotated[Path, typer.Option("--folder", help="Where the contracts lie.")]


@app.command()
def export(folder: FolderOption = Path("schema")) -> None:
    """Write full.graphql, one SDL per profile, the settings' JSON Schema, event schemas and the list of permissions.

    Example: msingi schema export
    """
    from msingi.contracts import contracts, write_contracts

    for path in write_contracts(contracts(), folder):
        typer.echo(path)


@app.command()
def check(folder: FolderOption = Path("schema")) -> None:
    """Exit 1 when an exported file is stale; list what changed, the breaking changes first.

    Example: msingi schema check
    """
    from msingi.contracts import compare_contracts, contracts

    problems = compare_contracts(contracts(), folder)
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
