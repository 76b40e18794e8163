"""What a plan comes to beside its cost: CO2, how full vehicles are, how punctual; a door to the solver."""

from statistics import median_low

from msgspec import Struct

from cluster.planning.translate import Day, Plan, Problem
from solver.emissions import Emissions, Method, emissions_of, rate_mg_km
from solver.faults import ProblemError
from solver.problem import DEFAULT_HORIZON_S, VehicleType

EARLY_S = 900
"""A service that begins so long before its window closes has room for a delay."""

NEVER_S = DEFAULT_HORIZON_S
"""A window that closes no earlier has no end."""


class Figures(Struct, frozen=True, kw_only=True):
    """
    See ``models.PlanResult``; None where it is not known, as emissions of vehicles of no known class.

    ``emissions_by_member`` is in grams, for each member with a shipment in the question.
    """

    emissions_g: int | None
    emissions_by_member: dict[str, int] | None
    fill_weight: float | None
    fill_volume: float | None
    services_windowed: int
    services_early: int
    slack_median_s: int | None


def of(day: Day, problem: Problem, plan: Plan) -> Figures:
    """The figures of a checked plan."""
    slacks = slacks_s(problem, plan)
    account = _account(day, problem, plan)
    return Figures(
        emissions_g=None if account is None else _grams(account.wtw_mg),
        emissions_by_member=None if account is None else {one.owner: _grams(one.wtw_mg) for one in account.owners},
        fill_weight=_fill(problem, plan, "weight_g"),
        fill_volume=_fill(problem, plan, "volume_cm3"),
        services_windowed=len(slacks),
        services_early=sum(slack >= EARLY_S for slack in slacks),
        slack_median_s=median_low(slacks) if slacks else None,
    )


def slacks_s(problem: Problem, plan: Plan) -> list[int]:
    """By service with a time window of its own: how long before that window closes it begins, in seconds."""
    orders = {order.id: order for order in problem.orders}
    found = []
    for route in plan.routes:
        for stop in route.stops:
            for visit in stop.visits:
                asked = getattr(orders[visit.order], visit.action.value)
                windows = [entry for entry in asked.windows if entry.close_s < NEVER_S]
                closing = [entry.close_s for entry in windows if entry.open_s <= visit.start_s <= entry.close_s]
                if closing:
                    found.append(closing[0] - visit.start_s)
    return found


def _fill(problem: Problem, plan: Plan, dimension: str) -> float | None:
    """What vehicles carry at their fullest, as a part of what they could; None where none is limited."""
    capacity = {entry.id: entry.capacity.get(dimension) for entry in problem.vehicle_types}
    loaded = room = 0
    for route in plan.routes:
        own = capacity[route.vehicle_type]
        if own:
            loads = [route.load_start, *(stop.load_after for stop in route.stops)]
            loaded += max(load.get(dimension, 0) for load in loads)
            room += own
    return min(1.0, loaded / room) if room else None


def method(day: Day) -> Method:
    """How emissions of a cluster's day are accounted for: factors of its country, or those that come nearest."""
    return Method(region=day.country_code or "EU", year=day.pool.service_date.year, fallback=True)


def _account(day: Day, problem: Problem, plan: Plan) -> Emissions | None:
    try:
        return emissions_of(problem, plan, method(day))
    except ProblemError:
        return None


def _grams(amount_mg: int) -> int:
    return (amount_mg + 500) // 1000


def grams_per_km(day: Day, vehicle: VehicleType) -> int:
    """CO2 a vehicle emits on a kilometre at average load; 0 where nothing is known of its class."""
    return (rate_mg_km(vehicle, method(day)) or 0) // 1000
