"""
Days as the platform poses them, drawn from a seed; the same seed gives the same day on any machine.

``rich``: shipments between firms' warehouses and their customers. ``city``: deliveries from one depot, for growth and
bound. ``real_city``: the same two kinds on fifty real places with measured road times.
"""

import csv
from pathlib import Path
from random import Random

import numpy as np

from solver.matrix import Matrix
from solver.problem import Order, Place, Problem, TravelProfile, VehicleType, Visit, Window

HOUR_S = 3_600
CENTRE = (10.78, 106.68)
DEGREES_A_KM = 1 / 111.0
DAY = Window(6 * HOUR_S, 20 * HOUR_S)
WORK_S = 9 * HOUR_S
"""A driver's longest shift, within the day wherever it fits."""
OPTIONAL_PART = 0.15
STEP_S = 900

TARIFFS = {
    # weight, volume, pallet places; price of a vehicle, a kilometre and an hour in VND
    "van": (800_000, 4_000_000, 2, 250_000, 5_000, 60_000),
    "truck": (2_500_000, 14_000_000, 6, 400_000, 8_000, 70_000),
    "lorry": (6_000_000, 30_000_000, 12, 700_000, 12_000, 90_000),
}


def vehicle(name: str, depot: str, count: int | None) -> VehicleType:
    """A vehicle type by its tariff at a depot."""
    weight_g, volume_cm3, places, fixed, km, hour = TARIFFS[name]
    return VehicleType(
        id=f"{name} at {depot}",
        start=depot,
        end=depot,
        capacity={"weight_g": weight_g, "volume_cm3": volume_cm3, "pallet_places": places},
        count=count,
        shift=DAY,
        duration_max_s=WORK_S,
        fixed_milli=fixed * 1_000,
        km_milli=km * 1_000,
        hour_milli=hour * 1_000,
    )


def window(draw: Random, open_s: int, close_s: int) -> tuple[Window, ...]:
    """Two to four hours that begin at a full quarter."""
    length_s = draw.randrange(2 * HOUR_S, 4 * HOUR_S + 1, STEP_S)
    begin_s = draw.randrange(open_s, close_s - length_s + 1, STEP_S)
    return (Window(begin_s, begin_s + length_s),)


def load(draw: Random) -> dict[str, int]:
    """From a parcel to a pallet or two."""
    pallets = draw.choices((0, 1, 2), (70, 22, 8))[0]
    weight_g = draw.randrange(5_000, 120_000) + pallets * draw.randrange(60_000, 200_000)
    volume_cm3 = draw.randrange(20_000, 400_000) + pallets * draw.randrange(300_000, 900_000)
    return {"weight_g": weight_g, "volume_cm3": volume_cm3, "pallet_places": pallets}


def scattered(draw: Random, names: list[str], spread_km: float, clusters: int) -> tuple[Place, ...]:
    """Places around the centres of districts."""
    centres = [
        (draw.gauss(CENTRE[0], spread_km * DEGREES_A_KM), draw.gauss(CENTRE[1], spread_km * DEGREES_A_KM))
        for _ in range(clusters)
    ]
    places = []
    for name in names:
        lat, lon = draw.choice(centres)
        places.append(
            Place(
                id=name,
                lat=round(draw.gauss(lat, 1.5 * DEGREES_A_KM), 6),
                lon=round(draw.gauss(lon, 1.5 * DEGREES_A_KM), 6),
            )
        )
    return tuple(places)


def shipments(draw: Random, warehouses: list[str], customers: list[str]) -> tuple[Order, ...]:
    """One transport to each customer; some have an outside option."""
    orders = []
    for number, customer in enumerate(customers):
        goods = load(draw)
        optional = draw.random() < OPTIONAL_PART
        warehouse = draw.choice(warehouses)
        # About what a courier asks for a ride through the city, so that some are cheaper outside and some are not.
        fare = 60_000 + draw.randrange(0, 120_000) + goods["weight_g"] // 4
        orders.append(
            Order(
                id=f"shipment {number + 1}",
                owner=warehouse,
                pickup=Visit(
                    place=warehouse, windows=(Window(7 * HOUR_S, 17 * HOUR_S),), service_s=draw.randrange(180, 601)
                ),
                delivery=Visit(
                    place=customer,
                    windows=window(draw, 8 * HOUR_S, 19 * HOUR_S),
                    service_s=draw.randrange(180, 901),
                ),
                load=goods,
                outside_milli=fare * 1_000 if optional else None,
            )
        )
    return tuple(orders)


def rich(size: int, seed: int) -> Problem:
    """A day of ``size`` transports from member warehouses, three vehicle types at each of two depots."""
    draw = Random(seed)
    warehouses = [f"warehouse {k + 1}" for k in range(max(4, round(size**0.5)))]
    customers = [f"customer {k + 1}" for k in range(size)]
    depots = ["depot 1", "depot 2"]
    places = scattered(draw, [*depots, *warehouses, *customers], 6.0, max(5, size // 12))
    count = max(3, size // 8)
    vehicles = tuple(vehicle(name, depot, count) for depot in depots for name in TARIFFS)
    return Problem(places=places, vehicle_types=vehicles, orders=shipments(draw, warehouses, customers))


def city(size: int, seed: int) -> Problem:
    """A day of ``size`` deliveries from one depot, windows of two to four hours, no matrices given."""
    draw = Random(seed)
    customers = [f"customer {k + 1}" for k in range(size)]
    places = scattered(draw, customers, 7.0, max(6, min(60, size // 25)))
    depot = Place(id="depot", lat=CENTRE[0], lon=CENTRE[1])
    vehicles = (vehicle("van", "depot", None), vehicle("truck", "depot", None))
    return Problem(places=(depot, *places), vehicle_types=vehicles, orders=deliveries(draw, customers))


def deliveries(draw: Random, customers: list[str]) -> tuple[Order, ...]:
    """One mandatory delivery to each name in the list."""
    return tuple(
        Order(
            id=f"order {number + 1}",
            owner="all",
            delivery=Visit(
                place=customer, windows=window(draw, 7 * HOUR_S, 19 * HOUR_S), service_s=draw.randrange(180, 481)
            ),
            load=load(draw),
        )
        for number, customer in enumerate(customers)
    )


def real_city(folder: Path, year: int, kind: str, seed: int) -> Problem:
    """
    Fifty places with measured road times and distances of ``year``.

    ``kind`` is ``deliveries`` (two orders a place from the first one) or ``shipments`` (96 from twelve of the places).
    A place that has no way to or from the first one has no orders.
    """
    draw = Random(seed)
    with (folder / "points.csv").open(encoding="utf-8") as file:
        places = tuple(
            Place(id=row["id"], lat=float(row["lat"]), lon=float(row["lon"])) for row in csv.DictReader(file)
        )
    row_of = {place.id: row for row, place in enumerate(places)}
    distance_m = np.full((len(places), len(places)), -1, dtype=np.int64)
    duration_s = distance_m.copy()
    with (folder / f"matrix_{year}.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            pair = row_of[row["src"]], row_of[row["dst"]]
            duration_s[pair] = int(float(row["time_s"])) if row["time_s"] else -1
            distance_m[pair] = round(float(row["distance_km"]) * 1_000) if row["distance_km"] else -1
    names = [place.id for row, place in enumerate(places) if (duration_s[0, row] >= 0) & (duration_s[row, 0] >= 0)]
    if kind == "deliveries":
        orders = deliveries(draw, names[1:] * 2)
    else:
        orders = shipments(draw, names[1:13], [draw.choice(names[13:]) for _ in range(96)])
    vehicles = tuple(vehicle(name, names[0], None) for name in TARIFFS)
    profile = TravelProfile(id="default", distance_m=Matrix(distance_m), duration_s=Matrix(duration_s))
    return Problem(places=places, profiles=(profile,), vehicle_types=vehicles, orders=orders)
