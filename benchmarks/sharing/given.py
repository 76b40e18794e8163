"""How long the rules take once every coalition's cost is given: a game of sixteen players."""

from random import Random
from time import process_time
from typing import Any

import numpy as np

from solver.shares import Rule
from solver.sharing.game import Game, sums
from solver.sharing.rules import split

PLAYERS, GAMES = 16, 5
LIMITS_S = {Rule.SHAPLEY: 0.1, Rule.NUCLEOLUS: 5.0}
"""Seconds that are wanted."""
VAN_MINOR, VAN_BOXES = 40_000, 30


def vans_on_a_tree(players: int = PLAYERS, seed: int = 1) -> Game:
    """
    A game that is cheap to write down and full of ties: vans for the boxes of a coalition, and roads to its members.

    Each player hangs on an earlier one or on the depot by a road of random length; a coalition needs every road between
    its members and the depot, there and back, and as many vans as its boxes fill. Both are sub-additive.
    """
    draw = Random(seed)
    boxes = np.array([draw.randint(3, 20) for _ in range(players)], float)
    vans = np.ceil(sums(boxes) / VAN_BOXES)
    below = [1 << player for player in range(players)]
    lengths = [draw.randrange(2_000, 20_000, 1_000) for _ in range(players)]
    for player in range(players - 1, 0, -1):
        parent = draw.randrange(-1, player)
        if parent >= 0:
            below[parent] |= below[player]
    masks = np.arange(2**players)
    roads = sum(2.0 * length * ((masks & mask) > 0) for length, mask in zip(lengths, below, strict=True))
    return Game([f"member {1 + player:02}" for player in range(players)], VAN_MINOR * vans + roads)


def measure() -> dict[str, Any]:
    """Processor seconds of each rule that has a limit, the longest over some games, with everything loaded."""
    few = vans_on_a_tree(players=4)
    found = dict.fromkeys((f"{rule.value}_s" for rule in LIMITS_S), 0.0)
    for rule in LIMITS_S:
        split(few, rule)
        for seed in range(1, GAMES + 1):
            game = vans_on_a_tree(seed=seed)
            began = process_time()
            split(game, rule)
            word = f"{rule.value}_s"
            found[word] = max(found[word], round(process_time() - began, 3))
    return {"players": PLAYERS} | found
