"""
The search for a packing of vectors: greedy starts, exact fillings of a line, chosen bins relieved, columns.

Each step takes what is known and betters it; a bound that is met ends everything.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from solver.packing.vector_bounds import Choice, Choices, Row, rows_of
from solver.packing.vector_columns import Columns
from solver.packing.vector_exact import closed
from solver.packing.vector_exchange import relieve
from solver.packing.vector_kernel import Bools, Floats, Ints, greedy
from solver.packing.vector_program import Filling, Relaxed
from solver.packing.vector_slack import least_slack, perturbed

STARTS = 24
"""Greedy packings with changed weights."""
SLACK_ROUNDS, MORE_SLACK_ROUNDS = 400, 6_000
"""Perturbed packings of a line, before columns are tried and after."""
MOVES = 20_000
"""Exchanges tried for one choice of bins."""
CHOICES_PER_COST = 3
CLASSES_MAX = 320
"""Column generation is for so many kinds of items at most,"""
IN_BIN_MAX = 8
"""and for bins that hold few: the bound of rows is close otherwise, and fillings are too many."""
COLUMN_ROUNDS = 300
DIVE_ROUNDS = 8
EXACT_WORK = 1.0
"""Deterministic seconds of CP-SAT at the end."""
EXCHANGES_PER_WORK = 1_000_000


class World(NamedTuple):
    """
    A question in numbers.

    Attributes
    ----------
    sizes, colours
        Shape ``(items, dims)``, ``(items,)``; every item fits some type.
    capacities, costs, counts
        Shape ``(types, dims)``, ``(types,)``, ``(types,)``; counts are no more than could be needed.
    apart
        By pairs of colours.
    """

    sizes: Ints
    colours: Ints
    capacities: Ints
    costs: Ints
    counts: Ints
    apart: Bools


class Known(NamedTuple):
    """A packing of everything: bin of each item, type of each bin, cost."""

    places: Ints
    types: Ints
    cost: int


class Search:
    """What is known of one question: the best packing, rows and the bound."""

    def __init__(self, world: World, work: int, seed: int, over: Callable[[], bool]) -> None:
        self.world, self.seed, self.over = world, seed, over
        self.exchanges = work * EXCHANGES_PER_WORK
        self.random = np.random.default_rng(seed)
        self.weights = weights_of(world)
        self.rows = [*rows_of(world.sizes, world.capacities), *_rows_of_colours(world)]
        self.best: Known | None = None
        self.part: Known | None = None
        self.fillings: Columns | None = None
        self.relaxed: Relaxed | None = None
        self.of_item = np.zeros(0, dtype=np.int64)
        self.bound = 0
        self.enough = True
        self._bounded()

    @property
    def done(self) -> bool:
        """Whether the best is proven, or time is over."""
        return self.over() or (self.best is not None and self.best.cost <= self.bound)

    def _choices(self) -> Choices:
        return Choices(self.rows, self.world.costs.tolist(), self.world.counts.tolist(), self.seed)

    def _bounded(self) -> None:
        bound = self._choices().bound()
        self.enough = bound is not None
        self.bound = max(self.bound, bound or 0)

    def _take(self, known: Known) -> None:
        if self.best is None or known.cost < self.best.cost:
            self.best = known

    def start(self) -> None:
        """Greedy packings; the most complete one is kept where none holds everything."""
        world, items = self.world, len(self.world.sizes)
        order = np.argsort(-(world.sizes * self.weights).sum(axis=1), kind="stable").astype(np.int64)
        starts = STARTS if items <= 1_500 else 2
        for number in range(starts):
            spread = 0.0 if number == 0 else 0.2
            weights = self.weights * self.random.uniform(1 - 2.5 * spread, 1 + 2.5 * spread, len(self.weights))
            noise = self.random.uniform(1 - spread, 1 + spread, items)
            taste = self.random.uniform(1 - spread / 2, 1 + spread / 2, len(world.costs))
            places, types, cost = greedy(
                world.sizes, world.capacities, world.costs, world.counts, order, world.colours, world.apart,
                weights, noise, taste,
            )  # fmt: skip
            known = Known(places, types, int(cost))
            if (places >= 0).all():
                self._take(known)
            elif self.part is None or (places >= 0).sum() > (self.part.places >= 0).sum():
                self.part = known
            if self.done:
                return

    def line(self, rounds: int) -> None:
        """One dimension, one type and nothing apart: bins of least slack, perturbed until the bound is met."""
        world = self.world
        if world.capacities.shape != (1, 1) or len(world.apart) or self.best is None or self.done:
            return
        sizes, capacity = world.sizes[:, 0].copy(), int(world.capacities[0, 0])
        order = np.argsort(-sizes, kind="stable").astype(np.int64)
        places = np.full(len(sizes), -1, dtype=np.int64)
        least_slack(sizes, order, capacity, places, 0)
        least = self.bound // max(1, int(world.costs[0]))
        bins = perturbed(sizes, order, capacity, places, least, rounds if len(sizes) <= 1_500 else 0, self.seed)
        if bins <= world.counts[0]:
            self._take(Known(places, np.zeros(bins, dtype=np.int64), bins * int(world.costs[0])))

    def relieved(self) -> None:
        """Choices of bins cheaper than the best packing, by halving what is between it and the bound."""
        choices, low = self._choices(), self.bound
        share = [number for number, row in enumerate(self.rows) if row.need >= 1_000] or list(range(len(self.rows)))
        dear = int(self.world.costs.sum()) * int(self.world.counts.sum())
        while self.exchanges > 0 and not self.done and low < (dear if self.best is None else self.best.cost):
            most = dear if self.best is None else (low + self.best.cost - 1) // 2
            barred: list[Choice] = []
            for _ in range(CHOICES_PER_COST):
                choice = choices.within(most, share, barred)
                if choice is None or self._relieve(choice) or self.done:
                    break
                barred.append(choice)
            if self.best is None:
                return
            if self.best.cost > most:
                low = most + 1

    def _relieve(self, choice: Choice) -> bool:
        world, items = self.world, len(self.world.sizes)
        types = np.repeat(np.arange(len(world.costs)), choice.counts)
        if len(types) == 0:
            return False
        rooms = world.capacities[types]
        places = self.random.integers(0, len(types), items)
        moves = max(1, min(MOVES + items, self.exchanges // (items + len(types))))
        weights = 1.0 / np.maximum(rooms.mean(axis=0), 1.0)
        fits, used = relieve(
            world.sizes, rooms, places, world.colours, world.apart, weights, moves, int(self.random.integers(2**31))
        )
        self.exchanges -= used * (items + len(types))
        if fits:
            self._take(_without_empty(world, places, types))
        return fits

    def columns(self) -> None:
        """Column generation: a closer bound, and a packing by diving."""
        world = self.world
        if self.best is None or self.done:
            return
        kinds, of_item, demand = np.unique(world.sizes, axis=0, return_inverse=True, return_counts=True)
        self.of_item = of_item.reshape(-1).astype(np.int64)
        if len(kinds) > CLASSES_MAX or len(world.sizes) > IN_BIN_MAX * len(self.best.types):
            return
        self.fillings = Columns(kinds, demand.astype(np.int64), world.capacities, world.costs, world.counts)
        self.fillings.add(_fillings(self.best, self.of_item, len(kinds)))
        self.relaxed = self.fillings.generate(self.fillings.demand, world.counts, COLUMN_ROUNDS, self.over)
        self.rows.append(self.fillings.row(self.relaxed.prices))
        self._bounded()
        if len(world.apart) or self.done:
            return
        packed = self.fillings.dive(DIVE_ROUNDS, self.over)
        if packed is not None:
            self._take(_of_fillings(world, packed, self.of_item))

    def chosen(self) -> None:
        """The integer program over the columns there are."""
        if self.best is None or self.relaxed is None or self.fillings is None or len(self.world.apart) or self.done:
            return
        packed = self.fillings.chosen(self.relaxed, (self.bound, self.best.cost))
        if packed is not None:
            self._take(_of_fillings(self.world, packed, self.of_item))

    def exact(self) -> None:
        """CP-SAT where the question is small."""
        if self.best is None or self.done:
            return
        world = self.world
        found = closed(
            world.sizes, world.capacities, world.costs, world.counts, world.colours, world.apart, self.rows,
            (self.bound, self.best.cost), EXACT_WORK, self.seed,
        )  # fmt: skip
        if found is None:
            return
        self.bound = max(self.bound, found.bound)
        if found.packed is not None:
            self._take(_without_empty(world, *found.packed))


def weights_of(world: World) -> Floats:
    """What a unit of each dimension weighs: dimensions in the proportion of need to room, each by a bin's mean room."""
    mean = np.maximum(world.capacities.mean(axis=0), 1.0)
    scarcity = np.maximum(world.sizes.sum(axis=0) / mean, 1e-9)
    return np.asarray(scarcity / scarcity.sum() / mean, dtype=np.float64)


def _rows_of_colours(world: World) -> list[Row]:
    """Items of colours that are all apart from each other and from themselves need a bin each."""
    found = []
    single = [colour for colour in range(len(world.apart)) if world.apart[colour, colour]]
    for first in single:
        clique = [first]
        clique += [other for other in single if other != first and all(world.apart[other, one] for one in clique)]
        need = int(np.isin(world.colours, clique).sum())
        found.append(Row(need, (1,) * len(world.costs)))
    return [row for row in found if row.need > 0]


def _without_empty(world: World, places: Ints, types: Ints) -> Known:
    """A packing in which every bin holds something."""
    used, numbered = np.unique(places, return_inverse=True)
    kept = types[used]
    return Known(numbered.reshape(-1).astype(np.int64), kept, int(world.costs[kept].sum()))


def _fillings(known: Known, of_item: Ints, kinds: int) -> list[Filling]:
    return [
        Filling(int(type_), tuple(np.bincount(of_item[known.places == bin_], minlength=kinds).tolist()))
        for bin_, type_ in enumerate(known.types)
    ]


def _of_fillings(world: World, fillings: list[Filling], of_item: Ints) -> Known:
    """Items given to fillings by kind."""
    waiting = [np.flatnonzero(of_item == kind).tolist() for kind in range(int(np.max(of_item)) + 1)]
    places = np.full(len(of_item), -1, dtype=np.int64)
    for bin_, filling in enumerate(fillings):
        for kind, count in enumerate(filling.items):
            for _ in range(min(count, len(waiting[kind]))):
                places[waiting[kind].pop()] = bin_
    types = np.array([filling.type_ for filling in fillings], dtype=np.int64)
    return _without_empty(world, places, types)
