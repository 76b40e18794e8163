"""How ``python -m benchmarks.fuzz`` reaches every operation: what is sown, how each is asked well, what was reached."""
