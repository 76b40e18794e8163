"""A plan as GeoJSON (RFC 7946): longitude before latitude, WGS 84, routes as lines and stops as points."""

from typing import Any

import msgspec

from cluster.offline.figures import clock
from cluster.offline.view import RouteView, views
from solver.plan import Plan
from solver.problem import Place, Problem


def geojson(problem: Problem, plan: Plan) -> bytes:
    """
    A FeatureCollection: each route a LineString, followed by its stops as Points.

    A place without coordinates leaves a stop's geometry null (an unlocated feature, RFC 7946 section 3.2) and is left
    out of its line.
    """
    features = [feature for view in views(problem, plan) for feature in _features(view)]
    return msgspec.json.format(msgspec.json.encode({"type": "FeatureCollection", "features": features}), indent=1)


def _features(view: RouteView) -> list[dict[str, Any]]:
    route = view.route
    points = [position for place in view.way if (position := _position(place)) is not None]
    line = {
        "kind": "route",
        "vehicle": view.label,
        "vehicle_type": route.vehicle_type,
        "start_s": route.start_s,
        "end_s": route.end_s,
        "distance_m": route.distance_m,
        "cost_milli": route.cost.total_milli,
        "orders": list(view.orders),
        "stroke": view.colour,
    }
    geometry = {"type": "LineString", "coordinates": points} if len(points) > 1 else None
    return [{"type": "Feature", "geometry": geometry, "properties": line}, *_stops(view)]


def _stops(view: RouteView) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = []
    for number, (stop, place) in enumerate(zip(view.route.stops, view.way[1:], strict=False), start=1):
        position = _position(place)
        properties = {
            "kind": "stop",
            "vehicle": view.label,
            "sequence": number,
            "place": place.id,
            "name": place.name,
            "arrival_s": stop.arrival_s,
            "departure_s": stop.departure_s,
            "arrival": clock(stop.arrival_s),
            "orders": [{"order": visit.order, "action": visit.action} for visit in stop.visits],
            "marker-color": view.colour,
        }
        geometry = None if position is None else {"type": "Point", "coordinates": position}
        features.append({"type": "Feature", "geometry": geometry, "properties": properties})
    return features


def _position(place: Place) -> list[float] | None:
    return None if place.lat is None or place.lon is None else [place.lon, place.lat]
