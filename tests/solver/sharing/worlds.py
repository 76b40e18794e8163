"""Small days on one straight road: kilometre 0 is the hub, a kilometre takes a minute and costs 1 minor unit."""

from solver.matrix import Matrix
from solver.problem import Order, Place, Problem, TravelProfile, VehicleType, Visit

KM_MILLI = 1_000


def parcel(id_: str, owner: str, km: int, *, load: int = 1, outside: int | None = None) -> Order:
    """A delivery at kilometre ``km``; ``outside`` in minor units."""
    return Order(
        id=id_,
        owner=owner,
        delivery=Visit(place=f"km{km}"),
        load={"boxes": load},
        outside_milli=None if outside is None else outside * 1_000,
    )


def road(*orders: Order, fixed: int = 0, boxes: int = 10, count: int | None = None, currency: str = "VND") -> Problem:
    """All orders on the road, one vehicle type of ``boxes`` that costs ``fixed`` a day and 1 a kilometre."""
    stops = sorted({int(order.delivery.place[2:]) for order in orders if order.delivery is not None} | {0})
    rows = [[abs(a - b) * 1_000 for b in stops] for a in stops]
    return Problem(
        currency=currency,
        places=tuple(Place(id=f"km{km}") for km in stops),
        profiles=(
            TravelProfile(
                id="default",
                distance_m=Matrix(rows),
                duration_s=Matrix([[metres * 60 // 1_000 for metres in row] for row in rows]),
            ),
        ),
        vehicle_types=(
            VehicleType(
                id="van",
                start="km0",
                end="km0",
                capacity={"boxes": boxes},
                count=count,
                fixed_milli=fixed * 1_000,
                km_milli=KM_MILLI,
            ),
        ),
        orders=orders,
    )
