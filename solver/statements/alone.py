"""What a member would do alone, and what of it drives its cost."""

from collections.abc import Iterator

from solver.assemble import assemble
from solver.compiled import ANY_TIME, Compiled
from solver.explore import restricted
from solver.partition import Partitioner
from solver.plan import Budget, Plan, Route
from solver.pool import Pool
from solver.problem import Problem
from solver.routing.alone import Alone
from solver.routing.engine import choose
from solver.routing.start import routes_of
from solver.sharing.coalitions import NODES, Routes, whole_minor
from solver.solve import solve
from solver.statements.figures import Drivers, OrderCost, OwnPlan, OwnRoute, OwnStop

ITERATIONS = 200
"""Of the search for a stand-alone plan of up to ``ORDERS_FEW`` orders, in rounds as ``solver.solve`` counts them."""
RESTARTS, RESTART_STEPS = 8, 6_000
"""Further searches from nothing, and the engine's iterations of each: one search alone may stay where it got stuck."""
ORDERS_FEW = 25
DEAREST_MAX = 3


def stand_alone_plan(own: Problem, seed: int = 0) -> Plan:
    """
    The best plan found for a member alone: the best mix of the routes of several short searches.

    Parameters
    ----------
    own
        Its part of the day (``solver.statements.own.own_problem``).
    seed
        Not negative; the same seed gives the same plan.

    Raises
    ------
    ProblemError
        When a lock on its orders cannot be kept.
    """
    many = max(ORDERS_FEW, len(own.orders))
    pool = Pool(Compiled(own))
    budget = Budget(seconds=None, iterations=max(ITERATIONS * ORDERS_FEW // many, 1), bound=False)
    plan = solve(own, budget, seed=seed, pool=pool).plan
    for again in range(RESTARTS if own.orders else 0):
        _search(pool, seed + again, max(RESTART_STEPS * ORDERS_FEW // many, 1))
    best = Partitioner(pool.compiled, pool).best(frozenset(range(len(own.orders))), nodes=NODES)
    left = sum(own.orders[order].outside_milli is None for order in best.unplanned)
    if (left, best.cost_milli) >= (plan.mandatory_unplanned, plan.cost_milli):
        return plan
    return assemble(pool.compiled, [(route.type_, route.visits) for route in best.routes])


def _search(pool: Pool, seed: int, iterations: int) -> None:
    """One search from nothing; its best routes join the pool."""
    alone = Alone.of(pool.compiled)
    routes = choose(pool.compiled.problem)[0].search(
        pool.compiled,
        orders=alone.servable,
        start=(),
        seed=seed,
        seconds=None,
        iterations=iterations,
        found=lambda type_, visits: None,
        improved=lambda routes: None,
        stop=lambda: False,
    )
    pool.add_all(routes)


def shown(plan: Plan) -> OwnPlan:
    """A stand-alone plan as a statement shows it."""
    return OwnPlan(
        cost_minor=whole_minor(plan.cost_milli),
        routes=tuple(_route(route) for route in plan.routes),
        outside=tuple(sorted(entry.order for entry in plan.unplanned if entry.outside_milli is not None)),
        unserved=tuple(sorted(entry.order for entry in plan.unplanned if entry.outside_milli is None)),
    )


def _route(route: Route) -> OwnRoute:
    return OwnRoute(
        vehicle_type=route.vehicle_type,
        vehicle=route.vehicle,
        start_s=route.start_s,
        end_s=route.end_s,
        distance_m=route.distance_m,
        cost_milli=route.cost.total_milli,
        stops=tuple(
            OwnStop(
                place=stop.place,
                start_s=min(visit.start_s for visit in stop.visits),
                orders=tuple(visit.order for visit in stop.visits),
            )
            for stop in route.stops
            if stop.visits
        ),
    )


def drivers(own: Problem, plan: Plan) -> Drivers:
    """
    What drives a member's cost.

    Parameters
    ----------
    own
        The member's part of the day.
    plan
        Its stand-alone plan, of that problem.
    """
    compiled = Compiled(own)
    ways = (way_m(compiled, order) for order in range(len(own.orders)))
    ways_m = [way for way in ways if way is not None]
    widths_s = list(_widths_s(compiled))
    costs = [route.cost for route in plan.routes]
    parts = {
        "fixed_milli": sum(cost.fixed_milli for cost in costs),
        "distance_milli": sum(cost.distance_milli for cost in costs),
        "time_milli": sum(cost.time_milli for cost in costs),
        "stop_milli": sum(cost.stop_milli for cost in costs),
        "outside_milli": sum(entry.outside_milli or 0 for entry in plan.unplanned),
    }
    return Drivers(
        orders=len(own.orders),
        stops=sum(bool(stop.visits) for route in plan.routes for stop in route.stops),
        vehicles=len(plan.routes),
        load={name: sum(order.load.get(name, 0) for order in own.orders) for name in compiled.dimensions},
        hub_mean_m=sum(ways_m) // len(ways_m) if ways_m else None,
        hub_max_m=max(ways_m, default=None),
        window_mean_s=sum(widths_s) // len(widths_s) if widths_s else None,
        windows=len(widths_s),
        **parts,
        other_milli=plan.cost_milli - sum(parts.values()),
        dearest=_dearest(compiled, plan),
    )


def way_m(compiled: Compiled, order: int) -> int | None:
    """
    Metres one way from an order's hub (or the nearest vehicle's start) to its place; of a transport, between its two.

    The shortest over the vehicle types; None where there is no way.
    """
    visits = compiled.visits_of(order)
    to = compiled.place_of[visits[-1]]
    hub = compiled.hub_of[order] if len(visits) == 1 else compiled.place_of[visits[0]]
    types = range(len(compiled.vehicle_types))
    ways = [int(compiled.distance_m[type_][compiled.start_of[type_] if hub is None else hub, to]) for type_ in types]
    return min((way for way in ways if way >= 0), default=None)


def _widths_s(compiled: Compiled) -> Iterator[int]:
    """Seconds in which each visit with windows may begin, as far as any vehicle works then."""
    opens_s = min(vehicle.shift.open_s for vehicle in compiled.vehicle_types)
    closes_s = max(vehicle.shift.close_s for vehicle in compiled.vehicle_types)
    for windows in compiled.windows_of:
        if windows and windows != ANY_TIME:
            yield sum(max(0, min(one.close_s, closes_s) - max(one.open_s, opens_s)) for one in windows)


def _dearest(compiled: Compiled, plan: Plan) -> tuple[OrderCost, ...]:
    """Own orders by what the stand-alone plan would cost less without each."""
    pool = Pool(compiled)
    keys = routes_of(compiled, plan)
    routes = tuple(route for key in keys if (route := pool.add(*key)) is not None)
    saved = dict(_saved_milli(pool, routes))
    outside = {compiled.order_index[entry.order]: entry.outside_milli or 0 for entry in plan.unplanned}
    ranked = sorted((saved | outside).items(), key=lambda entry: (-entry[1], entry[0]))
    return tuple(
        OrderCost(order=compiled.problem.orders[order].id, cost_minor=whole_minor(milli))
        for order, milli in ranked[:DEAREST_MAX]
        if milli > 0
    )


def _saved_milli(pool: Pool, routes: Routes) -> Iterator[tuple[int, int]]:
    """By served order: what its route costs less without it. Nothing where the rest of the route is infeasible."""
    for route in routes:
        for order in sorted(route.orders):
            rest = restricted(pool, [route], route.orders - {order})
            if rest is not None:
                yield order, route.cost_milli - sum(kept.cost_milli for kept in rest)
