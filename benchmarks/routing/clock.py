"""
Seconds of processor time instead of wall time, for a machine that others use at the same time.

Only for one core, and only for development: published figures are in wall time on a machine of one's own.
"""

import sys
import time

CLOCKS = ("wall", "cpu")
_WALL = (time.monotonic, time.perf_counter)


def count_processor_time() -> None:
    """From now on this process's solver and PyVRP read the processor's clock where they would read the wall's."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "solver" or name == "benchmarks.routing.ways":
            for word in ("monotonic", "perf_counter"):
                if getattr(module, word, None) in _WALL:
                    setattr(module, word, time.process_time)
    time.monotonic = time.perf_counter = time.process_time


def is_processor_time() -> bool:
    """Whether seconds are the processor's here."""
    return time.monotonic is time.process_time
