"""The Shapley value: what each player adds to the cost, averaged over all orders of joining; and with weights."""

from collections.abc import Sequence
from fractions import Fraction
from math import factorial

import numpy as np

from solver.sharing.game import Exact, Floats, Game, Wholes, floats, whole_sums

HALF_BITS = 26
"""Whole numbers are summed in two halves, each exact as floating point."""
FINE_BITS = 128
"""Parts of a dividend are cut off at 2 to the power of minus this, in minor units: far below anything that is paid."""


def shapley(game: Game) -> Floats:
    """Shapley value, shape ``(n,)``; see ``exact_shapley``."""
    return floats(exact_shapley(game))


def exact_shapley(game: Game) -> Exact:
    """
    Shapley value, in fractions.

    For each player the sum over coalitions S without it of |S|! (n - |S| - 1)! / n! (c(S + i) - c(S)). Sums to c(N),
    symmetric, additive, covariant, monotone in what a player adds, a null player pays nothing; individually rational
    where the game is sub-additive; in the core where it is concave, else maybe not.

    References
    ----------
    L. S. Shapley, A value for n-person games, Contributions to the Theory of Games II, 1953.
    """
    cost, unit = game.whole()
    n = game.n
    sizes = whole_sums(np.ones(n, dtype=np.int64))
    total = _by_size(cost, sizes, n)
    shares = []
    for player in range(n):
        within = _by_size(_with(cost, player), _with(sizes, player), n)
        share = sum(
            factorial(size - 1) * factorial(n - size) * within[size]
            - factorial(size) * factorial(max(n - size - 1, 0)) * (total[size] - within[size])
            for size in range(1, n + 1)
        )
        shares.append(Fraction(share, factorial(n)) * unit)
    return shares


def exact_weighted_shapley(game: Game, weights: Sequence[int]) -> Exact:
    """
    Weighted Shapley value, to 2**-80 of a minor unit.

    What a coalition's cost holds that none of its parts explains (its dividend) is split in proportion to its members'
    weights. With equal weights it is the Shapley value. Sums to c(N), additive, covariant, a null player pays nothing;
    players who are alike and weigh alike pay alike; individually rational where the game is sub-additive; need not be
    in the core.

    Parameters
    ----------
    game
        Any.
    weights
        By player, positive whole numbers, at most 10**15; only their ratios count.

    References
    ----------
    L. S. Shapley, Additive and non-additive set functions, Ph.D. thesis, Princeton, 1953.
    E. Kalai, D. Samet, On weighted Shapley values, Int. J. Game Theory 16, 1987.
    """
    cost, unit = game.whole()
    dividends = cost.astype(object)
    for player in range(game.n):
        pairs = dividends.reshape(-1, 2, 2**player)
        pairs[:, 1] -= pairs[:, 0]
    weighs = whole_sums(np.array(weights, dtype=np.int64)).astype(object)
    weighs[0] = 1
    parts = (dividends * 2**FINE_BITS) // weighs
    return [
        Fraction(int(weights[player]) * sum(_with(parts, player).tolist()), 2**FINE_BITS) * unit
        for player in range(game.n)
    ]


def _with(table: Wholes, player: int) -> Wholes:
    """The entries of the coalitions that a player is in."""
    return table.reshape(-1, 2, 2**player)[:, 1].ravel()


def _by_size(cost: Wholes, sizes: Wholes, n: int) -> list[int]:
    """Sum of costs for each size of coalition, entries 0 to n, exact."""
    high = np.bincount(sizes, weights=(cost >> HALF_BITS).astype(np.float64), minlength=n + 1)
    low = np.bincount(sizes, weights=(cost & 2**HALF_BITS - 1).astype(np.float64), minlength=n + 1)
    return [(int(above) << HALF_BITS) + int(below) for above, below in zip(high, low, strict=True)]
