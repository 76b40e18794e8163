"""
Routes of tiny problems by trial: sequences, loads and times, derived from the definitions with nothing of the search.

A route is a vehicle and a sequence of jobs. Among all starts and all places for breaks the shortest-lasting run is
the one to price, for every price of time grows with duration. Travel profiles must hold matrices that keep the
triangle inequality, or a route could be shorter than what is tried here.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

from solver.plan import Action
from solver.problem import Break, Lock, Order, Problem, VehicleType, Visit, Window

RELOADS_TRIED = 2


class Vehicle(NamedTuple):
    """One vehicle, and what is settled about it."""

    kind: VehicleType
    number: int
    lock: Lock


class Job(NamedTuple):
    """A visit of an order, or a reload (``order`` None)."""

    place: str
    order: Order | None = None
    action: Action = Action.PICKUP

    @property
    def visit(self) -> Visit:
        """What the order asks for."""
        assert self.order is not None
        visit = self.order.pickup if self.action is Action.PICKUP else self.order.delivery
        assert visit is not None
        return visit

    @property
    def from_the_start(self) -> bool:
        """Whether its goods are on board when the trip begins."""
        return self.order is not None and self.order.pickup is None

    @property
    def to_the_end(self) -> bool:
        """Whether its goods stay on board until the trip ends."""
        return self.order is not None and self.order.delivery is None


class Run(NamedTuple):
    """Times of a route: a triple (arrival, begin, end) a job."""

    start_s: int
    end_s: int
    times: tuple[tuple[int, int, int], ...]
    pauses: tuple[tuple[int, int], ...]


class World:
    """A problem by name, with its ways."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.orders = {order.id: order for order in problem.orders}
        self.apart = {frozenset(pair) for pair in problem.apart}
        self.opening = {place.id: place.windows for place in problem.places}
        self._row = {place.id: row for row, place in enumerate(problem.places)}
        self._ways: dict[str, tuple[list[list[int]], list[list[int]]]] = {}
        for profile in problem.profiles:
            assert profile.distance_m is not None
            assert profile.duration_s is not None
            self._ways[profile.id] = profile.distance_m.to_rows(), profile.duration_s.to_rows()

    def way(self, kind: VehicleType, here: str, there: str) -> tuple[int, int]:
        """Metres and seconds; negative where there is no way."""
        if here == there:
            return 0, 0
        metres, seconds = (table[self._row[here]][self._row[there]] for table in self._ways[kind.profile])
        return (-1, -1) if min(metres, seconds) < 0 else (metres, seconds)

    def prefix(self, vehicle: Vehicle) -> list[Job]:
        """What its route begins with."""
        jobs = []
        for locked in vehicle.lock.visits:
            if locked.order is None:
                jobs.append(Job(str(locked.place)))
            else:
                job = Job("", self.orders[locked.order], locked.action or Action.PICKUP)
                jobs.append(job._replace(place=job.visit.place))
        return jobs


def sequences(world: World, vehicle: Vehicle, orders: Sequence[Order]) -> Iterator[list[Job]]:
    """Every sequence that serves just these orders, with reloads anywhere, that loads, hubs and limits allow."""
    prefix = world.prefix(vehicle)
    waiting = [
        Job(visit.place, order, action)
        for order in orders
        for action, visit in ((Action.PICKUP, order.pickup), (Action.DELIVERY, order.delivery))
        if visit is not None
    ]
    if any(job not in waiting for job in prefix if job.order is not None) or not (waiting or prefix):
        return
    for job in prefix:
        if job.order is not None:
            waiting.remove(job)
    if vehicle.lock.closed and waiting:
        return
    most = RELOADS_TRIED
    if vehicle.kind.reloads_max is not None:
        most = min(most, vehicle.kind.reloads_max - sum(job.order is None for job in prefix))
    for jobs in _longer(vehicle, prefix, waiting, 0 if vehicle.lock.closed else most):
        if _allowed(world, vehicle, jobs):
            yield jobs


def _longer(vehicle: Vehicle, jobs: list[Job], waiting: list[Job], reloads: int) -> Iterator[list[Job]]:
    if not waiting:
        yield jobs
    for job in waiting:
        rest = [other for other in waiting if other is not job]
        if job.action is Action.PICKUP or all(other.order is not job.order for other in rest):
            yield from _longer(vehicle, [*jobs, job], rest, reloads)
    for place in dict.fromkeys(vehicle.kind.reloads) if reloads else ():
        yield from _longer(vehicle, [*jobs, Job(place)], waiting, reloads - 1)


def trips(vehicle: Vehicle, jobs: Sequence[Job]) -> list[tuple[str, str | None, list[Job]]]:
    """Begin, end and jobs of each trip."""
    cut: list[tuple[str, str | None, list[Job]]] = [(vehicle.kind.start, vehicle.kind.end, [])]
    for job in jobs:
        if job.order is None:
            begin, _, done = cut.pop()
            cut += [(begin, job.place, done), (job.place, vehicle.kind.end, [])]
        else:
            cut[-1][2].append(job)
    return cut


def _allowed(world: World, vehicle: Vehicle, jobs: list[Job]) -> bool:
    """Everything but times."""
    kind, lock = vehicle.kind, vehicle.lock
    orders = list({job.order.id: job.order for job in jobs if job.order is not None}.values())
    if any(set(order.skills) - set(kind.skills) for order in orders):
        return False
    for one, other in combinations(orders, 2):
        if any(frozenset((a, b)) in world.apart for a in one.groups for b in other.groups):
            return False
    if not _reloads_matter(world, vehicle, jobs):
        return False
    if lock.start_s is not None:
        named = {*lock.orders, *(visit.order for visit in lock.visits)}
        if any(job.from_the_start and job.order.id not in named for job in trips(vehicle, jobs)[0][2] if job.order):
            return False
    if kind.stops_max is not None and stops_served(kind, jobs) > kind.stops_max:
        return False
    metres = distance_m(world, vehicle, jobs)
    if metres is None or (kind.distance_max_m is not None and metres > kind.distance_max_m):
        return False
    return _hubs_fit(vehicle, jobs) and all(
        amount <= kind.capacity.get(dimension, amount)
        for load in loads(vehicle, jobs)
        for dimension, amount in load.items()
    )


def _reloads_matter(world: World, vehicle: Vehicle, jobs: list[Job]) -> bool:
    """Whether each reload that is not locked unloads or loads something: one that does neither is no reload."""
    cut = trips(vehicle, jobs)
    settled = sum(job.order is None for job in world.prefix(vehicle))
    return all(
        any(job.to_the_end for job in before) or any(job.from_the_start for job in after)
        for (_, _, before), (_, _, after) in zip(cut[settled:], cut[settled + 1 :], strict=False)
    )


def _hubs_fit(vehicle: Vehicle, jobs: list[Job]) -> bool:
    for begin, end, done in trips(vehicle, jobs):
        for job in done:
            assert job.order is not None
            if job.from_the_start and job.order.hub not in (None, begin):
                return False
            if job.to_the_end and (end is None or job.order.hub not in (None, end)):
                return False
    return True


def loads(vehicle: Vehicle, jobs: Sequence[Job]) -> list[Counter[str]]:
    """What is on board at the start and after every job."""
    load: Counter[str] = Counter()
    cut = trips(vehicle, jobs)
    found: list[Counter[str]] = []
    for number, (_, _, done) in enumerate(cut):
        if number:
            for job in cut[number - 1][2]:
                if job.order is not None and job.to_the_end:
                    load.subtract(job.order.load)
        for job in done:
            if job.order is not None and job.from_the_start:
                load.update(job.order.load)
        found.append(Counter(load))
        for job in done:
            assert job.order is not None
            (load.update if job.action is Action.PICKUP else load.subtract)(job.order.load)
            found.append(Counter(load))
    return found


def arrivals(kind: VehicleType, jobs: Sequence[Job]) -> int:
    """How often the vehicle comes to another place, to reload too, the end not counted."""
    places = [kind.start, *(job.place for job in jobs)]
    return sum(places[k] != job.place for k, job in enumerate(jobs))


def stops_served(kind: VehicleType, jobs: Sequence[Job]) -> int:
    """At how many of its stays, the one at the start not counted, the vehicle serves somebody."""
    number, serving = 0, set()
    places = [kind.start, *(job.place for job in jobs)]
    for k, job in enumerate(jobs):
        number += places[k] != job.place
        if number and job.order is not None:
            serving.add(number)
    return len(serving)


def distance_m(world: World, vehicle: Vehicle, jobs: Sequence[Job]) -> int | None:
    """Metres of a route; None where there is no way."""
    past = sum(visit.start_s is not None for visit in vehicle.lock.visits)
    places = [vehicle.kind.start, *(job.place for job in jobs)]
    places += [] if vehicle.kind.end is None else [vehicle.kind.end]
    legs = [world.way(vehicle.kind, here, there)[0] for here, there in pairwise(places)]
    if any(metres < 0 for metres in legs[past:]):
        return None
    return sum(max(0, metres) for metres in legs)


def due(pause: Break, start_s: int, end_s: int) -> bool:
    """Whether a route from start to end is under way when the break's window closes."""
    return start_s <= pause.window.close_s < end_s


def opens(windows: tuple[Window, ...], more: tuple[Window, ...], now: int) -> int | None:
    """The first second from ``now`` on that lies in one of each set of windows."""
    ends = [now, *(window.open_s for window in (*windows, *more) if window.open_s > now)]
    for time_s in sorted(ends):
        if all(
            not given or any(window.open_s <= time_s <= window.close_s for window in given) for given in (windows, more)
        ):
            return time_s
    return None
