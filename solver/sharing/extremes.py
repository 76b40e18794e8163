"""The least and the most that each player can pay under bounds on what coalitions pay."""

import numpy as np

from solver.sharing.game import Floats, sums
from solver.sharing.lp import minimise

ENTERING = 20
"""Broken bounds added to the linear program at a time."""
TOLERANCE = 1e-7
"""Of the bill: bounds broken by less hold, and answers are wider by as much."""


def extremes(bill: float, most: Floats) -> list[tuple[float, float]]:
    """
    Ranges of x_i over all x with x(N) = bill and x(S) <= most(S).

    A linear program each way for every player; bounds enter as they are broken, and stay for the next player.

    Parameters
    ----------
    bill
        What everybody pays together.
    most
        Shape ``(2**n,)``, ``inf`` where there is no bound, finite for single players; some x keeps all bounds.

    Raises
    ------
    LpError
        When a linear program is not solved.
    """
    n = (len(most) - 1).bit_length()
    bounds = np.array(most)
    bounds[[0, -1]] = np.inf
    scale = max(1.0, abs(bill))
    rows = {1 << player for player in range(n)}
    found = []
    for player in range(n):
        low = _least(player, 1.0, bill / scale, bounds / scale, rows)
        high = -_least(player, -1.0, bill / scale, bounds / scale, rows)
        found.append(((low - TOLERANCE) * scale, (high + TOLERANCE) * scale))
    return found


def _least(player: int, sign: float, bill: float, bounds: Floats, rows: set[int]) -> float:
    """The least of x_i, or of -x_i; ``rows`` grow."""
    n = (len(bounds) - 1).bit_length()
    objective = [sign * (other == player) for other in range(n)]
    while True:
        program = [([1.0] * n, bill, True)]
        program += [([-float(mask >> other & 1) for other in range(n)], -float(bounds[mask]), False) for mask in rows]
        values = minimise(objective, [-np.inf] * n, program).values
        beyond = sums(values) - bounds
        worst = np.argsort(-beyond, kind="stable")[:ENTERING]
        fresh = {int(mask) for mask in worst if beyond[mask] > TOLERANCE} - rows
        if not fresh:
            return sign * float(values[player])
        rows |= fresh
