"""The peer workload: the same families, claims and operations on which other scheme systems were measured."""
