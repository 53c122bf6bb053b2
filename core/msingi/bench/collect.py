"""Find the benchmarks by name and run them."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

from msingi.cli.memory import settle_memory
from msingi.contribution_mistakes import declared_twice
from msingi.errors import ConfigurationError
from msingi.platform import installed_plugins, load_parts

Numbers = Mapping[str, float | Mapping[str, float]]
"""What a benchmark found: numbers by name, or numbers of several operations, each by its name."""
Benchmark = Callable[..., Numbers]
CORE = {
    "graphql_page": "msingi.bench.graphql",
    "graphql_extension": "msingi.bench.graphql",
    "permission_check": "msingi.bench.permissions",
    "scope_overhead": "msingi.bench.permissions",
}


def run_benchmarks(
    names: Sequence[str], *, quick: bool, database_url: str | None, scale: int = 1
) -> dict[str, Numbers]:
    """Run the named benchmarks, or all, one after the other, with the memory of a process that serves or runs jobs.

    ``scale`` multiplies the data of those benchmarks that can be scaled.

    Raises:
        ConfigurationError: a name is unknown; the known ones are listed.

    """
    known = known_benchmarks()
    for name in names:
        if name not in known:
            raise ConfigurationError(f"There is no benchmark {name!r}. Known: {', '.join(known)}.")
    settle_memory()
    options: dict[str, Any] = {"quick": quick, "database_url": database_url, "scale": scale}
    return {name: _run(known[name], options) for name in (names or known)}


def known_benchmarks() -> dict[str, Benchmark]:
    """Every benchmark of the core and of the installed plugins.

    Raises:
        ConfigurationError: a plugin gives one the name of another's.

    """
    found: dict[str, Benchmark] = {
        name: getattr(import_module(module), name) for name, module in CORE.items()
    }
    for plugin in installed_plugins().values():
        load_parts(plugin, ("bench",))
        for name, benchmark in plugin.contributions.benchmarks.items():
            if name in found:
                raise ConfigurationError.of(declared_twice(plugin.name, name))
            found[name] = benchmark
    return found


def flat(numbers: Numbers) -> Iterator[tuple[str, float]]:
    """Every number with its whole name, such as ``L1.cpu_ms``."""
    for name, value in numbers.items():
        if isinstance(value, Mapping):
            yield from ((f"{name}.{inner}", number) for inner, number in value.items())
        else:
            yield name, value


def _run(benchmark: Benchmark, options: Mapping[str, Any]) -> Numbers:
    taken = inspect.signature(benchmark).parameters
    return benchmark(**{name: value for name, value in options.items() if name in taken})
