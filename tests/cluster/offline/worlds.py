"""Small named worlds for the offline command line."""

from solver.assemble import assemble
from solver.compiled import Compiled
from solver.plan import Plan
from solver.problem import Order, Place, Problem, VehicleType, Visit, Window

HOUR_S = 3600


def two_members() -> Problem:
    """
    A hub and three shops on a meridian, one van type; Ann has orders a1 and a2, Bob has b1 and an optional b2.

    The vans leave from eight o'clock on; a2 may begin at ten at the earliest, so a van that comes before waits.
    """
    return Problem(
        currency="EUR",
        places=(
            Place(id="hub", lat=10.80, lon=106.60, name="The hub"),
            Place(id="shop1", lat=10.81, lon=106.61, name="Shop one"),
            Place(id="shop2", lat=10.82, lon=106.62),
            Place(id="shop3", lat=10.83, lon=106.63),
        ),
        vehicle_types=(
            VehicleType(
                id="van",
                start="hub",
                end="hub",
                capacity={"weight_g": 10_000},
                shift=Window(8 * HOUR_S, 18 * HOUR_S),
                fixed_milli=5_000_000,
                km_milli=100_000,
            ),
        ),
        orders=(
            Order(id="a1", owner="ann", delivery=Visit(place="shop1", service_s=300), load={"weight_g": 2_000}),
            Order(
                id="a2",
                owner="ann",
                delivery=Visit(place="shop2", windows=(Window(10 * HOUR_S, 12 * HOUR_S),), service_s=600),
                load={"weight_g": 3_000},
            ),
            Order(id="b1", owner="bob", delivery=Visit(place="shop2", service_s=300), load={"weight_g": 4_000}),
            Order(
                id="b2",
                owner="bob",
                delivery=Visit(place="shop3", service_s=300),
                load={"weight_g": 4_000},
                outside_milli=1_250_000,
            ),
        ),
    )


def one_route(problem: Problem) -> Plan:
    """Shop one, then a2 and b1 together at shop two; b2 is left to its outside option."""
    return assemble(Compiled(problem), [(0, (1, 3, 5))])


HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
"""What a report must show as text wherever a user may have typed it."""


def hostile() -> Problem:
    """``two_members`` with every name that a user chooses turned against the reader."""
    world = two_members()

    def evil(text: str) -> str:
        return text + HOSTILE

    return Problem(
        places=tuple(
            Place(id=evil(place.id), name=evil(place.name), lat=place.lat, lon=place.lon) for place in world.places
        ),
        vehicle_types=tuple(
            VehicleType(id=evil(v.id), start=evil(v.start), end=evil("hub"), capacity=v.capacity, shift=v.shift)
            for v in world.vehicle_types
        ),
        orders=tuple(
            Order(
                id=evil(order.id),
                owner=evil(order.owner),
                delivery=Visit(place=evil(order.delivery.place)),
                load={evil("crates"): 1},
                outside_milli=order.outside_milli,
            )
            for order in world.orders
            if order.delivery is not None
        ),
    )
