"""Worlds of vehicles: every price, mixed fleets, hire, depots, limits, travel profiles, balance, minimum use."""

from msgspec.structs import replace

from solver.problem import Place
from tests.solver.features.roads import (
    A_SECOND,
    World,
    apart_km,
    delivery,
    fleet,
    left,
    profile,
    road,
    transport,
    van,
    visit,
)

SIDES = {"depot": 0, "east": 5, "west": -5}


def every_price_at_once() -> World:
    # 100 for the van, 10 km at 1, 11 s at 2, a stop at 3, a trip at 4
    kind = van(hour_milli=2 * A_SECOND, stop_milli=3, trip_milli=4)
    problem = road(SIDES, [kind], [delivery("x", "east", service_s=1)])
    return World(problem, 139, lambda plan: plan.routes[0].cost.trip_milli == 4)


def the_right_mix_of_sizes() -> World:
    # 10 boxes to the east fill a lorry at 120 + 2 * 10, which three small vans at 60 do not beat; 4 to the west a small
    # van: 140 + 60. With the lorry on both sides one small van is still needed: 160 + 60.
    orders = [*(delivery(f"e{k}", "east", boxes) for k, boxes in enumerate((4, 4, 2))), delivery("w", "west", 4)]
    kinds = [van("small", fixed_milli=50, capacity={"boxes": 4}), van("lorry", fixed_milli=120, km_milli=2)]
    return World(road(SIDES, kinds, orders), 200, lambda plan: fleet(plan) == ["lorry", "small"])


def hire_without_limit() -> World:
    # four full loads, four vans of 110
    problem = road(SIDES, [van()], [delivery(name, "east", 10) for name in "wxyz"])
    return World(problem, 440, lambda plan: {route.vehicle for route in plan.routes} == {1, 2, 3, 4})


def our_own_van_and_a_hired_one() -> World:
    # our own, paid for already, goes first; the second load needs one at 300
    kinds = [van("own", fixed_milli=0, count=1), van("hired", fixed_milli=300)]
    problem = road(SIDES, kinds, [delivery("x", "east", 10), delivery("y", "east", 10)])
    return World(problem, 320, lambda plan: fleet(plan) == ["hired", "own"])


def a_depot_at_each_end() -> World:
    # 4 km each from the nearer depot and 10 a van; one van for both would drive 36 km
    kinds = [van("near", fixed_milli=10), van("far", start="yard", end="yard", fixed_milli=10)]
    problem = road({"depot": 0, "a": 2, "b": 18, "yard": 20}, kinds, [delivery("x", "a"), delivery("y", "b")])
    return World(problem, 28, lambda plan: fleet(plan) == ["far", "near"])


def from_one_end_to_the_other() -> World:
    # eastbound the pair lies on the way: 20 km; westbound it would be 15 + 10 + 15
    kinds = [van("eastbound", start="w", end="e"), van("westbound", start="e", end="w")]
    pair = transport("x", visit("a"), visit("b"))
    problem = road({"w": -10, "a": -5, "b": 5, "e": 10}, kinds, [pair])
    return World(problem, 120, lambda plan: fleet(plan) == ["eastbound"])


def nobody_pays_for_the_way_home() -> World:
    # an open end: paid until the last service, 5 km one way
    problem = road(SIDES, [van(end=None, hour_milli=A_SECOND)], [delivery("x", "east")])
    return World(problem, 110, lambda plan: plan.routes[0].end_s - plan.routes[0].start_s == 5)


def a_range_of_fifteen_kilometres() -> World:
    orders = [delivery("e", "east"), delivery("w", "west")]
    return World(road(SIDES, [van(distance_max_m=15_000)], orders), 220, lambda plan: len(plan.routes) == 2)


def two_stops_a_van() -> World:
    # three places, the last with two orders: the far two go together, 12 km, the near one alone, 8 km
    orders = [delivery(name, place) for name, place in (("w", "a"), ("x", "b"), ("y", "c"), ("z", "c"))]
    problem = road({"depot": 0, "a": 4, "b": 5, "c": 6}, [van(stops_max=2)], orders)
    return World(problem, 220, lambda plan: sorted(len(route.stops) for route in plan.routes) == [1, 2])


def a_lorry_not_allowed_in_the_alley() -> World:
    # the lorry has no way to the alley; the van, at 3 a kilometre, does that alone: 10 + 10 and 100 + 36. The van on
    # both sides: 100 + 66.
    positions = {"depot": 0, "alley": 6, "west": -5}
    rows = apart_km(positions)
    no_way = [[-1 if a != b and 1 in (a, b) else km for b, km in enumerate(row)] for a, row in enumerate(rows)]
    kinds = [van("van", km_milli=3), van("lorry", fixed_milli=10, profile="wide")]
    orders = [delivery("x", "alley"), delivery("y", "west")]
    problem = road(positions, kinds, orders, profiles=(profile(rows), profile(no_way, "wide")))
    return World(problem, 156, lambda plan: fleet(plan) == ["lorry", "van"])


def one_way_streets() -> World:
    # a ring: depot, a, b, depot 1 km each, 10 km against the arrows
    rows = [[0, 1, 10], [10, 0, 1], [1, 10, 0]]
    orders = [delivery("y", "b"), delivery("x", "a")]
    problem = road({"depot": 0, "a": 1, "b": 2}, [van()], orders, profiles=(profile(rows),))
    return World(problem, 103, lambda plan: [stop.place for stop in plan.routes[0].stops] == ["a", "b"])


def a_slow_profile_and_a_fast_one() -> World:
    # by bicycle 5 km take 5 s, by lorry through the jam 15: with a window until 10 the dearer bicycle goes
    positions = {"depot": 0, "a": 5}
    rows = apart_km(positions)
    slow = replace(profile(rows, "jam"), duration_s=profile([[3 * km for km in row] for row in rows]).duration_s)
    kinds = [van("lorry", profile="jam"), van("bicycle", fixed_milli=150)]
    problem = road(positions, kinds, [delivery("x", "a", windows=[(0, 10)])], profiles=(profile(rows), slow))
    return World(problem, 160, lambda plan: fleet(plan) == ["bicycle"])


def an_island_without_a_way() -> World:
    # what cannot be reached is left out, the rest is served: 110
    rows = [[0, 5, -1], [5, 0, -1], [-1, -1, 0]]
    places = (Place(id="depot"), Place(id="a"), Place(id="island"))
    orders = [delivery("x", "a"), delivery("lost", "island")]
    problem = road({"depot": 0, "a": 5, "island": 9}, [van()], orders, places=places, profiles=(profile(rows),))
    return World(problem, 110, lambda plan: left(plan) == ["lost"], mandatory_left=1)


def balanced_work() -> World:
    # 3 for every second of the longest route: two vans at 10, 20 km, 10 s: 70; one van: 10 + 20 + 60
    orders = [delivery("e", "east"), delivery("w", "west")]
    problem = road(SIDES, [van(fixed_milli=10)], orders, longest_hour_milli=3 * A_SECOND)
    return World(problem, 70, lambda plan: plan.longest_milli == 30 and len(plan.routes) == 2)


def two_vans_are_paid_for_anyway() -> World:
    # a van at home costs 150, on the road 110: both go
    problem = road(SIDES, [van(use_min=2, unused_milli=150)], [delivery("x", "east"), delivery("y", "east")])
    return World(problem, 220, lambda plan: plan.unused_milli == 0)


def a_van_stays_at_home_at_its_price() -> World:
    # one order only: 110, and 150 for the other van
    problem = road(SIDES, [van(use_min=2, unused_milli=150)], [delivery("x", "east")])
    return World(problem, 260, lambda plan: plan.unused_milli == 150)


WORLDS = (
    every_price_at_once,
    the_right_mix_of_sizes,
    hire_without_limit,
    our_own_van_and_a_hired_one,
    a_depot_at_each_end,
    from_one_end_to_the_other,
    nobody_pays_for_the_way_home,
    a_range_of_fifteen_kilometres,
    two_stops_a_van,
    a_lorry_not_allowed_in_the_alley,
    one_way_streets,
    a_slow_profile_and_a_fast_one,
    an_island_without_a_way,
    balanced_work,
    two_vans_are_paid_for_anyway,
    a_van_stays_at_home_at_its_price,
)
