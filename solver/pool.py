"""
The route pool: every route that any search ever saw, each priced once.

Set partitioning chooses among them, and coalition costs come from them: one pool for all coalitions, closed under
dropping an owner's stops, makes those costs sub-additive and monotone by construction instead of by luck.
"""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import combinations
from typing import NamedTuple

from solver.compiled import Compiled
from solver.cost import route_cost
from solver.schedule import Blocked, timetable
from solver.trips import fewer_reloads, tidied


class PoolRoute(NamedTuple):
    """
    A feasible route with its price.

    ``type_`` is the vehicle type's index, ``visits`` the sequence as in ``solver.compiled``, ``orders`` what it serves
    (none where a locked vehicle only reloads), ``cost_milli`` the total of ``solver.cost.route_cost``, ``duration_s``
    from leaving the start to being done.
    """

    type_: int
    visits: tuple[int, ...]
    orders: frozenset[int]
    cost_milli: int
    duration_s: int = 0


class Pool:
    """
    Feasible routes of one problem, the cheapest sequence for each pair of vehicle type and set of orders.

    Iteration is in order of first arrival of the pair, so a pool filled in the same order reads the same.
    """

    def __init__(self, compiled: Compiled) -> None:
        self.compiled = compiled
        self._best: dict[tuple[int, frozenset[int]], PoolRoute] = {}
        self._refused: set[tuple[int, tuple[int, ...]]] = set()
        self._known: set[tuple[int, tuple[int, ...]]] = set()

    def copy(self) -> "Pool":
        """A pool of its own with the same routes."""
        other = Pool(self.compiled)
        other._best, other._refused, other._known = dict(self._best), set(self._refused), set(self._known)
        return other

    def __len__(self) -> int:
        return len(self._best)

    def __iter__(self) -> Iterator[PoolRoute]:
        return iter(self._best.values())

    def add(self, type_: int, visits: Sequence[int]) -> PoolRoute | None:
        """
        Price a sequence and keep it if it is the cheapest of its kind.

        Parameters
        ----------
        type_
            Index of the vehicle type.
        visits
            Visits and reloads in order of service.

        Returns
        -------
        PoolRoute or None
            The cheapest route known with this vehicle type and these orders, or None when the sequence is no route:
            without orders (but for a lock's prefix), a visit missing, repeated or before its pickup, or against a
            constraint.
        """
        key = (type_, tuple(visits))
        if key in self._refused:
            return None
        if key in self._known:
            return self._best[type_, self.compiled.orders_of(visits)]
        route = self.priced(*key)
        if route is None:
            self._refused.add(key)
            return None
        self._known.add(key)
        kept = self._best.get((type_, route.orders))
        if kept is not None and _rank(kept) <= _rank(route):
            return kept
        self._best[type_, route.orders] = route
        return route

    def add_all(self, sequences: Iterable[tuple[int, Sequence[int]]]) -> int:
        """Add many; returns by how many pairs of vehicle type and set of orders the pool grew."""
        before = len(self)
        for type_, visits in sequences:
            self.add(type_, visits)
        return len(self) - before

    def reprice(self, visits: Sequence[int]) -> PoolRoute | None:
        """Offer one sequence to every vehicle type; the cheapest that takes it, None when none does."""
        offers = [self.add(type_, visits) for type_ in range(len(self.compiled.vehicle_types))]
        return min((route for route in offers if route is not None), key=_by_price, default=None)

    def close(self, groups: Sequence[frozenset[int]], limit: int | None = None) -> bool:
        """
        Add what is left of each route when the stops of some groups of orders are dropped, and reloads for them alone.

        Parameters
        ----------
        groups
            Orders of each owner (or union of owners); apart from one another.
        limit
            At most so many sequences are priced; routes of many groups come last. None for no limit.

        Returns
        -------
        bool
            Whether every restriction was priced: the pool is closed under dropping groups, except where a
            restriction is infeasible (which takes a matrix without triangle inequality, or an exact load profile).
        """
        group_of = {order: index for index, group in enumerate(groups) for order in group}
        touched = [(route, sorted({group_of[order] for order in route.orders})) for route in self]
        touched.sort(key=lambda entry: len(entry[1]))
        for route, mine in touched:
            left = [] if len(mine) < 2 else [kept for size in range(1, len(mine)) for kept in combinations(mine, size)]
            if limit is not None:
                limit -= len(left)
                if limit < 0:
                    return False
            for kept in left:
                left_over = [visit for visit in route.visits if visit < 0 or group_of[visit >> 1] in kept]
                rest = tidied(left_over, self.compiled, route.type_)
                self.add(route.type_, rest)
                # What reloads made room for may be gone.
                self.add_all((route.type_, fewer) for fewer in fewer_reloads(rest, self.compiled, route.type_))
        return True

    def digest(self) -> str:
        """SHA-256 in hex of all routes with their prices, whatever the order in which they came."""
        lines = sorted(f"{route.type_} {route.cost_milli} {','.join(map(str, route.visits))}" for route in self)
        return sha256("\n".join(lines).encode()).hexdigest()

    def priced(self, type_: int, visits: tuple[int, ...]) -> PoolRoute | None:
        """A sequence as a route with its price, whether or not it is the cheapest of its kind; None if it is none."""
        if not self._whole(visits) or not (max(visits) >= 0 or self.compiled.prefix[type_]):
            return None
        times = timetable(self.compiled, type_, visits, reasons=False)
        if isinstance(times, Blocked):
            return None
        cost = route_cost(self.compiled, type_, visits, times)
        return PoolRoute(type_, visits, self.compiled.orders_of(visits), cost.total_milli, times.duration_s)

    def _whole(self, visits: tuple[int, ...]) -> bool:
        """Each order's visits there once, pickup before delivery; reloads may stand anywhere."""
        place_of = self.compiled.place_of
        seen: set[int] = set()
        open_pickups = 0
        for visit in visits:
            if visit < 0:
                continue
            if visit in seen or visit >= len(place_of) or place_of[visit] < 0:
                return False
            if place_of[visit ^ 1] >= 0:
                if visit & 1 and visit ^ 1 not in seen:
                    return False
                open_pickups += -1 if visit & 1 else 1
            seen.add(visit)
        return bool(visits) and open_pickups == 0


def cheapest(routes: Iterable[PoolRoute]) -> list[PoolRoute]:
    """For each set of orders the cheapest route of any vehicle type: all that counts where hire is unlimited."""
    best: dict[frozenset[int], PoolRoute] = {}
    for route in routes:
        kept = best.get(route.orders)
        if kept is None or _by_price(route) < _by_price(kept):
            best[route.orders] = route
    return list(best.values())


def _rank(route: PoolRoute) -> tuple[int, int, tuple[int, ...]]:
    return route.cost_milli, len(route.visits), route.visits


def _by_price(route: PoolRoute) -> tuple[int, int, tuple[int, ...]]:
    return route.cost_milli, route.type_, route.visits
