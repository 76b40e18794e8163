"""Pricing: the routes of one class of vehicles whose reduced price is least."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.colgen.ahead import least_start, look_ahead, no_ahead
from solver.colgen.extend import advance
from solver.colgen.joins import Found, go_home, meet, new_found
from solver.colgen.labels import (
    COUNT,
    CUT_WORDS,
    DONE,
    EVERY,
    FULL,
    MAIN,
    MEM,
    ONE,
    PRICE,
    Graph,
    Homeward,
    Ints,
    Labels,
    new_labels,
    seed,
)
from solver.colgen.limits import Budget
from solver.colgen.model import FAR, Network

SLICE = 400_000
"""Comparisons between two looks at the clock: some milliseconds."""
ROOM = 60_000
"""Labels that a direction begins with room for; the room grows fourfold while it may."""
FOUND_MAX = 20_000
FEW = 10
"""So many arcs from and to each visit are looked at by heuristics."""
SHIFT = 20
"""By which part of the span the halfway point moves when one direction has far more labels than the other."""


class Duals(NamedTuple):
    """
    Whole numbers in grains.

    ``visits`` by node, not negative; ``vehicle`` is what one vehicle of the class earns besides; ``sigma`` by cut, not
    positive; ``hits`` and ``keeps`` as in ``Graph``.
    """

    visits: Ints
    vehicle: int
    sigma: Ints
    hits: Ints
    keeps: Ints


class Priced(NamedTuple):
    """
    No route has a reduced price below ``least`` (at most 0), whether pricing was exact or not; None: nothing is known.

    ``routes`` below 0 as (reduced price, nodes), the cheapest first.
    """

    least: int | None
    routes: list[tuple[int, tuple[int, ...]]]


class LabelLimitError(Exception):
    """More labels than this call was allowed."""


class Pricer:
    """Both directions of one network, with room for labels that is used again in each call."""

    def __init__(self, network: Network, near: Ints) -> None:
        self.network = network
        self.size = len(network.opens)
        self.words = (network.visits + 63) // 64
        self.turn = network.latest
        # Where load binds routes before time does, half routes by time would still be long.
        self.least, self.greatest = (0, network.limits[0].most) if network.halved else (network.begin, network.latest)
        self.half = (self.least + self.greatest) // 2
        self._fore = _Direction(network, near, self.words, backward=False)
        self._back = _Direction(network, near, self.words, backward=True)
        self.made = 0

    def price(
        self, duals: Duals, budget: Budget, *, beam: int, most: int, limit: int, slack: int = 0, few: bool = False
    ) -> Priced:
        """
        Routes with a reduced price below ``-slack``.

        Parameters
        ----------
        duals
            In grains.
        budget
            Spent by labels.
        beam
            Below ``EVERY`` this is a heuristic: what it does not find may exist all the same.
        most
            At most so many routes.
        limit
            Most labels of a direction.
        slack
            Not negative. The more, the fewer labels are made.
        few
            Only few arcs, no visit twice: a heuristic too.

        Raises
        ------
        LabelLimitError
            Above the limit of labels; nothing is proven then.
        OutOfBudgetError
            When the budget is spent.
        """
        first, last, below = self.network.begin, self.network.latest, duals.vehicle - slack
        fore = self._fore.run(duals, (first, last, self.half, FAR, below), budget, beam=beam, limit=limit, few=few)
        # A backward label's resource counts from the end: beyond the halfway point it is below this.
        beyond = self.greatest - self.half - 1
        back = self._back.run(duals, (0, last - first, beyond, beyond, below), budget, beam=beam, limit=limit, few=few)
        self.made += fore + back
        self._balance(fore, back)
        priced = self._routes(duals, budget, most, below)
        return priced if beam == EVERY else priced._replace(least=None)

    def floor(self, duals: Duals) -> int | None:
        """No route has a reduced price below this, at most 0; quickly found. None: nothing is known."""
        return self._fore.floor(duals)

    def _balance(self, fore: int, back: int) -> None:
        """Move the halfway point towards the direction with more labels."""
        part = -(-(self.greatest - self.least) // SHIFT)
        many, few = max(fore, back), max(min(fore, back), 1)
        steps = (many > 1.4 * few) + (many > 3 * few) + (many > 10 * few)
        self.half += part * steps * (1 if back > fore else -1)
        self.half = min(max(self.half, self.least), self.greatest)

    def _routes(self, duals: Duals, budget: Budget, most: int, below: int) -> Priced:
        half = self.half_used
        graph, found = self._fore.graph, new_found(FOUND_MAX)
        home = self._fore.homeward(duals)
        least = go_home(graph, self._fore.labels, home, half, self.network.latest, below, found)
        for node in range(self.size - 1):
            at_node = meet(graph, self._fore.labels, self._back.labels, node, half, self.turn, below, found)
            least = min(least, at_node)
            budget.spend()
        return Priced(min(0, least - duals.vehicle), self._chosen(found, duals.vehicle, most))

    @property
    def half_used(self) -> int:
        """The halfway point of the last forward run."""
        return self._fore.half

    def _chosen(self, found: Found, below: int, most: int) -> list[tuple[int, tuple[int, ...]]]:
        """The cheapest routes, each with a visit that few of those before it have."""
        order = np.argsort(found.price[: found.size[0]], kind="stable")
        seen: set[tuple[int, ...]] = set()
        used = np.zeros(self.size, dtype=np.int64)
        chosen: list[tuple[int, tuple[int, ...]]] = []
        for entry in order[: 20 * most]:
            nodes = self._fore.path(int(found.fore[entry]))[::-1] + self._back.path(int(found.back[entry]))[1:]
            key = tuple(sorted(nodes))
            if key in seen or int(np.min(used[list(nodes)])) >= max(3, most // 15):
                continue
            seen.add(key)
            used[list(nodes)] += 1
            chosen.append((int(found.price[entry]) - below, nodes))
            if len(chosen) >= most:
                break
        return chosen

    def whole_way_back(self, duals: Duals, gap: int, budget: Budget, limit: int) -> NDArray[np.int64]:
        """
        Least reduced price from each node home, by how much of the main resource is used, shape (nodes, CELLS).

        A route that stands at a node with ``main`` used pays at least the entry of the cell that ``turn - main`` is in
        (of the backward graph), if its reduced price lacks less than ``gap``. ``LabelLimitError`` above the limit.
        """
        span = (0, self.network.latest - self.network.begin, FAR, FAR, duals.vehicle + gap)
        self._back.run(duals, span, budget, beam=EVERY, limit=limit)
        labels = self._back.labels
        least = np.full(labels.cell.shape, FAR, dtype=np.int64)
        for node in range(self.size - 1):
            for cell in range(labels.cell.shape[1]):
                head = labels.cell[node, cell]
                if head >= 0:
                    least[node, cell] = labels.record[head, PRICE]
        rest: NDArray[np.int64] = np.minimum.accumulate(least, axis=1)
        return rest

    def graphs(self, duals: Duals) -> tuple[Graph, Graph, Homeward]:
        """Forward and backward graph and the arcs home, priced with duals."""
        return self._fore.priced(duals), self._back.priced(duals), self._fore.homeward(duals)


class _Direction:
    """One direction: arcs by tail, and the labels."""

    def __init__(self, network: Network, near: Ints, words: int, *, backward: bool) -> None:
        self.network = network
        self.backward = backward
        self.half = 0
        size = len(network.opens)
        price = network.price.T if backward else network.price
        arcs = (price < FAR) & (np.arange(size) < size - 1)
        self._arcs = np.nonzero(arcs), np.nonzero(few_of(network, arcs, backward=backward))
        self._graphs = tuple(_graph_of(network, near, words, *arcs, backward=backward) for arcs in self._arcs)
        # What heuristics find repeats no visit: it is of use to the master while duals are still far off.
        self._graphs[1].ng[:] = -1
        self._graphs[1].waits[2] = 1
        self.graph = self._graphs[0]
        self.labels = new_labels(ROOM, size, words)
        self.begin = 0 if backward else network.begin
        self.ahead = no_ahead()

    def priced(self, duals: Duals, *, few: bool = False) -> Graph:
        """The graph with reduced prices; with ``few`` arcs it misses routes."""
        self.graph = self._graphs[few]
        tails, heads = self._arcs[few]
        worth = np.zeros(len(self.graph.opens), dtype=np.int64)
        worth[: self.network.visits] = duals.visits
        # An arc carries the dual of the visit that it leads to in driving direction.
        price = self.network.price[heads, tails] if self.backward else self.network.price[tails, heads]
        self.graph.price[:] = price - worth[tails if self.backward else heads]
        self.graph.hits[:], self.graph.keeps[:], self.graph.sigma[:] = duals.hits, duals.keeps, duals.sigma
        return self.graph

    def homeward(self, duals: Duals) -> Homeward:
        """Arcs that end a path; only those that lead to a visit in driving direction carry its dual."""
        limits, size = self.network.limits, len(self.network.opens)
        pick = (-1, slice(None)) if self.backward else (slice(None), -1)
        one, two = [
            np.array(limits[k].by_arc[pick]) if k < len(limits) else np.zeros(size, dtype=np.int64) for k in range(2)
        ]
        price = np.array(self.network.price[pick])
        if self.backward:
            price[: self.network.visits] -= duals.visits
        return Homeward(price, np.array(self.network.main[pick]), one, two)

    def run(
        self, duals: Duals, span: tuple[int, ...], budget: Budget, *, beam: int, limit: int, few: bool = False
    ) -> int:
        """Make all labels; returns how many."""
        self.priced(duals, few=few)
        self.half = span[2]
        seed(self.graph, self.labels, self.begin)
        ahead = self.ahead = (
            look_ahead(self.graph, self.homeward(duals), span[0], span[1]) if span[4] < FAR else no_ahead()
        )
        counted = 0
        while True:
            status = advance(self.graph, self.labels, np.array(span, dtype=np.int64), beam, SLICE, ahead)
            made = int(self.labels.counters[COUNT])
            budget.spend(made - counted)
            counted = made
            if status == DONE:
                return made
            if status == FULL:
                if len(self.labels.node) >= limit:
                    raise LabelLimitError
                self.labels = grown(self.labels, min(4 * len(self.labels.node), limit))
            if made >= limit:
                raise LabelLimitError

    def floor(self, duals: Duals) -> int | None:
        """A reduced price, at most 0, that no route is below, by looking ahead alone; None where that tells nothing."""
        graph = self.priced(duals)
        ahead = look_ahead(graph, self.homeward(duals), self.begin, self.network.latest)
        if ahead.width[0] < 0:
            return None
        return min(0, int(least_start(graph, ahead, self.begin)) - duals.vehicle)

    def path(self, label: int) -> tuple[int, ...]:
        """Nodes of a label's path from its last one back, without the depot."""
        nodes: list[int] = []
        while label > 0:
            nodes.append(int(self.labels.node[label]))
            label = int(self.labels.before[label])
        return tuple(nodes)


def grown(labels: Labels, room: int) -> Labels:
    """The same labels with more room."""
    bigger = new_labels(room, len(labels.cell), labels.record.shape[1] - MEM)
    made = int(labels.counters[COUNT])
    for field in Labels._fields:
        old, new = getattr(labels, field), getattr(bigger, field)
        if field in {"cell", "queue", "counters"}:
            new[:] = old
        else:
            new[:made] = old[:made]
    return bigger


def remembered(near: Ints, size: int, words: int) -> Ints:
    """Bit sets of what each node remembers; a reload forgets nothing."""
    sets = np.zeros((size, words), dtype=np.uint64)
    for node, neighbours in enumerate(near):
        for other in neighbours:
            sets[node, int(other) >> 6] |= np.uint64(1) << np.uint64(int(other) & 63)
    sets[len(near) :] = ~np.uint64(0)
    return sets.view(np.int64)


def few_of(network: Network, arcs: NDArray[np.bool_], *, backward: bool) -> NDArray[np.bool_]:
    """Of all arcs those among the cheapest few from or to a visit, and those of the depot and of reloads."""
    price = network.price + network.pace * np.maximum(
        0, network.opens[None, :] - network.closes[:, None] - network.main
    )
    price = np.where((network.price < FAR), price, FAR)
    visits = network.visits
    inner = price[:visits, :visits]
    rank = np.minimum(inner.argsort(axis=0).argsort(axis=0), inner.argsort(axis=1).argsort(axis=1))
    few = arcs.copy()
    few[:visits, :visits] &= (rank < FEW).T if backward else rank < FEW
    return few


def _graph_of(network: Network, near: Ints, words: int, tails: Ints, heads: Ints, *, backward: bool) -> Graph:
    """These arcs with what they take; prices come with duals."""
    size = len(network.opens)
    pick = (heads, tails) if backward else (tails, heads)
    one, two = [
        network.limits[k].by_arc[pick] if k < len(network.limits) else np.zeros(len(tails), dtype=np.int64)
        for k in range(2)
    ]
    opens = network.latest - network.closes if backward else network.opens
    closes = network.latest - network.opens if backward else network.closes
    timed = next((k for k, limit in enumerate(network.limits) if limit.timed), -1)
    return Graph(
        first=np.searchsorted(tails, np.arange(size + 1)).astype(np.int64),
        head=heads.astype(np.int64),
        price=np.zeros(len(tails), dtype=np.int64),
        main=np.ascontiguousarray(network.main[pick]),
        one=np.ascontiguousarray(one),
        two=np.ascontiguousarray(two),
        opens=opens.astype(np.int64),
        closes=closes.astype(np.int64),
        limits=np.array([limit.most for limit in network.limits] + [FAR, FAR], dtype=np.int64)[:2],
        reload=np.arange(size) >= network.visits,
        resets=np.array([limit.resets for limit in network.limits] + [False, False])[:2],
        ng=remembered(near, size, words),
        hits=np.zeros((size, CUT_WORDS), dtype=np.uint64),
        keeps=np.zeros((size, CUT_WORDS), dtype=np.uint64),
        sigma=np.zeros(64 * CUT_WORDS, dtype=np.int64),
        waits=np.array([network.pace, timed, 0, ONE if network.halved else MAIN], dtype=np.int64),
    )
