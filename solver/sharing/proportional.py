"""Shares in proportion to stand-alone cost: everybody saves the same percentage."""

import numpy as np

from solver.sharing.game import Floats, Game


def proportional(game: Game) -> Floats:
    """
    c(N) split like stand-alone costs, shape ``(n,)``; equally where everybody alone costs nothing.

    Individually rational where c(N) is at most the sum of stand-alone costs; need not be in the core.
    """
    alone = game.stand_alone
    total = float(alone.sum())
    if total == 0.0:
        return np.full(game.n, game.cost[-1] / max(game.n, 1))
    return np.asarray(alone * (game.cost[-1] / total))
