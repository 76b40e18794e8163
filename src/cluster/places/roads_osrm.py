"""OSRM over HTTP."""

from collections.abc import Sequence
from typing import Any

import httpx

from cluster.places.polylines import decoded, drawn
from cluster.places.roads_engine import CUTOFF_M, Refused, RoadsAway, Table, agreed, straight_m, whole
from cluster.places.roads_models import Mode, PointE6, SetTravelProfile, Snapped

BLOCK = 50
"""A server takes 100 points in one table unless told otherwise."""
NAMES = {Mode.MOTORBIKE: "driving", Mode.VAN: "driving", Mode.TRUCK: "driving", Mode.BICYCLE: "cycling"}
NOT_TOGETHER = frozenset({"NoSegment", "NoTable", "NoRoute", "TooBig"})


class Osrm:
    """
    OSRM's own server. It knows one way of travelling, prepared with its data: measures of a vehicle do not reach it.

    ``url`` may hold ``{mode}``, so that each mode is asked for at a server of its own.
    """

    name = "osrm"
    block = BLOCK
    chain = BLOCK

    def __init__(self, url: str, client: httpx.Client) -> None:
        self._url, self._client = url.rstrip("/"), client
        self.network = "osrm"

    def identify(self) -> "Osrm":
        """
        Names the network by the server's data version, where its data has one; told with any answer.

        Raises
        ------
        RoadsAway
            When the server does not answer.
        """
        way = SetTravelProfile(mode=Mode.VAN)
        try:
            answer = self._ask(way, "nearest", [(0, 0)], {})
        except Refused:
            return self
        if answer.get("data_version"):
            self.network = f"osrm-{answer['data_version']}"
        return self

    def table(self, way: SetTravelProfile, sources: Sequence[PointE6], targets: Sequence[PointE6]) -> Table:
        """See ``TravelEngine``."""
        rows = ";".join(str(index) for index in range(len(sources)))
        columns = ";".join(str(index) for index in range(len(sources), len(sources) + len(targets)))
        asked = {"sources": rows, "destinations": columns, "annotations": "duration,distance"}
        answer = self._ask(way, "table", [*sources, *targets], asked)
        try:
            distance_m, duration_s = whole(answer["distances"]), whole(answer["durations"])
        except (KeyError, TypeError, ValueError) as error:
            raise RoadsAway(f"OSRM's answer is not a table: {error!r}") from error
        if distance_m.shape != (len(sources), len(targets)) or duration_s.shape != distance_m.shape:
            raise RoadsAway("OSRM's table is of another size than asked for")
        return agreed(distance_m, duration_s)

    def snap(self, way: SetTravelProfile, points: Sequence[PointE6]) -> list[Snapped]:
        """See ``TravelEngine``."""
        return [self._nearest(way, point) for point in points]

    def lines(self, way: SetTravelProfile, points: Sequence[PointE6]) -> list[str]:
        """See ``TravelEngine``; each leg is a way of its own, as in tables, so vehicles may turn at stops."""
        asked = {"overview": "false", "steps": "true", "geometries": "polyline6", "continue_straight": "false"}
        answer = self._ask(way, "route", points, asked | {"radiuses": ";".join([str(CUTOFF_M)] * len(points))})
        try:
            found = [_line(leg["steps"]) for leg in answer["routes"][0]["legs"]]
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise RoadsAway(f"OSRM's answer is no way: {error!r}") from error
        if len(found) != len(points) - 1:
            raise RoadsAway("OSRM's way has another number of legs than asked for")
        return found

    def _nearest(self, way: SetTravelProfile, point: PointE6) -> Snapped:
        try:
            lon, lat = self._ask(way, "nearest", [point], {"number": "1"})["waypoints"][0]["location"]
        except Refused:
            return Snapped(point=point)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            raise RoadsAway(f"OSRM's answer is no place on a road: {error!r}") from error
        road = (round(lat * 1e6), round(lon * 1e6))
        distance_m = round(float(straight_m([point], [road])[0, 0]))
        return Snapped(point=point) if distance_m > CUTOFF_M else Snapped(point=point, road=road, distance_m=distance_m)

    def _ask(self, way: SetTravelProfile, service: str, points: Sequence[PointE6], asked: dict[str, str]) -> Any:
        where = ";".join(f"{lon / 1e6:.6f},{lat / 1e6:.6f}" for lat, lon in points)
        url = self._url.replace("{mode}", way.mode.value)
        try:
            answer = self._client.get(f"{url}/{service}/v1/{NAMES[way.mode]}/{where}", params=asked)
            found = answer.json()
            answered = found["code"]
        except (httpx.HTTPError, RuntimeError, ValueError, KeyError, TypeError) as error:
            raise RoadsAway(f"OSRM does not answer: {type(error).__name__}: {error}") from error
        if answered == "Ok":
            return found
        if answered in NOT_TOGETHER:
            raise Refused(f"{answered}: {found.get('message', '')}")
        raise RoadsAway(f"OSRM refuses: {answered}: {found.get('message', '')}")

    def close(self) -> None:
        """The connections belong to whoever gave them."""


def _line(steps: list[dict[str, Any]]) -> str:
    """A leg's steps as one line; each begins where the one before ended."""
    points: list[PointE6] = []
    for step in steps:
        along = decoded(step["geometry"], 6)
        points += along[1:] if points and along[:1] == points[-1:] else along
    return drawn(points)
