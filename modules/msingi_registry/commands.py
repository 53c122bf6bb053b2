"""`msingi load`: country data, lists from files, made-up persons."""

from pathlib import Path
from typing import Annotated, Any

import typer

from msingi.cli.options import DatabaseOption, JsonOption, ProfileOption

app = typer.Typer(help="Load country data, lists and made-up persons.", no_args_is_help=True)

MapOption = Annotated[
    list[str] | None,
    typer.Option("--map", help="COLUMN=FIELD: which field a column holds; repeat for more columns."),
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Report what would happen, change nothing.")]
ModeOption = Annotated[
    str, typer.Option("--mode", help="all_or_nothing, or skip_and_report to leave out bad lines.")
]
FileArgument = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV or XLSX file.")]


@app.command()
def country(
    iso3: Annotated[str, typer.Argument(help="Country with shipped data: CMR, CAF, BDI, DZA or TZA.")],
    profile: ProfileOption = None,
    database: DatabaseOption = None,
    *,
    json: JsonOption = False,
) -> None:
    """Load the places and facilities of a country; repeat it whenever the shipped data changes.

    Examples:
      msingi load country CMR --profile cameroon
      msingi load country TZA --json

    """
    from dataclasses import asdict

    from msingi.cli.platforms import platform_for
    from msingi_registry.country import list_countries
    from msingi_registry.services.country_load import load_country

    if iso3.upper() not in list_countries():
        raise typer.BadParameter(f"There are data of: {', '.join(list_countries())}.", param_hint="ISO3")
    platform = platform_for(profile, database)
    with _bar(f"Facilities of {iso3.upper()}") as progress:
        loaded = load_country(platform, iso3, progress)
    _print(asdict(loaded), json=json)


@app.command()
def jurisdictions(
    file: FileArgument,
    columns: MapOption = None,
    mode: ModeOption = "all_or_nothing",
    profile: ProfileOption = None,
    database: DatabaseOption = None,
    *,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Load a list of places: code, name, parent.

    Example:
      msingi load jurisdictions districts.csv --dry-run

    """
    _load_list("jurisdictions", file, columns, mode, profile, database, dry_run=dry_run, json=json)


@app.command()
def facilities(
    file: FileArgument,
    columns: MapOption = None,
    mode: ModeOption = "all_or_nothing",
    profile: ProfileOption = None,
    database: DatabaseOption = None,
    *,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Load a list of facilities: name, place, type and more.

    Example:
      msingi load facilities list.xlsx --map "Nom=name" --map "District=place" --map "Type=type"

    """
    _load_list("facilities", file, columns, mode, profile, database, dry_run=dry_run, json=json)


@app.command()
def persons(
    file: FileArgument,
    columns: MapOption = None,
    mode: ModeOption = "all_or_nothing",
    profile: ProfileOption = None,
    database: DatabaseOption = None,
    *,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Load a list of persons; each is checked like a registration at a desk.

    Example:
      msingi load persons insured.csv --mode skip_and_report

    """
    _load_list("persons", file, columns, mode, profile, database, dry_run=dry_run, json=json)


@app.command("synthetic-persons")
def synthetic_persons(
    amount: Annotated[int, typer.Argument(min=1, max=10_000_000, help="How many.")],
    seed: Annotated[int, typer.Option("--seed", help="The same seed makes the same persons.")] = 1,
    profile: ProfileOption = None,
    database: DatabaseOption = None,
    *,
    json: JsonOption = False,
) -> None:
    """Register made-up persons of the profile's country, whose places are loaded.

    Example:
      msingi load synthetic-persons 10000

    """
    from msingi.cli.platforms import platform_for
    from msingi_registry.services.synthetic_load import load_synthetic_persons

    platform = platform_for(profile, database)
    with _bar("Persons") as progress:
        registered = load_synthetic_persons(
            platform, platform.profile.country.iso3, amount, seed=seed, progress=progress
        )
    _print({"registered": registered}, json=json)


def _load_list(
    kind: str,
    file: Path,
    columns: list[str] | None,
    mode: str,
    profile: str | None,
    database: str | None,
    *,
    dry_run: bool,
    json: bool,
) -> None:
    from msingi.cli.platforms import platform_for
    from msingi.kernel.models import JobState
    from msingi.tabular import Mode
    from msingi_registry.imports.at_once import import_file

    if mode not in set(Mode):
        raise typer.BadParameter(f"Choose one of: {', '.join(Mode)}.", param_hint="--mode")
    platform = platform_for(profile, database)
    with _bar(file.name) as progress:
        report = import_file(
            platform,
            kind,
            file.read_bytes(),
            mode=Mode(mode),
            dry_run=dry_run,
            mapping=_mapping(columns or []),
            progress=progress,
        )
    _print_report(report, json=json)
    left_out = report["refused"] and mode == Mode.ALL_OR_NOTHING
    if report["state"] != JobState.DONE or report["failure"] or left_out:
        raise typer.Exit(1)


def _mapping(pairs: list[str]) -> dict[str, str]:
    split = [pair.rpartition("=") for pair in pairs]
    for pair, (column, _, field) in zip(pairs, split, strict=True):
        if not column or not field:
            raise typer.BadParameter(f"Write COLUMN=FIELD instead of {pair!r}.", param_hint="--map")
    return {column: field for column, _, field in split}


def _bar(label: str) -> Any:
    from msingi_registry.progress_bar import progress_bar

    return progress_bar(label)


def _print(values: dict[str, Any], *, json: bool) -> None:
    from msingi.cli.output import print_json, print_table

    if json:
        print_json(values)
    else:
        print_table([values])


def _print_report(report: dict[str, Any], *, json: bool) -> None:
    from msingi.cli.output import print_table

    if json:
        _print(report, json=True)
        return
    print_table([{name: value for name, value in report.items() if name != "messages"}])
    print_table(report["messages"])
