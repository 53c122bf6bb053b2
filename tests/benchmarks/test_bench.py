"""Every benchmark runs from the command line, prints nothing but its result, and names its numbers."""

import json
import subprocess
import sys
from typing import Any

KEYS = {
    "graphql_page": {"orm_vs_stock", "orm_vs_floor", "rows_vs_stock", "rows_vs_floor"},
    "graphql_extension": {"batched_vs_dataloader"},
    "permission_check": {"set_vs_enforce"},
    "scope_overhead": {"scoped_vs_plain"},
    "audit_trail": {"line_microseconds", "sealed_per_second", "verified_per_second"},
    "import_facilities": {"rows_per_s", "vs_bulk_insert"},
    "registry_search": {"persons", "p50_ms", "p95_ms"},
    "catalogue_prices": {"statements", "us_per_line"},
    "mutation": {"requests_per_s", "cpu_ms", "statements"},
}


def test_every_benchmark_runs_and_names_its_numbers() -> None:
    program = "from msingi.cli.entry import app; app()"
    command = [sys.executable, "-c", program, "bench", "--quick", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result: dict[str, dict[str, Any]] = json.loads(done.stdout)

    assert {name: set(numbers) for name, numbers in result.items()} == KEYS
    assert [
        (name, key)
        for name, numbers in result.items()
        for key, number in numbers.items()
        if not (isinstance(number, float) and number > 0)
    ] == []
