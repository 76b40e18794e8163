"""Worlds in which something is settled: locked routes, prefixes, what has happened, assignments, a published plan."""

from typing import Any

from solver.plan import Action, Plan
from solver.problem import Lock, LockedVisit, Published
from tests.solver.features.roads import (
    A_SECOND,
    World,
    collection,
    delivery,
    fleet,
    left,
    orders_of,
    road,
    transport,
    van,
    visit,
)

LINE = {"depot": 0, "a": 5, "b": 9, "west": -5}


def out(order: str, *times_s: int) -> LockedVisit:
    """A delivery, with its begin and end where it has happened."""
    times = dict(zip(("start_s", "end_s"), times_s, strict=False))
    return LockedVisit(order=order, action=Action.DELIVERY, **times)


def lock(*visits: LockedVisit, vehicle_type: str = "van", vehicle: int = 1, **changes: Any) -> Lock:
    return Lock(vehicle_type=vehicle_type, vehicle=vehicle, visits=visits, **changes)


def published(order: str, vehicle_type: str = "van", vehicle: int = 1) -> Published:
    return Published(order=order, vehicle_type=vehicle_type, vehicle=vehicle)


def route_of(plan: Plan, vehicle: int = 1) -> list[str]:
    """Orders of a van in sequence."""
    return next((orders_of(route) for route in plan.routes if route.vehicle == vehicle), [])


def a_closed_route_takes_nobody_along() -> World:
    # van 1 goes to a and home, 110; y at b needs a second van, 118
    problem = road(LINE, [van()], [delivery("x", "a"), delivery("y", "b")], locks=(lock(out("x"), closed=True),))
    return World(problem, 228, lambda plan: route_of(plan) == ["x"])


def a_prefix_is_a_detour() -> World:
    # locked: first a, then west; so b comes last: 5 + 10 + 14 + 9 = 38 km. Free it would be 28; a second van 120 + 118.
    orders = [delivery("z", "b"), delivery("x", "a"), delivery("w", "west")]
    problem = road(LINE, [van()], orders, locks=(lock(out("x"), out("w")),))
    return World(problem, 138, lambda plan: route_of(plan) == ["x", "w", "z"])


def a_prefix_may_begin_with_a_pickup() -> World:
    # the pair's pickup is settled, its delivery is free: a, b and home, with y between or after at the same 18 km
    orders = [transport("pair", visit("a"), visit("b")), delivery("y", "b")]
    begun = LockedVisit(order="pair", action=Action.PICKUP)
    problem = road(LINE, [van()], orders, locks=(lock(begun),))
    return World(problem, 118, lambda plan: route_of(plan)[0] == "pair")


def what_has_happened_stays() -> World:
    # left at 3; x was due at a by 5 and handed over from 10 to 12, late and slowly. From there y at b at 16, home at
    # 25: 18 km, 22 s. y was loaded at the start, so no other van has it.
    orders = [delivery("x", "a", windows=[(0, 5)]), delivery("y", "b")]
    settled = lock(out("x", 10, 12), orders=("y",), start_s=3)
    problem = road(LINE, [van(hour_milli=A_SECOND)], orders, locks=(settled,))
    return World(problem, 140, lambda plan: plan.routes[0].stops[0].arrival_s == 10)


def the_van_has_left_without_it() -> World:
    # x is handed over at a; y, beside it, was not on board: a second van. The collection there goes along with the first.
    orders = [delivery("x", "a"), delivery("y", "a"), collection("c", "a", 10)]
    settled = lock(out("x", 5, 5), start_s=0)
    problem = road(LINE, [van()], orders, locks=(settled,))
    return World(problem, 220, lambda plan: "y" not in route_of(plan))


def it_comes_back_for_it() -> World:
    # the same where the van may reload at the depot: 100 + 20 km instead of a second van
    settled = lock(out("x", 5, 5), start_s=0)
    problem = road(LINE, [van(reloads=("depot",))], [delivery("x", "a"), delivery("y", "a")], locks=(settled,))
    return World(problem, 120, lambda plan: route_of(plan) == ["x", "y"])


def a_reload_that_has_happened() -> World:
    # left at 0, x at a at 5, back at the depot and loaded from 12 to 14; on to b at 23, home at 32: 28 km, 32 s
    reloaded = LockedVisit(place="depot", start_s=12, end_s=14)
    kind = van(reloads=("depot",), hour_milli=A_SECOND)
    orders = [delivery("x", "a", 10), delivery("y", "b", 10)]
    problem = road(LINE, [kind], orders, locks=(lock(out("x", 5, 5), reloaded, start_s=0),))
    return World(problem, 160, lambda plan: plan.routes[0].stops[1].departure_s == 14)


def locked_to_a_dear_vehicle() -> World:
    # x rides on the dear van, and y goes along: 200 + 10
    kinds = [van(), van("dear", fixed_milli=200)]
    settled = lock(vehicle_type="dear", orders=("x",))
    problem = road(LINE, kinds, [delivery("x", "a"), delivery("y", "a")], locks=(settled,))
    return World(problem, 210, lambda plan: fleet(plan) == ["dear"])


def locked_to_a_van_that_does_not_go() -> World:
    # van 1 is closed with nothing: what is locked to it stays outside, at 50; y rides on van 2
    orders = [delivery("x", "a", outside_milli=50), delivery("y", "a")]
    problem = road(LINE, [van()], orders, locks=(lock(orders=("x",), closed=True),))
    return World(problem, 160, lambda plan: left(plan) == ["x"] and plan.routes[0].vehicle != 1)


def locked_to_the_second_van() -> World:
    # two vans alike: it is the second that goes
    problem = road(LINE, [van(count=2)], [delivery("x", "a")], locks=(lock(vehicle=2, orders=("x",)),))
    return World(problem, 110, lambda plan: plan.routes[0].vehicle == 2)


def a_small_saving_is_not_worth_a_change() -> World:
    # published on the dear van at 130: staying costs 140, changing 110 + 50
    kinds = [van(), van("dear", fixed_milli=130)]
    problem = road(LINE, kinds, [delivery("x", "a")], published=(published("x", "dear"),), change_milli=50)
    return World(problem, 140, lambda plan: fleet(plan) == ["dear"])


def a_large_saving_is() -> World:
    # at 20 a change it is: 110 + 20
    kinds = [van(), van("dear", fixed_milli=130)]
    problem = road(LINE, kinds, [delivery("x", "a")], published=(published("x", "dear"),), change_milli=20)
    return World(problem, 130, lambda plan: plan.routes[0].cost.change_milli == 20)


def the_number_of_the_van_is_published_too() -> World:
    # vans alike: the one that people expect goes, and nothing has changed
    problem = road(LINE, [van()], [delivery("x", "a")], published=(published("x", vehicle=2),), change_milli=20)
    return World(problem, 110, lambda plan: plan.routes[0].vehicle == 2)


def leaving_out_is_a_change_too() -> World:
    # outside 5, and 20 for the change, against 110
    orders = [delivery("x", "a", outside_milli=5)]
    problem = road(LINE, [van()], orders, published=(published("x"),), change_milli=20)
    return World(problem, 25, lambda plan: plan.unplanned[0].change_milli == 20)


WORLDS = (
    a_closed_route_takes_nobody_along,
    a_prefix_is_a_detour,
    a_prefix_may_begin_with_a_pickup,
    what_has_happened_stays,
    the_van_has_left_without_it,
    it_comes_back_for_it,
    a_reload_that_has_happened,
    locked_to_a_dear_vehicle,
    locked_to_a_van_that_does_not_go,
    locked_to_the_second_van,
    a_small_saving_is_not_worth_a_change,
    a_large_saving_is,
    the_number_of_the_van_is_published_too,
    leaving_out_is_a_change_too,
)
