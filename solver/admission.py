"""Where an order would still fit on the routes as they are, and at what least price: exact, for explanations."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from solver.compiled import PICKUP, Compiled
from solver.cost import route_cost
from solver.schedule import Blocked, Timetable, legs, loads_after, timetable
from solver.ways import least_milli, ways


class Offer(NamedTuple):
    """A feasible way to serve an order: what it adds to the cost, the vehicle type, and whether on a route as it is."""

    price_milli: int
    type_: int
    on_route: bool


class _Place(NamedTuple):
    """Gaps for the visits to be inserted (gap g follows the g-th visit), and what they add without any waiting."""

    least_milli: int
    gaps: tuple[int, ...]


def cheapest_insertion(compiled: Compiled, routes: Sequence[tuple[int, tuple[int, ...]]], order: int) -> Offer | None:
    """
    The least that it costs to serve an order on one of the routes, whose other visits keep their sequence.

    Exact: positions that load or times forbid are left out by tests that never err, the others are priced from the
    least lower bound on, until no bound is below the best price. (With one more reload only the ways of
    ``solver.ways`` are looked at.)

    Returns
    -------
    Offer or None
        None where no route has room.
    """
    best: Offer | None = None
    for type_, visits in routes:
        if not compiled.compatible[type_, order]:
            continue
        times = timetable(compiled, type_, visits)
        if isinstance(times, Blocked):
            continue
        if not compiled.plain[type_]:
            best = _cheapest_way(compiled, type_, visits, times, order, best)
            continue
        line = _Line(compiled, type_, visits, times)
        for place in sorted(line.places_for(order)):
            if best is not None and place.least_milli >= best.price_milli:
                break
            price = line.price(order, place.gaps)
            if price is not None and (best is None or price < best.price_milli):
                best = Offer(price, type_, True)
    return best


def _cheapest_way(
    compiled: Compiled, type_: int, visits: tuple[int, ...], times: Timetable, order: int, best: Offer | None
) -> Offer | None:
    """The same for a route with breaks, reloads, releases, locks, groups or a limit of stops; or the best known."""
    cost_milli = route_cost(compiled, type_, visits, times).total_milli
    longer = (
        (least_milli(compiled, type_, way) - cost_milli, len(way), way) for way in ways(compiled, type_, visits, order)
    )
    for least, _, way in sorted(longer):
        if best is not None and least >= best.price_milli:
            break
        found = timetable(compiled, type_, way)
        if not isinstance(found, Blocked):
            price = route_cost(compiled, type_, way, found).total_milli - cost_milli
            if best is None or price < best.price_milli:
                best = Offer(price, type_, True)
    return best


class _Line:
    """One route with what is needed to judge a gap in constant time."""

    def __init__(self, compiled: Compiled, type_: int, visits: tuple[int, ...], times: Timetable) -> None:
        self.compiled, self.type_, self.visits = compiled, type_, visits
        self.vehicle = compiled.vehicle_types[type_]
        self.cost_milli = route_cost(compiled, type_, visits, times).total_milli
        start, after = loads_after(compiled, visits)
        self.loads = [start, *after]
        self.stops = [compiled.start_of[type_], *(compiled.place_of[visit] for visit in visits), compiled.end_of[type_]]
        _, self.legs_s = legs(compiled, type_, visits)
        self.distance_m = times.distance_m
        self.busy_s = sum(self.legs_s) + sum(compiled.service_of[visit] for visit in visits)
        self._earliest()
        self._latest()

    def _earliest(self) -> None:
        """``free_s[g]``: when the vehicle can leave for gap g at the earliest."""
        self.free_s = [self.vehicle.shift.open_s]
        for position, visit in enumerate(self.visits):
            left_s = self._served(visit, self.free_s[-1] + self.legs_s[position])
            assert left_s is not None, "the route is feasible"
            self.free_s.append(left_s)

    def _latest(self) -> None:
        """``due_s[g]``: when the vehicle must reach what follows gap g at the latest, for the rest to be feasible."""
        due_s = [self.vehicle.shift.close_s]
        for position in range(len(self.visits) - 1, -1, -1):
            visit = self.visits[position]
            latest = due_s[-1] - self.legs_s[position + 1] - self.compiled.service_of[visit]
            # A service may begin at the latest second of any window, so with several windows too one number suffices.
            due_s.append(max(min(latest, w.close_s) for w in self.compiled.windows_of[visit] if w.open_s <= latest))
        self.due_s = due_s[::-1]

    def _served(self, visit: int, arrival_s: int) -> int | None:
        """When the service ends at the earliest; None after the last window."""
        for window in self.compiled.windows_of[visit]:
            if arrival_s <= window.close_s:
                return max(arrival_s, window.open_s) + self.compiled.service_of[visit]
        return None

    def _leg(self, here: int, there: int) -> tuple[int, int]:
        if here == there:
            return 0, 0
        return self.compiled.distance_rows[self.type_][here][there], self.compiled.duration_rows[self.type_][here][
            there
        ]

    def _fits(self, order: int, position: int) -> bool:
        """Whether the goods fit beside what is on board after the visit at a position (0: from the start)."""
        goods, capacity = self.compiled.loads[order], self.compiled.capacities[self.type_]
        return all(a + b <= c for a, b, c in zip(goods, self.loads[position], capacity, strict=True))

    def places_for(self, order: int) -> Iterator[_Place]:
        """Every set of gaps that loads and times allow."""
        visits = self.compiled.visits_of(order)
        if len(visits) == 2:
            yield from self._pairs(order, *visits)
            return
        visit = visits[0]
        fits = [self._fits(order, position) for position in range(len(self.visits) + 1)]
        for gap in range(len(self.visits) + 1):
            if not all(fits[gap:] if visit & 1 == PICKUP else fits[: gap + 1]):
                continue
            if self._in_time(visit, gap, self.free_s[gap]):
                yield from self._bounded((visit,), (gap,))

    def _pairs(self, order: int, pickup: int, delivery: int) -> Iterator[_Place]:
        for first in range(len(self.visits) + 1):
            now = self._reached(pickup, self.stops[first], self.free_s[first])
            here = self.compiled.place_of[pickup]
            for second in range(first, len(self.visits) + 1):
                if now is None or not self._fits(order, second):
                    break
                if self._in_time(delivery, second, now, here):
                    yield from self._bounded((pickup, delivery), (first, second))
                if second < len(self.visits):
                    now = self._reached(self.visits[second], here, now)
                    here = self.compiled.place_of[self.visits[second]]

    def _reached(self, visit: int, here: int | None, left_s: int) -> int | None:
        """When a visit is done at the earliest, coming from a place; None where that is too late or there is no way."""
        assert here is not None, "only the end of a route may be open"
        metres, seconds = self._leg(here, self.compiled.place_of[visit])
        return None if metres < 0 or seconds < 0 else self._served(visit, left_s + seconds)

    def _in_time(self, visit: int, gap: int, left_s: int, here: int | None = None) -> bool:
        """Whether a visit in a gap can be served and the rest of the route after it."""
        done_s = self._reached(visit, self.stops[gap] if here is None else here, left_s)
        if done_s is None:
            return False
        onward = self.stops[gap + 1]
        metres, seconds = (0, 0) if onward is None else self._leg(self.compiled.place_of[visit], onward)
        return metres >= 0 and seconds >= 0 and done_s + seconds <= self.due_s[gap]

    def _bounded(self, added: tuple[int, ...], gaps: tuple[int, ...]) -> Iterator[_Place]:
        """The gaps with a lower bound on what they add: distance and stops are exact, waiting is left out."""
        yield _Place(least_milli(self.compiled, self.type_, self._with(added, gaps)) - self.cost_milli, gaps)

    def _with(self, added: tuple[int, ...], gaps: tuple[int, ...]) -> tuple[int, ...]:
        longer = list(self.visits)
        for visit, gap in zip(reversed(added), reversed(gaps), strict=True):
            longer.insert(gap, visit)
        return tuple(longer)

    def price(self, order: int, gaps: tuple[int, ...]) -> int | None:
        """What the order adds in these gaps; None where a limit of duration or distance forbids them."""
        longer = self._with(self.compiled.visits_of(order), gaps)
        times = timetable(self.compiled, self.type_, longer)
        if isinstance(times, Blocked):
            return None
        return route_cost(self.compiled, self.type_, longer, times).total_milli - self.cost_milli
