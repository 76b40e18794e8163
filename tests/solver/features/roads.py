"""
What the worlds of features are made of.

A kilometre takes one second (read seconds as minutes), so that the oracle of these tests can try every second of a day
of 60. A van costs 100 for its use and 1 a kilometre, and takes 10 boxes; all prices in thousandths.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from solver.matrix import Matrix
from solver.plan import Plan, Route
from solver.problem import Order, Place, Problem, TravelProfile, VehicleType, Visit, Window

DAY_S = 60
A_SECOND = 3_600
"""Price an hour of one thousandth a second."""


class World(NamedTuple):
    """A problem, what its best plan costs, and what must hold of every plan that costs no more."""

    problem: Problem
    optimum_milli: int
    holds: Callable[[Plan], bool]
    mandatory_left: int = 0


def profile(rows: list[list[int]], name: str = "default") -> TravelProfile:
    """Kilometres, each of which takes a second; -1 where there is no way."""
    metres = [[1_000 * km if km > 0 else km for km in row] for row in rows]
    return TravelProfile(id=name, distance_m=Matrix(metres), duration_s=Matrix(rows))


def apart_km(positions_km: dict[str, int]) -> list[list[int]]:
    return [[abs(here - there) for there in positions_km.values()] for here in positions_km.values()]


def road(positions_km: dict[str, int], kinds: Iterable[VehicleType], orders: Iterable[Order], **more: Any) -> Problem:
    """Places on a straight road."""
    given: dict[str, Any] = {
        "places": tuple(Place(id=name) for name in positions_km),
        "profiles": (profile(apart_km(positions_km)),),
        "vehicle_types": tuple(kinds),
        "orders": tuple(orders),
    }
    return Problem(**(given | more))


def van(name: str = "van", **changes: Any) -> VehicleType:
    given: dict[str, Any] = {
        "id": name,
        "start": "depot",
        "end": "depot",
        "capacity": {"boxes": 10},
        "fixed_milli": 100,
        "km_milli": 1,
        "shift": Window(0, DAY_S),
    }
    return VehicleType(**(given | changes))


def visit(place: str, windows: Iterable[tuple[int, int]] = (), service_s: int = 0) -> Visit:
    return Visit(place=place, windows=tuple(Window(*window) for window in windows), service_s=service_s)


def delivery(
    name: str, place: str, boxes: int = 1, windows: Iterable[tuple[int, int]] = (), service_s: int = 0, **more: Any
) -> Order:
    return Order(
        **({"id": name, "owner": "o", "load": {"boxes": boxes}} | more), delivery=visit(place, windows, service_s)
    )


def collection(
    name: str, place: str, boxes: int = 1, windows: Iterable[tuple[int, int]] = (), service_s: int = 0, **more: Any
) -> Order:
    return Order(
        **({"id": name, "owner": "o", "load": {"boxes": boxes}} | more), pickup=visit(place, windows, service_s)
    )


def transport(name: str, pickup: Visit, drop: Visit, boxes: int = 1, **more: Any) -> Order:
    return Order(id=name, owner="o", load={"boxes": boxes}, pickup=pickup, delivery=drop, **more)


def orders_of(route: Route) -> list[str]:
    return [entry.order for stop in route.stops for entry in stop.visits]


def begins(plan: Plan) -> dict[str, int]:
    """When each order's last service begins."""
    return {entry.order: entry.start_s for route in plan.routes for stop in route.stops for entry in stop.visits}


def reloads(plan: Plan) -> int:
    return sum(stop.reload for route in plan.routes for stop in route.stops)


def fleet(plan: Plan) -> list[str]:
    """Types of the vehicles used, sorted."""
    return sorted(route.vehicle_type for route in plan.routes)


def left(plan: Plan) -> list[str]:
    return [entry.order for entry in plan.unplanned]
