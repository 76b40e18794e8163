"""The Owen value: the Shapley value where players have joined unions beforehand."""

from collections.abc import Sequence
from fractions import Fraction
from math import factorial

import numpy as np

from solver.sharing.game import Exact, Game, Wholes, whole_sums


def exact_owen(game: Game, unions: Sequence[Sequence[int]]) -> Exact:
    """
    Owen value, in fractions.

    What each player adds to the cost, averaged over all orders of joining in which the players of a union come one
    after another. A union pays the Shapley value of the game between unions. Unions of one player each, or one union of
    all, make it the Shapley value. Sums to c(N), additive, covariant, symmetric within a union and between unions, a
    null player pays nothing, individually rational where the game is sub-additive; need not be in the core.

    Parameters
    ----------
    game
        Any.
    unions
        Players' numbers; everybody is in exactly one union.

    References
    ----------
    G. Owen, Values of games with a priori unions, in: Mathematical Economics and Game Theory, Springer, 1977.
    """
    cost, unit = game.whole()
    masks = [sum(1 << player for player in union) for union in unions]
    shares = [Fraction(0)] * game.n
    for own, union in enumerate(unions):
        before = _subsets(masks[:own] + masks[own + 1 :])
        for player in union:
            within = _subsets([1 << other for other in union if other != player])
            for outer, outside in enumerate(before):
                for inner, inside in enumerate(within):
                    joined = (outside[:, None] | inside[None, :]).ravel()
                    added = sum((cost[joined | 1 << player] - cost[joined]).tolist())
                    shares[player] += added * _chance(outer, len(unions)) * _chance(inner, len(union)) * unit
    return shares


def _subsets(masks: Sequence[int]) -> list[Wholes]:
    """Unions of some of the masks, which are apart: for each number of them an array, of 0 up to all."""
    table = whole_sums(np.array(masks, dtype=np.int64))
    sizes = whole_sums(np.ones(len(masks), dtype=np.int64))
    return [table[sizes == size] for size in range(len(masks) + 1)]


def _chance(before: int, count: int) -> Fraction:
    """That a certain set of ``before`` among ``count`` are those that come before one of the others."""
    return Fraction(factorial(before) * factorial(count - before - 1), factorial(count))
