"""Planning quality and speed against other engines, in the same run: ``python -m benchmarks.routing``."""
