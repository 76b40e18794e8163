"""The tau value: a compromise between the least and the most that each player could reasonably be asked for."""

from fractions import Fraction

import numpy as np

from solver.sharing.game import Exact, Game, whole_sums


def exact_tau(game: Game) -> Exact | None:
    """
    The tau value of a quasi-balanced game, in fractions; None where the game is not quasi-balanced.

    The least that i can be asked for is what it adds to all others, l_i = c(N) - c(N without i); the most is what it
    would pay in its best coalition if it paid all others in it their least, m_i = min over S with i of c(S) - l(S
    without i). The tau value is the point between l and m that sums to c(N). Quasi-balanced is a game with l_i <= m_i
    for everybody and l(N) <= c(N) <= m(N); every game with a core is.

    Sums to c(N), symmetric, covariant, individually rational, a null player pays nothing; need not be in the core.

    References
    ----------
    S. H. Tijs, Bounds for the core and the tau-value, in: Game Theory and Mathematical Economics, North-Holland, 1981.
    """
    cost, unit = game.whole()
    n, everybody = game.n, len(cost) - 1
    fewest = cost[-1] - cost[everybody ^ (1 << np.arange(n))]
    beyond = cost - whole_sums(fewest)
    least = [int(value) for value in fewest]
    most = [least[player] + int(np.min(beyond.reshape(-1, 2, 2**player)[:, 1])) for player in range(n)]
    bill = int(cost[-1])
    if any(low > high for low, high in zip(least, most, strict=True)) or not sum(least) <= bill <= sum(most):
        return None
    between = Fraction(bill - sum(least), sum(most) - sum(least)) if sum(most) > sum(least) else Fraction(0)
    return [(low + between * (high - low)) * unit for low, high in zip(least, most, strict=True)]
