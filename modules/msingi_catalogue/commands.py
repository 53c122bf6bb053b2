"""`msingi catalogue`: registers and price lists from files and back."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from msingi.cli.choices import require_one_of
from msingi.cli.edge import opened
from msingi.cli.options import DatabaseOption, DryRunOption, JsonOption, ProfileOption
from msingi.cli.speech import speech_for

app = typer.Typer(help="Load and export diagnoses, items, services and price lists.", no_args_is_help=True)

KindOption = Annotated[str, typer.Option("--kind", help="items, services, diagnoses or price-list.")]


@app.command()
def load(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV, XLSX, JSON or XML file.")],
    kind: KindOption,
    strategy: Annotated[
        str,
        typer.Option("--strategy", help="insert, update, upsert, or replace, which ends what is not named."),
    ] = "upsert",
    mode: Annotated[
        str, typer.Option("--mode", help="all_or_nothing, or skip_and_report to leave out bad lines.")
    ] = "all_or_nothing",
    profile: ProfileOption = None,
    database: DatabaseOption = None,
    *,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Load a list; repeat it whenever the list changes. Past days keep their prices.

    Examples:
      msingi catalogue load items.csv --kind items --dry-run
      msingi catalogue load prices.xlsx --kind price-list --strategy replace

    """
    from msingi.cli.import_report import print_report
    from msingi.cli.interruption import OF_A_LIST, quietly
    from msingi.tabular import Mode
    from msingi_catalogue.imports.reading import reading_with
    from msingi_catalogue.imports.strategy import ListKind, Strategy
    from msingi_registry import import_file

    say = speech_for(profile)
    require_one_of(kind, ListKind, "--kind", say)
    require_one_of(strategy, Strategy, "--strategy", say)
    require_one_of(mode, Mode, "--mode", say)
    with opened(profile, database) as here, quietly(here.say, OF_A_LIST):
        report = import_file(
            here.platform,
            kind,
            file.read_bytes(),
            mode=Mode(mode),
            dry_run=dry_run,
            mapping={},
            reading=reading_with(Strategy(strategy)),
            language=here.say.language,
        )
    print_report(report, here.say, json=json)
    left_out = report["refused"] and mode == Mode.ALL_OR_NOTHING
    if report["state"] != "done" or report["failure"] or left_out:
        raise typer.Exit(1)


@app.command()
def export(
    kind: KindOption,
    form: Annotated[str, typer.Option("--format", help="csv, xlsx, json or xml.")] = "csv",
    to: Annotated[
        Path | None,
        typer.Option("--to", dir_okay=False, help="File to write; standard output when left out."),
    ] = None,
    profile: ProfileOption = None,
    database: DatabaseOption = None,
) -> None:
    """Write what a register or all price lists hold today; load it back with replace and nothing changes.

    Example:
      msingi catalogue export --kind services --format xlsx --to services.xlsx

    """
    from msingi_catalogue.imports.exports import export_list

    with opened(profile, database) as here, here.work(writes=False) as work:
        content = export_list(work, kind, form)
    if to is None:
        sys.stdout.buffer.write(content)
    else:
        to.write_bytes(content)
