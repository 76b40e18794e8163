"""Shares in proportion to something: stand-alone cost, so that everybody saves the same percentage, or a key."""

from collections.abc import Sequence
from fractions import Fraction

from solver.sharing.game import Exact, Floats, Game, floats


def proportional(game: Game) -> Floats:
    """Shares in proportion to stand-alone cost, shape ``(n,)``; see ``exact_proportional``."""
    return floats(exact_proportional(game))


def exact_proportional(game: Game) -> Exact:
    """
    c(N) split like stand-alone costs, in fractions; equally where everybody alone costs nothing.

    Sums to c(N), symmetric, the same in any currency, individually rational where c(N) is at most the sum of
    stand-alone costs; need not be in the core, and who brings nothing to share gains all the same.

    References
    ----------
    M. Guajardo, M. Rönnqvist, A review on cost allocation methods in collaborative transportation, ITOR 23, 2016.
    """
    cost, _ = game.whole()
    return divided(game, [int(cost[1 << player]) for player in range(game.n)])


def divided(game: Game, parts: Sequence[int]) -> Exact:
    """c(N) in proportion to ``parts``, by player; equally where they sum to 0."""
    cost, unit = game.whole()
    total = sum(parts)
    if total == 0:
        return [Fraction(int(cost[-1]), game.n) * unit for _ in range(game.n)]
    return [Fraction(int(cost[-1]) * part, total) * unit for part in parts]
