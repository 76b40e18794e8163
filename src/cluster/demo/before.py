"""The days before the example day: booked, planned, dispatched, and driven as drivers report it through their links."""

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cluster.demo.client import Client, wait_for_plan
from cluster.demo.day import SPLIT_ALLOWANCE_S, Founded, Link, book, example

SEED = 7
SHARE_OF_A_DAY = 4
"""Of every member's shipments, one in so many is booked for each of these days."""
SECONDS, PLAYERS_MAX = 2, 1
"""What these days are planned with: they are there to look at, not to prove anything about groups of members."""
FAILS_OF = 20
SIGNS_OF = 3
DRIVERS = ("Minh", "Lan", "Hùng", "Thảo", "Quân", "Mai", "Phúc", "Hoa")
PEN = "M20 120L60 40L90 140L130 60L170 130L230 70L300 110"
"""A signature, within 600 x 200."""


def drive_days(founded: Founded, url: str, days: int, say: Callable[[str], None]) -> list[Link]:
    """
    Lets as many days go by before the example day, the latest last.

    Returns
    -------
    list of Link
        Links of a driver whose tour of the latest day has not left yet, and of one of its consignees.
    """
    coordinator = Client(url, founded.logins[0].api_key)
    links: list[Link] = []
    for back in range(days, 0, -1):
        day = founded.service_date - timedelta(days=1 + back)
        tours = _dispatched(founded, url, coordinator, back, day)
        kept = tours.pop() if back == 1 else None
        for number, tour in enumerate(tours):
            _drive(url, coordinator, tour, random.Random(SEED + 100 * back + number))  # noqa: S311  (no secret)
        if kept is not None:
            links = _links(url, coordinator, kept)
        say(f"{day}: {len(tours)} tours driven")
    return links


def tours_to_tender(founded: Founded, url: str) -> list[dict[str, Any]]:
    """Tours of the day before the example day, which nobody drives yet; the example day stays to be worked at."""
    coordinator = Client(url, founded.logins[0].api_key)
    plan_id = _planned(founded, url, coordinator, 0, founded.service_date - timedelta(days=1))
    found: list[dict[str, Any]] = coordinator.post(f"/v1/plans/{plan_id}/dispatch", {"release": False})["tours"]
    return found


def _planned(founded: Founded, url: str, coordinator: Client, back: int, day: date) -> str:
    """The plan of a day that was booked; its window is closed by then."""
    world = example()
    zone = ZoneInfo(world["cluster"]["time_zone"])
    closes = datetime.now(zone) + timedelta(hours=1)
    opened = coordinator.post(
        "/v1/pool-windows", {"service_date": day.isoformat(), "cut_off_at": closes.isoformat(timespec="seconds")}
    )
    for number, (entry, login) in enumerate(zip(world["members"], founded.logins[1:], strict=True)):
        own = [shipment for shipment in world["shipments"] if shipment["member"] == entry["code"]]
        chosen = own[(number + back) % SHARE_OF_A_DAY :: SHARE_OF_A_DAY]
        book(Client(url, login.api_key), chosen, day, zone, opened["id"], f"-{day:%m%d}")
    coordinator.post(f"/v1/pool-windows/{opened['id']}/close")
    asked = {"seconds": SECONDS, "players_max": PLAYERS_MAX}
    plan = coordinator.post(f"/v1/pool-windows/{opened['id']}/plans", asked)
    wait_for_plan(coordinator, plan["id"], SECONDS + SPLIT_ALLOWANCE_S, lambda _: None)
    return str(plan["id"])


def _dispatched(founded: Founded, url: str, coordinator: Client, back: int, day: date) -> list[dict[str, Any]]:
    """The tours of a day that was booked, planned and dispatched."""
    plan_id = _planned(founded, url, coordinator, back, day)
    routes = coordinator.get(f"/v1/plans/{plan_id}/routes")["routes"]
    crews = [
        {"route_no": route["route_no"], "driver_name": DRIVERS[number % len(DRIVERS)]}
        for number, route in enumerate(routes)
    ]
    found: list[dict[str, Any]] = coordinator.post(f"/v1/plans/{plan_id}/dispatch", {"crews": crews})["tours"]
    return found


def _drive(url: str, coordinator: Client, tour: dict[str, Any], chance: random.Random) -> None:
    """A tour from its start to its end, reported by its driver."""
    token = coordinator.post(f"/v1/tours/{tour['id']}/driver-link")["token"]
    driver = Client(url, None)
    stops = coordinator.get(f"/v1/tours/{tour['id']}")["stops"]
    events = [{"event_key": f"e-{number}", **event} for number, event in enumerate(_events(tour, stops, chance))]
    driver.post(f"/v1/driver/{token}/events", {"events": events})
    signed = [event for event in events if event["kind"] == "done" and event["action"] == "delivery"][::SIGNS_OF]
    for event in signed:
        of = {name: event[name] for name in ("event_key", "shipment_id", "action")}
        driver.hand_in(f"/v1/driver/{token}/proofs", PEN, **of, kind="signature", taken_at=event["at"])


def _events(tour: dict[str, Any], stops: list[dict[str, Any]], chance: random.Random) -> Iterator[dict[str, Any]]:
    """What a driver reports: a little late, later with every stop but one in three, and not everybody is at home."""
    late_s = chance.randrange(600)
    yield {"kind": "started", "at": _later(tour["starts_at"], late_s)}
    for stop in stops:
        where = {"lat": stop["lat"], "lon": stop["lon"], "accuracy_m": 12}
        late_s = max(0, late_s + chance.randrange(-180, 240))
        yield {"kind": "arrived", "stop_no": stop["stop_no"], "at": _later(stop["arrives_at"], late_s), **where}
        for visit in stop["visits"]:
            happened = {"shipment_id": visit["shipment_id"], "action": visit["action"]}
            happened["at"] = _later(visit["ends_at"], late_s)
            if visit["action"] == "delivery" and chance.randrange(FAILS_OF) == 0:
                yield {"kind": "failed", "reason": "consignee_absent", **happened, **where}
            else:
                yield {"kind": "done", **happened, **where}
        yield {"kind": "left", "stop_no": stop["stop_no"], "at": _later(stop["departs_at"], late_s), **where}
    yield {"kind": "completed", "at": _later(tour["ends_at"], late_s)}


def _later(moment: str, by_s: int) -> str:
    return (datetime.fromisoformat(moment) + timedelta(seconds=by_s)).isoformat()


def _links(url: str, coordinator: Client, tour: dict[str, Any]) -> list[Link]:
    """The pages of a driver about to leave, and of one of its consignees."""
    visits = [visit for stop in coordinator.get(f"/v1/tours/{tour['id']}")["stops"] for visit in stop["visits"]]
    awaited = next((visit for visit in visits if visit["action"] == "delivery"), visits[0])
    drive = coordinator.post(f"/v1/tours/{tour['id']}/driver-link", {"hours": 24 * 7})["path"]
    track = coordinator.post(f"/v1/shipments/{awaited['shipment_id']}/tracking-link", {"hours": 24 * 7})["path"]
    return [
        Link(whose=f"driver of tour {tour['code']}", url=url + drive),
        Link(whose=f"consignee of {awaited['client_ref']}", url=url + track),
    ]
