"""
Small worlds, easy to work out by hand.

Most lie on one straight road: places ``km0`` to ``km5`` a kilometre apart, every kilometre takes 100 seconds. The van starts
and ends at ``km0`` and costs 10 a trip, 1 a kilometre, 36 an hour (so 0.01 a second) and 0.5 a stop; in thousandths
10_000, 1_000, 36_000 and 500.
"""

from typing import Any

from solver.matrix import Matrix
from solver.problem import Order, Place, Problem, TravelProfile, VehicleType, Visit, Window

KILOMETRES = 6
METRES_A_KM = 1_000
SECONDS_A_KM = 100


def straight_road(kilometres: int = KILOMETRES) -> TravelProfile:
    """A kilometre between neighbours, 100 seconds each, both ways."""
    apart = [[abs(a - b) for b in range(kilometres)] for a in range(kilometres)]
    return TravelProfile(
        id="road",
        distance_m=Matrix([[METRES_A_KM * km for km in row] for row in apart]),
        duration_s=Matrix([[SECONDS_A_KM * km for km in row] for row in apart]),
    )


def van(**changes: Any) -> VehicleType:
    """A van at km0 with room for 10 boxes, on hire without limit."""
    plain: dict[str, Any] = {
        "id": "van",
        "start": "km0",
        "end": "km0",
        "profile": "road",
        "capacity": {"boxes": 10},
        "fixed_milli": 10_000,
        "km_milli": 1_000,
        "hour_milli": 36_000,
        "stop_milli": 500,
    }
    return VehicleType(**{**plain, **changes})


def at(km: int, *windows: tuple[int, int], service_s: int = 0) -> Visit:
    """Business at a kilometre, within windows if any are given."""
    return Visit(place=f"km{km}", windows=tuple(Window(*window) for window in windows), service_s=service_s)


def parcel(name: str, km: int, *windows: tuple[int, int], service_s: int = 0, boxes: int = 1, **changes: Any) -> Order:
    """Boxes delivered from the van's start to a kilometre."""
    return Order(
        id=name, delivery=at(km, *windows, service_s=service_s), load={"boxes": boxes}, **{"owner": "anna", **changes}
    )


def collection(name: str, km: int, *windows: tuple[int, int], boxes: int = 1, **changes: Any) -> Order:
    """Boxes brought from a kilometre to the van's end."""
    return Order(id=name, pickup=at(km, *windows), load={"boxes": boxes}, **{"owner": "anna", **changes})


def transport(name: str, km: int, to_km: int, boxes: int = 1, **changes: Any) -> Order:
    """Boxes carried from one kilometre to another."""
    return Order(id=name, pickup=at(km), delivery=at(to_km), load={"boxes": boxes}, **{"owner": "anna", **changes})


def road(*orders: Order, vehicles: tuple[VehicleType, ...] = (), **changes: Any) -> Problem:
    """The straight road with these orders, and a van unless other vehicles are given."""
    plain: dict[str, Any] = {
        "currency": "VND",
        "places": tuple(Place(id=f"km{km}") for km in range(KILOMETRES)),
        "profiles": (straight_road(),),
        "vehicle_types": vehicles or (van(),),
        "orders": orders,
    }
    return Problem(**{**plain, **changes})


def one_parcel() -> Problem:
    """One parcel to km2, ten seconds to hand over: there and back is 4 km and 410 s."""
    return road(parcel("a", 2, service_s=10))


def two_parcels_on_the_way() -> Problem:
    """Parcels to km2 and km3: both on one trip cost 6 km instead of 4 + 6."""
    return road(parcel("a", 2), parcel("b", 3))


def mixed_freight() -> Problem:
    """
    All three kinds of order for one van with 10 boxes.

    A parcel of 4 boxes to km1 that must be handed over from 300 s to 400 s, a transport of 6 boxes from km1 to km3, and a
    collection of 10 boxes at km4.
    """
    return road(
        parcel("out", 1, (300, 400), service_s=5, boxes=4),
        transport("across", 1, 3, boxes=6),
        collection("back", 4, boxes=10, owner="binh"),
    )


def shop_with_a_lunch_break() -> Problem:
    """km3 takes goods from 300 s to 400 s and from 1000 s to 1100 s, km4 only from 1050 s on."""
    return road(parcel("early", 3, (300, 400), (1000, 1100)), parcel("late", 4, (1050, 2000)))


def cheap_tariff_outside() -> Problem:
    """A parcel to km2 that a parcel carrier takes for 5: less than the van's 10 a trip."""
    return road(parcel("a", 2, outside_milli=5_000))


def one_van_too_few() -> Problem:
    """Two parcels that fill a van each, and one van."""
    return road(parcel("a", 2, boxes=10), parcel("b", 3, boxes=10), vehicles=(van(count=1),))


def four_in_the_city() -> Problem:
    """Four stops in Ho Chi Minh City by coordinates alone: travel is derived, 25 km/h, 1.35 times the great circle."""
    spots = {
        "hub": (10.7769, 106.7009),
        "d1": (10.7721, 106.6983),
        "d3": (10.7843, 106.6844),
        "d7": (10.7340, 106.7218),
    }
    places = tuple(Place(id=name, lat=lat, lon=lon) for name, (lat, lon) in spots.items())
    truck = VehicleType(id="truck", start="hub", end="hub", km_milli=9_000, hour_milli=60_000_000, fixed_milli=50_000)
    orders = tuple(
        Order(id=f"to {name}", owner="anna", delivery=Visit(place=name, service_s=120), load={"weight_g": 1_000})
        for name in list(spots)[1:]
    )
    return Problem(places=places, vehicle_types=(truck,), orders=orders)
