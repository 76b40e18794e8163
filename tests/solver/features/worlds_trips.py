"""Worlds of trips: reloads, what they cost, where and when they are, and pairs that stay on board."""

from typing import Any

from solver.plan import Action, Plan
from solver.problem import Place, VehicleType, Window
from tests.solver.features.roads import (
    A_SECOND,
    World,
    collection,
    delivery,
    orders_of,
    reloads,
    road,
    transport,
    van,
    visit,
)

SIDES = {"depot": 0, "east": 5, "west": -5}
YARD = {"depot": 0, "yard": 8, "a": 9, "b": 10}
FULL = (delivery("e", "east", 10), delivery("w", "west", 10))


def tipper(*places: str, **changes: Any) -> VehicleType:
    """A van that may reload at the depot, or elsewhere."""
    return van(**{"reloads": places or ("depot",), "trip_milli": 7, **changes})


def a_second_trip_beats_a_second_van() -> World:
    # two full loads: one van with a reload 100 + 20 km + 2 trips of 7; two vans 2 * (100 + 10 + 7) = 234
    return World(road(SIDES, [tipper()], FULL), 134, lambda plan: reloads(plan) == 1)


def a_slow_reload_at_a_dear_hour() -> World:
    # a reload of 3 s at 40 a second costs more than a van: 100 + 20 + 14 + 23 * 40 = 1054 against 234 + 20 * 40 = 1034
    kind = tipper(reload_s=3, hour_milli=40 * A_SECOND)
    return World(road(SIDES, [kind], FULL), 1_034, lambda plan: reloads(plan) == 0)


def one_van_must_come_back() -> World:
    # the same with the only van there is
    kind = tipper(reload_s=3, hour_milli=40 * A_SECOND, count=1)
    return World(road(SIDES, [kind], FULL), 1_054, lambda plan: reloads(plan) == 1)


def at_most_one_reload() -> World:
    # three full loads, two trips a van: 100 + 20 + 14 and 100 + 10 + 7
    orders = [delivery(name, "east", 10) for name in "xyz"]
    return World(road(SIDES, [tipper(reloads_max=1)], orders), 251, lambda plan: len(plan.routes) == 2)


def a_yard_near_the_customers() -> World:
    # full loads for km 9 and km 10, a yard at km 8: out to 9, back to 8, on to 10, home: 9 + 1 + 2 + 10 = 22 km, and 14
    orders = [delivery("x", "a", 10), delivery("y", "b", 10)]
    return World(road(YARD, [tipper("yard")], orders), 136, lambda plan: reloads(plan) == 1)


def goods_that_lie_in_the_yard() -> World:
    # y is loaded in the yard and nowhere else, x at the depot and nowhere else: the same 22 km, x before the yard, with
    # room for both at once
    orders = [delivery("y", "b", hub="yard"), delivery("x", "a", hub="depot")]
    problem = road(YARD, [tipper("yard")], orders)
    return World(problem, 136, lambda plan: orders_of(plan.routes[0]) == ["x", "y"])


def collected_for_the_yard() -> World:
    # from km 9 to the yard at km 8, home empty: 18 km, two trips
    problem = road(YARD, [tipper("yard")], [collection("x", "a", hub="yard")])
    return World(problem, 132, lambda plan: plan.routes[0].stops[-1].load_after == {"boxes": 0})


def a_pair_stays_on_board_across_a_reload() -> World:
    # 10 boxes out to the east make room for the pair's 4, 6 more are loaded for the west: 20 km and two trips of 7
    orders = [
        delivery("e", "east", 10),
        transport("pair", visit("east"), visit("west"), 4),
        delivery("w", "west", 6),
    ]
    return World(road(SIDES, [tipper(count=1)], orders), 134, _crosses)


def _crosses(plan: Plan) -> bool:
    """The pair is picked up before the reload, and delivered after it."""
    done: list[Any] = []
    for stop in plan.routes[0].stops:
        done += ["reload"] if stop.reload else []
        done += [entry.action for entry in stop.visits if entry.order == "pair"]
    return done == [Action.PICKUP, "reload", Action.DELIVERY]


def the_second_trip_waits_for_its_release() -> World:
    # e by 8, so leave at 3; w is released at 15: reload then, home at 25. 20 km, 22 s, 14 for the trips; two vans would
    # be 2 * (100 + 10 + 10 + 7) = 254
    orders = [delivery("e", "east", windows=[(0, 8)]), delivery("w", "west", release_s=15)]
    problem = road(SIDES, [tipper(hour_milli=A_SECOND)], orders)
    return World(problem, 156, lambda plan: reloads(plan) == 1)


def the_dock_for_reloading_opens_late() -> World:
    # e by 6, so leave at 1 and be back at 11; the dock opens at 12: home at 22. 20 km, 21 s, 14
    orders = [delivery("e", "east", 10, windows=[(0, 6)]), delivery("w", "west", 10)]
    places = (Place(id="depot", windows=(Window(12, 13),)), Place(id="east"), Place(id="west"))
    problem = road(SIDES, [tipper(hour_milli=A_SECOND, count=1)], orders, places=places)
    return World(problem, 155, lambda plan: reloads(plan) == 1)


def reloading_is_no_stop_to_serve_somebody() -> World:
    # two stops are allowed, the reload at the yard is none of them, though it costs like one: 22 km, 14, 3 * 5
    orders = [delivery("x", "a", 10), delivery("y", "b", 10)]
    return World(road(YARD, [tipper("yard", stops_max=2, stop_milli=5)], orders), 151, lambda plan: reloads(plan) == 1)


WORLDS = (
    a_second_trip_beats_a_second_van,
    a_slow_reload_at_a_dear_hour,
    one_van_must_come_back,
    at_most_one_reload,
    a_yard_near_the_customers,
    goods_that_lie_in_the_yard,
    collected_for_the_yard,
    a_pair_stays_on_board_across_a_reload,
    the_second_trip_waits_for_its_release,
    the_dock_for_reloading_opens_late,
    reloading_is_no_stop_to_serve_somebody,
)
