"""`msingi insurance product`: products as files."""

from pathlib import Path
from typing import Annotated

import typer

from msingi.cli.edge import opened
from msingi.cli.options import DatabaseOption, DryRunOption, JsonOption, ProfileOption

app = typer.Typer(help="Load products from files, write them to files.", no_args_is_help=True)


@app.command()
def load(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Product file: JSON.")],
    profile: ProfileOption = None,
    database: DatabaseOption = None,
    *,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Add the product of a file, or its terms as a next version. Exit 1 when it is refused.

    Examples:
      msingi insurance product load csu.json --dry-run
      msingi insurance product load csu.json --profile cameroon

    """
    from dataclasses import asdict
    from json import dumps

    from msingi_insurance.services.products_drafts import read_product_file
    from msingi_insurance.services.products_files import load_product

    with opened(profile, database) as here, here.work() as work:
        given = read_product_file(file.read_bytes())
        savepoint = work.session.begin_nested()
        made = load_product(work, given)
        savepoint.rollback() if dry_run else savepoint.commit()
    report = asdict(made)
    typer.echo(dumps(report) if json else " ".join(f"{name}={value}" for name, value in report.items()))


@app.command()
def apply(
    profile: ProfileOption = None,
    database: DatabaseOption = None,
    *,
    dry_run: DryRunOption = False,
    json: JsonOption = False,
) -> None:
    """Bring the products and waves of the country file into the database; a second run changes nothing.

    Examples:
      msingi insurance product apply --profile tanzania --dry-run
      msingi insurance product apply --profile tanzania --database sqlite:///tanzania.db

    """
    from dataclasses import asdict
    from json import dumps

    from msingi_insurance.services.country_products import apply_country_products

    with opened(profile, database) as here, here.work() as work:
        savepoint = work.session.begin_nested()
        applied = apply_country_products(work)
        savepoint.rollback() if dry_run else savepoint.commit()
    report = asdict(applied)
    titles = {name: here.say("{title}:", title=here.say(name)) for name in report}
    lines = [f"{titles[name]} {', '.join(codes) or '-'}" for name, codes in report.items()]
    lines += [here.say("Nothing was written: this was a dry run.")] if dry_run else []
    typer.echo(dumps(report) if json else "\n".join(lines))


@app.command()
def export(
    code: Annotated[str, typer.Argument(help="Code of a product that is not closed.")],
    profile: ProfileOption = None,
    database: DatabaseOption = None,
) -> None:
    """Write a product with its current terms to standard output; loading it changes nothing.

    Example:
      msingi insurance product export CSU > csu.json

    """
    from msingi_insurance.services.products_drafts import write_product_file
    from msingi_insurance.services.products_files import product_file

    with opened(profile, database) as here, here.work(writes=False) as work:
        content = write_product_file(product_file(work, code))
    typer.echo(content.decode(), nl=False)
