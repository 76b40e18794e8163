"""How many routes coalitions need at least."""

from msgspec import structs

from solver.compiled import Compiled
from solver.sharing.fewest import fewest_routes
from tests.solver.sharing.worlds import parcel, road

APART = [frozenset({0}), frozenset({1}), frozenset({2})]


def test_boxes_of_all_members_together_fill_so_many_vans() -> None:
    # One box each, two to a van: one van for one member or two, two for all three.
    day = road(parcel("a", "anna", 10), parcel("b", "binh", 20), parcel("c", "chi", 30), boxes=2)
    assert fewest_routes(Compiled(day), APART).tolist() == [0, 1, 1, 1, 1, 1, 1, 2]


def test_what_may_stay_outside_needs_no_van() -> None:
    day = road(parcel("a", "anna", 10), parcel("b", "binh", 20), parcel("c", "chi", 30), boxes=1)
    binh = structs.replace(day.orders[1], outside_milli=5_000)
    free = structs.replace(day, orders=(day.orders[0], binh, day.orders[2]))
    assert fewest_routes(Compiled(free), APART).tolist() == [0, 1, 0, 1, 1, 2, 1, 2]


def test_hours_of_work_need_vans_too() -> None:
    # Half an hour of service at every stop, vans that are out for an hour at most: two stops each, ways not counted.
    day = road(parcel("a", "anna", 1), parcel("b", "binh", 1), parcel("c", "chi", 1), boxes=9)
    orders = tuple(
        structs.replace(order, delivery=structs.replace(order.delivery, service_s=1_800)) for order in day.orders
    )
    van = structs.replace(day.vehicle_types[0], duration_max_s=3_600)
    long = structs.replace(day, orders=orders, vehicle_types=(van,))
    assert fewest_routes(Compiled(long), APART)[[1, 3, 7]].tolist() == [1, 1, 2]
