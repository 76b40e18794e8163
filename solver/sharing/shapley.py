"""The Shapley value: what each player adds to the cost, averaged over all orders of joining."""

from math import factorial

import numpy as np

from solver.sharing.game import Floats, Game, members


def shapley(game: Game) -> Floats:
    """
    Exact Shapley value, shape ``(n,)``; sums to c(N), individually rational where the game is sub-additive.

    For each player the sum over coalitions S without it of |S|! (n - |S| - 1)! / n! (c(S + i) - c(S)).

    References
    ----------
    L. S. Shapley, A value for n-person games, Contributions to the Theory of Games II, 1953.
    """
    n = game.n
    belongs = members(n)
    sizes = belongs.sum(axis=1)
    weights = np.array([factorial(size) * factorial(n - size - 1) / factorial(n) for size in range(n)])
    shares = np.zeros(n)
    for player in range(n):
        without = np.flatnonzero(~belongs[:, player])
        shares[player] = weights[sizes[without]] @ (game.cost[without | 1 << player] - game.cost[without])
    return shares
