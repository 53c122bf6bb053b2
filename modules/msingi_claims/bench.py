"""Benchmarks of claims; each file adds its own to the plugin."""

from msingi_claims import bench_adjudication, bench_peer  # noqa: F401 - they add their benchmarks to the plugin
