"""The map: stops and routes drawn from coordinates, no tiles asked of anyone."""

import math
from typing import NamedTuple

from cluster.offline.markup import escape
from cluster.offline.view import COLOURS, RouteView
from solver.problem import Place, Problem

WIDTH, MARGIN = 1000.0, 36.0
HEIGHT_MIN, HEIGHT_MAX = 420.0, 860.0
METRES_A_DEGREE = 111_195


class Projection(NamedTuple):
    """
    Equirectangular: degrees of longitude shrink by the cosine of the middle latitude; right for a region, not a globe.

    ``scale`` is drawing units a metre.
    """

    lat: float
    lon: float
    cosine: float
    scale: float
    height: float

    def of(self, place: Place) -> tuple[float, float] | None:
        """Drawing position of a place; None where it has no coordinates."""
        if place.lat is None or place.lon is None:
            return None
        east_m = (place.lon - self.lon) * METRES_A_DEGREE * self.cosine
        north_m = (place.lat - self.lat) * METRES_A_DEGREE
        return round(WIDTH / 2 + east_m * self.scale, 1), round(self.height / 2 - north_m * self.scale, 1)


def projection(places: list[Place]) -> Projection | None:
    """The projection that shows all places as large as the frame allows; None when none has coordinates."""
    located = [(place.lat, place.lon) for place in places if place.lat is not None and place.lon is not None]
    if not located:
        return None
    south, north = min(lat for lat, _ in located), max(lat for lat, _ in located)
    west, east = min(lon for _, lon in located), max(lon for _, lon in located)
    lat, lon = (south + north) / 2, (west + east) / 2
    cosine = max(math.cos(math.radians(lat)), 0.01)
    wide_m = max((east - west) * METRES_A_DEGREE * cosine, 100.0)
    high_m = max((north - south) * METRES_A_DEGREE, 100.0)
    height = min(max((WIDTH - 2 * MARGIN) * high_m / wide_m + 2 * MARGIN, HEIGHT_MIN), HEIGHT_MAX)
    scale = min((WIDTH - 2 * MARGIN) / wide_m, (height - 2 * MARGIN) / high_m)
    return Projection(lat, lon, cosine, scale, height)


def section(problem: Problem, routes: tuple[RouteView, ...]) -> str:
    """The map with its buttons and legend."""
    used = {place.id: place for view in routes for place in view.way}
    frame = projection(list(used.values()))
    if frame is None:
        return "<section><h2>Map</h2><p class=quiet>No route has places with coordinates.</p></section>"
    drawn = "".join(_route(view, frame) for view in routes)
    depots = {vehicle.start for vehicle in problem.vehicle_types} | {v.end for v in problem.vehicle_types if v.end}
    bases = "".join(_base(place, frame) for id_, place in used.items() if id_ in depots)
    return (
        "<section><div class=zoom><button type=button data-zoom=in aria-label='Zoom in'>+</button>"
        "<button type=button data-zoom=out aria-label='Zoom out'>&minus;</button>"
        "<button type=button data-zoom=all>All</button></div><h2>Map</h2><div class=frame>"
        f'<svg id=map viewBox="0 0 {WIDTH:.0f} {frame.height:.0f}" data-metre={frame.scale:.6g} role=img '
        f'aria-label="Map of all routes">{drawn}{bases}</svg>'
        "<svg id=scale width=220 height=26 aria-hidden=true><path d=''/><text y=10></text></svg></div>"
        f"{_legend(routes)}</section>"
    )


def _route(view: RouteView, frame: Projection) -> str:
    number, colour = view.index, view.index % len(COLOURS)
    stops = _points(view.way[1 : len(view.route.stops) + 1], frame)
    out, back = _points(view.way[:2], frame), _points(view.way[len(view.route.stops) :], frame)
    dashed = " dash" if view.index // len(COLOURS) % 2 else ""
    line = f'<path class=spoke d="M{out}M{back}"/><path class="way{dashed}" d="M{stops}"/>'
    dots = "".join(_stop(view, k, frame) for k in range(len(view.route.stops)))
    return f'<g class="route c{colour}" data-route={number}>{line}{dots}</g>'


def _points(places: tuple[Place, ...], frame: Projection) -> str:
    """Positions of places for a path; those without coordinates are passed over."""
    return " ".join(f"{point[0]} {point[1]}" for place in places if (point := frame.of(place)) is not None)


def _stop(view: RouteView, number: int, frame: Projection) -> str:
    place = view.way[number + 1]
    point = frame.of(place)
    if point is None:
        return ""
    orders = ", ".join(dict.fromkeys(visit.order for visit in view.route.stops[number].visits))
    title = escape(f"{view.label}, stop {number + 1}: {place.name or place.id} ({orders})")
    return (
        f'<g class=pin transform="translate({point[0]} {point[1]})" data-x={point[0]} data-y={point[1]}>'
        f"<title>{title}</title><circle r=8 /><text dy=.34em>{number + 1}</text></g>"
    )


def _base(place: Place, frame: Projection) -> str:
    point = frame.of(place)
    if point is None:
        return ""
    return (
        f'<g class="pin base" transform="translate({point[0]} {point[1]})" data-x={point[0]} data-y={point[1]}>'
        f"<title>{escape(place.name or place.id)}</title><rect x=-7 y=-7 width=14 height=14 rx=3 />"
        f"<text x=13 dy=.34em>{escape(place.name or place.id)}</text></g>"
    )


def _legend(routes: tuple[RouteView, ...]) -> str:
    buttons = "".join(
        f'<button type=button class="c{view.index % len(COLOURS)}" data-route={view.index} aria-pressed=false>'
        f"<i class=chip></i>{escape(view.label)}</button>"
        for view in routes
    )
    return f'<div class=legend role=group aria-label="Show one route">{buttons}</div>'
