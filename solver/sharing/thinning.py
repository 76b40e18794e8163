"""Which coalitions are bounded by proofs of their own, where there are too many for all."""

from collections.abc import Mapping, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from solver.sharing.coalitions import masks_by_size

SMALL = 4
"""Coalitions of so few players are proven themselves: that is quick, and a larger one's proof tells little of them."""
SMALLEST = 2
"""Those of so few come before the samples of all sizes."""
MOST_PARTS = 4
"""Samples are of coalitions that lack at least one in so many of the players."""
SCATTER = 0x9E3779B1
"""Fibonacci hashing (Knuth, The Art of Computer Programming 3, section 6.4): multiples of it are spread evenly."""


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
        by_sum = sum(_numbers(mask)) % stride == 0
        near_end = size <= SMALL or size >= players - 1
        larger = (mask | 1 << player for player in range(players) if not mask >> player & 1)
        chosen[mask] = by_sum or near_end or not any(chosen[other] for other in larger)
    return chosen


def in_rounds(chosen: NDArray[np.bool_], sample: int | None) -> list[list[list[int]]]:
    """
    Chosen coalitions in the order in which their bounds tell most, should proofs be ended on the way.

    Everybody, which bounds all; those of few players upwards, which weigh much; a ``sample`` of every size but the
    largest, from large to small; all others from large to small. Without a sample all of few players come before the
    others.

    Parameters
    ----------
    chosen
        By mask, as from ``proven_themselves``.
    sample
        So many coalitions of a size, from 1, the same every time; None: no sample.

    Returns
    -------
    list of list of list of int
        Rounds, each of levels of one size, none of them empty.
    """
    masks = [mask for mask in masks_by_size((len(chosen) - 1).bit_length()) if chosen[mask]]
    everybody = len(chosen) - 1
    proper = [mask for mask in masks if mask != everybody]
    small = SMALL if sample is None else SMALLEST
    few = [mask for mask in proper if mask.bit_count() <= small]
    many = [mask for mask in reversed(proper) if mask.bit_count() > small]
    first = [] if sample is None else _sampled(many, everybody.bit_count(), sample)
    taken = set(first)
    rounds = ([everybody], few, first, [mask for mask in many if mask not in taken])
    return [
        [list(level) for _, level in groupby(part, key=int.bit_count)] for part in rounds if part and chosen[part[0]]
    ]


def _sampled(masks: list[int], players: int, sample: int) -> list[int]:
    """So many of each size, scattered, in the order of ``masks``."""
    kept: set[int] = set()
    for size, level in groupby(masks, key=int.bit_count):
        if MOST_PARTS * size <= (MOST_PARTS - 1) * players:
            kept.update(sorted(level, key=lambda mask: mask * SCATTER % 2**32)[:sample])
    return [mask for mask in masks if mask in kept]


def _numbers(mask: int) -> list[int]:
    return [player for player in range(mask.bit_length()) if mask >> player & 1]


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
