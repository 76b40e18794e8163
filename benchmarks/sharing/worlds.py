"""Days of several members, drawn with fixed seeds from public customers and from a real city's road times."""

import csv
from pathlib import Path
from random import Random

import numpy as np
from msgspec import structs

from solver.formats.solomon import read_solomon
from solver.matrix import Matrix
from solver.problem import Order, Place, Problem, TravelProfile, VehicleType, Visit, Window

HOUR_S = 3_600
STOPS_A_VAN = 15
VAN_DAY_MILLI, KM_MILLI = 250_000_000, 9_000_000
"""A van with driver by the day, and a kilometre, in thousandths of a dong."""


def customers(data: Path, name: str, members: int, stops: int, seed: int) -> Problem:
    """
    ``members`` x ``stops`` customers of an instance in ``routing/vrptw``, dealt out at random.

    As many vehicles as wanted; the price is the distance in tenths, truncated, as in the DIMACS challenge.
    """
    whole = read_solomon((data / "routing" / "vrptw" / f"{name}.txt").read_bytes()).problem
    drawn = Random(seed).sample(range(len(whole.orders)), members * stops)
    orders = [
        structs.replace(whole.orders[order], owner=f"member {1 + number % members:02}")
        for number, order in enumerate(drawn)
    ]
    vehicles = tuple(structs.replace(vehicle, count=None) for vehicle in whole.vehicle_types)
    return structs.replace(whole, orders=tuple(orders), vehicle_types=vehicles)


def city(data: Path, members: int, stops: int, seed: int, *, hours: tuple[int, int] = (2, 4)) -> Problem:
    """
    ``members`` x ``stops`` deliveries in the city with measured road times of 2025, from one depot, the first place.

    Every delivery has a window of ``hours`` (least, most) on a quarter of an hour between 8:00 and 18:00, takes ten
    minutes, and fills a fifteenth of a van. Vans are hired by day and kilometre, as many as wanted.
    """
    draw = Random(seed)
    names, distance_m, duration_s = _roads(data / "hcmc")
    at = [
        name for _ in range(-(-members * stops // (len(names) - 1))) for name in draw.sample(names[1:], len(names) - 1)
    ]
    orders = []
    for number in range(members * stops):
        length_s = draw.randrange(hours[0] * 4, hours[1] * 4 + 1) * HOUR_S // 4
        opens_s = draw.randrange(0, (10 * HOUR_S - length_s) // (HOUR_S // 4) + 1) * HOUR_S // 4
        visit = Visit(place=at[number], windows=(Window(opens_s, opens_s + length_s),), service_s=600)
        owner = f"member {1 + number % members:02}"
        orders.append(Order(id=f"order {1 + number}", owner=owner, delivery=visit, load={"boxes": 1}))
    van = VehicleType(
        id="van",
        start=names[0],
        end=names[0],
        capacity={"boxes": STOPS_A_VAN},
        fixed_milli=VAN_DAY_MILLI,
        km_milli=KM_MILLI,
        shift=Window(0, 11 * HOUR_S),
    )
    return Problem(
        currency="VND",
        places=tuple(Place(id=name) for name in names),
        profiles=(TravelProfile(id="default", distance_m=Matrix(distance_m), duration_s=Matrix(duration_s)),),
        vehicle_types=(van,),
        orders=tuple(orders),
    )


def _roads(folder: Path) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Places that can be reached from the first and left for it, metres and seconds between them."""
    with (folder / "points.csv").open(encoding="utf-8") as file:
        names = [row["id"] for row in csv.DictReader(file)]
    row_of = {name: row for row, name in enumerate(names)}
    distance_m = np.full((len(names), len(names)), -1, dtype=np.int64)
    duration_s = distance_m.copy()
    with (folder / "matrix_2025.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            pair = row_of[row["src"]], row_of[row["dst"]]
            duration_s[pair] = int(float(row["time_s"])) if row["time_s"] else -1
            distance_m[pair] = round(float(row["distance_km"]) * 1_000) if row["distance_km"] else -1
    reached = [k for k in range(len(names)) if duration_s[0, k] >= 0 and duration_s[k, 0] >= 0]
    kept = np.ix_(reached, reached)
    return [names[k] for k in reached], distance_m[kept], duration_s[kept]
