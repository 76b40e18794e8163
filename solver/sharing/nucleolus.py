"""
The nucleolus: the split under which the least content coalition is as content as can be, then the next, and so on.

Among all splits with nobody above its stand-alone cost it makes the excesses x(S) - c(S), sorted from the largest down,
lexicographically smallest. It lies in the core whenever there is one.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np

from solver.sharing.exact import Point, Row, System, lexicographic
from solver.sharing.game import Bools, Exact, Floats, Game, Wholes, floats, whole_sums

INT64_SAFE = 2**62
"""Sums below this cannot pass 64 bits."""


class Level(NamedTuple):
    """
    Coalitions whose excess the nucleolus settles at one value, in the order in which it is settled.

    ``excess`` is in minor units (divided by the coalition's weight where there are weights); ``masks`` ascend. They
    alone decide the split: with the same costs of these coalitions and no other cost below its level, it is the same.
    """

    excess: float
    masks: tuple[int, ...]


class Settled(NamedTuple):
    """An exact split, and the coalitions that decide it with their weighted excess, from the largest down."""

    shares: Exact
    levels: tuple[tuple[Fraction, tuple[int, ...]], ...]


def nucleolus(game: Game) -> Floats:
    """
    The nucleolus of a cost game, shape ``(n,)``; see ``exact_nucleolus``.

    Raises
    ------
    ValueError
        When everybody together costs more than all alone: no split keeps everyone at or below its stand-alone cost.
    """
    return floats(exact_nucleolus(game).shares)


def nucleolus_levels(game: Game) -> tuple[Floats, list[Level]]:
    """
    The nucleolus, and the coalitions that decide it: those whose cost must be right for the split to be right.

    Raises
    ------
    ValueError
        As ``nucleolus``.
    """
    settled = exact_nucleolus(game)
    return floats(settled.shares), [Level(float(excess), masks) for excess, masks in settled.levels]


def exact_nucleolus(game: Game) -> Settled:
    """
    The nucleolus, in fractions.

    Sums to c(N), symmetric, individually rational, covariant, a null player pays nothing, in the core where there is
    one; neither additive nor monotone: where a cost falls, somebody's share may rise.

    Raises
    ------
    ValueError
        As ``nucleolus``.

    References
    ----------
    D. Schmeidler, The nucleolus of a characteristic function game, SIAM J. Appl. Math. 17, 1969.
    """
    return settle(game, np.ones(len(game.cost), dtype=np.int64))


def exact_per_capita(game: Game) -> Settled:
    """
    The per-capita nucleolus: excess divided by the number of members, so that large coalitions do not lead.

    Sums to c(N), symmetric, individually rational, covariant, in the core where there is one; where the cost of
    everybody together rises, nobody pays less for it.

    Raises
    ------
    ValueError
        As ``nucleolus``.

    References
    ----------
    J. H. Grotte, Computation of and observations on the nucleolus, the normalised nucleolus and the central games,
    M.Sc. thesis, Cornell, 1970. H. P. Young, Monotonic solutions of cooperative games, Int. J. Game Theory 14, 1985.
    """
    return settle(game, whole_sums(np.ones(game.n, dtype=np.int64)))


def exact_proportional_nucleolus(game: Game) -> Settled:
    """
    The proportional nucleolus: excess divided by the coalition's cost, so that discontent is counted in per cent.

    A coalition that costs nothing counts as costing one unit. Sums to c(N), symmetric, individually rational, the same
    in any currency, in the core where there is one.

    Raises
    ------
    ValueError
        As ``nucleolus``.

    References
    ----------
    H. P. Young, N. Okada, T. Hashimoto, Cost allocation in water resources development, Water Resources Research 18,
    1982.
    """
    cost, _ = game.whole()
    return settle(game, np.maximum(np.abs(cost), 1))


def settle(game: Game, weight: Wholes) -> Settled:
    """
    Split so that excesses divided by weights, from the largest down, are lexicographically smallest.

    A sequence of exact linear programs over shares x_i <= c_i: push down the largest weighted excess e,
    x(S) - c(S) <= weight(S) e, fix what is settled, go on with the rest until one split is left. Coalitions enter as
    they are violated; those in the span of fixed ones cannot change any more and leave.

    Parameters
    ----------
    game
        Everybody together costs at most as much as all alone.
    weight
        Shape ``(2**n,)``, positive; that of nobody and of everybody counts for nothing.

    Raises
    ------
    ValueError
        When everybody together costs more than all alone.

    References
    ----------
    M. Hallefjord, R. Helming, K. Jörnsten, Computing the nucleolus when the characteristic function is given
    implicitly: a constraint generation approach, Int. J. Game Theory 24, 1995.
    """
    cost, unit = game.whole()
    if cost[-1] > cost[1 << np.arange(game.n)].sum():
        raise ValueError("everybody together costs more than all alone: no split leaves nobody worse off")
    known = whole_bill(cost)
    excesses: dict[Fraction, set[int]] = {}
    for level, name in lexicographic(known, Coalitions(cost, weight)):
        # Whoever is held at its cost alone has no excess, whatever the level.
        excess, mask = (level * unit, name) if name < len(cost) else (Fraction(0), 1 << name - len(cost))
        excesses.setdefault(excess, set()).add(mask)
    levels = tuple((excess, tuple(sorted(excesses[excess]))) for excess in sorted(excesses, reverse=True))
    return Settled([share * unit for share in known.point().values()], levels)


def whole_bill(cost: Wholes) -> System:
    """What is known of any split: shares sum to the cost of everybody."""
    n = (len(cost) - 1).bit_length()
    known = System(n)
    if n:
        known.extend(Row(len(cost) - 1, (1,) * n, Fraction(int(cost[-1])), True))
    return known


class Coalitions:
    """
    The rows of the programs: every free coalition's excess, and nobody above its cost alone.

    The row of a coalition is named by its mask, that of a player's cost alone by ``2**n`` plus the player.

    Parameters
    ----------
    cost, weight
        Whole, shape ``(2**n,)``.
    capped
        Whether costs alone are limits.
    """

    def __init__(self, cost: Wholes, weight: Wholes, *, capped: bool = True) -> None:
        self._cost, self._weight, self._capped = cost, weight, capped
        self._n = (len(cost) - 1).bit_length()
        self._alone: list[int] = cost[1 << np.arange(self._n)].tolist()
        self._most = max(map(abs, cost.tolist())), max(weight.tolist())
        self._free: Bools = np.zeros(len(cost), dtype=np.bool_)

    def start(self, loose: Sequence[Sequence[int]]) -> Iterable[Row]:
        """One free player and all others, who together are everybody, and the other free players."""
        self._free = _moved(loose)
        singles = [1 << player for player in range(self._n) if self._free[1 << player]]
        return [self._row(mask) for mask in (singles[0], (len(self._cost) - 1) ^ singles[0], *singles[1:])]

    def violated(self, point: Point) -> Row | None:
        """See ``exact.Rows``."""
        *over, level = point.over
        slack = self._slack(over, level, point.under)
        worst = int(np.argmin(slack))
        if slack[worst] < 0:
            return self._row(worst)
        above = [alone * point.under - share for alone, share in zip(self._alone, over, strict=True)]
        broken = [player for player in range(self._n) if above[player] < 0 and self._capped]
        if not broken:
            return None
        return self._row(len(self._cost) + min(broken, key=above.__getitem__))

    def _row(self, name: int) -> Row:
        """Weight times level less shares is at least less the cost."""
        player = name - len(self._cost)
        if player >= 0:
            single = tuple(-(other == player) for other in range(self._n))
            return Row(name, (*single, 0), Fraction(-self._alone[player]), False)
        left = tuple(-(name >> other & 1) for other in range(self._n))
        return Row(name, (*left, int(self._weight[name])), Fraction(-int(self._cost[name])), False)

    def _slack(self, over: Sequence[int], level: int, under: int) -> Wholes:
        """By how much each free coalition's row holds, times ``under``; 0 for those not free."""
        most = self._most[0] * under + self._most[1] * abs(level) + sum(map(abs, over))
        kind: np.dtype[Any] = np.dtype(np.int64 if most < INT64_SAFE else object)
        paid = whole_sums(np.array(over, dtype=kind))
        slack = self._weight.astype(kind) * level + self._cost.astype(kind) * under - paid
        return np.where(self._free, slack, 0)


def _moved(loose: Sequence[Sequence[int]]) -> Bools:
    """Coalitions whose part is not yet settled by the known ones, shape ``(2**n,)``."""
    moved = np.zeros(2 ** len(loose[0]), dtype=np.bool_)
    for direction in loose:
        moved |= whole_sums(np.array(direction, dtype=np.int64)) != 0
    return moved
