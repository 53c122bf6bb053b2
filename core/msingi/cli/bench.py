"""`msingi bench`: ratios measured in one run against a floor or a peer."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
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
    scale: Annotated[
        int,
        typer.Option(min=1, max=100, help="Times the data of benchmarks that can be scaled, such as peer."),
    ] = 1,
) -> None:
    """Run benchmarks. A key `ours_vs_other` is our time divided by the other's, same work, same run, median.

    Examples:
      msingi bench graphql_page permission_check
      msingi bench --json --quick
      msingi bench registry_search --database postgresql://msingi@localhost/bench
      msingi bench peer --json --scale 100 --database postgresql://msingi@localhost/bench

    """
    from msingi.bench import flat, run_benchmarks

    with _logs_thrown_away():
        results = run_benchmarks(names or [], quick=quick, database_url=database, scale=scale)
    if json:
        print_json(results)
        return
    rows = [
        {"benchmark": name, "number": key, "value": value}
        for name, found in results.items()
        for key, value in flat(found)
    ]
    print_table([{**row, "value": f"{row['value']:,.4g}"} for row in rows])


@contextmanager
def _logs_thrown_away() -> Iterator[None]:
    """Lines are made as in operation, for they cost time, and kept out of the result."""
    from msingi.edge import configure_logs

    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        configure_logs(stream=nowhere)
        try:
            yield
        finally:
            configure_logs(stream=sys.stderr)
