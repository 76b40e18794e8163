"""From a question to the tables and the state of a search."""

from math import gcd
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.routing.plain.layout import (
    BASE_SHIFT,
    BEST,
    BEST_LOST,
    COST,
    FREE_OF_TIME,
    GENERAL,
    INFINITE,
    LOG_SHIFT,
    LOST,
    NEVER,
    NODE_SHIFT,
    SLOT,
    SLOT_SHIFT,
    SPAN_SHIFT,
    TIMED,
    TYPE_SHIFT,
    Int32,
    Int64,
    State,
    Tables,
)
from solver.routing.plain.question import OPEN_END, Question

COST_BITS = 27
"""The dearest arc takes so many bits at most."""
WAIT_WEIGHT = 0.2
"""How much unavoidable waiting makes two orders worse neighbours, against as long a drive."""
REMOVED, REMOVED_LEAST, REMOVED_SHARE = 10.0, 2.0, 0.4
"""Orders taken out in a round on average: so many, and of few orders a share."""
EASY_MILLI, EASY_MILLI_SMALL = 0, 250
"""In so many rounds of a thousand vehicles of their own seem cheaper to orders than they are; up to 64 orders."""
FULL_LISTS_MAX = 64
LIST, NEAR_MAX = 40, 200
"""Neighbours tried for an insertion above ``FULL_LISTS_MAX`` orders; orders that a ruin looks at."""


class Prepared:
    """
    Tables and state.

    Attributes
    ----------
    tables, state
        For the compiled functions.
    sequence
        The question's orders in the search's numbering: neighbours have near numbers, which the caches reward.
    unit_milli
        Thousandths of a minor unit in one unit of the search's costs.
    """

    def __init__(self, question: Question, seed: int) -> None:
        self.sequence = _chain(question)
        self.question = question = _rearranged(question, self.sequence)
        self.n, self.types = len(question.place), len(question.start)
        self._depots()
        self._times()
        self._costs()
        self._mode()
        self._lists()
        self.tables = self._tables()
        self.state = _state(self.tables, self.slots, question, seed)

    def _depots(self) -> None:
        """Rows of the matrices: orders, then the distinct depots, of which one may be an open end."""
        q = self.question
        depots = sorted({*q.start.tolist(), *q.end.tolist()})
        row = {place: self.n + k for k, place in enumerate(depots)}
        self.start_row = np.array([row[place] for place in q.start.tolist()])
        self.end_row = np.array([row[place] for place in q.end.tolist()])
        self.places = np.concatenate((q.place, np.array(depots, dtype=np.int64)))
        self.width = len(self.places)
        self.open_row = row.get(OPEN_END, -1)
        self.slots = max(1, min(self.n, int(np.minimum(q.vehicles, self.n).sum())))

    def _classes(self) -> list[int]:
        """A first type of each class of types with the same matrices and prices of way and time."""
        q = self.question
        keys = [
            (id(q.distance_m[k]), id(q.duration_s[k]), int(q.km_milli[k]), int(q.stop_milli[k]), self._folded(k))
            for k in range(self.types)
        ]
        seen = {key: k for k, key in reversed(list(enumerate(keys)))}
        firsts = sorted(seen.values())
        self.class_of = np.array([firsts.index(seen[key]) for key in keys])
        return firsts

    def _folded(self, type_: int) -> int:
        return 0 if self.timed else int(self.question.hour_milli[type_])

    def _times(self) -> None:
        """Windows, shifts, and legs; where no window binds, limits of duration become shifts."""
        q = self.question
        self.window = np.minimum(q.window_s, NEVER - 1)
        self.shift = np.minimum(q.shift_s, NEVER - 1)
        self.longest = np.minimum(q.longest_s, NEVER)
        self.timed = bool(
            (self.window[:, 0] > self.shift[:, 0].min(initial=NEVER)).any()
            or (self.window[:, 1] < self.shift[:, 1].max(initial=0)).any()
        )
        if not self.timed:
            length = np.minimum(self.shift[:, 1] - self.shift[:, 0], self.longest)
            self.shift = np.stack((np.zeros_like(length), length), axis=1)
            self.window = np.tile(np.array([0, length.max(initial=0)]), (self.n, 1))
            self.longest = np.full(self.types, NEVER)
        self.firsts = self._classes()
        self.time = np.empty((len(self.firsts), self.width, self.width), dtype=np.int32)
        self.blocked = np.zeros(self.time.shape, dtype=bool)
        self.service = np.zeros(self.width, dtype=np.int64)
        self.service[: self.n] = np.minimum(q.service_s, NEVER)
        for k, type_ in enumerate(self.firsts):
            metres, seconds = self._between(q.distance_m[type_]), self._between(q.duration_s[type_])
            self.blocked[k] = (metres < 0) | (seconds < 0)
            seconds = np.minimum(seconds, NEVER)
            seconds[self.blocked[k]] = NEVER
            self.time[k] = seconds

    def _between(self, matrix: Int64) -> Int64:
        """A matrix of places as one of rows: nothing between rows at one place, nothing to an open end."""
        table: Int64 = matrix[self.places[:, None], self.places].astype(np.int64)
        table[self.places[:, None] == self.places] = 0
        if self.open_row >= 0:
            table[:, self.open_row] = 0
            table[self.open_row, :] = 0
        return table

    def _costs(self) -> None:
        """Arc prices in whole units: exact where the prices allow, else 27 bits for the dearest."""
        q = self.question
        arcs = []
        for k, type_ in enumerate(self.firsts):
            milli = self._between(q.distance_m[type_]) * int(q.km_milli[type_])
            if q.stop_milli[type_]:
                milli[:, : self.n] += (
                    1_000 * int(q.stop_milli[type_]) * (self.places[:, None] != self.places)[:, : self.n]
                )
            if self._folded(type_):
                milli = milli + (self.time[k] + self.service[:, None]) * (int(q.hour_milli[type_]) * 1_000 / 3_600)
            milli[self.blocked[k]] = 0
            arcs.append(milli)
        dearest = max(1, *(int(np.max(arc)) for arc in arcs))
        fine = q.hour_milli.any() or q.extra_milli is not None
        thousandth = 1 if fine else self._common()
        if fine or dearest / thousandth > 1 << COST_BITS:
            scale = dearest / (1 << COST_BITS)
            cost = [np.rint(arc / scale) for arc in arcs]
        else:
            scale = float(thousandth)
            cost = [arc // thousandth for arc in arcs]
        self.unit_milli = scale / 1_000
        self.cost = np.stack(cost).astype(np.int32)
        self.cost[self.blocked] = 1 << COST_BITS

    def _common(self) -> int:
        """A common divisor of all prices, in thousandths of a milli."""
        q = self.question
        others = (
            1_000 * int(x) for row in (q.stop_milli, q.fixed_milli, q.outside_milli.clip(0)) for x in set(row.tolist())
        )
        return max(1, gcd(*set(q.km_milli.tolist()), *others))

    def units(self, milli: Int64) -> Int64:
        """Prices in the search's unit."""
        return np.rint(milli / self.unit_milli).astype(np.int64)

    def _mode(self) -> None:
        """Which loads bind, which insertion test is needed."""
        q = self.question
        binding = [d for d in range(q.load.shape[1]) if q.load[:, d].sum() > np.min(q.capacity[:, d])]
        self.load = q.load[:, binding] if binding else np.zeros((self.n, 1), dtype=np.int64)
        self.capacity = q.capacity[:, binding] if binding else np.zeros((self.types, 1), dtype=np.int64)
        self.spans = self.timed and bool(
            q.hour_milli.any() or (self.longest < self.shift[:, 1] - self.shift[:, 0]).any()
        )
        if self.spans or len(binding) > 1 or len(self.firsts) > 1 or q.extra_milli is not None or not q.allowed.all():
            self.mode = GENERAL
        elif self.timed or self.blocked.any() or self._may_be_late():
            self.mode = TIMED
        else:
            self.mode = FREE_OF_TIME

    def _may_be_late(self) -> bool:
        """Whether a route of the orders that fit by load can last longer than a shift."""
        fit = self.n
        if self.load.any():
            fit = int((np.cumsum(np.sort(self.load[:, 0])) <= int(np.max(self.capacity))).sum())
        dearest = np.sort(self.time[:, : self.n].max(axis=(0, 2)) + self.service[: self.n])[self.n - fit :].sum()
        return bool(dearest + np.max(self.time[:, self.n :]) > np.min(self.shift[:, 1]))

    def _lists(self) -> None:
        """Good predecessors, good successors and near orders of each."""
        n = self.n
        cost = self.cost[:, :n, :n].mean(axis=0) if len(self.firsts) > 1 else self.cost[0, :n, :n]
        time = self.time[:, :n, :n].min(axis=0) + self.service[:n, None]
        length = n if n <= FULL_LISTS_MAX else min(n, LIST)
        if self.mode == FREE_OF_TIME:
            nearness = np.minimum(cost, cost.T)
            self.before, count = _nearest(nearness, np.eye(n, dtype=bool), length)
            self.after, self.listed = self.before, np.concatenate((count, count))
        else:
            opens, closes = self.window[:, 0], self.window[:, 1]
            waiting = np.maximum(opens - (time + closes[:, None]), 0)
            price = cost.sum(dtype=np.float64) / max(time[time < NEVER].sum(dtype=np.float64), 1.0)
            merit = cost + (WAIT_WEIGHT * price) * waiting
            late = opens[:, None] + time > closes
            late[np.arange(n), np.arange(n)] = True
            self.before, before = _nearest(merit.T, late.T, length)
            self.after, after = _nearest(merit, late, length)
            self.listed = np.concatenate((before, after))
        apart = cost + cost.T
        apart[np.arange(n), np.arange(n)] = -1
        self.near, _ = _nearest(apart, np.zeros((n, n), dtype=bool), min(n, NEAR_MAX))

    def _tables(self) -> Tables:
        q, n = self.question, self.n
        alone = self._alone()
        cost_out, cost_in = _both_ways(self.cost)
        time_out, time_in = (cost_out, cost_in) if np.array_equal(self.cost, self.time) else _both_ways(self.time)
        worst = int(np.where(alone < INFINITE, alone, 1).max())
        mandatory = q.outside_milli < 0
        outside = np.where(mandatory, 2 * worst + (1 << COST_BITS + 1), self.units(q.outside_milli))
        types = np.zeros((self.types, 1 << TYPE_SHIFT), dtype=np.int64)
        types[:, 0], types[:, 1] = self.units(q.fixed_milli), self.class_of
        types[:, 2], types[:, 3] = self.start_row, self.end_row
        types[:, 4:6], types[:, 6] = self.shift, self.longest
        size = [n, self.width, self.slots, self.types, self.load.shape[1], self.near.shape[1], self.before.shape[1]]
        removed = round(10 * min(REMOVED, REMOVED_LEAST + REMOVED_SHARE * n))
        size += [7 if self.timed else 4, self.mode, self.types > 1, self.spans, removed]
        size.append(EASY_MILLI if n > FULL_LISTS_MAX else EASY_MILLI_SMALL)
        return Tables(
            size=np.array(size, dtype=np.int64),
            cost_out=cost_out,
            cost_in=cost_in,
            time_out=time_out,
            time_in=time_in,
            before=_priced(self.before, self.cost[0].T),
            after=_priced(self.after, self.cost[0]),
            listed=self.listed.astype(np.int32),
            near=_flat(self.near),
            window=_flat(self.window.astype(np.int32)),
            load=_flat(self.load),
            capacity=_flat(self.capacity),
            outside=outside,
            mandatory=mandatory.astype(np.uint8),
            keys=self._keys(),
            types=types.reshape(-1),
            hour=self.question.hour_milli / 3_600 / self.unit_milli * self.timed,
            allowed=q.allowed.astype(np.uint8).reshape(-1),
            extra=np.zeros(self.types * n, np.int64) if q.extra_milli is None else _flat(self.units(q.extra_milli)),
            alone=_flat(alone),
            own=_flat(np.argsort(alone, axis=0, kind="stable").T.astype(np.int32)),
        )

    def _alone(self) -> Int64:
        """Price of each order on a vehicle of its own of each type."""
        q, n = self.question, self.n
        class_ = self.class_of[:, None]
        row = np.arange(n)
        out, home = self.start_row[:, None], self.end_row[:, None]
        fixed = self.units(q.fixed_milli)[:, None]
        price = fixed + self.cost[class_, out, row] + self.cost[class_, row, home].astype(np.int64)
        if q.extra_milli is not None:
            price = price + self.units(q.extra_milli)
        leg_out = self.time[class_, out, row].astype(np.int64)
        leg_home = self.time[class_, row, home] + self.service[:n]
        begin = np.maximum(self.shift[:, :1] + leg_out, self.window[:, 0])
        fine = (begin <= self.window[:, 1]) & (begin + leg_home <= self.shift[:, 1:])
        fine &= (leg_out + leg_home <= self.longest[:, None]) & q.allowed
        fine &= (self.load[None] <= self.capacity[:, None]).all(axis=2)
        if self.timed:
            price = price + np.rint((leg_out + leg_home) * (q.hour_milli[:, None] / 3_600 / self.unit_milli)).astype(
                np.int64
            )
        return np.where(fine, price, INFINITE)

    def _keys(self) -> Int32:
        """What removed orders are sorted by: nothing, load, far, near, then narrow, early, late windows."""
        share = (self.load / np.maximum(self.capacity.max(axis=0), 1)).max(axis=1)
        far = self.cost[0, self.start_row[0], : self.n]
        keys = [np.zeros(self.n), -share * 1e8, -far, far]
        if self.timed:
            keys += [self.window[:, 1] - self.window[:, 0], self.window[:, 0], -self.window[:, 1]]
        return np.stack(keys).astype(np.int32).reshape(-1)


def _chain(question: Question) -> NDArray[np.int64]:
    """Orders by going to the nearest one not yet visited, again and again; as they are where there are few."""
    n = len(question.place)
    if n <= FULL_LISTS_MAX:
        return np.arange(n)
    apart = question.distance_m[0][question.place[:, None], question.place].astype(np.float64)
    sequence = np.empty(n, dtype=np.int64)
    x = 0
    for k in range(n):
        sequence[k] = x
        apart[:, x] = np.inf
        x = int(apart[x].argmin())
    return sequence


def _rearranged(question: Question, sequence: NDArray[np.int64]) -> Question:
    """The question with its orders in another sequence."""
    by_order = ("place", "service_s", "window_s", "load", "outside_milli")
    changed = {name: getattr(question, name)[sequence] for name in by_order}
    extra = question.extra_milli
    changed["extra_milli"] = None if extra is None else extra[:, sequence]
    return question._replace(**changed, allowed=question.allowed[:, sequence])


def _both_ways(table: Int32) -> tuple[Int32, Int32]:
    """Flat tables by origin and by destination: one and the same where the ways are symmetric."""
    turned = table.transpose(0, 2, 1)
    out = _flat(table)
    return (out, out) if np.array_equal(table, turned) else (out, _flat(turned))


def _priced(lists: NDArray[np.uint32], cost: Int32) -> Int32:
    """Flat lists with the price of each arc beside its order."""
    prices = np.take_along_axis(cost[: len(lists)], lists.astype(np.int64), axis=1)
    return np.stack((lists.astype(np.int32), prices), axis=2).reshape(-1)


def _flat(array: NDArray[Any]) -> NDArray[Any]:
    return np.ascontiguousarray(array).reshape(-1)


def _nearest(merit: NDArray[Any], barred: NDArray[np.bool_], length: int) -> tuple[NDArray[np.uint32], Int32]:
    """The best columns of each row that are not barred, best first, and how many there are."""
    merit = np.where(barred, np.inf, merit)
    n = len(merit)
    if length < n:
        some = np.argpartition(merit, length - 1, axis=1)[:, :length] if length else np.empty((n, 0), dtype=np.int64)
        order = np.argsort(np.take_along_axis(merit, some, axis=1), axis=1, kind="stable")
        best = np.take_along_axis(some, order, axis=1)
    else:
        best = np.argsort(merit, axis=1, kind="stable")
    count = np.minimum((~barred).sum(axis=1), length)
    return best.astype(np.uint32), count.astype(np.int32)


def _state(t: Tables, slots: int, question: Question, seed: int) -> State:
    n, dimensions = int(t.size[0]), int(t.size[4])
    nodes = n + 2 * slots
    node = np.zeros((nodes, 1 << NODE_SHIFT), dtype=np.int32)
    node[:n, SLOT] = slots
    base = np.zeros((nodes, 1 << BASE_SHIFT), dtype=np.int32)
    base[:n, 1:3] = t.window.reshape(-1, 2)
    base[:n, 3] = np.arange(n)
    base[:n, 4] = np.minimum(question.service_s, NEVER)
    begins = np.arange(n, nodes, 2)
    node[begins, 0] = node[begins, 6] = begins
    node[begins + 1, 0] = node[begins + 1, 6] = begins + 1
    slot = np.zeros((slots + 1, 1 << SLOT_SHIFT), dtype=np.int32)
    slot[:, 0] = -1
    room = np.zeros((slots + 1, dimensions), dtype=np.int64)
    room[slots] = -1
    number = np.zeros(16, dtype=np.int64)
    number[COST] = t.outside.sum()
    number[LOST] = t.mandatory.sum()
    number[BEST], number[BEST_LOST] = INFINITE, n + 1
    return State(
        node=node.reshape(-1),
        base=base.reshape(-1),
        span=np.zeros(nodes << SPAN_SHIFT, dtype=np.int32),
        slot=slot.reshape(-1),
        room=room.reshape(-1),
        order=np.arange(slots, dtype=np.int32),
        where=np.arange(slots, dtype=np.int32),
        idle=question.vehicles.astype(np.int64),
        best_next=np.zeros(nodes, dtype=np.int32),
        best_type=np.full(slots, -1, dtype=np.int32),
        touched=np.zeros(slots, dtype=np.int32),
        logged=np.zeros(slots, dtype=np.int32),
        kept=np.zeros(slots * (2 + dimensions), dtype=np.int64),
        log=np.zeros(nodes << LOG_SHIFT, dtype=np.int32),
        work=np.zeros(n + 1, dtype=np.int32),
        rank=np.zeros(n + 1, dtype=np.int64),
        dirty=np.zeros(slots, dtype=np.int32),
        mark=np.zeros(n, dtype=np.int64),
        number=number,
        random=np.array([(seed * 0x9E3779B97F4A7C15 + 0x1234567) % (1 << 64) or 1], dtype=np.uint64),
    )
