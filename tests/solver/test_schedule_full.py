"""Timetables, loads and prices of full days against the oracle, which tries every start and every place for a break."""

from collections.abc import Iterator

from hypothesis import given, settings

from solver.assemble import assemble
from solver.check import check
from solver.compiled import ACTIONS, Compiled
from solver.cost import route_cost
from solver.locks import faults, first_routes
from solver.problem import Lock, Problem
from solver.schedule import Blocked, timetable
from solver.ways import ways
from tests.solver import rich
from tests.solver.oracle import route_of
from tests.solver.oracle_routes import Job, Vehicle, World, sequences
from tests.solver.oracle_times import shortest_run

SEQUENCES = 60
"""Sequences of one vehicle that are looked at."""


def vehicles(compiled: Compiled) -> Iterator[tuple[int, Vehicle]]:
    """Each vehicle type of the search with one of its vehicles."""
    locks = {(lock.vehicle_type, lock.vehicle): lock for lock in compiled.problem.locks}
    for type_, (name, number) in enumerate(compiled.identity):
        kind = compiled.problem.vehicle_types[compiled.type_index[name]]
        free = 1 + max([0, *(n for other, n in compiled.identity if other == name and n is not None)])
        which = free if number is None else number
        yield type_, Vehicle(kind, which, locks.get((name, which), Lock(vehicle_type=name, vehicle=which)))


def visit_of(compiled: Compiled, job: Job) -> int:
    if job.order is None:
        return ~compiled.place_index[job.place]
    assert job.action is not None
    return 2 * compiled.order_index[job.order.id] + ACTIONS.index(job.action)


def compare(problem: Problem) -> None:
    """Every sequence that the oracle allows has the oracle's times and price, or is infeasible for both."""
    compiled, world = Compiled(problem), World(problem)
    for type_, vehicle in vehicles(compiled):
        mine = [order for k, order in enumerate(problem.orders) if compiled.compatible[type_, k]]
        bound = {*vehicle.lock.orders, *(visit.order for visit in vehicle.lock.visits)}
        for size in range(len(mine) + 1):
            chosen = [order for k, order in enumerate(mine) if k < size or order.id in bound]
            for _, jobs in zip(range(SEQUENCES), sequences(world, vehicle, chosen), strict=False):
                visits = tuple(visit_of(compiled, job) for job in jobs)
                run = shortest_run(world, vehicle, jobs)
                times = timetable(compiled, type_, visits)
                if run is None:
                    assert isinstance(times, Blocked), (type_, visits, times)
                    continue
                assert not isinstance(times, Blocked), (type_, visits, times, run)
                assert (times.duration_s, times.start_s) == (run.end_s - run.start_s, run.start_s), (visits, times, run)
                route = route_of(world, vehicle, jobs, run)
                assert times.distance_m == route.distance_m
                assert route_cost(compiled, type_, visits, times) == route.cost


@settings(max_examples=60, deadline=None)
@given(rich.days(most_orders=3))
def test_routes_of_a_day_have_the_oracles_times_and_prices(problem: Problem) -> None:
    compare(problem)


@settings(max_examples=40, deadline=None)
@given(rich.living_days(most_orders=3))
def test_routes_of_a_day_under_way_have_the_oracles_times_and_prices(problem: Problem) -> None:
    compare(problem)


def grown(compiled: Compiled, type_: int) -> Iterator[tuple[int, ...]]:
    """Feasible routes of a vehicle type, made by adding one order after the other in every way."""
    routes = {visits for kind, visits in first_routes(compiled) if kind == type_} if compiled.prefix[type_] else {()}
    for order in range(len(compiled.problem.orders)):
        longer = {
            way
            for visits in sorted(routes)[:ROUTES]
            if order not in compiled.orders_of(visits)
            for way in ways(compiled, type_, visits, order)
            if not isinstance(timetable(compiled, type_, way), Blocked)
        }
        routes |= longer
    yield from sorted(route for route in routes if route)


ROUTES = 12
"""Routes that are made longer by one order."""


def plans_pass_the_check(problem: Problem) -> None:
    """Whatever the timetable allows makes a plan that the checker allows, with every locked vehicle on its way."""
    compiled = Compiled(problem)
    settled = dict(first_routes(compiled))
    assert faults(compiled) or len(settled) == sum(bool(prefix) for prefix in compiled.prefix)
    if faults(compiled):
        return
    for type_, vehicle in enumerate(compiled.vehicle_types):
        for visits in grown(compiled, type_) if vehicle.count != 0 else ():
            plan = assemble(compiled, ({**settled, type_: visits}).items())
            assert check(problem, plan) == [], (type_, visits)


@settings(max_examples=60, deadline=None)
@given(rich.days(most_orders=3))
def test_whatever_the_timetable_allows_passes_the_check(problem: Problem) -> None:
    plans_pass_the_check(problem)


@settings(max_examples=60, deadline=None)
@given(rich.living_days(most_orders=3))
def test_whatever_the_timetable_allows_on_a_day_under_way_passes_the_check(problem: Problem) -> None:
    plans_pass_the_check(problem)
