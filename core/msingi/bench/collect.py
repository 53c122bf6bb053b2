"""Find the benchmarks by name and run them."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from msingi.errors import ConfigurationError
from msingi.platform import installed_plugins, load_parts

Benchmark = Callable[..., dict[str, float]]
CORE = {
    "graphql_page": "msingi.bench.graphql",
    "graphql_extension": "msingi.bench.graphql",
    "permission_check": "msingi.bench.permissions",
    "scope_overhead": "msingi.bench.permissions",
}


def run_benchmarks(
    names: Sequence[str], *, quick: bool, database_url: str | None
) -> dict[str, dict[str, float]]:
    """Run the named benchmarks, or all, one after the other.

    Raises:
        ConfigurationError: a name is unknown; the known ones are listed.

    """
    known = known_benchmarks()
    for name in names:
        if name not in known:
            raise ConfigurationError(f"There is no benchmark {name!r}. Known: {', '.join(known)}.")
    options: dict[str, Any] = {"quick": quick, "database_url": database_url}
    return {name: known[name](**options) for name in (names or known)}


def known_benchmarks() -> dict[str, Benchmark]:
    """Every benchmark of the core and of the installed plugins."""
    found: dict[str, Benchmark] = {
        name: getattr(import_module(module), name) for name, module in CORE.items()
    }
    for plugin in installed_plugins().values():
        load_parts(plugin, ("bench",))
        found.update(plugin.contributions.benchmarks)
    return found
