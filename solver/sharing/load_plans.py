"""Loads too many for one table: for every coalition the best plan found, and a proven bound."""

from collections.abc import Iterator

import numpy as np

from solver.sharing.game import Floats, members
from solver.sharing.load_pack import packed, price_of
from solver.sharing.load_table import Items, Load, members_of, table_of

TABLED_ITEMS_MAX = 13
"""Coalitions of so many items at most are tabled, some milliseconds each."""

Plan = tuple[Load, ...]


def intervals(items: Items) -> tuple[Floats, list[Plan]]:
    """
    Bounds from below, shape ``(2**players,)``, minor units, and the best plans found, by mask.

    Small before large: each coalition starts from the joined plans of its best two parts. Then, in turns until nothing
    changes: what a larger coalition does with the others' items taken out, and joined plans again. At the end costs are
    monotone and sub-additive.
    """
    players = max(item.player for item in items.items) + 1
    book = _Book(items, players)
    for mask in sorted(range(1, 2**players), key=lambda mask: (mask.bit_count(), mask)):
        book.join(mask)
        book.solve(mask)
    changed = True
    while changed:
        dropped = [book.drop(mask) for mask in range(2**players - 2, 0, -1)]
        joined = [book.join(mask) for mask in range(1, 2**players)]
        changed = any(dropped) or any(joined)
    upper = np.array(book.cost, dtype=np.float64)
    lower = raised(np.minimum(np.array(book.lower, dtype=np.float64), upper), upper)
    return lower, book.plans


def raised(lower: Floats, upper: Floats) -> Floats:
    """
    Bounds drawn from one another, shape ``(2**players,)``; the costs they bound are monotone and sub-additive.

    A player can join for its own upper, c(S) >= c(S + i) - c(i); and a coalition costs what any within it costs.
    """
    lower = lower.copy()
    players = len(lower).bit_length() - 1
    belongs = members(players)
    masks = np.arange(2**players)
    for player in range(players):
        without = masks[~belongs[:, player]]
        lower[without] = np.maximum(lower[without], lower[without | 1 << player] - upper[1 << player])
    lower[0] = 0.0
    for player in range(players):
        without = masks[~belongs[:, player]]
        lower[without | 1 << player] = np.maximum(lower[without | 1 << player], lower[without])
    return lower


class _Book:
    """Plans, their costs and bounds, by mask."""

    def __init__(self, items: Items, players: int) -> None:
        self._items = items
        self._players = players
        self.plans: list[Plan] = [()] * 2**players
        self._chosen = [items.of_players(mask) for mask in range(2**players)]
        self.cost = [price_of(items, chosen, ()) for chosen in self._chosen]
        self.lower = [0] * 2**players

    def solve(self, mask: int) -> None:
        """A search of its own, from the best plan known."""
        chosen = members_of(self._chosen[mask])
        if len(chosen) <= TABLED_ITEMS_MAX:
            found = table_of(self._items.part(chosen)).loads(2 ** len(chosen) - 1)
            plan = tuple(Load(load.type_, sum(1 << chosen[at] for at in members_of(load.items))) for load in found)
            self._offer(mask, plan)
            self.lower[mask] = self.cost[mask]
        else:
            best = packed(self._items, self._chosen[mask], self.plans[mask])
            self._offer(mask, best.loads)
            self.lower[mask] = best.lower_minor

    def _offer(self, mask: int, plan: Plan) -> bool:
        """Keeps a plan if it is cheaper."""
        cost = price_of(self._items, self._chosen[mask], plan)
        if cost >= self.cost[mask]:
            return False
        self.cost[mask], self.plans[mask] = cost, plan
        return True

    def join(self, mask: int) -> bool:
        """The cheapest pair of parts."""
        lowest, cost = mask & -mask, self.cost
        part, best, least = (mask - 1) & mask, 0, cost[mask]
        while part:
            if part & lowest and cost[part] + cost[mask ^ part] < least:
                best, least = part, cost[part] + cost[mask ^ part]
            part = (part - 1) & mask
        return best != 0 and self._offer(mask, self.plans[best] + self.plans[mask ^ best])

    def drop(self, mask: int) -> bool:
        """What the cheapest coalition with one player more does, the others' items taken out."""
        larger = [mask | 1 << player for player in range(self._players) if not mask >> player & 1]
        cheapest = min(larger, key=lambda one: (self.cost[one], one))
        if self.cost[cheapest] >= self.cost[mask]:
            return False
        return self._offer(mask, tuple(self._kept(self.plans[cheapest], self._chosen[mask])))

    def _kept(self, plan: Plan, chosen: int) -> Iterator[Load]:
        return (Load(load.type_, load.items & chosen) for load in plan if load.items & chosen)
