"""
The equal profit method (EPM): relative savings as equal as they can be without giving anybody a reason to leave.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import permutations
from math import gcd

import numpy as np

from solver.sharing.core import least_core
from solver.sharing.exact import Point, Row, lexicographic
from solver.sharing.game import Exact, Game, Wholes, whole_sums
from solver.sharing.nucleolus import INT64_SAFE, whole_bill


def exact_equal_profit(game: Game) -> Exact:
    """
    The lexicographic equal profit method, in fractions.

    Among all splits in the core, or where it is empty in the least core with nobody above its cost alone, it makes the
    differences between players' relative savings (share over stand-alone cost), from the largest down,
    lexicographically smallest. The method as published stops at the largest, which leaves several splits; going on
    leaves one. Where the proportional split is in the core it is that one. Who costs nothing alone counts as costing
    one unit.

    Sums to c(N), symmetric, individually rational, in the core where there is one (so that a null player pays nothing),
    the same in any currency.

    Raises
    ------
    ArithmeticError
        When everybody together costs more than all alone.

    References
    ----------
    M. Frisk, M. Göthe-Lundgren, K. Jörnsten, M. Rönnqvist, Cost allocation in collaborative forest transportation,
    EJOR 205, 2010.
    """
    cost, unit = game.whole()
    if game.n < 2:
        return [share * unit for share in whole_bill(cost).point().values()]
    gap = max(Fraction(0), least_core(game, individually_rational=True).excess / unit)
    known = whole_bill(cost)
    lexicographic(known, _Differences(cost, gap))
    return [share * unit for share in known.point().values()]


class _Differences:
    """
    The rows of the programs: differences between any two relative shares, and no coalition beyond its limit.

    The row of a coalition is named by its mask, that of a pair by ``2**n`` plus ``n`` times the first plus the second.

    Parameters
    ----------
    cost
        Whole, shape ``(2**n,)``.
    gap
        How much a coalition of two players or more may pay beyond its cost.
    """

    def __init__(self, cost: Wholes, gap: Fraction) -> None:
        self._cost, self._gap = cost, gap
        self._n = (len(cost) - 1).bit_length()
        self._alone = [max(abs(int(cost[1 << player])), 1) for player in range(self._n)]
        self._lefts = {pair: self._left(*pair) for pair in permutations(range(self._n), 2)}
        self._free = list(self._lefts)
        self._limits = cost * gap.denominator + gap.numerator
        self._limits[1 << np.arange(self._n)] -= gap.numerator
        self._most = max(map(abs, self._limits.tolist()))

    def start(self, loose: Sequence[Sequence[int]]) -> Iterable[Row]:
        """One pair both ways, and all others that are not settled."""
        self._free = [
            pair
            for pair, left in self._lefts.items()
            if any(sum(a * b for a, b in zip(left, way, strict=False)) for way in loose)
        ]
        rows = [self._pair(*pair) for pair in self._free]
        return [rows[0], self._pair(*reversed(self._free[0])), *rows[1:]]

    def violated(self, point: Point) -> Row | None:
        """See ``exact.Rows``."""
        mask = self._beyond(point)
        if mask is not None:
            return self._coalition(mask)
        slacks = {
            pair: sum(a * b for a, b in zip(self._lefts[pair], point.over, strict=True) if a) for pair in self._free
        }
        broken = [pair for pair, slack in slacks.items() if slack < 0]
        if not broken:
            return None
        return self._pair(*min(broken, key=slacks.__getitem__))

    def _beyond(self, point: Point) -> int | None:
        """The coalition that pays most beyond its limit; None if none does."""
        scale = self._gap.denominator
        over = [share * scale for share in point.over[:-1]]
        most = self._most * point.under + sum(map(abs, over))
        kind = np.dtype(np.int64) if most < INT64_SAFE else np.dtype(object)
        slack = self._limits.astype(kind) * point.under - whole_sums(np.array(over, dtype=kind))
        slack[0] = slack[-1] = 0
        worst = int(np.argmin(slack))
        return worst if slack[worst] < 0 else None

    def _left(self, one: int, other: int) -> tuple[int, ...]:
        """Level times both costs alone, less the first's share times the other's cost, plus the other way round."""
        shared = gcd(self._alone[one], self._alone[other])
        left = [0] * (self._n + 1)
        left[one] = -(self._alone[other] // shared)
        left[other] = self._alone[one] // shared
        left[-1] = self._alone[one] * self._alone[other] // shared
        return tuple(left)

    def _pair(self, one: int, other: int) -> Row:
        return Row(len(self._cost) + self._n * one + other, self._lefts[one, other], Fraction(0), False)

    def _coalition(self, mask: int) -> Row:
        left = tuple(-(mask >> player & 1) for player in range(self._n))
        limit = Fraction(int(self._limits[mask]), self._gap.denominator)
        return Row(mask, (*left, 0), -limit, False)
