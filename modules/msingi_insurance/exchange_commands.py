"""`msingi insurance import` and `export`: files of the field from the command line."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from msingi.cli.edge import opened
from msingi.cli.options import DatabaseOption, DryRunOption, JsonOption, ProfileOption

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msingi.cli.speech import Speech

imports = typer.Typer(help="Take files of devices in.", no_args_is_help=True)
exports = typer.Typer(help="Write files for devices.", no_args_is_help=True)


@imports.callback()
def import_files() -> None:
    """Take files of devices in."""


@exports.callback()
def export_files() -> None:
    """Write files for devices."""


@imports.command()
def enrolment(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Enrolment file: XML or ZIP.")],
    profile: ProfileOption = None,
    database: DatabaseOption = None,
    *,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Enrol the families of a device's file, each in a transaction of its own. Exit 1 when one is refused.

    Examples:
      msingi insurance import enrolment families.xml --dry-run
      msingi insurance import enrolment package.zip --json

    """
    from msingi_insurance.exchange.at_once import import_enrolments

    with opened(profile, database) as here:
        outcomes = import_enrolments(
            here.platform,
            file.read_bytes(),
            dry_run=dry_run,
            tell_left=lambda names: _tell_left(names, here.say),
        )
    _print(outcomes, here.say, json=json)
    raise typer.Exit(1 if any(outcome["code"] for outcome in outcomes) else 0)


@imports.command()
def renewals(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Renewal file: XML.")],
    profile: ProfileOption = None,
    database: DatabaseOption = None,
    *,
    json: JsonOption = False,
) -> None:
    """Take the answers of a renewal file in. Exit 1 when one is refused.

    Example:
      msingi insurance import renewals renewals.xml

    """
    from msingi_insurance.exchange.at_once import import_renewals

    with opened(profile, database) as here:
        outcomes = import_renewals(here.platform, file.read_bytes())
    _print(outcomes, here.say, json=json)
    raise typer.Exit(1 if any(outcome["result"] for outcome in outcomes) else 0)


@exports.command("master-data")
def master_data(
    officer: Annotated[str, typer.Option("--officer", help="Code of the officer whose device it is for.")],
    profile: ProfileOption = None,
    database: DatabaseOption = None,
) -> None:
    """Print the master data of an officer's device as JSON.

    Example:
      msingi insurance export master-data --officer E17 > device.json

    """
    from msingi.cli.output import print_json
    from msingi_insurance.exchange.master_data import master_data as read

    with opened(profile, database) as here, here.work(writes=False) as work:
        print_json(read(work, officer))


def _tell_left(names: "Sequence[str]", say: "Speech") -> None:
    """Elements and photos that no family of the file has; standard output stays with what came of the families."""
    from msingi.cli.output import print_lines

    if names:
        print_lines(
            [say("The file also holds, and nothing of it is kept: {names}.", names=", ".join(names))],
            to_errors=True,
        )


def _print(rows: list[dict[str, Any]], say: "Speech", *, json: bool) -> None:
    from msingi.cli.output import print_json, print_table

    if json:
        print_json(rows)
        return
    seldom = {"repeated"} if not any(row.get("repeated") for row in rows) else set()
    shown = [{name: value for name, value in row.items() if name not in seldom} for row in rows]
    print_table(shown, say, folded="not_kept" if rows and "not_kept" in rows[0] else "")
