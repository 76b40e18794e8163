"""The alternate cost avoided method (ACAM), also known as separable cost, remaining benefit (SCRB)."""

from fractions import Fraction

from solver.sharing.game import Exact, Game


def exact_acam(game: Game) -> Exact:
    """
    Everybody pays what it adds to all others, and the rest in proportion to what it saves beyond that, in fractions.

    With m_i = c(N) - c(N without i), share i is m_i + (c_i - m_i) / sum of (c_j - m_j) x (c(N) - sum of m_j). What is
    below 0 in c_j - m_j counts as 0; where nobody has anything beyond, the rest is split equally. Sums to c(N),
    symmetric, covariant, a null player pays nothing; individually rational where the game is sub-additive; in the core
    of games of two players, else maybe not.

    References
    ----------
    Tennessee Valley Authority, 1930s; J. S. Ransmeier, The Tennessee Valley Authority, 1942. P. D. Straffin, J. P.
    Heaney, Game theory and the Tennessee Valley Authority, Int. J. Game Theory 10, 1981.
    """
    cost, unit = game.whole()
    everybody = len(cost) - 1
    added = [int(cost[-1]) - int(cost[everybody ^ 1 << player]) for player in range(game.n)]
    beyond = [max(int(cost[1 << player]) - added[player], 0) for player in range(game.n)]
    rest, total = int(cost[-1]) - sum(added), sum(beyond)
    if total == 0:
        return [(own + Fraction(rest, game.n)) * unit for own in added]
    return [(own + Fraction(rest * part, total)) * unit for own, part in zip(added, beyond, strict=True)]
