"""
What coalitions' costs imply for each other, by table of all ``2**n`` masks, whole numbers throughout.

Any coalition may do what a larger one does, or part into smaller ones: so costs may be lowered until they are monotone
and sub-additive, and proven lower bounds of such costs raised.
"""

import numpy as np
from numpy.typing import NDArray

from solver.colgen.jit import jit

Ints = NDArray[np.int64]


def closed(upper: Ints) -> Ints:
    """
    The greatest monotone and sub-additive costs that are nowhere above the given ones.

    Parameters
    ----------
    upper
        Shape ``(2**n,)``, by mask, not negative, 0 for nobody.
    """
    costs = upper.copy()
    while True:
        before = costs.copy()
        costs = least_of_supersets(costs)
        least_of_partitions(costs)
        if np.array_equal(before, costs):
            return costs


def least_of_supersets(costs: Ints) -> Ints:
    """By mask the least over all coalitions that hold it; nobody's stays."""
    least = costs.copy()
    for player in range((len(costs) - 1).bit_length()):
        pairs = least.reshape(-1, 2, 2**player)
        np.minimum(pairs[:, 0], pairs[:, 1], out=pairs[:, 0])
    least[0] = costs[0]
    return least


def greatest_of_subsets(costs: Ints) -> Ints:
    """By mask the greatest over all coalitions that it holds."""
    greatest = costs.copy()
    for player in range((len(costs) - 1).bit_length()):
        pairs = greatest.reshape(-1, 2, 2**player)
        np.maximum(pairs[:, 0], pairs[:, 1], out=pairs[:, 1])
    return greatest


def raised(lower: Ints, upper: Ints) -> Ints:
    """
    The best lower bounds that follow from the given ones.

    Costs c that are monotone and sub-additive with ``lower <= c <= upper`` also have c(S) at least c(T) for T within S,
    and c(S) at least c(S and T) - c(T) for T apart from S.

    Parameters
    ----------
    lower, upper
        Shape ``(2**n,)``, by mask; ``upper`` closed.
    """
    bounds = np.minimum(greatest_of_subsets(lower), upper)
    raise_by_others(bounds, upper)
    return np.minimum(greatest_of_subsets(bounds), upper)


@jit
def least_of_partitions(costs: Ints) -> None:
    """Lower each cost to the least sum over its partitions; masks in ascending order meet their parts lowered."""
    for mask in range(1, len(costs)):
        lowest = mask & -mask
        part = (mask - 1) & mask
        while part:
            if part & lowest and costs[part] + costs[mask ^ part] < costs[mask]:
                costs[mask] = costs[part] + costs[mask ^ part]
            part = (part - 1) & mask


@jit
def raise_by_others(lower: Ints, upper: Ints) -> None:
    """Raise each bound by what a larger coalition needs more than the rest of it can cost; large masks first."""
    for mask in range(len(lower) - 1, 0, -1):
        part = (mask - 1) & mask
        while part:
            least = lower[mask] - upper[mask ^ part]
            lower[part] = max(lower[part], least)
            part = (part - 1) & mask


@jit
def best_part(costs: Ints, mask: int) -> int:
    """The part (with the mask's lowest player) that makes the cheapest pair with its rest; 0 where there is none."""
    lowest = mask & -mask
    best, least = 0, 2**62
    part = (mask - 1) & mask
    while part:
        if part & lowest and costs[part] + costs[mask ^ part] < least:
            best, least = part, costs[part] + costs[mask ^ part]
        part = (part - 1) & mask
    return best


def is_monotone(costs: Ints) -> bool:
    """Nobody's joining makes a coalition cheaper."""
    return bool(np.array_equal(least_of_supersets(costs), costs))


def is_subadditive(costs: Ints) -> bool:
    """Two coalitions apart never pay more together."""
    least = costs.copy()
    least_of_partitions(least)
    return bool(np.array_equal(least, costs))
