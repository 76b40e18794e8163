"""Exact pricing finds the least reduced price of all routes, and looking ahead never says that it is higher."""

from itertools import permutations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.colgen.exact import price_of
from solver.colgen.labels import CUT_WORDS, EVERY, FAR
from solver.colgen.limits import Budget
from solver.colgen.model import Network
from solver.colgen.pricing import Duals, Pricer
from solver.colgen.whole import Whole
from solver.compiled import Compiled
from solver.problem import Problem
from tests.solver.colgen.test_close import STOPS, rounds

Worth = st.lists(st.integers(0, 60_000), min_size=STOPS, max_size=STOPS)


def duals_of(network: Network, worth: list[int], vehicle: int) -> Duals:
    size = len(network.opens)
    none = np.zeros((size, CUT_WORDS), dtype=np.int64)
    return Duals(np.array(worth), vehicle, np.zeros(64 * CUT_WORDS, dtype=np.int64), none, none)


def least_of(network: Network, worth: list[int], vehicle: int) -> int:
    """By trying all routes without repeated visits; at most 0."""
    routes = [route for size in range(1, network.visits + 1) for route in permutations(range(network.visits), size)]
    prices = [(price_of(network, route), route) for route in routes]
    return min([0, *(price - sum(worth[node] for node in route) - vehicle for price, route in prices if price < FAR)])


@settings(max_examples=60, deadline=None)
@given(rounds(), Worth, st.integers(-50_000, 50_000), st.integers(0, 20_000))
def test_no_route_is_cheaper_than_pricing_says(problem: Problem, worth: list[int], vehicle: int, slack: int) -> None:
    model = Whole(Compiled(problem)).model()
    assert model is not None
    network = model.networks[0]
    mine = [model.grains * worth[visit >> 1] for visit in model.visits]
    duals = duals_of(network, mine, model.grains * vehicle)
    least = least_of(network, mine, duals.vehicle)
    pricer, budget = Pricer(network, model.near), Budget(None, 10**6, lambda: False)
    floor = pricer.floor(duals)
    assert floor is None or floor <= least
    # Each visit remembers all five, so that no route of the relaxation repeats one; the second call halves elsewhere.
    for _ in range(2):
        assert pricer.price(duals, budget, beam=EVERY, most=10, limit=10**6).least == least
    spared = pricer.price(duals, budget, beam=EVERY, most=10, limit=10**6, slack=model.grains * slack)
    assert spared.least is not None
    assert spared.least <= least
    for few in (False, True):
        found = pricer.price(duals, budget, beam=3, most=10, limit=10**6, few=few)
        assert all(price >= least for price, _ in found.routes)
