"""Benchmarks of claims; each file adds its own to the plugin."""

from msingi_claims import bench_adjudication, bench_batch, bench_counter, bench_peer

__all__ = ["bench_adjudication", "bench_batch", "bench_counter", "bench_peer"]
