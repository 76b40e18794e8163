"""
Plans that live on: a late order, a cancelled one, what has happened by now, and planning again around it.

Everything here answers in well below a second for a day of a few hundred orders, except ``replan``, which searches.
"""

from collections import Counter
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from solver.assemble import assemble
from solver.check import check
from solver.compiled import Compiled
from solver.plan import Budget, Plan, Result, Route, Stop
from solver.problem import Lock, LockedVisit, Problem, Published
from solver.routing.alone import Alone, price_milli
from solver.routing.features import RouteKey
from solver.routing.insertion import NEVER, Line, best_insertion
from solver.routing.start import routes_of
from solver.schedule import Blocked, timetable
from solver.solve import UncheckedPlan, solve


class Alternative(Struct, frozen=True, kw_only=True):
    """
    One way to serve an order that a plan leaves out, or to leave it out.

    Attributes
    ----------
    order
        Its id.
    vehicle_type, vehicle
        Who would serve it; both None for the outside option.
    route
        Index of the route that it joins in the plan carried over; None for a route of its own or none.
    added_milli
        What the plan would cost more than it does with the order left out for nothing.
    start_s
        When each of the order's services would begin, pickup first.
    delay_s
        By how much the service of any other order of the route would begin later at most.
    visits
        The route as it would be, in the search's form (``solver.compiled``).
    """

    order: str
    vehicle_type: str | None
    vehicle: int | None
    route: int | None
    added_milli: int
    start_s: tuple[int, ...]
    delay_s: int
    visits: tuple[int, ...]


def carry_over(problem: Problem, plan: Plan) -> Plan:
    """
    An earlier plan for a question that has changed since: what still holds of it stays as it was.

    Orders that are gone leave their routes (cancelled), orders that are new are unplanned, routes that are no longer
    feasible are dissolved; vehicles keep their numbers where they can. The answer has passed the checker.
    """
    compiled = Compiled(problem)
    return _written(problem, compiled, routes_of(compiled, plan))


def alternatives(problem: Problem, plan: Plan, order: str) -> tuple[Alternative, ...]:
    """
    Every way to add an order to a plan whose other visits keep their vehicle and sequence, the cheapest first.

    Parameters
    ----------
    problem
        The question, the late order among its orders.
    plan
        A plan for it, or for the question before the order came.
    order
        Id of an order that the plan does not serve.

    Returns
    -------
    tuple of Alternative
        For each route its best position, for each vehicle type that has a vehicle left a route of its own, and the
        outside option if there is one. Empty where nothing is possible: ``plan.unplanned`` of ``carry_over`` says why.

    Raises
    ------
    KeyError
        When the problem has no such order.
    ValueError
        When the plan serves it already.
    """
    compiled = Compiled(problem)
    number = compiled.order_index[order]
    routes = routes_of(compiled, plan)
    if any(visit >> 1 == number for _, visits in routes for visit in visits if visit >= 0):
        raise ValueError(f"the plan serves order {order!r} already")
    found = [*_on_routes(compiled, routes, number), *_on_new_routes(compiled, routes, number)]
    outside = compiled.outside_milli[number]
    if outside is not None:
        found.append(_left_out(order, outside))
    return tuple(sorted(found, key=lambda way: (way.added_milli, way.vehicle_type or "", way.vehicle or 0)))


def accept(problem: Problem, plan: Plan, way: Alternative) -> Plan:
    """
    The plan with an alternative taken.

    Raises
    ------
    ValueError
        When the plan is no longer the one that the alternative was made for.
    """
    if way not in alternatives(problem, plan, way.order):
        raise ValueError("the plan has changed since the alternative was made")
    compiled = Compiled(problem)
    routes = routes_of(compiled, plan)
    if way.route is not None:
        routes[way.route] = routes[way.route][0], way.visits
    elif way.vehicle_type is not None:
        offers = list(_new_keys(compiled, routes, compiled.order_index[way.order]))
        routes.append(next(key for key in offers if _label(compiled, routes, key) == (way.vehicle_type, way.vehicle)))
    return _written(problem, compiled, routes)


def published_of(plan: Plan) -> tuple[Published, ...]:
    """Who serves what in a plan, for ``Problem.published``."""
    served = {
        visit.order: (route.vehicle_type, route.vehicle)
        for route in plan.routes
        for stop in route.stops
        for visit in stop.visits
    }
    return tuple(
        Published(order=order, vehicle_type=type_, vehicle=vehicle) for order, (type_, vehicle) in served.items()
    )


def locks_at(problem: Problem, plan: Plan, now_s: int) -> tuple[Lock, ...]:
    """
    What of a plan cannot be changed any more at a time, if everything went as planned.

    A vehicle that has left keeps what it has done, with the times, the stop that it is driving to, and the goods that
    it has on board. Vehicles that have not left yet are free.
    """
    orders = {order.id: order for order in problem.orders}
    locks = []
    for route in plan.routes:
        if route.start_s > now_s:
            continue
        done = list(_happened(route.stops, now_s))
        trip = _current_trip(route.stops, now_s)
        aboard = [visit.order for stop in trip for visit in stop.visits if orders[visit.order].pickup is None]
        named = {visit.order for visit in done if visit.order is not None}
        locks.append(
            Lock(
                vehicle_type=route.vehicle_type,
                vehicle=route.vehicle,
                visits=tuple(done),
                orders=tuple(order for order in dict.fromkeys(aboard) if order not in named),
                start_s=route.start_s,
            )
        )
    return tuple(locks)


def replan(
    problem: Problem,
    plan: Plan,
    *,
    now_s: int | None = None,
    change_milli: int = 0,
    budget: Budget | None = None,
    seed: int = 0,
) -> Result:
    """
    Plan again from a plan, around what has happened by ``now_s`` and, at a price, away from what was published.

    Parameters
    ----------
    problem
        The question as it is now; its own locks are kept, and win where they name the same vehicle.
    plan
        The plan that people know.
    now_s
        None: nothing has happened yet.
    change_milli
        Price of every order that changes its vehicle; 0: changes are free.
    budget, seed
        As in ``solver.solve.solve``.

    Returns
    -------
    Result
        Never dearer than the plan carried over, the price of changes included.
    """
    own = {(lock.vehicle_type, lock.vehicle) for lock in problem.locks}
    known = {order.id for order in problem.orders}
    happened = () if now_s is None else locks_at(problem, _without(plan, known), now_s)
    locks = (*problem.locks, *(lock for lock in happened if (lock.vehicle_type, lock.vehicle) not in own))
    published = tuple(entry for entry in published_of(plan) if entry.order in known)
    asked = problem.replace(locks=locks, published=published if change_milli else (), change_milli=change_milli)
    return solve(asked, budget, start=plan, seed=seed)


def _written(problem: Problem, compiled: Compiled, routes: list[RouteKey]) -> Plan:
    """Routes as a checked plan."""
    plan = assemble(compiled, routes)
    violations = check(problem, plan)
    if violations:
        raise UncheckedPlan(violations)
    return plan


def _numbers(compiled: Compiled, routes: list[RouteKey]) -> list[int]:
    """The vehicle number of each route, as it stands in the full plan."""
    return [route.vehicle for route in assemble(compiled, routes).routes]


def _on_routes(compiled: Compiled, routes: list[RouteKey], order: int) -> Iterator[Alternative]:
    numbers = _numbers(compiled, routes)
    for index, (type_, visits) in enumerate(routes):
        cost = price_milli(compiled, (type_, visits))
        if cost is None or compiled.closed[type_]:
            continue
        used = Counter(kind for kind, _ in routes)
        full = [used[kind] - (kind == type_) for kind in range(len(compiled.vehicle_types))]
        found = best_insertion(compiled, [(0, Line(compiled, (type_, visits), cost))], order, full, NEVER)
        if found is not None and found.route[0] == type_:
            before = timetable(compiled, type_, visits)
            began = {} if isinstance(before, Blocked) else dict(zip(visits, before.begin_s, strict=True))
            yield _way(compiled, found.route, order, numbers[index], found.added_milli, began, index)


def _new_keys(compiled: Compiled, routes: list[RouteKey], order: int) -> Iterator[RouteKey]:
    used = Counter(type_ for type_, _ in routes)
    for type_, visits in Alone.of(compiled).visits[order].items():
        count = compiled.vehicle_types[type_].count
        if not compiled.prefix[type_] and (count is None or used[type_] < count):
            yield type_, visits


def _on_new_routes(compiled: Compiled, routes: list[RouteKey], order: int) -> Iterator[Alternative]:
    for key in _new_keys(compiled, routes, order):
        price = price_milli(compiled, key)
        if price is not None:
            vehicle = _label(compiled, routes, key)[1]
            yield _way(compiled, key, order, vehicle, price, {}, None)


def _label(compiled: Compiled, routes: list[RouteKey], key: RouteKey) -> tuple[str, int]:
    """Vehicle type and number that one more route would get."""
    return compiled.identity[key[0]][0], _numbers(compiled, [*routes, key])[-1]


def _way(
    compiled: Compiled,
    key: RouteKey,
    order: int,
    vehicle: int,
    added_milli: int,
    began: dict[int, int],
    route: int | None,
) -> Alternative:
    """An alternative with its times; ``began`` holds when the route's other services begin without it."""
    type_, visits = key
    times = timetable(compiled, type_, visits)
    assert not isinstance(times, Blocked), "an insertion is feasible"
    now = dict(zip(visits, times.begin_s, strict=True))
    return Alternative(
        order=compiled.problem.orders[order].id,
        vehicle_type=compiled.identity[type_][0],
        vehicle=vehicle,
        route=route,
        added_milli=added_milli,
        start_s=tuple(now[visit] for visit in compiled.visits_of(order)),
        delay_s=max((now[visit] - began[visit] for visit in began if visit in now), default=0),
        visits=visits,
    )


def _left_out(order: str, outside_milli: int) -> Alternative:
    return Alternative(
        order=order,
        vehicle_type=None,
        vehicle=None,
        route=None,
        added_milli=outside_milli,
        start_s=(),
        delay_s=0,
        visits=(),
    )


def _happened(stops: tuple[Stop, ...], now_s: int) -> Iterator[LockedVisit]:
    """What is done or under way, with times; then what the vehicle is driving to, without."""
    for stop in stops:
        begun = stop.arrival_s + stop.waiting_s
        if stop.reload:
            if begun > now_s:
                return
            yield LockedVisit(place=stop.place, start_s=begun, end_s=stop.departure_s)
            continue
        for visit in stop.visits:
            if visit.start_s > now_s:
                yield LockedVisit(order=visit.order, action=visit.action)
                return
            yield LockedVisit(order=visit.order, action=visit.action, start_s=visit.start_s, end_s=visit.end_s)


def _current_trip(stops: tuple[Stop, ...], now_s: int) -> list[Stop]:
    """Stops of the trip that the vehicle is on: from the last reload begun to the next one."""
    trip: list[Stop] = []
    for stop in stops:
        if stop.reload:
            if stop.arrival_s + stop.waiting_s > now_s:
                break
            trip = []
        else:
            trip.append(stop)
    return trip


def _without(plan: Plan, known: set[str]) -> Plan:
    """A plan with only the orders that still exist, for reading what has happened."""

    def kept(route: Route) -> Route:
        left = [
            replace(stop, visits=tuple(visit for visit in stop.visits if visit.order in known)) for stop in route.stops
        ]
        return replace(route, stops=tuple(stop for stop in left if stop.visits or stop.reload))

    return replace(plan, routes=tuple(kept(route) for route in plan.routes))
