"""
The desk over HTTP: a platform of its own, a planned day of several members, and what the coordinator waits for.

Each kind of request is asked several times, from this process, one after another: opening the plan, an edit, all
alternatives of a late order, the explanation, the other rules. What comes first after a start is told apart, for it
opens helpers and their questions.
"""

import random
import statistics
import time
import uuid
from typing import Any

import httpx

from benchmarks.platform import Measured, running

HUB = (10.82, 106.65)
SPREAD = 0.12
"""Degrees, some 13 km, around the hub."""
MEMBERS = 6
BOOKED_AT_ONCE = 500
KINDS = ("routes", "edit", "alternatives", "explanation", "fairness")


class Desk:
    """Asks as the coordinator or a member does, and takes the time."""

    def __init__(self, platform: Measured) -> None:
        self.window_id, self._key = platform.window_id, platform.coordinator_key
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{platform.port}", trust_env=False, timeout=300)
        self.took_ms: dict[str, list[float]] = {kind: [] for kind in KINDS}

    def ask(self, method: str, path: str, body: Any = None, *, key: str = "", kind: str = "", tag: str = "") -> Any:
        """An answer; refusals that an edit may meet come back as None."""
        headers = {"Authorization": f"Bearer {key or self._key}", "Idempotency-Key": str(uuid.uuid4())}
        headers |= {"If-Match": tag} if tag else {}
        began = time.perf_counter()
        answer = self._http.request(method, path, json=body, headers=headers)
        took_ms = 1_000 * (time.perf_counter() - began)
        if answer.status_code == httpx.codes.CONFLICT and kind == "edit":
            return None
        answer.raise_for_status()
        if kind:
            self.took_ms[kind].append(took_ms)
        return answer.json()

    def figures(self) -> dict[str, Any]:
        """By kind: the first, and of those after it the median and the worst, in milliseconds."""
        return {
            kind: {
                "first": round(times[0]),
                "median": round(statistics.median(times[1:] or times)),
                "worst": round(max(times[1:] or times)),
            }
            for kind, times in self.took_ms.items()
            if times
        }


def measure(orders: int, count: int, seconds: float) -> dict[str, Any]:
    """Milliseconds of what the coordinator waits for on a day of so many deliveries."""
    with running(worker=True) as platform:
        desk, rng = Desk(platform), random.Random(1)
        keys = _members(desk)
        _book(desk, keys, [_delivery(desk, rng, number) for number in range(orders)])
        plan = _planned(desk, round(seconds))
        late = _book(desk, keys, [_delivery(desk, rng, orders + number) for number in range(5)])
        for _ in range(5):
            desk.ask("GET", f"/v1/plans/{plan['id']}/routes", kind="routes")
        for kind in ("explanation", "fairness"):
            for _ in range(4):
                desk.ask("GET", f"/v1/plans/{plan['id']}/{kind}", kind=kind)
        draft = desk.ask("POST", f"/v1/plans/{plan['id']}/revise")["id"]
        for shipment_id in late:
            desk.ask("GET", f"/v1/plans/{draft}/alternatives?shipment_id={shipment_id}", kind="alternatives")
        _drags(desk, rng, draft, count)
        return {"stops": orders, "routes": plan["result"]["routes"]} | desk.figures()


def _members(desk: Desk) -> list[str]:
    """Firms that book, by their keys, with a hub and vans."""
    keys = []
    for number in range(MEMBERS):
        member = desk.ask("POST", "/v1/members", {"code": f"m{number}", "name": f"Member {number}"})
        body = {"name": "bench", "role": "member_admin", "member_id": member["id"]}
        keys.append(desk.ask("POST", "/v1/keys", body)["api_key"])
    hub = {"code": "HUB", "name": "Hub", "kind": "hub", "address_line1": "1 Hub Road", "country_code": "VN"}
    hub_id = desk.ask("POST", "/v1/sites", hub | {"lat": HUB[0], "lon": HUB[1]})["id"]
    van = {"code": "van", "name": "Van", "start_site_id": hub_id, "end_site_id": hub_id}
    van |= {"capacity": {"weight_g": 1_000_000, "volume_cm3": 6_000_000, "pallet_places": 4}}
    desk.ask("POST", "/v1/vehicle-types", van | {"tariff": {"fixed_minor": 300_000, "km_minor": 9_000}})
    return keys


def _delivery(desk: Desk, rng: random.Random, number: int) -> dict[str, Any]:
    lat, lon = (round(middle + rng.uniform(-SPREAD, SPREAD), 5) for middle in HUB)
    return {
        "client_ref": f"R{number}",
        "service": "delivery",
        "pool_window_id": desk.window_id,
        "delivery": {"name": f"Shop {number}", "address_line1": "1 Road", "lat": lat, "lon": lon, "service_s": 300},
        "handling_units": [{"weight_g": 60_000, "length_mm": 600, "width_mm": 400, "height_mm": 400}],
    }


def _book(desk: Desk, keys: list[str], bookings: list[dict[str, Any]]) -> list[str]:
    """Bookings spread over the members; their identifiers."""
    found: list[str] = []
    for turn, key in enumerate(keys):
        own = bookings[turn :: len(keys)]
        for first in range(0, len(own), BOOKED_AT_ONCE):
            body = {"shipments": own[first : first + BOOKED_AT_ONCE]}
            booked = desk.ask("POST", "/v1/shipments/bulk", body, key=key)
            found += booked["shipments"]
    return found


def _planned(desk: Desk, seconds: int) -> Any:
    body = {"seconds": seconds, "players_max": 2, "publish": False}
    plan = desk.ask("POST", f"/v1/pool-windows/{desk.window_id}/plans", body)
    while plan["status"] in {"queued", "solving"}:
        time.sleep(0.5)
        plan = desk.ask("GET", f"/v1/plans/{plan['id']}")
    if plan["status"] != "solved":
        raise RuntimeError(plan["error_detail"])
    return plan


def _drags(desk: Desk, rng: random.Random, draft: str, count: int) -> None:
    """One stop after another to a drawn place of a drawn route."""
    routes = desk.ask("GET", f"/v1/plans/{draft}/routes")["routes"]
    state = desk.ask("GET", f"/v1/plans/{draft}/draft")
    shipments = [entry["shipment_id"] for route in routes for stop in route["stops"] for entry in stop["visits"]]
    for _ in range(count):
        body = {"kind": "move", "shipment_ids": [rng.choice(shipments)], "position": 1}
        body |= {"route_no": rng.choice(routes)["route_no"]}
        state = desk.ask("POST", f"/v1/plans/{draft}/edits", body, kind="edit", tag=f'"{state["version"]}"') or state
