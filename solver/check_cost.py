"""The checker's arithmetic: what a route costs by component, and what a plan costs beside its routes."""

from collections import Counter
from collections.abc import Iterator

from solver.check_facts import Facts, Reading, half_up, work_of
from solver.plan import Plan, Violation

METRES_A_KM = 1_000
SECONDS_AN_HOUR = 3_600


def route_price(reading: Reading) -> Iterator[Violation]:
    """The tariff's components; kilometres and hours rounded half up to the thousandth of a minor unit."""
    route, vehicle = reading.route, reading.vehicle
    duration_s = route.end_s - route.start_s
    places = [vehicle.start, *(stop.place for stop in route.stops)]
    arrivals = sum(places[k] != places[k + 1] for k in range(len(places) - 1))
    overtime_s = 0 if vehicle.overtime_after_s is None else max(0, duration_s - vehicle.overtime_after_s)
    right = {
        "fixed_milli": vehicle.fixed_milli,
        "distance_milli": half_up(route.distance_m * vehicle.km_milli, METRES_A_KM),
        "time_milli": half_up(duration_s * vehicle.hour_milli, SECONDS_AN_HOUR),
        "stop_milli": arrivals * vehicle.stop_milli,
        "trip_milli": (1 + sum(stop.reload for stop in route.stops)) * vehicle.trip_milli,
        "overtime_milli": half_up(overtime_s * vehicle.overtime_hour_milli, SECONDS_AN_HOUR),
        "change_milli": _changed(reading) * reading.facts.problem.change_milli,
    }
    for component, amount in right.items():
        stated = getattr(route.cost, component)
        if stated != amount:
            where = f"{reading.where}.cost.{component}"
            yield Violation(code="cost_wrong", where=where, detail=f"{stated}, is {amount}")


def _changed(reading: Reading) -> int:
    """How many orders of a route were published with another vehicle."""
    here = (reading.route.vehicle_type, reading.route.vehicle)
    names = {name for name, _ in work_of(reading.route)}
    return sum(reading.facts.published.get(name, here) != here for name in names)


def plan_price(facts: Facts, plan: Plan) -> Iterator[Violation]:
    """Balance, vehicles not used, changes and outside options of what is left out, and the sum of everything."""
    problem = facts.problem
    longest_s = max((route.end_s - route.start_s for route in plan.routes), default=0)
    longest_milli = half_up(longest_s * problem.longest_hour_milli, SECONDS_AN_HOUR)
    if plan.longest_milli != longest_milli:
        detail = f"{plan.longest_milli}, is {longest_milli}"
        yield Violation(code="longest_wrong", where="longest_milli", detail=detail)
    used = Counter(route.vehicle_type for route in plan.routes)
    unused_milli = sum(max(0, kind.use_min - used[kind.id]) * kind.unused_milli for kind in problem.vehicle_types)
    if plan.unused_milli != unused_milli:
        detail = f"{plan.unused_milli}, is {unused_milli}"
        yield Violation(code="unused_wrong", where="unused_milli", detail=detail)
    for number, entry in enumerate(plan.unplanned):
        change_milli = problem.change_milli if entry.order in facts.published else 0
        if entry.change_milli != change_milli:
            detail = f"{entry.change_milli}, is {change_milli}"
            yield Violation(code="change_wrong", where=f"unplanned[{number}].change_milli", detail=detail)
    yield from _total(plan)


def _total(plan: Plan) -> Iterator[Violation]:
    total = plan.longest_milli + plan.unused_milli
    for route in plan.routes:
        cost = route.cost
        total += cost.fixed_milli + cost.distance_milli + cost.time_milli + cost.stop_milli
        total += cost.trip_milli + cost.overtime_milli + cost.change_milli
    total += sum((entry.outside_milli or 0) + entry.change_milli for entry in plan.unplanned)
    if plan.cost_milli != total:
        detail = f"{plan.cost_milli}, the parts sum to {total}"
        yield Violation(code="plan_cost_wrong", where="cost_milli", detail=detail)
