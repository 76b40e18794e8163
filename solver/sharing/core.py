"""
The core: splits from which no coalition would gain by leaving; how close one can come to it; who subsidises whom.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import NamedTuple

import numpy as np

from solver.sharing.exact import least
from solver.sharing.game import Exact, Game, Wholes, whole_sums
from solver.sharing.nucleolus import INT64_SAFE, Coalitions, whole_bill


class LeastCore(NamedTuple):
    """
    How small the largest excess of a proper coalition can be made, and why not smaller.

    Attributes
    ----------
    excess
        In minor units; the core is empty where it is positive. 0 where there is no proper coalition.
    shares
        One split that attains it.
    weights
        By mask of a proper coalition, positive, summing to 1, everybody in as much of them as everybody else (but for
        those held at their cost alone, where that is asked): whatever the split, their weighted mean excess is
        ``excess``.
    """

    excess: Fraction
    shares: Exact
    weights: dict[int, Fraction]


class Subsidies(NamedTuple):
    """
    Coalitions that pay more than alone, and those that pay less than they add to the cost of all others, by mask.

    Both are the same complaint (Faulhaber 1975): who is in the second is subsidised by all others, who are in the
    first.
    """

    above: tuple[int, ...]
    below: tuple[int, ...]


def least_core(game: Game, *, individually_rational: bool = False) -> LeastCore:
    """
    The least core, exact: one split that makes the largest excess smallest, and the balanced coalitions that prove it.

    Parameters
    ----------
    game
        Any.
    individually_rational
        Whether nobody may pay more than alone even if that made the largest excess smaller.

    Raises
    ------
    ArithmeticError
        When nobody may pay more than alone, but everybody together costs more than all alone.

    References
    ----------
    M. Maschler, B. Peleg, L. S. Shapley, Geometric properties of the kernel, nucleolus, and related solution concepts,
    Math. Oper. Res. 4, 1979. O. Bondareva, 1963; L. S. Shapley, On balanced sets and cores, 1967.
    """
    cost, unit = game.whole()
    known = whole_bill(cost)
    loose = known.loose()
    if not loose:
        return LeastCore(Fraction(0), [share * unit for share in known.point().values()], {})
    rows = Coalitions(cost, np.ones(len(cost), dtype=np.int64), capped=individually_rational)
    program = least(known, rows, loose)
    *shares, excess = (value * unit for value in program.point().values())
    weights = {row.name: dual for row, dual in program.duals() if dual and not row.equal and row.name < len(cost)}
    return LeastCore(excess, shares, weights)


def subsidies(game: Game, shares: Sequence[int | Fraction]) -> Subsidies:
    """
    The two-sided check m(S) <= x(S) <= c(S) of every proper coalition, exact.

    Here m(S) = c(N) - c(N without S), what the coalition adds to the cost of all others.

    Parameters
    ----------
    game
        Its costs whole, or ``shares`` in the same fractions.
    shares
        By player, in minor units, summing to c(N); whole minor units or before rounding.

    References
    ----------
    G. R. Faulhaber, Cross-subsidization: pricing in public enterprises, American Economic Review 65, 1975.
    """
    cost, unit = game.whole()
    under = lcm(*(Fraction(share / unit).denominator for share in shares))
    paid, least_paid, most_paid = _compared(cost, [int(share / unit * under) for share in shares], under)
    proper = slice(1, -1)
    return Subsidies(
        tuple((1 + np.flatnonzero(paid[proper] > most_paid[proper])).tolist()),
        tuple((1 + np.flatnonzero(paid[proper] < least_paid[proper])).tolist()),
    )


def _compared(cost: Wholes, over: list[int], under: int) -> tuple[Wholes, Wholes, Wholes]:
    """Each coalition's x(S), m(S) and c(S), times ``under``."""
    most = 2 * max(map(abs, cost.tolist())) * under + sum(map(abs, over))
    kind = np.dtype(np.int64) if most < INT64_SAFE else np.dtype(object)
    scaled = cost.astype(kind) * under
    return whole_sums(np.array(over, dtype=kind)), scaled[-1] - scaled[::-1], scaled
