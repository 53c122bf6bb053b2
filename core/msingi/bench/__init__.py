"""Benchmarks: ratios measured in one run, collected from the core and from every plugin."""

from msingi.bench.collect import flat, run_benchmarks

__all__ = ["flat", "run_benchmarks"]
