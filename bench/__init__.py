"""Measurements beside peers, in one run; see docs/benchmarks.md."""
