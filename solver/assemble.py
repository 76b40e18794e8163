"""From the search's sequences of visits to a full plan: times, loads, costs, and the reason for what is left out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import count

from solver.compiled import ACTIONS, Compiled
from solver.cost import plan_terms_milli, route_cost
from solver.plan import Plan, PlannedBreak, PlannedVisit, Route, Stop
from solver.schedule import Blocked, Timetable, loads_after, service_s, timetable
from solver.stowing import stowing_of
from solver.why import why_unplanned


def assemble(compiled: Compiled, routes: Iterable[tuple[int, tuple[int, ...]]]) -> Plan:
    """
    A full plan from vehicle types and visits.

    Parameters
    ----------
    compiled
        The problem.
    routes
        Index of the vehicle type and visits in order of service; routes without visits are dropped, the others keep
        their order. Singled-out vehicles keep their numbers, the others of a type get the smallest that are free.

    Returns
    -------
    Plan
        With every order that no route serves in ``unplanned``, in the problem's order.

    Raises
    ------
    ValueError
        When a route is infeasible, an order is served twice or by half, there are more routes of a type than vehicles,
        or a vehicle whose lock has visits is missing: what calls this must not let that happen.
    """
    kept = [(type_, tuple(visits)) for type_, visits in routes if visits]
    _refuse_impossible(compiled, kept)
    built = [
        _route(compiled, type_, number, visits)
        for (type_, visits), number in zip(kept, vehicle_numbers(compiled, kept), strict=True)
    ]
    served = {visit >> 1 for _, visits in kept for visit in visits if visit >= 0}
    used = Counter(type_ for type_, _ in kept)
    fleet_used = [used[type_] for type_ in range(len(compiled.vehicle_types))]
    unplanned = tuple(
        why_unplanned(compiled, kept, order, fleet_used)
        for order in range(len(compiled.problem.orders))
        if order not in served
    )
    durations = zip((type_ for type_, _ in kept), (route.end_s - route.start_s for route in built), strict=True)
    longest_milli, unused_milli = plan_terms_milli(compiled, durations)
    return Plan(
        currency=compiled.problem.currency,
        routes=tuple(built),
        unplanned=unplanned,
        cost_milli=sum(route.cost.total_milli for route in built)
        + sum((entry.outside_milli or 0) + entry.change_milli for entry in unplanned)
        + longest_milli
        + unused_milli,
        longest_milli=longest_milli,
        unused_milli=unused_milli,
    )


def vehicle_numbers(compiled: Compiled, routes: Sequence[tuple[int, tuple[int, ...]]]) -> list[int]:
    """The vehicle's number within its type for each route."""
    taken = {(name, number) for name, number in compiled.identity if number is not None}
    numbers: list[int] = []
    free: dict[str, Iterator[int]] = {}
    for type_, _ in routes:
        name, number = compiled.identity[type_]
        if number is None:
            number = next(free.setdefault(name, _free_numbers(name, taken)))
        numbers.append(number)
    return numbers


def _free_numbers(name: str, taken: set[tuple[str, int]]) -> Iterator[int]:
    return (number for number in count(1) if (name, number) not in taken)


def _refuse_impossible(compiled: Compiled, routes: Sequence[tuple[int, tuple[int, ...]]]) -> None:
    """ValueError where routes clash with each other, or one breaks an order in two."""
    seen: set[int] = set()
    for _, visits in routes:
        orders = compiled.orders_of(visits)
        wanted = sorted(visit for order in orders for visit in compiled.visits_of(order))
        if sorted(visit for visit in visits if visit >= 0) != wanted:
            raise ValueError(f"route {visits} does not serve each of its orders once and whole")
        if seen & orders:
            raise ValueError(f"orders {sorted(seen & orders)} are served by more than one route")
        if any(
            visits.index(visit - 1) > visits.index(visit)
            for visit in visits
            if visit > 0 and visit & 1 and visit - 1 in visits
        ):
            raise ValueError(f"route {visits} delivers an order before it is picked up")
        seen |= orders
    used = Counter(type_ for type_, _ in routes)
    for type_, number in used.items():
        vehicle = compiled.vehicle_types[type_]
        if vehicle.count is not None and number > vehicle.count:
            raise ValueError(f"{number} routes for {vehicle.count} vehicles of type {vehicle.id!r}")
    for type_, prefix in enumerate(compiled.prefix):
        if prefix and not used[type_]:
            raise ValueError(f"vehicle {compiled.identity[type_]} has no route, but its lock has visits")


def _route(compiled: Compiled, type_: int, number: int, visits: tuple[int, ...]) -> Route:
    """One feasible route with its stops and price."""
    times = timetable(compiled, type_, visits)
    if isinstance(times, Blocked):
        name = compiled.vehicle_types[type_].id
        raise ValueError(f"route {visits} of type {name!r} is infeasible: {times.reason}")  # noqa: TRY004
    return route_of(compiled, type_, number, visits, times)


def route_of(compiled: Compiled, type_: int, number: int, visits: tuple[int, ...], times: Timetable) -> Route:
    """A vehicle's visits at given times as a plan tells them, with stops and price."""
    load_start, loads = loads_after(compiled, visits)
    stowing = stowing_of(compiled)
    return Route(
        vehicle_type=compiled.vehicle_types[type_].id,
        vehicle=number,
        start_s=times.start_s,
        end_s=times.end_s,
        distance_m=times.distance_m,
        load_start=_named(compiled, load_start),
        stops=tuple(_stop(compiled, type_, visits, times, loads, group) for group in _groups(compiled, visits)),
        cost=route_cost(compiled, type_, visits, times),
        breaks=tuple(PlannedBreak(start_s=start_s, end_s=end_s) for start_s, end_s in times.breaks),
        placements=() if stowing is None else stowing.placements(type_, visits),
    )


def _groups(compiled: Compiled, visits: tuple[int, ...]) -> list[range]:
    """Positions of consecutive visits at one place; a reload stands by itself."""
    places = compiled.places_of(visits)
    cuts = [
        k for k, place in enumerate(places) if not k or place != places[k - 1] or visits[k] < 0 or visits[k - 1] < 0
    ]
    return [range(first, last) for first, last in zip(cuts, [*cuts[1:], len(visits)], strict=True)]


def _stop(
    compiled: Compiled,
    type_: int,
    visits: tuple[int, ...],
    times: Timetable,
    loads: list[tuple[int, ...]],
    group: range,
) -> Stop:
    """What is done at one place without leaving it."""
    ends_s = [times.begin_s[k] + service_s(compiled, type_, visits, k) for k in group]
    planned = tuple(
        PlannedVisit(
            order=compiled.problem.orders[visits[k] >> 1].id,
            action=ACTIONS[visits[k] & 1],
            start_s=times.begin_s[k],
            end_s=end_s,
        )
        for k, end_s in zip(group, ends_s, strict=True)
        if visits[k] >= 0
    )
    arrival_s, departure_s = times.arrival_s[group[0]], ends_s[-1]
    busy_s = sum(end_s - times.begin_s[k] for k, end_s in zip(group, ends_s, strict=True))
    busy_s += sum(end_s - start_s for start_s, end_s in times.breaks if arrival_s <= start_s and end_s <= departure_s)
    return Stop(
        place=compiled.problem.places[compiled.places_of(visits[group[0] : group[0] + 1])[0]].id,
        arrival_s=arrival_s,
        departure_s=departure_s,
        waiting_s=departure_s - arrival_s - busy_s,
        visits=planned,
        load_after=_named(compiled, loads[group[-1]]),
        reload=visits[group[0]] < 0,
    )


def _named(compiled: Compiled, load: tuple[int, ...]) -> dict[str, int]:
    """A load vector by name of dimension."""
    return dict(zip(compiled.dimensions, load, strict=True))
