"""Whether leaving an order out can ever make a plan dearer."""

import numpy as np
from numpy.typing import NDArray

from solver.compiled import Compiled

PLACES_MAX = 1_000
"""Above this many places nobody waits for the answer."""


def is_monotone(compiled: Compiled) -> bool:
    """
    Whether a plan without some of its visits is never dearer, nor impossible: proven, or False.

    It holds where going by way of another place is never shorter nor quicker (the triangle inequality in every table of
    every vehicle type that is used), and nothing but the visits themselves binds or prices a plan: no locks, nothing
    published, no use that was guaranteed.
    """
    problem = compiled.problem
    bound = problem.locks or problem.published or any(v.use_min for v in problem.vehicle_types)
    if bound or len(compiled.distance_m[0]) > PLACES_MAX:
        return False
    tables = {id(table): table for tables in (compiled.distance_m, compiled.duration_s) for table in tables}
    return all(_keeps_triangles(np.asarray(table, dtype=np.int64)) for table in tables.values())


def _keeps_triangles(table: NDArray[np.int64]) -> bool:
    """Entries of -1 are no way: a way by another place then makes one."""
    ways = np.where(table < 0, np.iinfo(np.int64).max // 4, table)
    np.fill_diagonal(ways, 0)
    return all((ways <= ways[:, [via]] + ways[[via], :]).all() for via in range(len(ways)))
