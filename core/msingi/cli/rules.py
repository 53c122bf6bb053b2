"""`msingi rules`: which domain rules are proven by which tests."""

from pathlib import Path
from typing import Annotated

import typer

from msingi.cli.options import JsonOption
from msingi.cli.output import print_json, print_table

app = typer.Typer(help="Print which domain rules are proven by which tests.")


@app.command()
def rules(
    root: Annotated[
        Path, typer.Option("--root", help="The project that holds docs/rules and tests.")
    ] = Path(),
    *,
    json: JsonOption = False,
) -> None:
    """Print every rule of docs/rules with the tests that cite it; exit 1 when one has none and is not planned.

    Example: msingi rules
    """
    from msingi.coverage import rule_coverage

    lines = rule_coverage(root)
    if json:
        print_json([line.as_dict() for line in lines])
    else:
        print_table([line.as_row() for line in lines])
    missing = [line.id for line in lines if line.is_missing]
    if missing:
        typer.echo(f"Without a test: {', '.join(missing)}", err=True)
        raise typer.Exit(1)
