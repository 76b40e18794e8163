"""Where an order fits into a route, and at what price: estimated for every position, exact for the promising few."""

from collections.abc import Iterator, Sequence
from heapq import nsmallest
from typing import NamedTuple

from solver.compiled import DELIVERY, Compiled, Rows
from solver.cost import METRES_A_KM, SECONDS_AN_HOUR
from solver.problem import Window
from solver.routing.alone import price_milli
from solver.routing.features import RouteKey
from solver.schedule import loads_after, service_s

EXACT_TRIES = 12
"""Positions priced exactly for one order; the estimate leaves out waiting alone, so the best is nearly always there."""
RICH_TRIES = 30
"""The same where the estimate leaves out breaks, releases, loads of new trips and limits too."""
NEVER = 2**60


class Insertion(NamedTuple):
    """A feasible way to take an order on: the price that it adds, and the route that comes of it."""

    added_milli: int
    line: int
    route: RouteKey
    cost_milli: int


class Line:
    """
    One route with what is needed to judge insertions in constant time a position.

    Loads are kept once; times and way are kept for each vehicle type that was asked about.
    """

    def __init__(self, compiled: Compiled, route: RouteKey, cost_milli: int) -> None:
        self.compiled = compiled
        self.type_, self.visits = route
        self.cost_milli = cost_milli
        self.places = compiled.places_of(self.visits)
        self.clash_bits = 0
        for order in compiled.orders_of(self.visits):
            self.clash_bits |= compiled.clash_bits[order]
        start, after = loads_after(compiled, self.visits)
        self.loads = [start, *after]
        self._runs: dict[int, Run | None] = {}

    def run(self, type_: int) -> "Run | None":
        """The route as a vehicle of this type would drive it; None where it cannot."""
        if type_ not in self._runs:
            self._runs[type_] = _run(self, type_)
        return self._runs[type_]

    def fits(self, type_: int, order: int, positions: tuple[int, int]) -> bool:
        """Whether the load holds with the goods on board from leaving ``positions[0]`` to reaching ``positions[1]``."""
        goods, capacity = self.compiled.loads[order], self.compiled.capacities[type_]
        return all(
            load[d] + goods[d] <= capacity[d]
            for load in self.loads[positions[0] : positions[1]]
            for d in range(len(capacity))
        )

    def trip(self, k: int) -> tuple[int, int]:
        """First gap and last gap of the trip that gap k (before the k-th visit) is in."""
        before = (position for position in range(k - 1, -1, -1) if self.visits[position] < 0)
        after = (position for position in range(k, len(self.visits)) if self.visits[position] < 0)
        return next(before, -1) + 1, next(after, len(self.visits))


class Run(NamedTuple):
    """
    Times of a line on one vehicle type.

    ``free_s[k]`` is when the vehicle can leave for the k-th visit at the earliest, ``due_s[k]`` when it must reach it
    at the latest (windows joined to one: a bound, not a promise); one entry more for the end. ``stops`` are the places
    in order with start and end, the end None where it is open. ``price`` estimates the route's cost without waiting.
    """

    free_s: list[int]
    due_s: list[int]
    stops: list[int | None]
    price: float


def _run(line: Line, type_: int) -> Run | None:
    """Forward and backward pass over a line; what breaks and releases of deliveries take is left out."""
    compiled, visits = line.compiled, line.visits
    if not all(compiled.compatible[type_, order] for order in compiled.orders_of(visits)):
        return None
    duration = compiled.duration_rows[type_]
    vehicle, happened, left_s = compiled.vehicle_types[type_], compiled.happened[type_], compiled.left_s[type_]
    stops: list[int | None] = [compiled.start_of[type_], *line.places, compiled.end_of[type_]]
    free_s = [vehicle.shift.open_s if left_s is None else left_s, *(end_s for _, end_s in happened)]
    for k in range(len(happened), len(visits)):
        leg = _between(duration, stops[k], stops[k + 1])
        begin = -1 if leg < 0 else _begin(compiled, visits[k], free_s[-1] + leg)
        if begin < 0:
            return None
        free_s.append(begin + service_s(compiled, type_, visits, k))
    due_s = [vehicle.shift.close_s]
    for k in range(len(visits) - 1, -1, -1):
        leg = _between(duration, stops[k + 1], stops[k + 2])
        latest = due_s[-1] - leg - service_s(compiled, type_, visits, k)
        windows = _windows(compiled, visits[k])
        due_s.append(min(windows[-1].close_s, latest) if k >= len(happened) else latest)
    return Run(free_s, due_s[::-1], stops, _estimate(line, type_, stops))


def _estimate(line: Line, type_: int, stops: list[int | None]) -> float:
    """What a route costs without waiting, breaks and overtime."""
    compiled, vehicle = line.compiled, line.compiled.vehicle_types[type_]
    distance, duration = compiled.distance_rows[type_], compiled.duration_rows[type_]
    price = float(vehicle.fixed_milli + vehicle.trip_milli * (1 + sum(visit < 0 for visit in line.visits)))
    if compiled.problem.change_milli:
        price += sum(int(compiled.change_milli[type_, order]) for order in compiled.orders_of(line.visits))
    for k, here in enumerate(stops[:-1]):
        price += _between(distance, here, stops[k + 1]) * vehicle.km_milli / METRES_A_KM
        price += _between(duration, here, stops[k + 1]) * vehicle.hour_milli / SECONDS_AN_HOUR
        price += vehicle.stop_milli * (k < len(line.visits) and here != stops[k + 1])
    return price


def _between(rows: Rows, here: int | None, there: int | None) -> int:
    """Entry of a matrix, 0 within a place and on the way to an open end."""
    return 0 if here is None or there is None or here == there else rows[here][there]


def _windows(compiled: Compiled, visit: int) -> tuple[Window, ...]:
    return compiled.windows_of[visit] if visit >= 0 else compiled.dock_windows[~visit]


def _begin(compiled: Compiled, visit: int, arrival_s: int) -> int:
    """When service begins for an arrival; -1 after the last window."""
    for window in _windows(compiled, visit):
        if arrival_s <= window.close_s:
            return max(arrival_s, window.open_s)
    return -1


def best_insertion(
    compiled: Compiled, lines: Sequence[tuple[int, Line]], order: int, free: Sequence[int], at_most: int = NEVER
) -> Insertion | None:
    """
    The cheapest way found to take an order on one of some lines.

    Parameters
    ----------
    compiled
        The problem.
    lines
        Number and line of each candidate.
    order
        Index of the order, served by none of them.
    free
        By vehicle type: how many more vehicles may be used; a line may change to a type that is free.
    at_most
        Only insertions that add less than this are of interest.
    """
    offers = (
        (estimate, len(new), number, type_, at, new)
        for number, line in lines
        if not line.clash_bits & compiled.group_bits[order]
        for type_ in range(len(free))
        if _may_drive(compiled, line, type_, free) and compiled.compatible[type_, order]
        for estimate, at, new in _estimates(line, type_, order, at_most)
    )
    by_number = dict(lines)
    best: Insertion | None = None
    for estimate, _, number, type_, at, new in nsmallest(EXACT_TRIES if all(compiled.plain) else RICH_TRIES, offers):
        limit = at_most if best is None else best.added_milli
        if estimate >= limit:
            break
        line = by_number[number]
        route = (type_, _inserted(line.visits, new, at))
        cost = price_milli(compiled, route)
        if cost is not None and cost - line.cost_milli < limit:
            best = Insertion(cost - line.cost_milli, number, route, cost)
    return best


def _may_drive(compiled: Compiled, line: Line, type_: int, free: Sequence[int]) -> bool:
    """Whether a line may be driven by a type: its own, or one that is free where no lock binds either."""
    own = line.type_
    return type_ == own or (free[type_] > 0 and not compiled.prefix[type_] and not compiled.prefix[own])


def _inserted(visits: tuple[int, ...], new: tuple[int, ...], at: tuple[int, int]) -> tuple[int, ...]:
    """Visits with some more before what stood at a position; two whose positions differ are put apart."""
    if at[0] == at[1]:
        return (*visits[: at[0]], *new, *visits[at[0] :])
    return (*visits[: at[0]], new[0], *visits[at[0] : at[1]], new[1], *visits[at[1] :])


Way = tuple[float, tuple[int, int], tuple[int, ...]]
"""Estimate of what is added, the positions, and what is put there."""


def _estimates(line: Line, type_: int, order: int, at_most: int) -> Iterator[Way]:
    """Added price without waiting for each position (or pair of positions) that load and joined windows allow."""
    compiled, run = line.compiled, line.run(type_)
    if run is None or compiled.closed[type_]:
        return
    changed = float(compiled.change_milli[type_, order]) if compiled.problem.change_milli else 0.0
    if type_ != line.type_:
        own = line.run(line.type_)
        changed += run.price - (0.0 if own is None else own.price)
    new = compiled.visits_of(order)
    if len(new) == 2:
        yield from _pairs(line, run, type_, order, changed=changed, at_most=at_most)
        return
    delivers = new[0] & 1 == DELIVERY
    for k in range(len(compiled.prefix[type_]), len(line.visits) + 1):
        added = changed + _added(compiled, run, type_, new, k)
        if added < at_most:
            first, last = line.trip(k) if compiled.reloads_of[type_] else (0, len(line.visits))
            if line.fits(type_, order, (first, k + 1) if delivers else (k, last + 1)):
                yield added, (k, k), new
        for place in compiled.reloads_of[type_]:
            for trip in ((~place, new[0]), (new[0], ~place)):
                added = changed + _added(compiled, run, type_, trip, k)
                if added < at_most:
                    yield added, (k, k), trip


def _pairs(line: Line, run: Run, type_: int, order: int, *, changed: float, at_most: int) -> Iterator[Way]:
    """Positions of pickup and delivery; next to each other the way between is counted as driven."""
    compiled = line.compiled
    pickup, delivery = new = compiled.visits_of(order)
    positions = range(len(line.visits) + 1)
    second = [_added(compiled, run, type_, (delivery,), k) for k in positions]
    for i in positions[len(compiled.prefix[type_]) :]:
        first = _added(compiled, run, type_, (pickup,), i)
        if changed + first >= at_most or not line.fits(type_, order, (i, i + 1)):
            continue
        together = _added(compiled, run, type_, (pickup, delivery), i)
        if changed + together < at_most:
            yield changed + together, (i, i), new
        for j in positions[i + 1 :]:
            if not line.fits(type_, order, (j, j + 1)):
                break
            if changed + first + second[j] < at_most:
                yield changed + first + second[j], (i, j), new


def _added(compiled: Compiled, run: Run, type_: int, visits: tuple[int, ...], k: int) -> float:
    """Estimated price of more visits in a row before the k-th; ``NEVER`` where times forbid it."""
    vehicle = compiled.vehicle_types[type_]
    distance, duration = compiled.distance_rows[type_], compiled.duration_rows[type_]
    here, after = run.stops[k], run.stops[k + 1]
    metres, seconds = -_between(distance, here, after), -_between(duration, here, after)
    ends = k == len(run.stops) - 2
    stops = -(here != after and not ends)
    now = run.free_s[k]
    trips = 0
    for visit in visits:
        there = compiled.place_of[visit] if visit >= 0 else ~visit
        leg_s = _between(duration, here, there)
        begin = -1 if leg_s < 0 else _begin(compiled, visit, now + leg_s)
        if begin < 0:
            return NEVER
        metres += _between(distance, here, there)
        service = compiled.service_of[visit] if visit >= 0 else vehicle.reload_s
        seconds += leg_s + service
        stops += here != there
        trips += visit < 0
        now = begin + service
        here = there
    leg_s = _between(duration, here, after)
    if leg_s < 0 or now + leg_s > run.due_s[k]:
        return NEVER
    stops += here != after and not ends
    metres += _between(distance, here, after)
    seconds += leg_s
    return (
        metres * vehicle.km_milli / METRES_A_KM
        + seconds * vehicle.hour_milli / SECONDS_AN_HOUR
        + stops * vehicle.stop_milli
        + trips * vehicle.trip_milli
    )
