"""Options that many commands share."""

from typing import Annotated

import typer

ProfileOption = Annotated[
    str | None,
    typer.Option(
        "--profile", "-p", help="Country profile: a shipped name or a TOML file.", envvar="MSINGI_PROFILE"
    ),
]
DatabaseOption = Annotated[
    str | None,
    typer.Option("--database", "-d", help="SQLAlchemy URL, e.g. sqlite:///country.db or postgresql://..."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Report what would happen, change nothing.")]
