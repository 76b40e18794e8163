"""Large days for tests: seeded, clustered, of any size."""

from math import cos, pi, sin
from random import Random
from typing import Any

from solver.problem import Order, Place, Problem, VehicleType, Visit, Window

HOUR = 3_600


def clustered_day(orders: int, seed: int = 1, optional: bool = False, **changes: Any) -> Problem:
    """
    One hub in the middle of a city, orders in towns around it, about 40 a town; vans of 25 boxes and trucks of 60.

    Windows of two to four hours for two orders of three, a shift of ten hours: about 22 orders a route.
    """
    random = Random(seed)
    towns = [(random.uniform(0, 2 * pi), random.uniform(0.02, 0.2)) for _ in range(max(1, orders // 40))]
    places = [Place(id="hub", lat=10.78, lon=106.69)]
    asked = []
    for k in range(orders):
        angle, radius = random.choice(towns)
        lat = 10.78 + radius * sin(angle) + random.gauss(0, 0.012)
        lon = 106.69 + radius * cos(angle) + random.gauss(0, 0.012)
        places.append(Place(id=f"p{k}", lat=lat, lon=lon))
        opens = random.randrange(7, 15) * HOUR
        windows = (Window(opens, opens + random.choice((2, 3, 4)) * HOUR),) if random.random() < 0.67 else ()
        asked.append(
            Order(
                id=f"o{k}",
                owner=f"m{k % 7}",
                delivery=Visit(place=f"p{k}", windows=windows, service_s=random.choice((180, 300, 480))),
                load={"boxes": random.randrange(1, 4)},
                outside_milli=random.randrange(40_000, 400_000) if optional and k % 5 == 0 else None,
            )
        )
    shared = {"start": "hub", "end": "hub", "shift": Window(7 * HOUR, 19 * HOUR), "duration_max_s": 10 * HOUR}
    vehicles = (
        VehicleType(id="van", capacity={"boxes": 25}, fixed_milli=300_000, km_milli=4_000, hour_milli=60_000, **shared),
        VehicleType(
            id="truck", capacity={"boxes": 60}, fixed_milli=500_000, km_milli=7_000, hour_milli=70_000, **shared
        ),
    )
    plain: dict[str, Any] = {"places": tuple(places), "vehicle_types": vehicles, "orders": tuple(asked)}
    return Problem(**{**plain, **changes})
