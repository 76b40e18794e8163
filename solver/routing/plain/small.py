"""Many tiny problems, such as the coalitions of a sharing game: a short search each, without callbacks."""

import numpy as np

from solver.routing.plain.anneal import begin
from solver.routing.plain.layout import BEST, BEST_LOST, Int32, Int64
from solver.routing.plain.mix import Seen, anneal_noting, best_mix, note_all, seen_nothing
from solver.routing.plain.prepare import Prepared
from solver.routing.plain.question import Question

ORDERS_MAX = 60
"""Sets of orders are the bits of one number."""
ROUNDS_AN_ORDER = 80
ANNEALINGS = 2
"""How often the search cools down: twice half as long finds more than once, as a failure is a trap."""
HOT, COLD = 6.0, 0.1
"""First and last temperature, as multiples of what an order costs in the first solution."""
NONE = np.zeros(0, dtype=np.int32)


def solve_small(
    question: Question, seed: int = 1, rounds_an_order: int = ROUNDS_AN_ORDER
) -> tuple[list[tuple[int, list[int]]], int]:
    """
    A good plan for a few orders: short annealings, then the best mix of all routes that they saw.

    Parameters
    ----------
    question
        5 to 20 orders are what the default number of rounds is meant for; 60 at most.
    seed
        The same seed gives the same plan.
    rounds_an_order
        Rounds of ruin and recreate for each order, one to two microseconds each.

    Returns
    -------
    list of (type, orders), int
        Routes with positions of orders in ``question``, and how many mandatory orders they leave out.

    Raises
    ------
    ValueError
        With more than 60 orders.
    """
    if len(question.place) > ORDERS_MAX:
        raise ValueError(f"a small problem has {ORDERS_MAX} orders at most, this one has {len(question.place)}")
    prepared = Prepared(question, seed)
    tables, state = prepared.tables, prepared.state
    seen = seen_nothing(tables, state)
    begin(tables, state, NONE, NONE, NONE)
    note_all(tables, state, seen)
    each = max(1.0, int(state.number[BEST]) / max(prepared.n, 1))
    rounds = max(1, rounds_an_order * prepared.n // ANNEALINGS)
    for _ in range(ANNEALINGS):
        anneal_noting(tables, state, seen, rounds, HOT * each, COLD * each)
    mixed = best_mix(tables, state, seen)
    if mixed:
        return _mixed(prepared, seen, seen.best[:mixed].tolist())
    return routes_of(prepared, state.best_type, state.best_next), int(state.number[BEST_LOST])


def _mixed(prepared: Prepared, seen: Seen, entries: list[int]) -> tuple[list[tuple[int, list[int]]], int]:
    """Routes of some entries, and how many mandatory orders they leave out."""
    n = prepared.n
    order_of = prepared.sequence.tolist()
    routes: list[tuple[int, list[int]]] = []
    lost = 0
    for k in entries:
        size = int(seen.mask[k]).bit_count()
        visits = seen.visits[k * n : k * n + size].tolist()
        if seen.type_[k] < 0:
            lost += int(prepared.tables.mandatory[visits[0]])
        else:
            routes.append((int(seen.type_[k]), [order_of[x] for x in visits]))
    return routes, lost


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
