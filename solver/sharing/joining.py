"""
Rules that average over orders of joining: what a coalition's cost weighs in each share.

Each player pays what it adds to the cost of those before it, averaged over the orders in which all might have joined.
Shapley, weighted Shapley and Owen differ in the orders' chances alone. So shares are linear in coalition costs, and a
coalition's cost counts for its members and against the others, never the other way round.
"""

from collections.abc import Iterator, Sequence
from math import factorial

import numpy as np

from solver.sharing.game import Floats, sums


def shapley_chances(n: int) -> Iterator[Floats]:
    """As ``weighted_chances``, all orders of joining alike."""
    return weighted_chances([1.0] * n)


def weighted_chances(weights: Sequence[float]) -> Iterator[Floats]:
    """
    For each player, by mask, the chance that just these joined before it; orders drawn from the end by weight.

    The last to join is drawn in proportion to weights, then the last but one among the rest, and so on. So the chance
    q(S) that S are the first is 1 for everybody, and of S without j it collects q(S) times j's part of S's weight.

    Parameters
    ----------
    weights
        By player, positive.

    Yields
    ------
    Floats
        Shape ``(2**n,)``, summing to 1; 0 wherever the player itself is in the mask.

    References
    ----------
    E. Kalai, D. Samet, On weighted Shapley values, Int. J. Game Theory 16, 1987.
    """
    n = len(weights)
    masks = np.arange(2**n)
    total = sums(np.asarray(weights, dtype=float))
    first = np.zeros(2**n)
    first[-1] = 1.0
    sizes = np.bitwise_count(masks)
    for size in range(n, 0, -1):
        level = masks[sizes == size]
        for player, weight in enumerate(weights):
            inside = level[level >> player & 1 == 1]
            first[inside ^ 1 << player] += first[inside] * weight / total[inside]
    for player, weight in enumerate(weights):
        chance = np.zeros(2**n)
        without = masks[masks >> player & 1 == 0]
        joined = without | 1 << player
        chance[without] = first[joined] * weight / total[joined]
        yield chance


def owen_chances(n: int, unions: Sequence[Sequence[int]]) -> Iterator[Floats]:
    """
    As ``weighted_chances``: unions join in any order, one after the other, the members of each in any order.

    Parameters
    ----------
    n
        Number of players.
    unions
        Every player, by number, in exactly one.

    References
    ----------
    G. Owen, Values of games with a priori unions, in Mathematical Economics and Game Theory, 1977.
    """
    masks = np.arange(2**n)
    wholes = [sum(1 << player for player in union) for union in unions]
    count = len(unions)
    of = {player: number for number, union in enumerate(unions) for player in union}
    for player in range(n):
        own = wholes[of[player]]
        size = own.bit_count()
        possible = masks >> player & 1 == 0
        before = np.zeros(2**n, dtype=np.int64)
        for whole in wholes:
            if whole != own:
                part = masks & whole
                possible &= (part == 0) | (part == whole)
                before += part == whole
        outer = np.array([factorial(k) * factorial(count - 1 - k) / factorial(count) for k in range(count)])
        inner = np.array([factorial(k) * factorial(size - 1 - k) / factorial(size) for k in range(size)])
        chance = np.zeros(2**n)
        chance[possible] = outer[before[possible]] * inner[np.bitwise_count(masks[possible] & own)]
        yield chance


def spread(chances: Iterator[Floats], width: Floats) -> list[tuple[float, float]]:
    """
    How far each share can fall and rise when every cost may fall by up to its width.

    Parameters
    ----------
    chances
        By player, see ``weighted_chances``.
    width
        Shape ``(2**n,)``, not negative, 0 for everybody together, whose cost is the bill.

    Returns
    -------
    list of (float, float)
        By player, both not negative. Attained: by the player's own coalitions, and by those without it.
    """
    masks = np.arange(len(width))
    found = []
    for player, chance in enumerate(chances):
        found.append((float(chance @ width[masks | 1 << player]), float(chance @ width)))
    return found


def weight_of(chances: Iterator[Floats], n: int) -> Floats:
    """What one unit less of each coalition's cost moves between players, up or down, shape ``(2**n,)``."""
    masks = np.arange(2**n)
    moved = np.zeros(2**n)
    for player, chance in enumerate(chances):
        without = masks[masks >> player & 1 == 0]
        moved[without] += chance[without]
        moved[without | 1 << player] += chance[without]
    return moved
