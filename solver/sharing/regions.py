"""
All formulas that the nucleolus follows while coalition costs are intervals, region by region.

The nucleolus is piecewise linear in the costs: where other coalitions bind, another formula holds. For which costs one
does is a matter of linear conditions, so the intervals are cut along conditions that fail until one formula holds in
every cell.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from solver.sharing.binding import Binding, Ints, binding, sums_of_rows, tolerance_of
from solver.sharing.game import Floats, Game, sums
from solver.sharing.lp import minimise

CELLS_MAX = 150
"""Cells looked at before it is given up, and fewer where there are many coalitions:"""
WORK_MAX = 600_000
"""Cells times coalitions."""
PROGRAMS_MAX = 300
"""Linear programs solved before it is given up."""
CORNERS = 3
"""Corners of a cell whose middle is a point well inside."""

Range = tuple[float, float]


class Linear(NamedTuple):
    """A linear function of how far costs fall: by mask, what a unit counts."""

    constant: float
    by_mask: dict[int, float]


Cell = tuple[Linear, ...]
"""Functions that are not positive anywhere in the cell."""


class Formula(NamedTuple):
    """
    What holds around one point: shares, and conditions that must not be positive.

    ``shares`` and ``levels`` are those of the point, ``falls`` how far costs have fallen there, shape ``(2**n,)``.
    ``constant`` (by condition), ``by_binding`` (by condition and binding coalition) and ``own`` (the mask that counts
    1 besides, or -1) make up the conditions.
    """

    bound: Binding
    falls: Floats
    constant: Floats
    by_binding: Floats
    own: Ints

    def condition(self, row: int) -> Linear:
        """One condition as a function."""
        by_mask = dict(zip(self.bound.masks.tolist(), self.by_binding[row].tolist(), strict=True))
        if self.own[row] >= 0:
            by_mask[int(self.own[row])] = 1.0
        return Linear(float(self.constant[row]), {mask: by for mask, by in by_mask.items() if by})

    def share(self, player: int) -> Linear:
        """One player's share as a function."""
        by = -self.bound.shares_by_cost[player]
        constant = self.bound.shares[player] - by @ self.falls[self.bound.masks]
        return Linear(float(constant), {int(m): float(b) for m, b in zip(self.bound.masks, by, strict=True) if b})

    def most(self, width: Floats) -> Floats:
        """Each condition's most while costs fall by at most their widths."""
        aside = np.where(self.own >= 0, width[self.own], 0.0)
        return np.asarray(self.constant + np.maximum(self.by_binding, 0.0) @ width[self.bound.masks] + aside)


class TooManyError(RuntimeError):
    """More linear programs than it is worth."""


class Corners:
    """Looks up corners of cells, so many times; ``width`` is how far costs may fall, shape ``(2**n,)``."""

    def __init__(self, width: Floats) -> None:
        self.width = width
        self._left = PROGRAMS_MAX

    def of(self, function: Linear, cell: Sequence[Linear]) -> tuple[float, dict[int, float]]:
        """How large a function is in a cell at most, and where: falls of masks that matter, by part of their width."""
        if not self._left:
            raise TooManyError
        self._left -= 1
        width = self.width
        functions = (function, *cell)
        masks = sorted({mask for one in functions for mask in one.by_mask if width[mask] > 0})
        scale = max(
            1.0, *(abs(by) * float(width[mask]) for one in (function, *cell) for mask, by in one.by_mask.items())
        )

        def row(one: Linear) -> list[float]:
            return [-one.by_mask.get(mask, 0.0) * float(width[mask]) / scale for mask in masks]

        rows = [(row(one), one.constant / scale, False) for one in cell]
        rows += [([-float(mask == other) for other in masks], -1.0, False) for mask in masks]
        parts = minimise(row(function), [0.0] * len(masks), rows).values.tolist() if masks else []
        value = function.constant - scale * sum(a * b for a, b in zip(row(function), parts, strict=True))
        return value, dict(zip(masks, parts, strict=True))


def region_ranges(
    game: Game, shares: Floats, size: Floats, rule: Callable[[Game], Floats], width: Floats
) -> list[Range] | None:
    """
    The exact ranges of shares; None where that takes too many cells, or a point has no formula.

    Where a condition of a cell's formula fails somewhere in the cell, the cell is cut there: on this side the formula
    has one failure less, on the other side a point is looked up and gives another formula. Both sides together are the
    cell, so nothing is left out.

    Parameters
    ----------
    game, shares
        The uppers and their nucleolus; everybody together costs no more than the lower bounds of all alone.
    size
        What excesses are divided by, the same whatever the costs.
    rule
        The nucleolus of a game.
    width
        How far costs may fall, shape ``(2**n,)``, 0 for everybody.

    Raises
    ------
    LpError
        When a linear program is not solved.
    TooManyError
        When it takes more of them than it is worth.
    """
    tolerance = tolerance_of(game)
    start = _formula(game, shares, size, np.zeros(len(width)))
    low, high = np.array(shares), np.array(shares)
    corners = Corners(width)
    cells: list[tuple[Cell, Formula | None]] = [((), start)]
    for _ in range(min(CELLS_MAX, WORK_MAX // len(width))):
        if not cells:
            break
        cell, formula = cells.pop()
        if formula is None:
            falls = _inside(cell, corners)
            there = Game(game.players, game.cost - falls)
            formula = _formula(there, rule(there), size, falls)
        if formula is None:
            return None
        broken = _broken(formula, cell, corners, tolerance)
        if broken is None:
            _widen(formula, cell, corners, low, high)
        else:
            beyond = Linear(-broken.constant, {mask: -by for mask, by in broken.by_mask.items()})
            cells += [((*cell, beyond), None), ((*cell, broken), formula)]
    return None if cells else list(zip(low.tolist(), high.tolist(), strict=True))


def _formula(game: Game, shares: Floats, size: Floats, falls: Floats) -> Formula | None:
    """The formula around a point, whose game is given; conditions as functions of falls from the uppers."""
    bound = binding(game, shares, size)
    if bound is None:
        return None
    masks, singles = bound.masks, 1 << np.arange(game.n)
    paid = sums_of_rows(bound.shares_by_cost)
    own = np.zeros((len(falls), len(masks)))
    own[masks, np.arange(len(masks))] = 1.0
    at = np.maximum(bound.entry, 0)
    proper = np.flatnonzero(bound.entry >= 0)
    behind = paid - own - bound.size[:, None] * bound.levels_by_cost[at]
    total = sums(shares)
    ahead = total - game.cost - bound.size * bound.levels[at]
    by_binding = -np.vstack([behind[proper], (paid - own)[singles], np.diff(bound.levels_by_cost, axis=0)])
    values = np.concatenate([ahead[proper], (total - game.cost)[singles], np.diff(bound.levels)])
    bare = np.concatenate([proper, singles, np.full(len(bound.levels) - 1, -1)])
    bare[np.isin(bare, masks)] = -1
    constant = values - by_binding @ falls[masks] - np.where(bare >= 0, falls[bare], 0.0)
    return Formula(bound, falls, constant, by_binding, bare)


def _broken(formula: Formula, cell: Cell, corners: Corners, tolerance: float) -> Linear | None:
    """The condition that fails by most somewhere in the cell; None if none does."""
    most = formula.most(corners.width)
    suspects = np.flatnonzero(most > tolerance)
    for row in suspects[np.argsort(-most[suspects], kind="stable")].tolist():
        condition = formula.condition(row)
        if not cell or corners.of(condition, cell)[0] > tolerance:
            return condition
    return None


def _widen(formula: Formula, cell: Cell, corners: Corners, low: Floats, high: Floats) -> None:
    """Take in the shares by a formula that holds in the whole cell."""
    for player in range(len(low)):
        share = formula.share(player)
        opposite = Linear(-share.constant, {mask: -by for mask, by in share.by_mask.items()})
        if _loose(share, corners.width) > high[player]:
            high[player] = max(high[player], corners.of(share, cell)[0])
        if -_loose(opposite, corners.width) < low[player]:
            low[player] = min(low[player], -corners.of(opposite, cell)[0])


def _loose(function: Linear, width: Floats) -> float:
    return function.constant + sum(max(0.0, by * float(width[mask])) for mask, by in function.by_mask.items())


def _inside(cell: Cell, corners: Corners) -> Floats:
    """A point well inside a cell: the middle of where its last cut is deepest and of a few corners."""
    width = corners.width
    deepest = Linear(0.0, {mask: -by for mask, by in cell[-1].by_mask.items()})
    masks = sorted({mask for one in cell for mask in one.by_mask})
    chance = np.random.default_rng(len(cell))
    aims = [deepest] + [
        Linear(0.0, dict(zip(masks, (draw / np.maximum(width[masks], 1.0)).tolist(), strict=True)))
        for draw in chance.normal(size=(CORNERS, len(masks)))
    ]
    parts = np.full(len(width), 0.5)
    found = [corners.of(aim, cell)[1] for aim in aims]
    for mask in masks:
        parts[mask] = np.mean([corner.get(mask, 0.0) for corner in found])
    return np.asarray(parts * width)
