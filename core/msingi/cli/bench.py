"""`msingi bench`: ratios measured in one run against a floor or a peer."""

from typing import Annotated

import typer

from msingi.cli.options import DatabaseOption
from msingi.cli.output import print_json, print_table

app = typer.Typer(help="Measure this installation against its floors.")


@app.command()
def bench(
    names: Annotated[
        list[str] | None, typer.Argument(help="Benchmarks to run; all when none is named.")
    ] = None,
    database: DatabaseOption = None,
    *,
    quick: Annotated[bool, typer.Option("--quick", help="A smoke run: small and few rounds.")] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object: benchmark -> numbers.")
    ] = False,
) -> None:
    """Run benchmarks. A key `ours_vs_other` is our time divided by the other's, same work, same run, median.

    Examples:
      msingi bench graphql_page permission_check
      msingi bench --json --quick
      msingi bench registry_search --database postgresql://msingi@localhost/bench

    """
    from msingi.bench import run_benchmarks

    results = run_benchmarks(names or [], quick=quick, database_url=database)
    if json:
        print_json(results)
        return
    rows = [
        {"benchmark": name, "number": key, "value": value}
        for name, found in results.items()
        for key, value in found.items()
    ]
    print_table([{**row, "value": f"{row['value']:,.4g}"} for row in rows])
