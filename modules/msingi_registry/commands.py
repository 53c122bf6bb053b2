"""`msingi load`: country data, lists from files, made-up persons."""

from pathlib import Path
from typing import Annotated, Any

import typer

from msingi.cli.choices import require_one_of
from msingi.cli.edge import opened
from msingi.cli.options import DatabaseOption, DryRunOption, JsonOption, ProfileOption
from msingi.cli.speech import Speech, speech_for

_LOCALE = Path(__file__).parent / "locale"
app = typer.Typer(help="Load country data, lists and made-up persons.", no_args_is_help=True)

MapOption = Annotated[
    list[str] | None,
    typer.Option("--map", help="COLUMN=FIELD: which field a column holds; repeat for more columns."),
]
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
    """Load the places and facilities of the profile's country; repeat it whenever the shipped data changes.

    Examples:
      msingi load country CMR --profile cameroon
      msingi load country TZA --profile tanzania --json

    """
    from dataclasses import asdict

    from msingi_registry.country import list_countries
    from msingi_registry.services.country_load import load_country, refuse_foreign

    require_one_of(iso3.upper(), list_countries(), "ISO3", speech_for(profile))
    label = "Facilities of {country}"
    with opened(profile, database) as here:
        refuse_foreign(here.platform, iso3)
        with _bar(here.say(label, country=iso3.upper())) as progress:
            loaded = load_country(here.platform, iso3, progress)
    _print(asdict(loaded), here.say, json=json)


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
    from msingi_registry.services.synthetic_load import load_synthetic_persons

    with opened(profile, database) as here:
        country = here.platform.profile.country.iso3
        with _bar(here.say("Persons")) as progress:
            registered = load_synthetic_persons(here.platform, country, amount, seed=seed, progress=progress)
    _print({"registered": registered}, here.say, json=json)


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
    from msingi.cli.import_report import print_report
    from msingi.cli.interruption import OF_A_LIST, quietly
    from msingi.kernel.models import JobState
    from msingi.tabular import Mode
    from msingi_registry.imports.at_once import import_file

    say = speech_for(profile, folders=[_LOCALE])
    require_one_of(mode, Mode, "--mode", say)
    mapping = _mapping(columns or [], say)
    with opened(profile, database) as here, quietly(here.say, OF_A_LIST), _bar(file.name) as progress:
        report = import_file(
            here.platform,
            kind,
            file.read_bytes(),
            mode=Mode(mode),
            dry_run=dry_run,
            mapping=mapping,
            progress=progress,
            language=here.say.language,
        )
    print_report(report, here.say, json=json)
    left_out = report["refused"] and mode == Mode.ALL_OR_NOTHING
    if report["state"] != JobState.DONE or report["failure"] or left_out:
        raise typer.Exit(1)


def _mapping(pairs: list[str], say: Speech) -> dict[str, str]:
    split = [pair.rpartition("=") for pair in pairs]
    for pair, (column, _, field) in zip(pairs, split, strict=True):
        if not column or not field:
            text = say("Write COLUMN=FIELD instead of “{pair}”.", pair=pair)
            raise typer.BadParameter(text, param_hint="--map")
    return {column: field for column, _, field in split}


def _bar(label: str) -> Any:
    from msingi_registry.progress_bar import progress_bar

    return progress_bar(label)


def _print(values: dict[str, Any], say: Speech, *, json: bool) -> None:
    from msingi.cli.output import print_json, print_table

    if json:
        print_json(values)
    else:
        print_table([values], say)
