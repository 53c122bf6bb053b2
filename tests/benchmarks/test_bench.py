"""Every benchmark runs from the command line, prints nothing but its result, and names its numbers."""

import json
import subprocess
import sys
from typing import Any

import pytest

from msingi.bench import flat

_SINGLE = {"cpu_ms", "statements", "p50_ms", "requests_per_s"}
_BULK = {"cpu_ms", "statements", "p50_ms", "claims_per_s"}
_PEER = {
    "start_s",
    "worker_mb_fresh",
    "worker_mb_warm",
    "worker_mb_after",
    "yardstick_ms",
    *(f"{name}.{key}" for name in ("L0", "L1", "L3", "L4", "M1", "M2", "M3", "M4") for key in _SINGLE),
    *(f"{name}.{key}" for name in ("M7_submit", "M7_process") for key in _BULK),
    *(f"life.{key}" for key in ("cpu_ms", "statements", "claims_per_s")),
}
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
    "ledger_post": {"single_per_s", "bulk_per_s", "bulk_vs_copy"},
    "enrol": {"families_per_s", "cpu_ms_per_family", "statements_per_family"},
    "eligibility": {"p50_ms", "p95_ms", "requests_per_s"},
    "adjudicate": {"claims", "claims_per_s"},
    "claims_batch": {
        *(
            "claims",
            "processes",
            "claims_per_s",
            "cpu_ms_per_claim",
            "statements",
            "vs_bulk_insert",
            "peak_mb",
        ),
    },
    "claims_submit": {"requests_per_s", "p95_ms", "cpu_ms_per_claim", "statements_per_claim"},
    "claims_list": {"claims_in_db", "p50_ms", "p95_ms", "requests_per_s"},
    "peer": _PEER,
}
COARSE = ("cpu_ms", "cpu_ms_per_claim", "cpu_ms_per_family")
"""Processor times of other processes come in hundredths of a second: of a smoke run they may be none."""


@pytest.mark.long
def test_every_benchmark_runs_and_names_its_numbers() -> None:
    program = "from msingi.cli.entry import app; app()"
    command = [sys.executable, "-c", program, "bench", "--quick", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, dict[str, Any]] = json.loads(done.stdout)
    result = {name: dict(flat(numbers)) for name, numbers in found.items()}

    assert {name: set(numbers) for name, numbers in result.items()} == KEYS
    assert [
        (name, key)
        for name, numbers in result.items()
        for key, number in numbers.items()
        if not (isinstance(number, float) and (number > 0 or (number == 0 and key.endswith(COARSE))))
    ] == []
