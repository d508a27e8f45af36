"""The pieces of `benchmarks/store.py`."""
