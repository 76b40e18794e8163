"""Many tiny problems, such as the coalitions of a sharing game: a short search each, without callbacks."""

import numpy as np

from solver.routing.plain.anneal import anneal, begin
from solver.routing.plain.layout import BEST, BEST_LOST, Int32, Int64
from solver.routing.plain.prepare import Prepared
from solver.routing.plain.question import Question

ROUNDS_AN_ORDER = 120
HOT, COLD = 1.0, 0.01
"""First and last temperature, as multiples of what an order costs in the first solution."""
NONE = np.zeros(0, dtype=np.int32)


def solve_small(
    question: Question, seed: int = 1, rounds_an_order: int = ROUNDS_AN_ORDER
) -> tuple[list[tuple[int, list[int]]], int]:
    """
    A good plan for a few orders.

    Parameters
    ----------
    question
        5 to 20 orders are what the default number of rounds is meant for.
    seed
        The same seed gives the same plan.
    rounds_an_order
        Rounds of ruin and recreate for each order, about a microsecond each.

    Returns
    -------
    list of (type, orders), int
        Routes with positions of orders in ``question``, and how many mandatory orders they leave out.
    """
    prepared = Prepared(question, seed)
    tables, state = prepared.tables, prepared.state
    begin(tables, state, NONE, NONE, NONE)
    each = max(1.0, int(state.number[BEST]) / max(prepared.n, 1))
    anneal(tables, state, rounds_an_order * prepared.n, HOT * each, COLD * each)
    return routes_of(prepared, state.best_type, state.best_next), int(state.number[BEST_LOST])


def routes_of(prepared: Prepared, type_of: Int32, follows: Int32) -> list[tuple[int, list[int]]]:
    """Routes as types and positions of orders in the question, from the successor of each node."""
    n = prepared.n
    after = follows.tolist()
    sequence: Int64 = prepared.sequence
    order_of = sequence.tolist()
    routes: list[tuple[int, list[int]]] = []
    for slot, type_ in enumerate(type_of.tolist()[: prepared.slots]):
        orders = []
        x = after[n + 2 * slot]
        while type_ >= 0 and x < n:
            orders.append(order_of[x])
            x = after[x]
        if orders:
            routes.append((type_, orders))
    return routes
