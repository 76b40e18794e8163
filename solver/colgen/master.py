"""The restricted master problem: which shares of the routes known cover every visit at the least price."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from solver.colgen.cuts import CUTS_MAX, Cut, masks
from solver.colgen.exact import price_of
from solver.colgen.jit import jit
from solver.colgen.labels import CUT_WORDS, Ints
from solver.colgen.model import FAR, Model
from solver.colgen.simplex import Table, solve

Floats = NDArray[np.float64]

SCALE = 1_000.0
"""The dearest single trip costs so much in the linear program."""
NUDGE, NUDGE_MANY, MANY = 1e-6, 1e-3, 120
"""Right sides are moved by so much at most; with more visits than the last by the second, or pivots lead nowhere."""
DEAR = 1e3
"""What an artificial costs at first, in dearest single trips."""
COLUMNS_MAX = 8_000
COLUMNS_KEPT = 5_000


class Column(NamedTuple):
    """A route of a network (index), or with -1 an order left to its outside option; price in grains."""

    network: int
    nodes: tuple[int, ...]
    price: int


class Solution(NamedTuple):
    """
    Of the restricted master.

    ``value`` and ``duals`` in grains, duals by row: visits, networks, fewest, most vehicles, cuts. ``shares`` are
    (index of a column, share). ``short`` is what artificials and paid slacks take: 0 where the duals are free.
    """

    value: float
    duals: Floats
    shares: list[tuple[int, float]]
    short: float


class Master:
    """
    Columns and rows.

    Rows: each visit at least once, each network's vehicles, at least and at most so many vehicles in all, cuts.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self.visits = len(model.visits)
        self.size = self.visits + max(len(network.reloads) for network in model.networks) + 1
        self.columns: list[Column] = []
        self._known: set[tuple[int, tuple[int, ...]]] = set()
        self.cuts: list[Cut] = []
        self.fewest, self.most = 0, self.visits
        self._basis: Ints | None = None
        self.dear = DEAR
        self.box: tuple[Floats, Floats] | None = None
        for price, nodes in model.choices:
            self.columns.append(Column(-1, nodes, price))
        self.add(self._alone())
        self.unit = max([1, *(column.price for column in self.columns if column.network >= 0)]) / SCALE

    def _alone(self) -> Iterable[tuple[int, tuple[int, ...]]]:
        return ((k, (node,)) for k in range(len(self.model.networks)) for node in range(self.visits))

    def add(self, routes: Iterable[tuple[int, tuple[int, ...]]]) -> int:
        """Add routes (index of the network, nodes) that the relaxation allows; returns how many are new."""
        before = len(self.columns)
        for network, nodes in routes:
            price = price_of(self.model.networks[network], nodes)
            if price < FAR and (network, nodes) not in self._known:
                self._known.add((network, nodes))
                self.columns.append(Column(network, nodes, price))
        return len(self.columns) - before

    def keep_near(self, center: Floats, part: float) -> None:
        """
        Keep visits' duals within a part of these, and a part of their mean (a box step, after Marsten et al. 1975).

        With few columns the program's own duals jump about; pricing with them finds nothing of use and takes for ever.
        """
        width = part * (center[: self.visits] + center[: self.visits].mean() / 2)
        self.box = np.maximum(center[: self.visits] - width, 0), center[: self.visits] + width

    def bound_vehicles(self, fewest: int, most: int) -> None:
        """Branch: so many vehicles at least and at most."""
        self.fewest, self.most = fewest, most
        self._basis = None

    def add_cuts(self, cuts: Sequence[Cut]) -> int:
        """Add cuts as far as there is room, after dropping those that do not bind; returns how many came in."""
        self._drop_idle_cuts()
        known = {cut.visits: index for index, cut in enumerate(self.cuts)}
        before = len(self.cuts)
        changed = 0
        for cut in cuts:
            index = known.get(cut.visits)
            if index is not None:
                changed += cut.memory != self.cuts[index].memory
                self.cuts[index] = Cut(cut.visits, cut.memory | self.cuts[index].memory)
            elif len(self.cuts) < CUTS_MAX:
                self.cuts.append(cut)
        fresh = [-2 - 2 * (self._row_of_cut(index)) for index in range(before, len(self.cuts))]
        if self._basis is not None:
            # An artificial takes up what the old solution has too much; where it has not, the slack does (see solve).
            self._basis = None if changed else np.array([*self._basis, *fresh])
        return len(self.cuts) - before + changed

    def _row_of_cut(self, index: int) -> int:
        return self.visits + len(self.model.networks) + 2 + index

    def _drop_idle_cuts(self) -> None:
        """Drop the cuts whose slack is basic: they do not bind."""
        if self._basis is None or not self.cuts:
            return
        basic = set(self._basis.tolist())
        idle = {index for index in range(len(self.cuts)) if -1 - 2 * self._row_of_cut(index) in basic}
        gone = {self._row_of_cut(index) for index in idle}
        row_of: dict[int, int] = {}
        for row in range(len(self._basis)):
            if row not in gone:
                row_of[row] = len(row_of)
        names = [
            name if name >= 0 else -1 - 2 * row_of[(-1 - name) // 2] - (-1 - name) % 2
            for name in self._basis.tolist()
            if name >= 0 or (-1 - name) // 2 not in gone
        ]
        self.cuts = [cut for index, cut in enumerate(self.cuts) if index not in idle]
        self._basis = np.array(names) if len(names) == len(row_of) else None

    def solve(self) -> Solution:
        """Optimise; where the simplex gives up, from the start again, and then with what duals it has."""
        table = self._table()
        rows = len(table.right)
        nudge = NUDGE_MANY if self.visits > MANY else NUDGE
        right = table.right - nudge * table.sense * (1 + np.arange(rows) * 7919 % rows / rows)
        if self._basis is None or len(self._basis) != rows:
            self._basis = self._first_basis(table)
        good, level, duals = solve(table, self._basis, right)
        if not good or np.min(level, initial=0.0) < -1e-5:
            self._basis = self._first_basis(table)
            good, level, duals = solve(table, self._basis, right)
        shares = [(name, float(share)) for name, share in zip(self._basis.tolist(), level, strict=True) if name >= 0]
        short = sum(
            float(share)
            for name, share in zip(self._basis.tolist(), level, strict=True)
            if name < 0 and ((-1 - name) % 2 == 1 or table.low[(-1 - name) // 2] > 0)
        )
        value = float(table.right @ duals) * self.unit
        return Solution(value, np.maximum(duals * table.sense, 0) * table.sense * self.unit, shares, short)

    def _first_basis(self, table: Table) -> Ints:
        """Artificials where something is asked, slacks elsewhere."""
        asked = (table.sense > 0) & (table.right > 0)
        rows = np.arange(len(table.right))
        return np.where(asked, -2 - 2 * rows, -1 - 2 * rows)

    def _table(self) -> Table:
        networks = self.model.networks
        sense = [1.0] * self.visits + [-1.0] * len(networks) + [1.0, -1.0] + [-1.0] * len(self.cuts)
        counts = [self.visits if network.vehicles is None else network.vehicles for network in networks]
        right = [1.0] * self.visits + [float(count) for count in counts]
        right += [float(self.fewest), float(self.most)] + [1.0] * len(self.cuts)
        first, nodes = flat([column.nodes for column in self.columns])
        hits, keeps = masks(self.cuts, self.size)
        owner = np.array([column.network for column in self.columns], dtype=np.int64)
        starts, row, value = entries(first, nodes, owner, self.visits, len(networks), hits, keeps, len(self.cuts))
        cost = np.array([column.price for column in self.columns], dtype=float) / self.unit
        low, high = np.zeros(len(right)), np.full(len(right), self.dear * SCALE)
        if self.box is not None:
            low[: self.visits], high[: self.visits] = self.box[0] / self.unit, self.box[1] / self.unit
        return Table(starts, row, value, cost, np.array(right), np.array(sense), low, high)

    def prune(self, duals: Floats) -> None:
        """Forget the columns furthest from use where there are too many."""
        if len(self.columns) <= COLUMNS_MAX or self._basis is None:
            return
        table = self._table()
        reduced = table.cost - np.add.reduceat(table.value * duals[table.row] / self.unit, table.first[:-1])
        reduced[: len(self.model.choices)] = -np.inf
        basic = self._basis[self._basis >= 0]
        reduced[basic] = -np.inf
        keep = np.sort(np.argsort(reduced, kind="stable")[:COLUMNS_KEPT])
        new_name = {int(old): new for new, old in enumerate(keep)}
        self._basis = np.array([name if name < 0 else new_name[name] for name in self._basis.tolist()])
        self.columns = [self.columns[int(index)] for index in keep]
        self._known = {(column.network, column.nodes) for column in self.columns}


@jit
def entries(
    first: Ints, nodes: Ints, owner: Ints, visits: int, networks: int, hits: Ints, keeps: Ints, cuts: int
) -> tuple[Ints, Ints, Floats]:
    """The master's columns: how often each visit is covered, vehicles, cuts."""
    starts = np.zeros(len(owner) + 1, dtype=np.int64)
    room = len(nodes) + len(owner) * (3 + min(cuts, 16))
    row, value = np.empty(room, dtype=np.int64), np.empty(room)
    count = np.zeros(64 * CUT_WORDS, dtype=np.int64)
    size = 0
    for j in range(len(owner)):
        begin = size
        for k in range(first[j], first[j + 1]):
            if nodes[k] >= visits:
                continue
            at = begin
            while at < size and row[at] != nodes[k]:
                at += 1
            if at == size:
                row[size], value[size] = nodes[k], 0.0
                size += 1
            value[at] += 1.0
        if owner[j] >= 0:
            for name in (visits + owner[j], visits + networks, visits + networks + 1):
                row[size], value[size] = name, 1.0
                size += 1
            if cuts:
                passed(first, nodes, j, hits, keeps, count)
                if size + cuts + 3 * 2048 > len(row):
                    row, value = longer(row, value, cuts)
                for q in range(cuts):
                    if count[q]:
                        row[size], value[size] = visits + networks + 2 + q, float(count[q])
                        size += 1
        if size + 4096 > len(row):
            row, value = longer(row, value, cuts)
        starts[j + 1] = size
    return starts, row[:size].copy(), value[:size].copy()


@jit
def longer(row: Ints, value: Floats, cuts: int) -> tuple[Ints, Floats]:
    """Arrays with half as much room again."""
    more = len(row) + len(row) // 2 + cuts + 10_000
    rows, values = np.empty(more, dtype=np.int64), np.empty(more)
    rows[: len(row)], values[: len(value)] = row, value
    return rows, values


@jit
def passed(first: Ints, nodes: Ints, j: int, hits: Ints, keeps: Ints, count: Ints) -> None:
    """How often a route completes a pair of each cut, as labels count it."""
    count[:] = 0
    for word in range(CUT_WORDS):
        state = 0
        for k in range(first[j], first[j + 1]):
            state &= keeps[nodes[k], word]
            full = np.uint64(state & hits[nodes[k], word])
            state ^= hits[nodes[k], word]
            place = 64 * word
            while full:
                if full & np.uint64(1):
                    count[place] += 1
                full >>= np.uint64(1)
                place += 1


def flat(sequences: Sequence[tuple[int, ...]]) -> tuple[Ints, Ints]:
    """Sequences one after the other, and where each begins."""
    first = np.zeros(len(sequences) + 1, dtype=np.int64)
    np.cumsum([len(sequence) for sequence in sequences], out=first[1:])
    return first, np.array([node for sequence in sequences for node in sequence], dtype=np.int64)
