"""From the search's sequences of visits to a full plan: times, loads, costs, and the reason for what is left out."""

from collections import Counter
from collections.abc import Iterable, Sequence

from solver.compiled import ACTIONS, Compiled
from solver.cost import route_cost
from solver.plan import Plan, PlannedVisit, Route, Stop
from solver.schedule import Blocked, Timetable, loads_after, timetable
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
        their order. Vehicles are numbered from 1 within each type.

    Returns
    -------
    Plan
        With every order that no route serves in ``unplanned``, in the problem's order.

    Raises
    ------
    ValueError
        When a route is infeasible, an order is served twice or by half, or there are more routes of a type than
        vehicles: what calls this must not let that happen.
    """
    kept = [(type_, tuple(visits)) for type_, visits in routes if visits]
    _refuse_impossible(compiled, kept)
    used: Counter[int] = Counter()
    built: list[Route] = []
    for type_, visits in kept:
        used[type_] += 1
        built.append(_route(compiled, type_, used[type_], visits))
    served = {visit >> 1 for _, visits in kept for visit in visits}
    fleet_used = [used[type_] for type_ in range(len(compiled.problem.vehicle_types))]
    unplanned = tuple(
        why_unplanned(compiled, kept, order, fleet_used)
        for order in range(len(compiled.problem.orders))
        if order not in served
    )
    return Plan(
        currency=compiled.problem.currency,
        routes=tuple(built),
        unplanned=unplanned,
        cost_milli=sum(route.cost.total_milli for route in built)
        + sum(entry.outside_milli or 0 for entry in unplanned),
    )


def _refuse_impossible(compiled: Compiled, routes: Sequence[tuple[int, tuple[int, ...]]]) -> None:
    """ValueError where routes clash with each other, or one breaks an order in two."""
    seen: set[int] = set()
    for _, visits in routes:
        orders = compiled.orders_of(visits)
        wanted = sorted(visit for order in orders for visit in compiled.visits_of(order))
        if sorted(visits) != wanted:
            raise ValueError(f"route {visits} does not serve each of its orders once and whole")
        if seen & orders:
            raise ValueError(f"orders {sorted(seen & orders)} are served by more than one route")
        if any(visits.index(visit - 1) > visits.index(visit) for visit in visits if visit & 1 and visit - 1 in visits):
            raise ValueError(f"route {visits} delivers an order before it is picked up")
        seen |= orders
    for type_, number in Counter(type_ for type_, _ in routes).items():
        vehicle = compiled.problem.vehicle_types[type_]
        if vehicle.count is not None and number > vehicle.count:
            raise ValueError(f"{number} routes for {vehicle.count} vehicles of type {vehicle.id!r}")


def _route(compiled: Compiled, type_: int, number: int, visits: tuple[int, ...]) -> Route:
    """One route with its stops and price."""
    times = timetable(compiled, type_, visits)
    vehicle = compiled.problem.vehicle_types[type_]
    if isinstance(times, Blocked):
        raise ValueError(f"route {visits} of type {vehicle.id!r} is infeasible: {times.reason}")  # noqa: TRY004
    load_start, loads = loads_after(compiled, visits)
    return Route(
        vehicle_type=vehicle.id,
        vehicle=number,
        start_s=times.start_s,
        end_s=times.end_s,
        distance_m=times.distance_m,
        load_start=_named(compiled, load_start),
        stops=tuple(_stop(compiled, visits, times, loads, group) for group in _groups(compiled, visits)),
        cost=route_cost(compiled, type_, visits, times),
    )


def _groups(compiled: Compiled, visits: tuple[int, ...]) -> list[range]:
    """Positions of consecutive visits at one place."""
    places = [compiled.place_of[visit] for visit in visits]
    cuts = [k for k, place in enumerate(places) if not k or place != places[k - 1]]
    return [range(first, last) for first, last in zip(cuts, [*cuts[1:], len(visits)], strict=True)]


def _stop(
    compiled: Compiled, visits: tuple[int, ...], times: Timetable, loads: list[tuple[int, ...]], group: range
) -> Stop:
    """What is done at one place without leaving it."""
    planned = tuple(
        PlannedVisit(
            order=compiled.problem.orders[visits[k] >> 1].id,
            action=ACTIONS[visits[k] & 1],
            start_s=times.begin_s[k],
            end_s=times.begin_s[k] + compiled.service_of[visits[k]],
        )
        for k in group
    )
    arrival_s, departure_s = times.arrival_s[group[0]], planned[-1].end_s
    return Stop(
        place=compiled.problem.places[compiled.place_of[visits[group[0]]]].id,
        arrival_s=arrival_s,
        departure_s=departure_s,
        waiting_s=departure_s - arrival_s - sum(visit.end_s - visit.start_s for visit in planned),
        visits=planned,
        load_after=_named(compiled, loads[group[-1]]),
    )


def _named(compiled: Compiled, load: tuple[int, ...]) -> dict[str, int]:
    """A load vector by name of dimension."""
    return dict(zip(compiled.dimensions, load, strict=True))
