"""Compiles the search ahead of its first use; to be called when the software is built or installed."""

import numpy as np

from solver.routing.plain.anneal import anneal
from solver.routing.plain.prepare import Prepared
from solver.routing.plain.question import Question
from solver.routing.plain.small import solve_small


def warm() -> None:
    """Compile everything and store it beside the source (or where ``NUMBA_CACHE_DIR`` says)."""
    one = np.zeros(1, dtype=np.int64)
    road = np.array([[0, 10], [10, 0]], dtype=np.int64)
    question = Question(
        distance_m=[road],
        duration_s=[road],
        place=one + 1,
        service_s=one,
        window_s=np.array([[0, 100]], dtype=np.int64),
        load=np.ones((1, 1), dtype=np.int64),
        outside_milli=one - 1,
        start=one,
        end=one,
        capacity=np.ones((1, 1), dtype=np.int64),
        vehicles=one + 1,
        shift_s=np.array([[0, 100]], dtype=np.int64),
        longest_s=one + 100,
        fixed_milli=one,
        km_milli=one + 1,
        hour_milli=one,
        stop_milli=one,
        allowed=np.ones((1, 1), dtype=np.bool_),
        extra_milli=None,
    )
    solve_small(question, rounds_an_order=1)
    prepared = Prepared(question, 1)
    anneal(prepared.tables, prepared.state, 1, 1.0, 1.0)
