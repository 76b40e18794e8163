"""A plan seen from outside: per route the facts that tables, maps and reports show, derived once."""

from msgspec import Struct

from solver.plan import Plan, Route, Stop, minor
from solver.problem import Place, Problem

COLOURS = (
    "#2f6fb0", "#c2622d", "#2e8b57", "#a23b72", "#7a5cc0", "#a88200", "#1b8a96", "#c0433f", "#5b7f2b", "#8a5a3c",
    "#4d6a8a", "#b5559f",
)  # fmt: skip
"""Route colours that keep apart on a light ground; they repeat after twelve routes."""


class Bar(Struct, frozen=True):
    """A stretch of a route's day: ``kind`` is ``drive``, ``wait`` or ``serve``."""

    kind: str
    start_s: int
    end_s: int
    stop: int | None


class RouteView(Struct, frozen=True):
    """
    One route with what is derived from it.

    ``fill`` is the fullest moment of the fullest dimension, 0 to 1, None where the vehicle has no limit. ``way`` holds
    the places driven through: start, stops, end (where it has one).
    """

    index: int
    label: str
    colour: str
    route: Route
    way: tuple[Place, ...]
    bars: tuple[Bar, ...]
    orders: tuple[str, ...]
    fill: float | None

    def seconds_of(self, kind: str) -> int:
        """How long the route spends on one kind of bar."""
        return sum(bar.end_s - bar.start_s for bar in self.bars if bar.kind == kind)

    @property
    def cost_minor(self) -> int:
        """Cost of the route, rounded once."""
        return minor(self.route.cost.total_milli)


def views(problem: Problem, plan: Plan) -> tuple[RouteView, ...]:
    """Every route of a plan, by vehicle type in the problem's order and number of the vehicle."""
    rank = {vehicle.id: position for position, vehicle in enumerate(problem.vehicle_types)}
    routes = sorted(plan.routes, key=lambda route: (rank[route.vehicle_type], route.vehicle))
    places = {place.id: place for place in problem.places}
    types = {vehicle.id: vehicle for vehicle in problem.vehicle_types}
    found = []
    for index, route in enumerate(routes):
        vehicle = types[route.vehicle_type]
        ids = [vehicle.start, *(stop.place for stop in route.stops), *([vehicle.end] if vehicle.end else [])]
        found.append(
            RouteView(
                index=index,
                label=f"{route.vehicle_type} {route.vehicle}",
                colour=COLOURS[index % len(COLOURS)],
                route=route,
                way=tuple(places[id_] for id_ in ids),
                bars=_bars(route),
                orders=orders_of(route.stops),
                fill=_fill(route, vehicle.capacity),
            )
        )
    return tuple(found)


def orders_of(stops: tuple[Stop, ...]) -> tuple[str, ...]:
    """Orders in the sequence in which they are first touched, each once."""
    return tuple(dict.fromkeys(visit.order for stop in stops for visit in stop.visits))


def _bars(route: Route) -> tuple[Bar, ...]:
    bars: list[Bar] = []
    now = route.start_s
    for number, stop in enumerate(route.stops):
        bars.append(Bar("drive", now, stop.arrival_s, None))
        now = stop.arrival_s
        for visit in stop.visits:
            bars.append(Bar("wait", now, visit.start_s, number))
            bars.append(Bar("serve", visit.start_s, visit.end_s, number))
            now = visit.end_s
        now = stop.departure_s
    bars.append(Bar("drive", now, route.end_s, None))
    return tuple(bar for bar in bars if bar.end_s > bar.start_s)


def _fill(route: Route, capacity: dict[str, int]) -> float | None:
    loads = [route.load_start, *(stop.load_after for stop in route.stops)]
    shares = [
        max(load.get(dimension, 0) for load in loads) / limit for dimension, limit in capacity.items() if limit > 0
    ]
    return max(shares, default=None)
