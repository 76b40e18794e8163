"""
Container loads in numbers, and the table of the cheapest way for every set of a few items.

Sets of items are bit masks: bit ``i`` is item ``i``.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from solver.colgen.jit import jit

ITEMS_MAX = 18
"""A table of ``2**18`` sets takes ``3**18 / 2`` steps, less than a second."""
NOT_LIMITED = 2**60
NEVER_MINOR = 2**60
"""Price of what cannot be done; sums of a few thousand real prices stay far below."""

Ints = NDArray[np.int64]


class Item(NamedTuple):
    """A consignment: its player, its size in each dimension, its price by groupage (None: there is none)."""

    player: int
    size: tuple[int, ...]
    groupage_minor: int | None


class Load(NamedTuple):
    """A container of some type, and the set of items in it."""

    type_: int
    items: int


class Items(Struct, frozen=True, kw_only=True, dict=True):
    """
    Items and container types.

    Attributes
    ----------
    items
        In the order of their bits.
    capacities
        By type, by dimension; None: not limited.
    prices_minor
        By type.
    """

    items: tuple[Item, ...]
    capacities: tuple[tuple[int | None, ...], ...]
    prices_minor: tuple[int, ...]

    @cached_property
    def sizes(self) -> Ints:
        """Shape ``(items, dimensions)``."""
        dims = len(self.items[0].size) if self.items else 0
        return np.array([item.size for item in self.items], dtype=np.int64).reshape(len(self.items), dims)

    @cached_property
    def rooms(self) -> Ints:
        """Capacities, shape ``(types, dimensions)``."""
        rows = [[NOT_LIMITED if room is None else room for room in row] for row in self.capacities]
        return np.array(rows, dtype=np.int64).reshape(len(rows), self.sizes.shape[1])

    @cached_property
    def groupage(self) -> Ints:
        """Price of each item by groupage, shape ``(items,)``."""
        prices = [NEVER_MINOR if item.groupage_minor is None else item.groupage_minor for item in self.items]
        return np.array(prices, dtype=np.int64)

    @cached_property
    def ways(self) -> Ints:
        """
        Price of each item without a container, shape ``(items,)``: by groupage, or of last resort.

        The last resort is dearer than a container of its own for every item: no cheapest plan takes to it.
        """
        last = max(self.prices_minor, default=0) * len(self.items) + 1
        dearest = max((item.groupage_minor or 0 for item in self.items), default=0)
        return np.minimum(self.groupage, max(last, dearest))

    @cached_property
    def shares(self) -> list[list[float]]:
        """How much of the largest room in each dimension an item takes."""
        largest = np.maximum(self.rooms.max(axis=0, initial=1), 1)
        shares: list[list[float]] = (self.sizes / largest).tolist()
        return shares

    def of_players(self, mask: int) -> int:
        """All items of a coalition."""
        return sum(1 << at for at, item in enumerate(self.items) if mask >> item.player & 1)

    def cost_of(self, loads: Sequence[Load], mask: int) -> int:
        """What a coalition pays for containers, and by groupage for the rest."""
        left = self.of_players(mask)
        for load in loads:
            left &= ~load.items
        return sum(self.prices_minor[load.type_] for load in loads) + sum(int(self.ways[at]) for at in members_of(left))

    def part(self, chosen: Sequence[int]) -> "Items":
        """Some of the items, renumbered in the order given."""
        return Items(
            items=tuple(self.items[at] for at in chosen), capacities=self.capacities, prices_minor=self.prices_minor
        )


def members_of(chosen: int) -> list[int]:
    """The items of a set, ascending."""
    return [at for at in range(chosen.bit_length()) if chosen >> at & 1]


class Table(NamedTuple):
    """By set of items: the least price, and the set that goes into one container (0: the lowest item by groupage)."""

    price: Ints
    first: Ints
    type_: Ints

    def cost(self, chosen: int) -> int:
        """The least price of a set."""
        return int(self.price[chosen])

    def loads(self, chosen: int) -> tuple[Load, ...]:
        """The containers of the cheapest way; everything else goes by groupage."""
        found = []
        while chosen:
            first = int(self.first[chosen])
            if first:
                found.append(Load(int(self.type_[first]), first))
                chosen &= ~first
            else:
                chosen &= chosen - 1
        return tuple(found)


def table_of(items: Items) -> Table:
    """The cheapest way for every set of at most ``ITEMS_MAX`` items; ties: groupage, then the smallest set."""
    if len(items.items) > ITEMS_MAX:
        raise ValueError(f"a table takes at most {ITEMS_MAX} items")
    prices = np.array(items.prices_minor, dtype=np.int64)
    return Table(*_tabled(items.sizes, items.groupage, items.rooms, prices))


@jit
def _tabled(sizes: Ints, groupage: Ints, rooms: Ints, prices: Ints) -> tuple[Ints, Ints, Ints]:
    sets = 1 << len(sizes)
    box, type_ = _boxed(sizes, rooms, prices)
    price = np.zeros(sets, dtype=np.int64)
    first = np.zeros(sets, dtype=np.int64)
    for chosen in range(1, sets):
        lowest = chosen & -chosen
        at = 0
        while 1 << at != lowest:
            at += 1
        rest = chosen ^ lowest
        best, taken = min(groupage[at] + price[rest], NEVER_MINOR), 0
        part = 0
        while True:
            cost = box[part | lowest] + price[rest ^ part]
            if cost < best:
                best, taken = cost, part | lowest
            part = (part - rest) & rest
            if part == 0:
                break
        price[chosen] = best
        first[chosen] = taken
    return price, first, type_


@jit
def _boxed(sizes: Ints, rooms: Ints, prices: Ints) -> tuple[Ints, Ints]:
    """The cheapest container that holds a set, ``NEVER_MINOR`` where none does, and its type."""
    sets = 1 << len(sizes)
    box = np.full(sets, NEVER_MINOR, dtype=np.int64)
    type_ = np.zeros(sets, dtype=np.int64)
    total = np.zeros((sets, sizes.shape[1]), dtype=np.int64)
    for chosen in range(1, sets):
        lowest = chosen & -chosen
        at = 0
        while 1 << at != lowest:
            at += 1
        for dim in range(sizes.shape[1]):
            total[chosen, dim] = total[chosen ^ lowest, dim] + sizes[at, dim]
        for kind in range(len(rooms)):
            if prices[kind] < box[chosen] and np.all(total[chosen] <= rooms[kind]):
                box[chosen], type_[chosen] = prices[kind], kind
    return box, type_
