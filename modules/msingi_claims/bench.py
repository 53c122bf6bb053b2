"""Benchmarks of claims; each file adds its own to the plugin."""

from msingi_claims import bench_adjudication  # noqa: F401 - adds its benchmark to the plugin
