"""
The nucleolus: the split under which the least content coalition is as content as can be, then the next, and so on.

Among all splits with nobody above its stand-alone cost it makes the excesses x(S) - c(S), sorted from the largest down,
lexicographically smallest. It lies in the core whenever there is one.
"""

from collections.abc import Iterable

import numpy as np

from solver.sharing.game import Bools, Floats, Game, members, sums
from solver.sharing.lp import minimise

SCALED_MAX = 1_000.0
TOLERANCE = 1e-7
ENTERING = 40
"""Violated coalitions added to the linear program at a time."""


def nucleolus(game: Game) -> Floats:
    """
    The nucleolus of a cost game, shape ``(n,)``.

    A sequence of linear programs over savings y >= 0: push down the largest excess eps, v(S) - y(S) <= eps, fix what
    is settled, go on with the rest until only one split is left. Rows are generated as they are violated.

    Settled are coalitions with a positive dual: by complementary slackness they are tight in *every* optimum. To fix
    all that are tight in the optimum at hand is the classic mistake (Guajardo & Jörnsten 2015); coalitions in the span
    of fixed ones cannot change any more and leave the program.

    Raises
    ------
    ValueError
        When everybody together costs more than all alone: no split keeps everyone at or below its stand-alone cost.
    LpError
        When a linear program is not solved.

    References
    ----------
    D. Schmeidler, The nucleolus of a characteristic function game, SIAM J. Appl. Math. 17, 1969.
    M. Guajardo, K. Jörnsten, Common mistakes in computing the nucleolus, EJOR 241, 2015.
    M. Hallefjord, R. Helming, K. Jörnsten, Computing the nucleolus when the characteristic function is given
    implicitly: a constraint generation approach, Int. J. Game Theory 24, 1995.
    """
    savings = game.savings()
    scale = max(1e-300, float(np.abs(savings).max())) / SCALED_MAX
    if savings[-1] < -TOLERANCE * scale:
        raise ValueError("everybody together costs more than all alone: no split leaves nobody worse off")
    if game.n < 2:
        return np.full(game.n, game.cost[-1])
    return np.asarray(game.stand_alone - _lexicographic(savings / scale, game.n) * scale)


def _lexicographic(value: Floats, n: int) -> Floats:
    """Nucleolus of a savings game, shape ``(2**n,)``, whose single players are worth 0."""
    belongs = members(n)
    everybody = len(value) - 1
    fixed = [everybody]
    right = [max(0.0, float(value[everybody]))]
    rows = {1 << player for player in range(n)} | {everybody ^ (1 << player) for player in range(n)}
    while len(fixed) < n:
        free = _outside_span(belongs, fixed)
        rows = {mask for mask in rows if free[mask]}
        largest, duals = _push_down(value, list(zip(fixed, right, strict=True)), rows, free)
        for mask in sorted(duals, key=lambda mask: (-duals[mask], mask)):
            if duals[mask] > TOLERANCE and _outside_span(belongs, fixed)[mask]:
                fixed.append(mask)
                right.append(float(value[mask]) - largest)
    split = np.linalg.solve(belongs[fixed].astype(float), np.array(right))
    return np.maximum(split, 0.0)


def _push_down(
    value: Floats, fixed: list[tuple[int, float]], rows: set[int], free: Bools
) -> tuple[float, dict[int, float]]:
    """
    The least possible largest excess over coalitions not yet settled, and the dual of each row.

    ``fixed`` are settled coalitions with their savings; ``rows`` are the coalitions in the program, which grow by what
    is violated.
    """
    n = (len(value) - 1).bit_length()
    while True:
        order = sorted(rows)
        program = [([*_bits(mask, n), 0.0], total, True) for mask, total in fixed]
        program += [([*_bits(mask, n), 1.0], float(value[mask]), False) for mask in order]
        solved = minimise([0.0] * n + [1.0], [0.0] * n + [-np.inf], program)
        largest = float(solved.values[n])
        excess = np.where(free, value - sums(solved.values[:n]), -np.inf)
        violated = np.flatnonzero(excess > largest + TOLERANCE)
        fresh = set(violated[np.argsort(-excess[violated], kind="stable")][:ENTERING].tolist()) - rows
        if not fresh:
            return largest, dict(zip(order, solved.duals[len(fixed) :].tolist(), strict=True))
        rows |= fresh


def _outside_span(belongs: Bools, fixed: Iterable[int]) -> Bools:
    """Which coalitions' savings are not determined by those of the fixed ones, bool, shape ``(2**n,)``."""
    settled = belongs[list(fixed)].astype(float)
    _, singular, rotated = np.linalg.svd(settled)
    rank = int((singular > TOLERANCE).sum())
    return np.asarray(np.abs(belongs.astype(float) @ rotated[rank:].T).max(axis=1, initial=0.0) > TOLERANCE)


def _bits(mask: int, n: int) -> list[float]:
    return [float(mask >> player & 1) for player in range(n)]
