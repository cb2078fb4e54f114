"""Figures of the engine: `make bench`, or `python -m benchmarks --help`. Results go to docs/benchmarks.md."""
