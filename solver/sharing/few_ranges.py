"""
How far shares can be off under rules that look at a few costs only: proportional, ACAM, tau value.

Each pays something of its own and a part of the rest; ranges follow from what those can be.
"""

import numpy as np

from solver.sharing.game import Floats, Game, sums

Range = tuple[float, float]


def proportional_ranges(game: Game) -> list[Range]:
    """A share rises with one's own cost alone and falls with the others'."""
    singles = 1 << np.arange(game.n)
    return [
        (part[0] * game.cost[-1], part[1] * game.cost[-1]) for part in _parts(game.lower[singles], game.stand_alone)
    ]


def acam_ranges(game: Game) -> list[Range]:
    """
    What each adds, and a part of the rest; see ``solver.sharing.acam``.

    With a_i = c(N without i), share i is bill - a_i + D r_i / R, where r_j = c_j + a_j - bill, R is their sum and D is
    R less what all save together. While no r_j is negative and D is between 0 and R > 0, its derivatives are, with p =
    r_i / R and q = D / R: q (1 - p) by c_i, -q p by other c_j, -(1 - p)(1 - q) by a_i, p (1 - q) by other a_j. So it
    is largest and smallest at corners. Elsewhere by interval arithmetic.
    """
    bill = float(game.cost[-1])
    singles, others = 1 << np.arange(game.n), (len(game.cost) - 1) ^ (1 << np.arange(game.n))
    alone, rest = (game.lower[singles], game.cost[singles]), (game.lower[others], game.cost[others])
    least = alone[0] + rest[0] - bill
    if (least >= 0).all() and least.sum() > 0 and rest[0].sum() >= (game.n - 1) * bill and alone[0].sum() >= bill:
        return [
            (_corner(alone, rest, bill, player, 0), _corner(alone, rest, bill, player, 1)) for player in range(game.n)
        ]
    added = (bill - rest[1], bill - rest[0])
    saved = (np.maximum(alone[0] - added[1], 0.0), np.maximum(alone[1] - added[0], 0.0))
    return _remainder(bill, added, saved)


def _corner(alone: tuple[Floats, Floats], rest: tuple[Floats, Floats], bill: float, player: int, end: int) -> float:
    """The share by ACAM where it is smallest (``end`` 0) or largest (1)."""
    costs, without = alone[1 - end].copy(), rest[end].copy()
    costs[player], without[player] = alone[end][player], rest[1 - end][player]
    saved = costs + without - bill
    return float(bill - without[player] + (without.sum() - (len(costs) - 1) * bill) * saved[player] / saved.sum())


def tau_ranges(game: Game) -> list[Range]:
    """Between the least and the most that each could be asked for; see ``solver.sharing.tau``."""
    bill = float(game.cost[-1])
    others = (len(game.cost) - 1) ^ (1 << np.arange(game.n))
    least = (bill - game.cost[others], bill - game.lower[others])
    masks = np.arange(len(game.cost))
    saved = [
        np.array([max(0.0, table[masks >> player & 1 == 1].min()) for player in range(game.n)])
        for table in beyond(game)
    ]
    return _remainder(bill, least, (saved[0], saved[1]))


def always_quasi_balanced(game: Game) -> bool:
    """Whether every game within the intervals surely has a tau value."""
    bill = float(game.cost[-1])
    others = (len(game.cost) - 1) ^ (1 << np.arange(game.n))
    masks = np.arange(len(game.cost))
    lower, _ = beyond(game)
    saved = np.array([lower[masks >> player & 1 == 1].min() for player in range(game.n)])
    least, most = bill - game.cost[others], bill - game.lower[others]
    return bool((saved >= 0).all() and most.sum() <= bill <= (least + saved).sum())


def beyond(game: Game) -> tuple[Floats, Floats]:
    """Bounds of what each coalition costs beyond what its members add to all others."""
    others = (len(game.cost) - 1) ^ (1 << np.arange(game.n))
    most, least = sums(game.cost[-1] - game.lower[others]), sums(game.cost[-1] - game.cost[others])
    lower = game.lower - most
    lower[-1] = game.cost[-1] - most[-1]
    return lower, game.cost - least


def _remainder(bill: float, own: tuple[Floats, Floats], saved: tuple[Floats, Floats]) -> list[Range]:
    """Bounds of own_i + (bill - sum of own) x saved_i / sum of saved, by interval arithmetic; equal parts of no sum."""
    rest = (bill - float(own[1].sum()), bill - float(own[0].sum()))
    found = []
    for player, part in enumerate(_parts(*saved)):
        products = [one * other for one in rest for other in part]
        found.append((float(own[0][player]) + min(products), float(own[1][player]) + max(products)))
    return found


def _parts(low: Floats, high: Floats) -> list[Range]:
    """Bounds of each number's part in their sum, none negative; all equal where they may all be 0."""
    found = []
    for player in range(len(low)):
        most = float(low.sum() - low[player] + high[player])
        least = float(high.sum() - high[player] + low[player])
        parts = [float(low[player]) / least] if least > 0 else []
        parts += [float(high[player]) / most] if most > 0 else []
        parts += [1 / len(low)] if low.sum() == 0 else []
        found.append((min(parts), max(parts)))
    return found
