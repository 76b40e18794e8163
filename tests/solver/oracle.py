"""
The cheapest plan of a tiny problem (at most 5 orders, 3 vehicles) by trying everything: assignments, sequences,
reloads, starts, breaks. It shares nothing with what it judges; its plan passes the checker.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

from solver.plan import Plan, PlannedBreak, PlannedVisit, Reason, Route, RouteCost, Stop, Unplanned
from solver.problem import Lock, Order, Problem
from tests.solver.oracle_routes import Job, Run, Vehicle, World, arrivals, distance_m, loads, sequences
from tests.solver.oracle_times import shortest_run


class Option(NamedTuple):
    """One way for a vehicle to serve some orders."""

    cost_milli: int
    duration_s: int
    route: Route


class Best(NamedTuple):
    """As few mandatory orders left out as can be, then the least cost, and a plan with both."""

    mandatory_left: int
    cost_milli: int
    plan: Plan


def optimum(problem: Problem) -> Best | None:
    """The best plan; None where locks leave none."""
    world = World(problem)
    fleet = _fleet(problem)
    known: dict[tuple[object, ...], list[Option]] = {}
    best: Best | None = None
    for chosen in _assignments(problem, fleet):
        loaded = [tuple(k for k, where in enumerate(chosen) if where == number) for number in range(len(fleet))]
        options = [_options(world, known, vehicle, orders) for vehicle, orders in zip(fleet, loaded, strict=True)]
        left = [order for order, where in zip(problem.orders, chosen, strict=True) if where < 0]
        for routes in product(*options):
            found = _plan(problem, [option for option in routes if option is not None], left)
            if best is None or found[:2] < best[:2]:
                best = found
    return best


def _fleet(problem: Problem) -> list[Vehicle]:
    """Every vehicle that a plan could use: of unlimited hire as many as there are orders, and those named."""
    locks = {(lock.vehicle_type, lock.vehicle): lock for lock in problem.locks}
    named = {*locks, *((entry.vehicle_type, entry.vehicle) for entry in problem.published)}
    fleet = []
    for kind in problem.vehicle_types:
        count = len(problem.orders) if kind.count is None else min(kind.count, len(problem.orders))
        numbers = {*range(1, count + 1), *(number for type_, number in named if type_ == kind.id)}
        for number in sorted(numbers):
            lock = locks.get((kind.id, number), Lock(vehicle_type=kind.id, vehicle=number))
            fleet.append(Vehicle(kind, number, lock))
    return fleet


def _assignments(problem: Problem, fleet: list[Vehicle]) -> Iterator[tuple[int, ...]]:
    """By order: a vehicle of the fleet, or -1; vehicles that differ in their number alone are filled in turn."""
    named = {(lock.vehicle_type, lock.vehicle) for lock in problem.locks}
    free = [(vehicle.kind.id, vehicle.number) not in named and not problem.published for vehicle in fleet]
    twin = [k > 0 and free[k] and free[k - 1] and vehicle.kind is fleet[k - 1].kind for k, vehicle in enumerate(fleet)]
    home = {
        name: k
        for k, vehicle in enumerate(fleet)
        for name in (*vehicle.lock.orders, *(visit.order for visit in vehicle.lock.visits if visit.order))
    }
    served = {visit.order for vehicle in fleet for visit in vehicle.lock.visits}
    choices = []
    for order in problem.orders:
        where = [home[order.id]] if order.id in home else list(range(len(fleet)))
        choices.append(where if order.id in served else [-1, *where])
    for chosen in product(*choices):
        used = set(chosen)
        if not any(twin[k] and k in used and k - 1 not in used for k in range(len(fleet))):
            yield chosen


def _options(
    world: World, known: dict[tuple[object, ...], list[Option]], vehicle: Vehicle, orders: tuple[int, ...]
) -> list[Option] | list[None]:
    """Ways to serve just these orders that no other way beats in cost and duration; [None]: it stays at home."""
    if not orders and not vehicle.lock.visits:
        return [None]
    key = (vehicle.kind.id, vehicle.number, orders)
    if key not in known:
        found: list[Option] = []
        for jobs in sequences(world, vehicle, [world.problem.orders[k] for k in orders]):
            run = shortest_run(world, vehicle, jobs)
            if run is not None:
                route = route_of(world, vehicle, jobs, run)
                found.append(Option(route.cost.total_milli, run.end_s - run.start_s, route))
        known[key] = _undominated(found)
    return known[key]


def _undominated(options: list[Option]) -> list[Option]:
    kept: list[Option] = []
    for option in sorted(options, key=lambda option: option[:2]):
        if not kept or option.duration_s < kept[-1].duration_s:
            kept.append(option)
    return kept


def route_of(world: World, vehicle: Vehicle, jobs: list[Job], run: Run) -> Route:
    """A route written out and priced."""
    kind, problem = vehicle.kind, world.problem
    metres = distance_m(world, vehicle, jobs) or 0
    duration_s = run.end_s - run.start_s
    overtime_s = 0 if kind.overtime_after_s is None else max(0, duration_s - kind.overtime_after_s)
    served = {job.order.id for job in jobs if job.order is not None}
    here = (kind.id, vehicle.number)
    changed = sum(entry.order in served and (entry.vehicle_type, entry.vehicle) != here for entry in problem.published)
    cost = RouteCost(
        fixed_milli=kind.fixed_milli,
        distance_milli=_rounded(metres * kind.km_milli, 1_000),
        time_milli=_rounded(duration_s * kind.hour_milli, 3_600),
        stop_milli=arrivals(kind, jobs) * kind.stop_milli,
        trip_milli=(1 + sum(job.order is None for job in jobs)) * kind.trip_milli,
        overtime_milli=_rounded(overtime_s * kind.overtime_hour_milli, 3_600),
        change_milli=changed * problem.change_milli,
    )
    board = loads(vehicle, jobs)
    return Route(
        vehicle_type=kind.id,
        vehicle=vehicle.number,
        start_s=run.start_s,
        end_s=run.end_s,
        distance_m=metres,
        load_start=dict(board[0]),
        stops=tuple(_stops(jobs, run, board)),
        cost=cost,
        breaks=tuple(PlannedBreak(start_s=begin_s, end_s=end_s) for begin_s, end_s in run.pauses),
    )


def _rounded(amount: int, divisor: int) -> int:
    return (2 * amount + divisor) // (2 * divisor)


def _stops(jobs: list[Job], run: Run, board: list[Counter[str]]) -> Iterator[Stop]:
    """Jobs in a row at one place are one stop; a reload is one by itself."""
    first = 0
    for after in range(1, len(jobs) + 1):
        if after < len(jobs) and jobs[after].order and jobs[first].order and jobs[after].place == jobs[first].place:
            continue
        times = run.times[first:after]
        arrival_s, departure_s = times[0][0], times[-1][2]
        busy_s = sum(end_s - begin_s for _, begin_s, end_s in times)
        busy_s += sum(over_s - from_s for from_s, over_s in run.pauses if arrival_s <= from_s < departure_s)
        visits = tuple(
            PlannedVisit(order=job.order.id, action=job.action, start_s=begin_s, end_s=end_s)
            for job, (_, begin_s, end_s) in zip(jobs[first:after], times, strict=True)
            if job.order is not None
        )
        yield Stop(
            place=jobs[first].place,
            arrival_s=arrival_s,
            departure_s=departure_s,
            waiting_s=departure_s - arrival_s - busy_s,
            visits=visits,
            load_after=dict(board[after]),
            reload=not visits,
        )
        first = after


def _plan(problem: Problem, options: list[Option], left: list[Order]) -> Best:
    """A whole plan and its price."""
    published = {entry.order for entry in problem.published}
    unplanned = tuple(
        Unplanned(
            order=order.id,
            reason=Reason.NOT_FOUND,
            detail="",
            cure="",
            outside_milli=order.outside_milli,
            change_milli=problem.change_milli if order.id in published else 0,
        )
        for order in left
    )
    used = Counter(option.route.vehicle_type for option in options)
    longest_s = max((option.duration_s for option in options), default=0)
    longest_milli = _rounded(longest_s * problem.longest_hour_milli, 3_600)
    unused_milli = sum(max(0, kind.use_min - used[kind.id]) * kind.unused_milli for kind in problem.vehicle_types)
    cost_milli = longest_milli + unused_milli + sum(option.cost_milli for option in options)
    cost_milli += sum((entry.outside_milli or 0) + entry.change_milli for entry in unplanned)
    plan = Plan(
        currency=problem.currency,
        routes=tuple(option.route for option in options),
        unplanned=unplanned,
        cost_milli=cost_milli,
        longest_milli=longest_milli,
        unused_milli=unused_milli,
    )
    return Best(sum(order.outside_milli is None for order in left), cost_milli, plan)
