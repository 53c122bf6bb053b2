"""Benchmarks: ratios measured in one run, collected from the core and from every plugin."""

from msingi.bench.collect import run_benchmarks

__all__ = ["run_benchmarks"]
