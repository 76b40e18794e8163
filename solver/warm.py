"""
``python -m solver.warm [plans]``: compile the kernels ahead of their first use, on all cores.

Numba keeps what it compiled beside the source (or in the user's cache folder where that cannot be written), so that a
first solve does not wait for it. Run again after a change of the kernels; it is quick where nothing changed. With
``plans`` it is what plans need alone, without containers, pallets and space.
"""

import os
import sys

from solver.colgen import warm as warm_bound
from solver.packing.floor import warm as warm_floor
from solver.packing.warm import warm_fill, warm_fits, warm_rest
from solver.processes import Processes
from solver.routing.plain.warm import warm as warm_plain
from solver.routing.rich_engine import warm as warm_rich
from solver.space.warm import warm as warm_space

PLANS = (warm_plain, warm_fits, warm_rich, warm_bound, warm_floor)
REST = (warm_fill, warm_rest, warm_space)
"""The longest first, so that no core is left with one of them at the end."""


def main() -> None:
    """Compile; about two minutes of two cores for everything, the first time."""
    asked = sys.argv[1:]
    if asked not in ([], ["plans"]):
        sys.exit("usage: python -m solver.warm [plans]")
    processes = Processes(max(1, os.cpu_count() or 1))
    try:
        for future in [processes.executor.submit(warm) for warm in (PLANS if asked else PLANS + REST)]:
            future.result()
    finally:
        processes.close()


if __name__ == "__main__":
    main()
