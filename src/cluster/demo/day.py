"""The example day: founds a cluster, admits its members, books their shipments, plans, and looks at the split."""

import secrets
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from cluster.demo.client import BULK, Client, wait_for_plan

CUT_OFF = time(4, 0)
"""On the service day itself, so that it is always still to come."""
SPLIT_ALLOWANCE_S = 380


class Login(Struct, frozen=True, kw_only=True):
    """A sample login."""

    role: str
    name: str
    api_key: str


class Person(Struct, frozen=True, kw_only=True):
    """Somebody who signs in with an e-mail address."""

    role: str
    email: str
    password: str


class Link(Struct, frozen=True, kw_only=True):
    """A page that opens without an account; the platform shows its address once and keeps it nowhere."""

    whose: str
    url: str


class Founded(Struct, frozen=True, kw_only=True):
    """What the example day made: where to look, and as whom."""

    url: str
    service_date: date
    pool_window_id: str
    logins: list[Login]
    people: list[Person] = []
    links: list[Link] = []


def example() -> dict[str, Any]:
    """
    The example cluster, from the checkout or the installed package.

    Raises
    ------
    FileNotFoundError
        When neither holds it.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package.parents[1] / "examples", package / "_examples"):
        path = folder / "hcmc_fashion.json"
        if path.is_file():
            found: dict[str, Any] = msgspec.json.decode(path.read_bytes())
            return found
    raise FileNotFoundError("hcmc_fashion.json is neither in the checkout nor in the installed package")


def set_up(url: str, operator_key: str, say: Callable[[str], None]) -> Founded:
    """Founds the example cluster and books its shipments for tomorrow."""
    world = example()
    cluster = world["cluster"]
    founded = Client(url, operator_key).post(
        "/v1/clusters",
        {
            "name": cluster["name"],
            "country_code": cluster["country"],
            "currency": cluster["currency"],
            "time_zone": cluster["time_zone"],
        },
    )
    key = founded["coordinator_key"]["api_key"]
    coordinator = Client(url, key)
    zone = ZoneInfo(cluster["time_zone"])
    day = (datetime.now(zone) + timedelta(days=1)).date()
    hub = coordinator.post("/v1/sites", _site(world["hub"], "HUB", "hub", cluster))
    for entry in world["vehicle_types"]:
        coordinator.post("/v1/vehicle-types", _vehicle_type(entry, hub["id"]))
    window = coordinator.post(
        "/v1/pool-windows",
        {"service_date": day.isoformat(), "cut_off_at": datetime.combine(day, CUT_OFF, zone).isoformat()},
    )
    say(f"founded {cluster['name']}, pool window for {day}")
    logins = [Login(role="coordinator", name="Coordinator", api_key=key)]
    booked = 0
    for entry in world["members"]:
        member = coordinator.post("/v1/members", {"code": entry["code"], "name": entry["name"]})
        issued = coordinator.post(
            "/v1/keys", {"name": "example login", "role": "member_admin", "member_id": member["id"]}
        )
        logins.append(Login(role="member", name=entry["name"], api_key=issued["api_key"]))
        client = Client(url, issued["api_key"])
        client.post("/v1/sites", _site(entry["site"], "MAIN", "workshop", cluster))
        own = [shipment for shipment in world["shipments"] if shipment["member"] == entry["code"]]
        booked += book(client, own, day, zone, window["id"])
    say(f"{len(world['members'])} members booked {booked} shipments")
    people = _people(coordinator, member, world["members"][-1]["code"])
    return Founded(url=url, service_date=day, pool_window_id=window["id"], logins=logins, people=people)


def book(
    client: Client, shipments: list[dict[str, Any]], day: date, zone: ZoneInfo, window_id: str, mark: str = ""
) -> int:
    """Books a member's shipments of the example for a day; ``mark`` tells references of several days apart."""
    booked = 0
    for start in range(0, len(shipments), BULK):
        batch = [_shipment(shipment, day, zone, window_id, mark) for shipment in shipments[start : start + BULK]]
        booked += len(client.post("/v1/shipments/bulk", {"shipments": batch})["shipments"])
    return booked


def _people(coordinator: Client, member: dict[str, Any], code: str) -> list[Person]:
    """A coordinator without a second factor, which is for the demonstration alone, and somebody of a member."""
    coordinator.put("/v1/sign-in-rules", {"coordinators_need_factor": False})
    made = []
    for role, name, member_id in (("coordinator", "coordinator", None), ("member_admin", code.lower(), member["id"])):
        invitation = {"email": f"{name}@demo.example", "role": role, "member_id": member_id}
        token = coordinator.post("/v1/users/invitations", invitation)["token"]
        words = "-".join(secrets.token_hex(2) for _ in range(4))
        coordinator.post("/v1/users/accept", {"token": token, "name": f"{name} (example)", "password": words})
        made.append(Person(role=role, email=f"{name}@demo.example", password=words))
    return made


def plan(founded: Founded, url: str, seconds: int, say: Callable[[str], None], players_max: int = 8) -> dict[str, Any]:
    """Plans the pool window and returns the plan with its shares."""
    coordinator = Client(url, founded.logins[0].api_key)
    started = coordinator.post(
        f"/v1/pool-windows/{founded.pool_window_id}/plans", {"seconds": seconds, "players_max": players_max}
    )

    told: tuple[str, int | None] | None = None

    def tell(point: dict[str, Any]) -> None:
        nonlocal told
        news = (point["phase"], point["cost_minor"])
        if point["cost_minor"] is not None and news != told:
            told = news
            say(f"  {point['seconds']:5.1f} s  {point['phase']:<10} {point['cost_minor']:>14,}")

    solved = wait_for_plan(coordinator, started["id"], seconds + SPLIT_ALLOWANCE_S, tell)
    shares = coordinator.get(f"/v1/plans/{started['id']}/shares")
    return {"plan": solved, "shares": shares}


def _site(entry: dict[str, Any], code: str, kind: str, cluster: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": code,
        "name": entry["name"],
        "kind": kind,
        "address_line1": entry.get("address") or entry.get("address_line1") or entry["name"],
        "country_code": cluster["country"],
        "lat": entry["lat"],
        "lon": entry["lon"],
    }


def _vehicle_type(entry: dict[str, Any], hub_id: str) -> dict[str, Any]:
    return {
        "code": entry["code"],
        "name": entry["name"],
        "profile": entry["profile"],
        "speed_kmh": entry["speed_kmh"],
        "capacity": entry["capacity"],
        "tariff": {name: entry[name] for name in ("fixed_minor", "km_minor", "hour_minor", "stop_minor")},
        "vehicles": entry["count"],
        "start_site_id": hub_id,
        "end_site_id": hub_id if entry["end"] == "hub" else None,
        "shift_start": entry["shift_start"],
        "shift_end": entry["shift_end"],
        "skills": entry["skills"],
        "hold": entry.get("hold"),
    }


def _shipment(entry: dict[str, Any], day: date, zone: ZoneInfo, window_id: str, mark: str) -> dict[str, Any]:
    return {
        "client_ref": entry["client_ref"] + mark,
        "service": entry["service"],
        "pool_window_id": window_id,
        "pickup": _party(entry["pickup"], day, zone),
        "delivery": _party(entry["delivery"], day, zone),
        "handling_units": [
            {("units" if name == "count" else name): value for name, value in unit.items()}
            for unit in entry["handling_units"]
        ],
        "outside_minor": entry["outside_minor"],
        "skills": entry.get("skills", []),
    }


def _party(entry: dict[str, Any] | None, day: date, zone: ZoneInfo) -> dict[str, Any] | None:
    if entry is None:
        return None
    party = {name: entry[name] for name in ("name", "address_line1", "lat", "lon", "service_s")}
    if entry.get("window_start"):
        for name in ("window_start", "window_end"):
            party[name] = datetime.combine(day, time.fromisoformat(entry[name]), zone).isoformat()
    return party
