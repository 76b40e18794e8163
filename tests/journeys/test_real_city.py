"""Real input: the road matrix of fifty places in Ho Chi Minh City, real parcel sizes, real small sellers."""

import csv
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cluster.demo.client import Client, wait_for_plan
from tests.journeys.live import Platform
from tests.shared_data import shared_data

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MEMBERS = 12
SHIPMENTS_EACH = 8


def rows(path: Path) -> list[dict[str, str]]:
    """A CSV file as dictionaries."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_twelve_real_sellers_share_a_day_on_the_real_road_matrix(live: Platform, operator_key: str) -> None:
    points = rows(shared_data("hcmc", "points.csv"))
    matrix = road_matrix(points, rows(shared_data("hcmc", "matrix_2025.csv")))
    founded = Client(live.url, operator_key).post(
        "/v1/clusters",
        {"name": "Fifty places", "country_code": "VN", "currency": "VND", "time_zone": "Asia/Ho_Chi_Minh"},
    )
    coordinator = Client(live.url, founded["coordinator_key"]["api_key"])
    stored = coordinator.put("/v1/travel-matrices", matrix)
    assert stored["legs"] == 50 * 50
    window = open_day(coordinator, points[0])

    members = book_all(live, coordinator, points, window)
    started = coordinator.post(
        f"/v1/pool-windows/{window['id']}/plans", {"seconds": 8, "rule": "nucleolus", "players_max": 6}
    )
    plan = wait_for_plan(coordinator, started["id"], 200, lambda point: None)
    result = plan["result"]
    # The road data has no way to one of the fifty places: what goes there is left out with that reason, nothing else.
    cut_off = {
        f"Place {point['id']}" for point, metres in zip(points, matrix["distance_m"][0], strict=True) if metres < 0
    }
    unplanned = coordinator.get(f"/v1/plans/{plan['id']}/unplanned")["unplanned"]
    assert {entry["name"] for entry in unplanned} == cut_off
    assert {entry["reason"] for entry in unplanned} == {"reachable_constraint"}
    assert result["planned"] + len(unplanned) == MEMBERS * SHIPMENTS_EACH

    shares = coordinator.get(f"/v1/plans/{plan['id']}/shares")["shares"]
    assert {share["member_id"] for share in shares} == members.keys()
    assert sum(int(share["share"]["amount"]) for share in shares) == result["cost_minor"]
    assert all(int(share["saving"]["amount"]) >= 0 for share in shares)
    assert sum(int(share["saving"]["amount"]) for share in shares) > 0

    driven_by_the_matrix(coordinator, plan, points, matrix)
    for member_id, client in members.items():
        own_shares = client.get(f"/v1/plans/{plan['id']}/shares")["shares"]
        assert [share["member_id"] for share in own_shares] == [member_id]
        visits = [
            visit
            for route in client.get(f"/v1/plans/{plan['id']}/routes")["routes"]
            for stop in route["stops"]
            for visit in stop["visits"]
        ]
        own_unplanned = client.get(f"/v1/plans/{plan['id']}/unplanned")["unplanned"]
        assert len(visits) + len(own_unplanned) == SHIPMENTS_EACH
        assert {visit["member_id"] for visit in visits} == {member_id}


def book_all(
    live: Platform, coordinator: Client, points: list[dict[str, str]], window: dict[str, Any]
) -> dict[str, Client]:
    """Admits twelve real sellers, each of which books its shipments; their clients by member."""
    sellers = rows(shared_data("parcels", "olist_sellers.csv"))[:MEMBERS]
    parcels = fashion_parcels(shared_data("parcels", "olist_products.csv"))
    members: dict[str, Client] = {}
    for number, seller in enumerate(sellers):
        member = coordinator.post("/v1/members", {"code": seller["seller_id"][:12], "name": f"Seller {number + 1}"})
        key = coordinator.post("/v1/keys", {"name": "journey", "role": "member_user", "member_id": member["id"]})
        members[member["id"]] = Client(live.url, key["api_key"])
        own = [shipment(points, parcels, number, each, window) for each in range(SHIPMENTS_EACH)]
        booked = members[member["id"]].post("/v1/shipments/bulk", {"shipments": own})
        assert len(booked["shipments"]) == SHIPMENTS_EACH
    return members


def driven_by_the_matrix(
    coordinator: Client, plan: dict[str, Any], points: list[dict[str, str]], matrix: dict[str, Any]
) -> None:
    """Every leg between two stops takes exactly what the road matrix says."""
    at = {(round(float(p["lat"]), 6), round(float(p["lon"]), 6)): index for index, p in enumerate(points)}
    legs = 0
    for route in coordinator.get(f"/v1/plans/{plan['id']}/routes")["routes"]:
        for first, second in zip(route["stops"], route["stops"][1:], strict=False):
            here, there = (at[round(stop["lat"], 6), round(stop["lon"], 6)] for stop in (first, second))
            left = datetime.fromisoformat(first["departs_at"])
            reached = datetime.fromisoformat(second["arrives_at"])
            assert (reached - left).total_seconds() == matrix["duration_s"][here][there]
            legs += 1
    assert legs > 20


def road_matrix(points: list[dict[str, str]], legs: list[dict[str, str]]) -> dict[str, Any]:
    """The table in the API's shape: metres and seconds, rows in the order of points."""
    index = {point["id"]: number for number, point in enumerate(points)}
    distance_m = [[0] * len(points) for _ in points]
    duration_s = [[0] * len(points) for _ in points]
    for leg in legs:
        row, column = index[leg["src"]], index[leg["dst"]]
        unreachable = not leg["distance_km"] or not leg["time_s"]
        distance_m[row][column] = -1 if unreachable else round(float(leg["distance_km"]) * 1000)
        duration_s[row][column] = -1 if unreachable else round(float(leg["time_s"]))
    return {
        "profile": "van",
        "points": [{"lat": float(point["lat"]), "lon": float(point["lon"])} for point in points],
        "distance_m": distance_m,
        "duration_s": duration_s,
    }


def open_day(coordinator: Client, hub_point: dict[str, str]) -> dict[str, Any]:
    """A hub at the first place, a van and a truck for hire, and a pool window for tomorrow."""
    place = {"lat": float(hub_point["lat"]), "lon": float(hub_point["lon"])}
    about = {"code": "HUB", "name": "Hub", "kind": "hub", "address_line1": "Place 1", "country_code": "VN"}
    hub = coordinator.post("/v1/sites", about | place)["id"]
    for code, weight_g, volume_cm3, fixed, km in (
        ("van", 950_000, 5_500_000, 350_000, 9_000),
        ("truck", 2_400_000, 16_000_000, 700_000, 14_000),
    ):
        coordinator.post(
            "/v1/vehicle-types",
            {
                "code": code,
                "name": code.title(),
                "capacity": {"weight_g": weight_g, "volume_cm3": volume_cm3},
                "tariff": {"fixed_minor": fixed, "km_minor": km, "hour_minor": 60_000},
                "start_site_id": hub,
                "end_site_id": hub,
                "profile": "van",
            },
        )
    day = (datetime.now(ZONE) + timedelta(days=1)).date()
    cut_off = datetime(day.year, day.month, day.day, 4, tzinfo=ZONE)
    window: dict[str, Any] = coordinator.post(
        "/v1/pool-windows", {"service_date": day.isoformat(), "cut_off_at": cut_off.isoformat()}
    )
    return window


def fashion_parcels(path: Path) -> list[dict[str, int]]:
    """Real sizes and weights of fashion articles, as they stand in the data."""
    found = []
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["product_category_name"].startswith("fashion") and row["product_weight_g"]:
                found.append(
                    {
                        "weight_g": max(int(float(row["product_weight_g"])), 1),
                        "length_mm": int(float(row["product_length_cm"])) * 10,
                        "width_mm": int(float(row["product_width_cm"])) * 10,
                        "height_mm": int(float(row["product_height_cm"])) * 10,
                    }
                )
    return list(islice(found, 400))


def shipment(
    points: list[dict[str, str]], parcels: list[dict[str, int]], member: int, each: int, window: dict[str, Any]
) -> dict[str, Any]:
    """A delivery to one of the fifty places: five like parcels, within four hours of the morning or the afternoon."""
    point = points[1 + (member * 17 + each * 7) % (len(points) - 1)]
    day = datetime.fromisoformat(window["service_date"])
    opens = datetime(day.year, day.month, day.day, 8 if each % 2 else 13, tzinfo=ZONE)
    return {
        "client_ref": f"{member}-{each}",
        "service": "delivery",
        "pool_window_id": window["id"],
        "delivery": {
            "name": f"Place {point['id']}",
            "address_line1": f"Place {point['id']}",
            "lat": float(point["lat"]),
            "lon": float(point["lon"]),
            "window_start": opens.isoformat(),
            "window_end": (opens + timedelta(hours=4)).isoformat(),
            "service_s": 300,
        },
        "handling_units": [parcels[(member * SHIPMENTS_EACH + each) % len(parcels)] | {"units": 5}],
    }
