"""The bound that follows from whole shadow prices, in whole numbers: no tolerance enters it."""

import numpy as np
from numpy.typing import NDArray

from solver.space.duals import improve
from solver.space.jit import jit
from solver.space.model import Floats, Ints, Model

EXACT_MAX = 2.0**60
"""Prices whose sums could pass 64 bits are not used."""
FIRST_STEP = 0.1


class Duals:
    """
    Shadow prices of a model that get better round by round.

    ``all_mandatory``: whether mandatory bookings take a stay at any price, which makes the bound one on allocations
    that accept all of them (those that cannot stand anywhere excepted).
    """

    def __init__(self, model: Model, *, all_mandatory: bool) -> None:
        self._model = model
        self.all_mandatory = all_mandatory
        self.bound_to = model.mandatory & all_mandatory & (np.diff(model.first) > 0)
        self.prices: Floats = np.zeros(model.free.shape)
        self._average: Floats = np.zeros(model.free.shape)
        self._control: Floats = np.array([np.inf, FIRST_STEP, 0.0])

    def improve(self, target: float, rounds: int) -> None:
        """Rounds towards the least bound; ``target`` is what some allocation is known to gain."""
        model = self._model
        answered = (model.need, model.days, model.first, model.ways, model.gain, self.bound_to, model.free)
        improve(*answered, self.prices, self._average, self._control, target, rounds)

    def again(self) -> None:
        """Let steps be longer again, for a target that has risen."""
        self._control[1] = max(self._control[1], FIRST_STEP / 5)
        self._control[2] = 0.0

    def whole(self) -> tuple[Ints, int]:
        """Whole prices, milli, and the bound on the sum of gains that they prove; all 0 where that proves more."""
        model = self._model
        none = np.zeros(model.free.shape, dtype=np.int64)
        unpriced = self._proved(none)
        most = float(self.prices.sum()) + float((self.prices * model.free).sum()) * (1 + int(self.bound_to.sum()))
        if not most < EXACT_MAX:
            return none, unpriced
        prices = np.rint(self.prices).astype(np.int64)
        prices[model.free == 0] = 0
        proved = self._proved(prices)
        return (prices, proved) if proved < unpriced else (none, unpriced)

    def _proved(self, prices: Ints) -> int:
        model = self._model
        gained = gained_at(model.need, model.days, model.first, model.ways, model.gain, self.bound_to, prices)
        return int(gained) + int((prices * model.free).sum())


@jit
def gained_at(
    need: Ints, days: Ints, first: Ints, ways: Ints, gain: Ints, bound_to: NDArray[np.bool_], prices: Ints
) -> int:
    """What all bookings gain at whole prices, each by itself."""
    sums = np.zeros((prices.shape[0], prices.shape[1], prices.shape[2] + 1), dtype=np.int64)
    for offer in range(prices.shape[0]):
        for row in range(prices.shape[1]):
            for day in range(prices.shape[2]):
                sums[offer, row, day + 1] = sums[offer, row, day] + prices[offer, row, day]
    total = 0
    for booking in range(len(days)):
        best, found = 0, not bound_to[booking]
        for way in range(first[booking], first[booking + 1]):
            offer, low, high = ways[way]
            for start in range(low, high + 1):
                left = gain[way]
                for row in range(need.shape[1]):
                    paid = sums[offer, row, start + days[booking]] - sums[offer, row, start]
                    left -= need[booking, row] * paid
                if left > best or not found:
                    best, found = left, True
        total += best
    return total
