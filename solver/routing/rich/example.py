"""A day small enough to compile the search with."""

from solver.matrix import Matrix
from solver.problem import Order, Place, Problem, TravelProfile, VehicleType, Visit


def tiny_day() -> Problem:
    """One transport and one delivery between three places."""
    table = Matrix([[0, 1, 2], [1, 0, 1], [2, 1, 0]])
    return Problem(
        places=tuple(Place(id=name) for name in "abc"),
        profiles=(TravelProfile(id="default", distance_m=table, duration_s=table),),
        vehicle_types=(VehicleType(id="van", start="a", end="a"),),
        orders=(
            Order(id="x", owner="o", pickup=Visit(place="b"), delivery=Visit(place="c"), load={"boxes": 1}),
            Order(id="y", owner="o", delivery=Visit(place="b"), load={"boxes": 1}),
        ),
    )
