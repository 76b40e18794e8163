"""Which coalitions are bounded by proofs of their own, where there are too many for all."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from solver.sharing.coalitions import masks_by_size

SMALL = 4
"""Coalitions of so few players are proven themselves: that is quick, and a larger one's proof tells little of them."""


def proven_themselves(players: int, stride: int) -> NDArray[np.bool_]:
    """
    A choice of coalitions such that every other one is in a chosen one with a single player more.

    A coalition whose players' numbers add up to a multiple of ``stride`` is chosen, as words of the codes of Varshamov
    and Tenengolts are: of the ``players - size`` larger ones about one in ``stride`` is then. What is left uncovered is
    chosen as well, and so are all with at most ``SMALL`` players, everybody, and everybody but one.

    Parameters
    ----------
    players
        How many.
    stride
        From 1, which chooses all.

    Returns
    -------
    bool array
        By mask, shape ``(2**players,)``.
    """
    chosen = np.zeros(2**players, dtype=np.bool_)
    for mask in reversed(masks_by_size(players)):
        size = mask.bit_count()
        by_sum = sum(player for player in range(players) if mask >> player & 1) % stride == 0
        near_end = size <= SMALL or size >= players - 1
        larger = (mask | 1 << player for player in range(players) if not mask >> player & 1)
        chosen[mask] = by_sum or near_end or not any(chosen[other] for other in larger)
    return chosen


def worths(duals: Mapping[int, int], outside_grains: Mapping[int, int], groups: Sequence[frozenset[int]]) -> list[int]:
    """
    What each player's orders are worth by a proof's duals, in grains; an optional order at most its outside option.

    Parameters
    ----------
    duals
        Grains by visit.
    outside_grains
        By order, for those that may stay outside.
    groups
        Each player's orders.
    """
    by_order: dict[int, int] = {}
    for visit, dual in duals.items():
        by_order[visit >> 1] = by_order.get(visit >> 1, 0) + dual
    return [
        sum(min(by_order.get(order, 0), outside_grains.get(order, by_order.get(order, 0))) for order in group)
        for group in groups
    ]
