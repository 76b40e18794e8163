"""
Which coalitions' costs decide the nucleolus, and for which other costs it would follow the same formula.

The nucleolus is settled level by level: the largest excess is pushed down until some coalitions block one another, then
the largest of the others, and so on. Those that block are **binding**: n - 1 or a few more of 2**n. As long as no other
coalition gets in their way, the nucleolus is the solution of their equations alone, and linear in their costs.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.sharing.game import Bools, Floats, Game, members, sums
from solver.sharing.lp import minimise

TOLERANCE = 1e-9
"""Of amounts, relative to the largest cost (and of a thousand at least): ties are exact in whole minor units."""
RANK_TOLERANCE = 1e-7
MISSING = 1_000.0
"""Price of leaving a balance open; any weight costs 1 at most."""

Ints = NDArray[np.int64]


class Binding(NamedTuple):
    """
    A nucleolus and the equations that it solves.

    Attributes
    ----------
    shares
        Shape ``(n,)``.
    levels
        The excess per size at which each level is settled, falling, shape ``(k,)``.
    entry
        By mask, the number of the level at which a coalition's shares are settled; -1 for nobody and everybody.
    size
        By mask, what excesses are divided by; all 1 for the nucleolus itself.
    masks
        Binding coalitions, ascending, shape ``(m,)``: proper ones, among them players held at their stand-alone cost.
    shares_by_cost, levels_by_cost
        What shares and levels gain when a binding coalition's cost rises by one, shapes ``(n, m)`` and ``(k, m)``.
    """

    shares: Floats
    levels: Floats
    entry: Ints
    size: Floats
    masks: Ints
    shares_by_cost: Floats
    levels_by_cost: Floats


class Level(NamedTuple):
    """Coalitions that block one another at one level, and players that stay at their stand-alone cost for it."""

    blocking: list[int]
    held: list[int]


def binding(game: Game, shares: Floats, size: Floats | None = None, *, rational: bool = True) -> Binding | None:
    """
    The binding coalitions of a nucleolus; where there is a choice, those whose cost is proven.

    Every level is proven by weights (Kohlberg 1971): positive ones on its blocking coalitions, none negative on players
    held, which sum for all players to the same once multiples of settled coalitions are added. So this is a check too.

    Parameters
    ----------
    game
        The game on its costs (uppers).
    shares
        Its nucleolus, shape ``(n,)``.
    size
        Excesses are divided by it, positive, shape ``(2**n,)``: all 1 for the nucleolus, the number of players per
        capita.
    rational
        Whether nobody may pay more than alone; without it, the prenucleolus.

    Returns
    -------
    Binding or None
        None where the shares are not the nucleolus, as far as can be told.

    References
    ----------
    E. Kohlberg, On the nucleolus of a characteristic function game, SIAM J. Appl. Math. 20, 1971.
    """
    n = game.n
    size = np.ones(2**n) if size is None else size
    belongs = members(n).astype(float)
    tolerance = tolerance_of(game)
    excess = game.excess(shares) / size
    at_most = shares - game.stand_alone
    if rational and (at_most > tolerance).any():
        return None
    held = np.zeros(2**n, dtype=bool)
    if rational:
        held[1 << np.arange(n)] = at_most >= -tolerance
    entry = np.full(2**n, -1)
    levels: list[Level] = []
    values: list[float] = []
    fixed = [2**n - 1]
    free = outside_span(belongs, fixed)
    while free.any():
        value = float(np.max(excess[free]))
        level = _blocking(belongs, fixed, free & (excess * size >= value * size - tolerance), free & held, game.proven)
        if level is None:
            return None
        fixed += level.blocking + level.held
        still = outside_span(belongs, fixed)
        entry[free & ~still] = len(levels)
        levels.append(level)
        values.append(value)
        free = still
    return _solved(game, shares, np.array(values), entry, size, levels)


def _blocking(belongs: Bools | Floats, fixed: list[int], tight: Bools, held: Bools, proven: Bools) -> Level | None:
    """
    Weights, summing to 1 on tight coalitions, that balance modulo settled ones; None where there are none.

    A corner of the linear program has as few positive weights as can be. Open coalitions cost 1, so that proven ones
    are preferred.
    """
    across = _complement(np.asarray(belongs[fixed], dtype=float))
    blocking, holding = np.flatnonzero(tight), np.flatnonzero(held)
    masks = np.concatenate([blocking, holding])
    columns = belongs[masks] @ across
    dims = across.shape[1]
    gaps = np.hstack([np.eye(dims), -np.eye(dims)])
    objective = [*(~proven[masks]).astype(float), *[MISSING] * (2 * dims)]
    rows = [(np.concatenate([columns[:, d], gaps[d]]).tolist(), 0.0, True) for d in range(dims)]
    rows.append(([1.0] * len(blocking) + [0.0] * (len(holding) + 2 * dims), 1.0, True))
    weights = minimise(objective, [0.0] * len(objective), rows).values
    if weights[len(masks) :].sum() > RANK_TOLERANCE:
        return None
    summed = np.hstack([columns, np.r_[np.ones(len(blocking)), np.zeros(len(holding))][:, None]])
    used = _corner(weights[: len(masks)], summed) > RANK_TOLERANCE
    return Level(blocking[used[: len(blocking)]].tolist(), holding[used[len(blocking) :]].tolist())


def _corner(weights: Floats, rows: Floats) -> Floats:
    """
    Weights of the same sum of rows, positive on independent ones alone (Caratheodory).

    An optimum of a linear program need not be a corner: of several a solver may give what lies between them. A change
    along which the sum stays costs nothing either way, or the optimum would be none.
    """
    weights = weights.copy()
    while True:
        used = np.flatnonzero(weights > RANK_TOLERANCE)
        across = _complement(rows[used].T)
        if across.shape[1] == 0:
            return weights
        change: Floats = np.asarray(across[:, 0])
        change = change if (change > RANK_TOLERANCE).any() else -change
        falling = np.flatnonzero(change > RANK_TOLERANCE)
        steps: Floats = np.asarray(weights[used[falling]] / change[falling])
        first = int(np.argmin(steps))
        weights[used] -= steps[first] * change
        weights[used[falling[first]]] = 0.0


def _solved(
    game: Game, shares: Floats, values: Floats, entry: Ints, size: Floats, levels: list[Level]
) -> Binding | None:
    """The equations x(S) - size e_k = c(S), x_i = c_i and x(N) = bill, as many as unknowns, turned into a formula."""
    n, k = game.n, len(levels)
    equations = [(mask, number) for number, level in enumerate(levels) for mask in level.blocking]
    equations += [(mask, -1) for level in levels for mask in level.held]
    if len(equations) + 1 != n + k:
        return None
    matrix = np.zeros((n + k, n + k))
    matrix[-1, :n] = 1.0
    for row, (mask, number) in enumerate(equations):
        matrix[row, :n] = mask >> np.arange(n) & 1
        if number >= 0:
            matrix[row, n + number] = -size[mask]
    if np.linalg.matrix_rank(matrix, tol=RANK_TOLERANCE) < n + k:
        return None
    inverse = np.linalg.inv(matrix)
    masks = np.unique([mask for mask, _ in equations]).astype(np.int64)
    by_cost = np.zeros((n + k, len(masks)))
    for row, (mask, _) in enumerate(equations):
        by_cost[:, np.searchsorted(masks, mask)] += inverse[:, row]
    by_cost[np.abs(by_cost) < RANK_TOLERANCE] = 0.0
    return Binding(shares, values, entry, size, masks, by_cost[:n], by_cost[n:])


def tolerance_of(game: Game) -> float:
    """Amounts this close, in minor units, are equal."""
    return TOLERANCE * max(1_000.0, float(np.max(np.abs(game.cost))))


def outside_span(belongs: Floats, fixed: list[int]) -> Bools:
    """Which coalitions' shares are not determined by those of the fixed ones, bool, shape ``(2**n,)``."""
    across = _complement(belongs[fixed])
    return np.asarray(np.abs(belongs @ across).max(axis=1, initial=0.0) > RANK_TOLERANCE)


def _complement(rows: Floats) -> Floats:
    """Orthonormal columns that span what is at right angles to all rows."""
    _, singular, rotated = np.linalg.svd(rows)
    return np.asarray(rotated[int((singular > RANK_TOLERANCE).sum()) :].T)


class Reach(NamedTuple):
    """
    How far things can go while every cost falls by at most its width, and shares follow the formula.

    Attributes
    ----------
    low, high
        Each coalition's shares, shape ``(2**n,)``.
    ahead
        By mask, the most by which it can get ahead of the level at which it is settled, in minor units: positive where
        it may get in the way.
    above
        By player, the most that it can pay beyond its stand-alone cost.
    crossing
        By level but the first, the most by which it can exceed the one before.
    """

    low: Floats
    high: Floats
    ahead: Floats
    above: Floats
    crossing: Floats


def reach(game: Game, bound: Binding, width: Floats, level_max: int | None = None) -> Reach:
    """
    Interval arithmetic on the formula, exact: each figure is linear in the costs.

    Parameters
    ----------
    width
        By mask, how far a cost may fall, not negative, 0 for everybody.
    level_max
        Coalitions settled at a later level are compared with this one, by number; None compares each with its own.
    """
    paid = sums_of_rows(bound.shares_by_cost)
    own = np.zeros((len(width), len(bound.masks)))
    own[bound.masks, np.arange(len(bound.masks))] = 1.0
    falls = width[bound.masks]
    aside = width.copy()
    aside[bound.masks] = 0.0
    total = sums(bound.shares)
    high = total + np.maximum(-paid, 0.0) @ falls
    low = total - np.maximum(paid, 0.0) @ falls
    at = np.clip(bound.entry, 0, level_max)
    behind = paid - own - bound.size[:, None] * bound.levels_by_cost[at]
    ahead = total - game.cost - bound.size * bound.levels[at] + np.maximum(-behind, 0.0) @ falls + aside
    ahead[bound.entry < 0] = 0.0
    singles = 1 << np.arange(game.n)
    above = total[singles] - game.stand_alone + np.maximum(-(paid - own)[singles], 0.0) @ falls + aside[singles]
    steps = np.diff(bound.levels_by_cost, axis=0)
    crossing = np.diff(bound.levels) + np.maximum(-steps, 0.0) @ falls
    return Reach(low, high, ahead, above, crossing)


def sums_of_rows(rows: Floats) -> Floats:
    """Sums over every coalition of rows, one a player: shape ``(n, m)`` to ``(2**n, m)``."""
    table = np.zeros((1, rows.shape[1]))
    for row in rows:
        table = np.concatenate([table, table + row])
    return table
