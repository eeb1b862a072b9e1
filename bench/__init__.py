"""Benchmarks: corpora of any size, and how fast and how small the pipeline is on them, beside others."""
