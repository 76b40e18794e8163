"""Loads and containers against peers, in the same run: ``python -m benchmarks.packing``."""
