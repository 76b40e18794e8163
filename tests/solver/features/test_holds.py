"""Routes whose units must stand in the vehicle's hold: what that costs by hand, and by trying every way."""

from itertools import pairwise, permutations
from random import Random
from typing import Any

import msgspec
import pytest

from solver.check import check
from solver.faults import ProblemError
from solver.goods import Door, Hold, OnTop, Placement, Rotation, Side, Unit
from solver.loads import Cargo, Load, Verdict
from solver.packing.fits import THOROUGH, fits
from solver.plan import Action, Budget, Plan, Reason, Route
from solver.problem import Lock, LockedVisit, Order, Problem
from solver.solve import solve
from tests.solver.features.roads import collection, delivery, fleet, left, orders_of, road, transport, van, visit

QUICK = Budget(seconds=None, iterations=200)
CUBE = (Unit(id="cube", length_mm=1_000, width_mm=1_000, height_mm=1_000),)
FULL = Hold(length_mm=1_000, width_mm=1_000, height_mm=1_000)
"""A cube fills it."""
TALL = Hold(length_mm=1_000, width_mm=500, height_mm=1_000)
SLAB = (Unit(id="slab", length_mm=1_000, width_mm=500, height_mm=500),)
EGGS = (Unit(id="eggs", length_mm=1_000, width_mm=500, height_mm=500, on_top=OnTop.NOTHING),)
"""Two of these fill ``TALL``, one on the other; eggs only on top."""
SIDES = {"depot": 0, "east": 5, "west": -5}


def solved(problem: Problem) -> Plan:
    plan = solve(problem, QUICK).plan
    assert check(problem, plan) == []
    return plan


def stands(route: Route) -> dict[str, tuple[int, int, int]]:
    """Where each order's only unit stands."""
    return {entry.order: (entry.x_mm, entry.y_mm, entry.z_mm) for entry in route.placements}


def codes(problem: Problem, plan: Plan, route: Route) -> set[str]:
    """What the checker says with the first route replaced."""
    changed = msgspec.structs.replace(plan, routes=(route, *plan.routes[1:]))
    return {violation.code for violation in check(problem, changed)}


def test_long_boxes_lie_side_by_side_and_a_third_takes_another_van() -> None:
    # 900 x 500 lengthwise in 1000 x 1000: two abreast, none behind; 100 + 10 km for each of two vans
    flat = Hold(length_mm=1_000, width_mm=1_000, height_mm=500)
    long = (Unit(id="long", length_mm=900, width_mm=500, height_mm=500),)
    orders = [delivery(name, "east", units=long) for name in "xyz"]
    plan = solved(road(SIDES, [van(hold=flat)], orders))
    assert plan.cost_milli == 220
    assert sorted(len(route.placements) for route in plan.routes) == [1, 2]
    assert solved(road(SIDES, [van(hold=flat)], orders[:2])).cost_milli == 110


def test_what_must_stand_on_top_is_delivered_first() -> None:
    # eggs to km 9 stand on the slab for km 5: out to 9 first, then back to 5, 13 km; by road it would be 9
    orders = [delivery("slab", "near", units=SLAB), delivery("eggs", "far", units=EGGS)]
    problem = road({"depot": 0, "near": 5, "far": 9}, [van(end=None, hold=TALL)], orders)
    plan = solved(problem)
    assert (plan.cost_milli, orders_of(plan.routes[0])) == (113, ["eggs", "slab"])
    assert stands(plan.routes[0]) == {"slab": (0, 0, 0), "eggs": (0, 0, 500)}
    assert [entry.order for entry in plan.routes[0].placements] == ["slab", "eggs"]
    free = solved(road({"depot": 0, "near": 5, "far": 9}, [van(end=None)], orders))
    assert (free.cost_milli, free.routes[0].placements) == (109, ())


def test_what_must_stand_below_is_collected_first() -> None:
    # the slab from km 9 before the eggs from km 5, then on to the yard at 12: 9 + 4 + 7 = 20 km; by road it would be 12
    orders = [collection("slab", "far", units=SLAB), collection("eggs", "near", units=EGGS)]
    places = {"depot": 0, "near": 5, "far": 9, "yard": 12}
    plan = solved(road(places, [van(end="yard", hold=TALL)], orders))
    assert (plan.cost_milli, orders_of(plan.routes[0])) == (120, ["slab", "eggs"])


def test_a_transport_takes_room_only_while_it_is_on_board() -> None:
    # cubes from 1 to 3 and from 3 to 5 follow one another: 5 km out and 5 back; from 1 to 5 and 2 to 3 need two vans or
    # a way back: 0-1-5 and back to 2, on to 3, home: 5 + 3 + 1 + 3 = 12 km against two vans of 110 and 106
    places = {"depot": 0, "one": 1, "two": 2, "three": 3, "five": 5}
    kind = van(hold=FULL)
    first = transport("a", visit("one"), visit("three"), units=CUBE)
    second = transport("b", visit("three"), visit("five"), units=CUBE)
    assert solved(road(places, [kind], [first, second])).cost_milli == 110
    across = transport("c", visit("one"), visit("five"), units=CUBE)
    within = transport("d", visit("two"), visit("three"), units=CUBE)
    assert solved(road(places, [kind], [across, within])).cost_milli == 112


def test_a_reload_empties_the_hold() -> None:
    # one cube a trip: 100 + 20 km with a reload, against two vans of 110
    orders = [delivery("e", "east", units=CUBE), delivery("w", "west", units=CUBE)]
    plan = solved(road(SIDES, [van(hold=FULL, reloads=("depot",))], orders))
    assert plan.cost_milli == 120
    assert stands(plan.routes[0]) == {"e": (0, 0, 0), "w": (0, 0, 0)}


def test_deliveries_make_room_for_collections_on_the_same_trip() -> None:
    # the cube for the west is out before that from the east comes in: one van, 20 km
    orders = [delivery("w", "west", units=CUBE), collection("e", "east", units=CUBE)]
    plan = solved(road(SIDES, [van(hold=FULL)], orders))
    assert (plan.cost_milli, orders_of(plan.routes[0])) == (120, ["w", "e"])


def test_orders_without_units_take_no_room_and_vans_without_a_hold_take_all() -> None:
    orders = [delivery("x", "east", units=CUBE), delivery("y", "east"), delivery("z", "east")]
    assert solved(road(SIDES, [van(hold=FULL)], orders)).cost_milli == 110
    heap = [delivery(name, "east", units=CUBE) for name in "xyz"]
    plan = solved(road(SIDES, [van("open", fixed_milli=150), van(hold=FULL)], heap))
    # 150 + 10 for all three, against 3 * 110
    assert (plan.cost_milli, fleet(plan)) == (160, ["open"])


def test_goods_unloaded_where_they_were_loaded_are_never_on_board() -> None:
    orders = [transport("x", visit("east"), visit("east"), units=CUBE), delivery("y", "east", units=CUBE)]
    plan = solved(road(SIDES, [van(hold=FULL)], orders))
    assert (plan.cost_milli, [entry.order for entry in plan.routes[0].placements]) == (110, ["y"])


def test_a_side_door_lets_the_first_stop_stand_anywhere() -> None:
    # a and c fill the row; b from the west takes a's place: one van, 20 km
    row = Hold(length_mm=2_000, width_mm=1_000, height_mm=1_000, doors=(Door(), Door(side=Side.LEFT)))
    orders = [delivery("a", "east", units=CUBE), collection("b", "west", units=CUBE), delivery("c", "west", units=CUBE)]
    assert solved(road(SIDES, [van(hold=row)], orders)).cost_milli == 120


def test_what_fits_no_hold_is_left_out_with_the_proof_in_words() -> None:
    beam = (Unit(id="beam", length_mm=1_500, width_mm=100, height_mm=100),)
    plan = solved(road(SIDES, [van(hold=FULL)], [delivery("x", "east", units=beam), delivery("y", "east", units=CUBE)]))
    assert left(plan) == ["x"]
    entry = plan.unplanned[0]
    assert (entry.reason, plan.cost_milli) == (Reason.LOAD, 110)
    assert entry.detail.startswith("its units cannot all stand in the hold of vehicle 'van': ")
    assert "a larger hold than that of 'van'" in entry.cure


def test_with_one_van_the_dearer_outside_option_rides() -> None:
    # 110 for one cube on board, and the other's outside option
    orders = [delivery(name, "east", units=CUBE, outside_milli=price) for name, price in (("x", 300), ("y", 400))]
    plan = solved(road(SIDES, [van(hold=FULL, count=1)], orders))
    assert (plan.cost_milli, left(plan)) == (410, ["x"])


def test_what_a_lock_names_is_on_board_as_people_loaded_it_and_nothing_joins_it() -> None:
    # two cubes in a hold for one: the route stays without placements, the third cube takes a van of its own
    orders = [delivery(name, "east", units=CUBE) for name in "xyz"]
    visits = tuple(LockedVisit(order=name, action=Action.DELIVERY) for name in "xy")
    lock = Lock(vehicle_type="van", vehicle=1, visits=visits)
    problem = road(SIDES, [van(hold=FULL)], orders, locks=(lock,))
    plan = solved(problem)
    assert plan.cost_milli == 220
    assert sorted(len(route.placements) for route in plan.routes) == [0, 1]


def test_the_same_seed_gives_the_same_places() -> None:
    problem = parcels(5, 4)
    assert solved(problem) == solved(problem)


@pytest.mark.parametrize("seed", range(3))
def test_on_random_days_it_finds_the_least_cost_of_all_ways(seed: int) -> None:
    problem = parcels(seed, 4)
    assert solved(problem).cost_milli == least_milli(problem)


def test_the_checker_misses_no_unit_and_takes_no_place_for_granted() -> None:
    orders = [delivery("slab", "near", units=SLAB), delivery("eggs", "far", units=EGGS)]
    problem = road({"depot": 0, "near": 5, "far": 9}, [van(end=None, hold=TALL)], orders)
    plan = solved(problem)
    route = plan.routes[0]
    below, above = route.placements
    replace = msgspec.structs.replace
    assert codes(problem, plan, replace(route, placements=())) == {"unit_missing"}
    assert codes(problem, plan, replace(route, placements=(below,))) == {"unit_missing"}
    swapped = (replace(above, z_mm=0), replace(below, z_mm=500))
    assert {"fragile_under", "unloading_blocked"} <= codes(problem, plan, replace(route, placements=swapped))
    strange = Placement(order="z", unit="cube", number=1, x_mm=0, y_mm=0, z_mm=0, rotation=Rotation.LWH)
    assert codes(problem, plan, replace(route, placements=(*route.placements, strange))) == {"unit_unknown"}
    bare = road({"depot": 0, "near": 5, "far": 9}, [van(end=None)], orders)
    assert "placements_without_hold" in codes(bare, plan, route)


def test_a_lock_excuses_missing_places_only_for_what_it_names() -> None:
    orders = [delivery("x", "east", units=CUBE), delivery("y", "east")]
    lock = Lock(vehicle_type="van", vehicle=1, visits=(LockedVisit(order="y", action=Action.DELIVERY),))
    problem = road(SIDES, [van(hold=FULL)], orders, locks=(lock,))
    plan = solved(problem)
    assert len(plan.routes) == 1
    assert codes(problem, plan, msgspec.structs.replace(plan.routes[0], placements=())) == {"unit_missing"}


@pytest.mark.parametrize(
    ("hold", "units", "code", "where"),
    [
        ({"length_mm": 0}, {}, "number_too_small", "vehicle_types[0].hold.length_mm"),
        ({}, {"height_mm": -1}, "number_negative", "orders[0].units[0].height_mm"),
        ({}, {"rotations": ()}, "rotations_missing", "orders[0].units[0].rotations"),
        ({}, {"quantity": 100_001}, "units_too_many", "orders"),
    ],
)
def test_wrong_holds_and_units_are_faults(hold: Any, units: Any, code: str, where: str) -> None:
    kind = van(hold=msgspec.structs.replace(FULL, **hold))
    unit = msgspec.structs.replace(CUBE[0], **units)
    with pytest.raises(ProblemError) as caught:
        road(SIDES, [kind], [delivery("x", "east", units=(unit,))])
    assert (code, where) in {(fault.code, fault.where) for fault in caught.value.faults}


def parcels(seed: int, number: int) -> Problem:
    """Deliveries of one to three boxes along a road, to be stowed in vans that take about two orders each."""
    random = Random(seed)
    places = {"depot": 0, **{f"k{km}": km for km in range(1, 9)}}
    orders = []
    for name in "abcdefgh"[:number]:
        units = tuple(
            Unit(
                id=f"u{which}",
                length_mm=random.randrange(300, 700),
                width_mm=random.randrange(300, 600),
                height_mm=random.randrange(200, 500),
                on_top=random.choice([OnTop.ANYTHING, OnTop.NOTHING]),
            )
            for which in range(random.randint(1, 3))
        )
        orders.append(delivery(name, f"k{random.randint(1, 8)}", units=units))
    return road(places, [van(end=None, hold=Hold(length_mm=1_200, width_mm=800, height_mm=800))], orders)


def least_milli(problem: Problem) -> int:
    """The cheapest of all ways to share orders out among routes, each driven in its best sequence that can be stowed."""
    km = {place.id: index for index, place in enumerate(problem.places)}
    best_of = {}
    everything = (1 << len(problem.orders)) - 1
    for chosen in range(1, everything + 1):
        orders = [order for number, order in enumerate(problem.orders) if chosen >> number & 1]
        costs = [_driven(problem, km, way) for way in permutations(orders)]
        best_of[chosen] = min((cost for cost in costs if cost is not None), default=10**9)
    least = {0: 0}
    for served in range(1, everything + 1):
        least[served] = min(least[served ^ part] + cost for part, cost in best_of.items() if part & served == part)
    return least[everything]


def _driven(problem: Problem, km: dict[str, int], way: tuple[Order, ...]) -> int | None:
    """Price of one sequence of deliveries with an open end; None where no places are found."""
    spots = [0, *(km[order.delivery.place] for order in way if order.delivery is not None)]
    stops = [1]
    for here, there in pairwise(spots[1:]):
        stops.append(stops[-1] + (here != there))
    cargo = tuple(
        Cargo(order=order.id, unit=unit, to_stop=stop)
        for order, stop in zip(way, stops, strict=True)
        for unit in order.units
    )
    hold = problem.vehicle_types[0].hold
    assert hold is not None
    if fits(Load(hold=hold, cargo=cargo), THOROUGH).verdict is not Verdict.FITS:
        return None
    return 100 + sum(abs(here - there) for here, there in pairwise(spots))
