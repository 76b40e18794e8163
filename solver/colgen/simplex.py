"""
A dense revised primal simplex for the restricted master problem.

Columns only ever come in, so the last basis stays feasible; new rows bring an artificial. Nothing rests on its
precision: whatever duals it ends with, the bound is derived from them in whole numbers.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.colgen.jit import jit

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TOLERANCE = 1e-7
PIVOT_LEAST = 1e-9
REFACTOR = 120
PIVOTS_MAX = 20_000
LIKELY = 40


class Table(NamedTuple):
    """
    Columns by index: ``row`` and ``value`` from ``first[j]`` to ``first[j + 1]``, ``cost[j]``; all variables are >= 0.

    ``sense`` of a row is 1 for ``>=`` and -1 for ``<=``. Its dual, times the sense, stays between ``low`` (a slack is
    paid so much) and ``high`` (an artificial costs so much).
    """

    first: Ints
    row: Ints
    value: Floats
    cost: Floats
    right: Floats
    sense: Floats
    low: Floats
    high: Floats


@jit
def column_of(table: Table, name: int, into: Floats) -> float:
    """Write a variable's column; returns its cost. -1 - 2 i is the slack of row i, -2 - 2 i its artificial."""
    into[:] = 0.0
    if name >= 0:
        for k in range(table.first[name], table.first[name + 1]):
            into[table.row[k]] = table.value[k]
        return float(table.cost[name])
    row = (-1 - name) // 2
    artificial = (-1 - name) % 2 == 1
    into[row] = table.sense[row] if artificial else -table.sense[row]
    return float(table.high[row] if artificial else -table.low[row])


@jit
def inverted(table: Table, basis: Ints) -> tuple[bool, Floats]:
    """Inverse of the basis by Gauss and Jordan with partial pivoting; False where it is singular."""
    size = len(basis)
    both = np.zeros((size, 2 * size))
    column = np.empty(size)
    for k in range(size):
        column_of(table, basis[k], column)
        both[:, k] = column
        both[k, size + k] = 1.0
    for k in range(size):
        best = k
        for i in range(k + 1, size):
            if abs(both[i, k]) > abs(both[best, k]):
                best = i
        if abs(both[best, k]) < PIVOT_LEAST:
            return False, both[:, size:]
        if best != k:
            for j in range(2 * size):
                both[k, j], both[best, j] = both[best, j], both[k, j]
        both[k] /= both[k, k]
        for i in range(size):
            factor = both[i, k]
            if i != k and factor != 0.0:
                for j in range(2 * size):
                    both[i, j] -= factor * both[k, j]
    return True, both[:, size:].copy()


@jit
def reduced_cost(table: Table, duals: Floats, j: int) -> float:
    """Of a column."""
    reduced = table.cost[j]
    for k in range(table.first[j], table.first[j + 1]):
        reduced -= duals[table.row[k]] * table.value[k]
    return float(reduced)


@jit
def entering(table: Table, duals: Floats, barred: int, likely: Ints) -> tuple[int, float]:
    """
    A variable with a negative reduced cost, and that; -1 and 0 where there is none. ``barred`` it may not be.

    Slacks, artificials and the ``likely`` columns are looked at each time; all columns when none of these is left, and
    the best of them are the likely ones from then on (multiple pricing).
    """
    best, least = -1, -TOLERANCE
    for i in range(len(table.right)):
        reduced = duals[i] * table.sense[i] - table.low[i]
        if reduced < least:
            best, least = -1 - 2 * i, reduced
        reduced = table.high[i] - duals[i] * table.sense[i]
        if reduced < least:
            best, least = -2 - 2 * i, reduced
    for j in likely:
        if j >= 0 and j != barred:
            reduced = reduced_cost(table, duals, j)
            if reduced < least:
                best, least = j, reduced
    if least < -TOLERANCE:
        return best, least
    return look_everywhere(table, duals, barred, likely)


@jit
def look_everywhere(table: Table, duals: Floats, barred: int, likely: Ints) -> tuple[int, float]:
    """The column whose reduced cost is least; the ``likely`` ones are written anew."""
    worst, lowest = 0, np.zeros(len(likely))
    likely[:] = -1
    for j in range(len(table.cost)):
        reduced = reduced_cost(table, duals, j)
        if reduced < -TOLERANCE and reduced < lowest[worst] and j != barred:
            likely[worst], lowest[worst] = j, reduced
            worst = int(np.argmax(lowest))
    best = int(np.argmin(lowest))
    if likely[best] < 0:
        return -1, 0.0
    return int(likely[best]), float(lowest[best])


@jit
def leaving(step: Floats, level: Floats) -> int:
    """The row whose variable reaches zero first, the largest pivot among equals; -1 where none does."""
    least = np.inf
    for i in range(len(step)):
        if step[i] > PIVOT_LEAST:
            least = min(least, max(level[i], 0.0) / step[i])
    best, pivot = -1, 1e-7
    for i in range(len(step)):
        if step[i] > pivot and max(level[i], 0.0) / step[i] <= least + 1e-10:
            best, pivot = i, step[i]
    return best


@jit
def times(matrix: Floats, vector: Floats) -> Floats:
    """Matrix times vector, without the libraries that ``@`` would need."""
    product = np.zeros(matrix.shape[0])
    for j in range(matrix.shape[1]):
        if vector[j] != 0.0:
            for i in range(matrix.shape[0]):
                product[i] += matrix[i, j] * vector[j]
    return product


@jit
def pivot(inverse: Floats, level: Floats, duals: Floats, step: Floats, row: int, ratio: float, reduced: float) -> None:
    """Bring inverse, levels and duals to the new basis; plain loops, which make no arrays on the way."""
    size = len(level)
    scale = 1.0 / step[row]
    for j in range(size):
        inverse[row, j] *= scale
        duals[j] += reduced * inverse[row, j]
    for i in range(size):
        factor = step[i]
        level[i] -= ratio * factor
        if i != row and factor != 0.0:
            for j in range(size):
                inverse[i, j] -= factor * inverse[row, j]
    level[row] = ratio


@jit
def solve(table: Table, basis: Ints, right: Floats) -> tuple[bool, Floats, Floats]:
    """
    Optimise from a basis, which is changed in place.

    Parameters
    ----------
    table
        The linear program.
    basis
        Name of the basic variable of each row, shape (rows,); feasible.
    right
        Right sides, moved a little against degeneracy.

    Returns
    -------
    good, level, duals
        Whether an optimum was reached; values of the basic variables; duals, shape (rows,).
    """
    size = len(basis)
    column, costs = np.zeros(size), np.zeros(size)
    good, inverse = inverted(table, basis)
    if not good:
        return False, column, costs
    for k in range(size):
        costs[k] = column_of(table, basis[k], column)
    level, duals = times(inverse, right), times(inverse.T, costs)
    barred = -1
    likely = np.full(LIKELY, -1, dtype=np.int64)
    for turn in range(PIVOTS_MAX):
        name, reduced = entering(table, duals, barred, likely)
        if reduced >= 0.0:
            return True, level, duals
        cost = column_of(table, name, column)
        step = times(inverse, column)
        row = leaving(step, level)
        if row < 0:
            barred = name
            continue
        ratio = max(level[row], 0.0) / step[row]
        pivot(inverse, level, duals, step, row, ratio, reduced)
        basis[row], costs[row] = name, cost
        if turn % REFACTOR == REFACTOR - 1:
            good, inverse = inverted(table, basis)
            if not good:
                return False, level, duals
            level, duals = times(inverse, right), times(inverse.T, costs)
    return False, level, duals
