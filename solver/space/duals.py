"""
Shadow prices of space by day, and the bound that follows from them.

For prices p >= 0 of every unit of space on every day, no allocation gains more than

    sum over bookings of max(0, max over its stays of (gain - p * its use)) + sum of p * free space

(weak duality). The prices that make this least are those of the linear program over (booking, offer, start); they are
found by the volume algorithm, a subgradient method along averaged solutions: F. Barahona, R. Anbil, The volume
algorithm, Mathematical Programming 87, 2000.
"""

import numpy as np
from numpy.typing import NDArray

from solver.space.jit import jit
from solver.space.model import Floats, Ints

AVERAGE = 0.1
"""Weight of the newest solution in the average."""


@jit
def running_sums(prices: Floats, sums: Floats) -> None:
    """Sums of prices from day 0 on, into an array one day longer."""
    for offer in range(prices.shape[0]):
        for row in range(prices.shape[1]):
            total = 0.0
            for day in range(prices.shape[2]):
                sums[offer, row, day] = total
                total += prices[offer, row, day]
            sums[offer, row, prices.shape[2]] = total


@jit
def best_priced(
    need: Ints, days: Ints, first: Ints, ways: Ints, gain: Ints, sums: Floats, booking: int
) -> tuple[float, int, int]:
    """The most that a booking gains after paying, and by which way and start; -inf where it has no way."""
    best, chosen, when = -np.inf, -1, 0
    length = days[booking]
    for way in range(first[booking], first[booking + 1]):
        offer, low, high = ways[way]
        for start in range(low, high + 1):
            paid = 0.0
            for row in range(need.shape[1]):
                amount = need[booking, row]
                if amount:
                    paid += amount * (sums[offer, row, start + length] - sums[offer, row, start])
            if gain[way] - paid > best:
                best, chosen, when = gain[way] - paid, way, start
    return best, chosen, when


@jit
def respond(
    need: Ints,
    days: Ints,
    first: Ints,
    ways: Ints,
    gain: Ints,
    bound_to: NDArray[np.bool_],
    sums: Floats,
    use: Floats,
) -> float:
    """What all bookings gain at prices, each by itself; ``use`` becomes the space that they would take."""
    use[:] = 0.0
    total = 0.0
    for booking in range(len(days)):
        best, way, start = best_priced(need, days, first, ways, gain, sums, booking)
        if way >= 0 and (best > 0 or bound_to[booking]):
            total += best
            for row in range(need.shape[1]):
                amount = need[booking, row]
                if amount:
                    for day in range(start, start + days[booking]):
                        use[ways[way, 0], row, day] += amount
    return total


@jit
def improve(
    need: Ints,
    days: Ints,
    first: Ints,
    ways: Ints,
    gain: Ints,
    bound_to: NDArray[np.bool_],
    free: Ints,
    prices: Floats,
    average: Floats,
    control: Floats,
    target: float,
    rounds: int,
) -> None:
    """
    Rounds of the volume algorithm.

    ``prices`` are the best so far, ``average`` the averaged use, ``control`` holds the bound at these prices (inf at
    first), the length of steps, and rounds without success; all are changed. ``target`` is what is known to be gained.
    """
    trial = np.empty_like(prices)
    sums = np.zeros((prices.shape[0], prices.shape[1], prices.shape[2] + 1))
    use = np.empty_like(prices)
    for _ in range(rounds):
        norm = 0.0
        flat_over = average.ravel()
        flat_free = free.ravel()
        flat_price = prices.ravel()
        flat_trial = trial.ravel()
        for at in range(flat_over.size):
            over = flat_over[at] - flat_free[at]
            if over > 0 or flat_price[at] > 0:
                norm += over * over
        step = 0.0
        if control[0] < np.inf and norm > 0:
            step = control[1] * (control[0] - target) / norm
        paid = 0.0
        for at in range(flat_over.size):
            flat_trial[at] = max(0.0, flat_price[at] + step * (flat_over[at] - flat_free[at]))
            paid += flat_trial[at] * flat_free[at]
        running_sums(trial, sums)
        bound = paid + respond(need, days, first, ways, gain, bound_to, sums, use)
        _judge(prices, average, control, trial, use, free, bound)


@jit
def _judge(
    prices: Floats, average: Floats, control: Floats, trial: Floats, use: Floats, free: Ints, bound: float
) -> None:
    """Take new prices that are better, and change the length of steps after success or failure."""
    if control[0] == np.inf:
        average[:] = use
        prices[:] = trial
        control[0] = bound
        return
    along = 0.0
    flat_use, flat_average, flat_free = use.ravel(), average.ravel(), free.ravel()
    for at in range(flat_use.size):
        along += (flat_use[at] - flat_free[at]) * (flat_average[at] - flat_free[at])
        flat_average[at] += AVERAGE * (flat_use[at] - flat_average[at])
    if bound < control[0]:
        prices[:] = trial
        control[0] = bound
        control[2] = 0.0
        if along > 0:
            control[1] = min(2.0, control[1] * 1.1)
    else:
        control[2] += 1
        if control[2] >= 20:
            control[1] = max(1e-4, control[1] * 0.66)
            control[2] = 0.0
