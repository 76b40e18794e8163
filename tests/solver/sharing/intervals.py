"""Games whose costs are known within intervals, and games that might be the true ones."""

import numpy as np
from hypothesis import strategies as st

from solver.sharing.closure import closed
from solver.sharing.game import Game

NAMES = ("anna", "binh", "chi", "duc", "em")


@st.composite
def intervals(draw: st.DrawFn, players_min: int = 1, players_max: int = 5, cost_max: int = 40) -> Game:
    """
    Closed uppers with small whole numbers, full of ties; lower bounds anywhere below, most of them proven.

    The bill is now and then above what unlimited hire would make of it, as where the fleet is scarce.
    """
    n = draw(st.integers(players_min, players_max))
    sizes = np.bitwise_count(np.arange(2**n)).astype(int)
    extra = draw(st.lists(st.integers(0, cost_max), min_size=2**n, max_size=2**n))
    step = draw(st.integers(0, cost_max))
    cost = np.array(extra) + step * sizes
    cost[0] = 0
    cost = closed(cost)
    cost[-1] += draw(st.sampled_from((0, 0, 0, 0, 1, 30)))
    width = np.array(draw(st.lists(st.sampled_from((0, 0, 0, 1, 2, 5, 20)), min_size=2**n, max_size=2**n)))
    lower = np.maximum(cost - width, 0)
    lower[0] = 0
    return Game(NAMES[:n], cost, lower)


@st.composite
def truths(draw: st.DrawFn, game: Game) -> Game:
    """A game within the intervals; the bill stands."""
    parts = np.array(draw(st.lists(st.sampled_from((0, 0, 1, 2, 4)), min_size=len(game.cost), max_size=len(game.cost))))
    cost = game.cost - np.round((game.cost - game.lower) * parts / 4)
    cost[-1] = game.cost[-1]
    return Game(game.players, cost)
