"""Benchmarks against the emulated services: `python -m tests.bench`, or `make bench`."""
