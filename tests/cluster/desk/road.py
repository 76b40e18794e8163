"""
A straight road for tests of what explains plans: the hub, the shops A after 10 km and B after 20 km, a minute a km.

A van costs 300,000 a day, 9,000 a kilometre, 60,000 an hour; each service takes 300 s, which is 5,000.
"""

from typing import Any

from tests.cluster.api import HUB, World

A = {"lat": 10.9, "lon": 106.64}
B = {"lat": 11.0, "lon": 106.64}


async def road(world: World) -> None:
    """Tells the platform of the road."""
    km = [[10 * abs(a - b) for b in range(3)] for a in range(3)]
    matrix = {
        "profile": "van",
        "points": [HUB, A, B],
        "distance_m": [[1_000 * each for each in row] for row in km],
        "duration_s": [[60 * each for each in row] for row in km],
    }
    assert (await world.coordinator.send("PUT", "/v1/travel-matrices", matrix)).is_success


def to(world: World, place: dict[str, float], ref: str, **changes: Any) -> dict[str, Any]:
    """A booking of one box of 12 kg, at any time of the day."""
    booking = world.delivery(client_ref=ref, **changes)
    booking["delivery"] |= place
    return booking


async def day(world: World) -> dict[str, str]:
    """
    An sends to A and B, Binh to A and, too heavy for any van by 2,000 kg, to A with an outside option of 100,000.

    One van drives 40 km and 3,300 s: 300,000 + 360,000 + 55,000 = 715,000; with the outside option 815,000.
    """
    await road(world)
    heavy = to(world, A, "BINH-heavy", outside_minor=100_000)
    heavy["handling_units"][0]["weight_g"] = 3_000_000
    booked = {
        "an_a": (world.an, to(world, A, "AN-a")),
        "an_b": (world.an, to(world, B, "AN-b")),
        "binh_a": (world.binh, to(world, A, "BINH-a")),
        "heavy": (world.binh, heavy),
    }
    return {name: (await caller.made("/v1/shipments", body))["id"] for name, (caller, body) in booked.items()}
