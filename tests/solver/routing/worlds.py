"""Worlds for tests of the search: lines and squares that a reader can work out, and a seeded city day."""

from random import Random
from typing import Any

from solver.matrix import Matrix
from solver.problem import Order, Place, Problem, TravelProfile, VehicleType, Visit, Window

HOUR = 3_600


def line(positions_km: dict[str, int], **more: Any) -> dict[str, Any]:
    """Places on a straight road; a kilometre is 1000 m and takes 60 s."""
    ids = list(positions_km)
    km = [[abs(positions_km[a] - positions_km[b]) for b in ids] for a in ids]
    profile = TravelProfile(
        id="default",
        distance_m=Matrix([[1_000 * d for d in row] for row in km]),
        duration_s=Matrix([[60 * d for d in row] for row in km]),
    )
    return {"places": tuple(Place(id=name) for name in ids), "profiles": (profile,), **more}


def van(name: str = "van", **changes: Any) -> VehicleType:
    """10 boxes, 100 a vehicle and 1 a kilometre (both in milli), starts and ends at the depot."""
    given: dict[str, Any] = {
        "id": name,
        "start": "depot",
        "end": "depot",
        "capacity": {"boxes": 10},
        "fixed_milli": 100,
        "km_milli": 1,
        "shift": Window(0, 24 * HOUR),
    }
    return VehicleType(**(given | changes))


def delivery(name: str, place: str, boxes: int = 1, windows: tuple[Window, ...] = (), **more: Any) -> Order:
    visit = Visit(place=place, windows=windows, service_s=more.pop("service_s", 0))
    return Order(id=name, owner=more.pop("owner", "o"), delivery=visit, load={"boxes": boxes}, **more)


def collection(name: str, place: str, boxes: int = 1, windows: tuple[Window, ...] = (), **more: Any) -> Order:
    visit = Visit(place=place, windows=windows, service_s=more.pop("service_s", 0))
    return Order(id=name, owner=more.pop("owner", "o"), pickup=visit, load={"boxes": boxes}, **more)


def transport(name: str, from_: str, to: str, boxes: int = 1, **more: Any) -> Order:
    return Order(
        id=name,
        owner=more.pop("owner", "o"),
        pickup=Visit(place=from_, windows=more.pop("from_windows", ())),
        delivery=Visit(place=to, windows=more.pop("to_windows", ())),
        load={"boxes": boxes},
        **more,
    )


def city_day(
    seed: int = 1, deliveries: int = 160, collections: int = 15, transports: int = 15, optional: bool = True
) -> Problem:
    """A day in a city the size of Ho Chi Minh City: one hub, three vehicle types, windows, two capacities."""
    random = Random(seed)
    sites = 1 + deliveries + collections + 2 * transports
    places = tuple(
        Place(id=f"p{k}", lat=10.78 + random.gauss(0, 0.05), lon=106.69 + random.gauss(0, 0.06)) for k in range(sites)
    )
    orders = [
        _city_order(random, k, deliveries, collections, optional) for k in range(deliveries + collections + transports)
    ]
    types = (
        _city_type("motor_tricycle", 400_000, 1_500_000, 120, 2_500, 45_000),
        _city_type("van", 1_000_000, 6_000_000, 300, 4_500, 60_000),
        _city_type("truck", 2_500_000, 14_000_000, 550, 7_500, 70_000),
    )
    return Problem(places=places, vehicle_types=types, orders=tuple(orders))


def _city_type(name: str, weight_g: int, volume_cm3: int, fixed_kvnd: int, vnd_km: int, vnd_hour: int) -> VehicleType:
    return VehicleType(
        id=name,
        start="p0",
        end="p0",
        capacity={"weight_g": weight_g, "volume_cm3": volume_cm3},
        fixed_milli=fixed_kvnd * 1_000_000,
        km_milli=vnd_km * 1_000,
        hour_milli=vnd_hour * 1_000,
        stop_milli=3_000_000,
        shift=Window(6 * HOUR, 19 * HOUR),
        duration_max_s=9 * HOUR,
    )


def _city_order(random: Random, k: int, deliveries: int, collections: int, optional: bool) -> Order:
    open_s = random.choice([7, 8, 9, 12, 13]) * HOUR
    window = Window(open_s, open_s + random.choice([2, 3, 4, 10]) * HOUR)
    here = Visit(place=f"p{k + 1}", windows=(window,), service_s=random.choice([300, 600, 900]))
    load = {"weight_g": random.randint(5_000, 120_000), "volume_cm3": random.randint(20_000, 700_000)}
    common: dict[str, Any] = {"id": f"s{k}", "owner": f"m{random.randrange(6)}", "load": load}
    if k < deliveries:
        outside = random.randint(60, 200) * 1_000_000 if optional and random.random() < 0.2 else None
        return Order(delivery=here, outside_milli=outside, **common)
    if k < deliveries + collections:
        return Order(pickup=here, **common)
    there = Visit(place=f"p{1 + deliveries + collections + 2 * (k - deliveries - collections) + 1}", service_s=300)
    here = Visit(
        place=f"p{1 + deliveries + collections + 2 * (k - deliveries - collections)}", service_s=300, windows=(window,)
    )
    return Order(pickup=here, delivery=there, **common)
