"""Every feature in a world small enough to work out the optimum by hand, for solve and for each engine by itself."""

from collections.abc import Callable
from typing import Any

import pytest

from solver.check import check
from solver.compiled import Compiled
from solver.plan import Budget, Reason
from solver.problem import Place, Problem, Window
from solver.routing.alone import Alone, price_milli
from solver.routing.construct import construct
from solver.routing.engine import ENGINES, Engine, choose
from solver.solve import solve

from .worlds import HOUR, collection, delivery, line, transport, van

World = tuple[Problem, int]
QUICK = Budget(seconds=None, iterations=90)


def road(positions_km: dict[str, int], types: list[Any], orders: list[Any]) -> Problem:
    return Problem(**line(positions_km, vehicle_types=tuple(types), orders=tuple(orders)))


def one_delivery() -> World:
    # one van (100), 5 km out, 5 back
    return road({"depot": 0, "a": 5}, [van()], [delivery("x", "a")]), 110


def one_collection() -> World:
    return road({"depot": 0, "a": 5}, [van()], [collection("x", "a")]), 110


def one_transport() -> World:
    # depot - a - b - depot on a line: 9 km out, 9 back
    return road({"depot": 0, "a": 5, "b": 9}, [van()], [transport("x", "a", "b")]), 118


def transport_towards_the_depot() -> World:
    # out empty to b at 9, pick up, drop at a on the way home: again 18 km
    return road({"depot": 0, "a": 5, "b": 9}, [van()], [transport("x", "b", "a")]), 118


def deliveries_and_collections_share_a_van() -> World:
    # 10 boxes out, 10 boxes home fit a van of 10, for what is delivered at 5 makes room for what is collected at 9:
    # one van, 18 km
    orders = [delivery("out", "a", 10), collection("home", "b", 10)]
    return road({"depot": 0, "a": 5, "b": 9}, [van()], orders), 118


def collections_lend_no_room_to_deliveries() -> World:
    # the collection lies before the delivery, yet 10 boxes out are on board there: to the end at 9 first, then 5: 18 km
    orders = [delivery("out", "b", 10), collection("home", "a", 10)]
    return road({"depot": 0, "a": 5, "b": 9}, [van()], orders), 118


def transports_take_turns() -> World:
    # two of 10 boxes in a van of 10, a to b and b to c: one after the other, 12 km out and back
    orders = [transport("x", "a", "b", 10), transport("y", "b", "c", 10)]
    return road({"depot": 0, "a": 4, "b": 8, "c": 12}, [van()], orders), 124


def all_kinds_on_one_van() -> World:
    orders = [delivery("out", "b", 4), collection("home", "c", 4), transport("x", "a", "d", 4)]
    return road({"depot": 0, "a": 2, "b": 4, "c": 6, "d": 8}, [van()], orders), 116


def capacity_asks_for_two_vans() -> World:
    # 12 boxes, two to a van at best: 6 and 6; both vans go to the same place: 2 * (100 + 10)
    orders = [delivery("x", "a", 6), delivery("y", "a", 6)]
    return road({"depot": 0, "a": 5}, [van()], orders), 220


def windows_turn_the_tour_round() -> World:
    # far end first (open at hour 0 only), then near (open after 2 hours): still 18 km; the van may wait for nothing
    orders = [
        delivery("far", "b", windows=(Window(0, 9 * 60),)),
        delivery("near", "a", windows=(Window(2 * HOUR, 3 * HOUR),)),
    ]
    return road({"depot": 0, "a": 5, "b": 9}, [van()], orders), 118


def windows_that_no_van_can_join() -> World:
    # both open for the very second 9 * 60, 18 km apart: two vans of 100 + 18
    now = (Window(9 * 60, 9 * 60),)
    orders = [delivery("east", "e", windows=now), delivery("west", "w", windows=now)]
    return road({"depot": 0, "e": 9, "w": -9}, [van()], orders), 236


def several_windows() -> World:
    # at e in the first minutes or from hour 5, at w from hour 1 to 2 only: e early, then w, one van, 36 km. Hours are
    # paid at 60: leaving at 51 minutes reaches e (9 km) at 60 min: too late for its first window [9, 20] min. So e at
    # 20 min at the latest, leave at 11, at w the window opens at 60 (38 min drive less 18: there at 38), home at 69:
    # 58 minutes cost 58. The other way (w at 120, e at 300): longer.
    orders = [
        delivery("e", "e", windows=(Window(9 * 60, 20 * 60), Window(5 * HOUR, 6 * HOUR))),
        delivery("w", "w", windows=(Window(1 * HOUR, 2 * HOUR),)),
    ]
    return road({"depot": 0, "e": 9, "w": -9}, [van(hour_milli=60)], orders), 100 + 36 + 58


def several_windows_on_a_transport() -> World:
    # picked up at a at 10:00 sharp or 12:00 sharp, delivered 5 km on at 12:05 to 13:00 or 18:00: 10:00 would mean two
    # hours more on the road at 60 an hour. Leave at 11:55, back at 12:15: 20 minutes cost 20, 20 km cost 20.
    order = transport(
        "x",
        "a",
        "b",
        from_windows=(Window(10 * HOUR, 10 * HOUR), Window(12 * HOUR, 12 * HOUR)),
        to_windows=(Window(12 * HOUR + 300, 13 * HOUR), Window(18 * HOUR, 18 * HOUR)),
    )
    return road({"depot": 0, "a": 5, "b": 10}, [van(hour_milli=60)], [order]), 140


def opening_hours_of_a_place() -> World:
    # a is open from hour 3: nothing is lost by leaving late; 2 * 5 minutes paid at 60 an hour
    problem = road({"depot": 0, "a": 5}, [van(hour_milli=60)], [delivery("x", "a")])
    places = (problem.places[0], Place(id="a", windows=(Window(3 * HOUR, 4 * HOUR),)))
    return problem.replace(places=places), 120


def the_right_mix_of_vehicles() -> World:
    # 14 boxes: a lorry of 20 at 150 + 2 * 10 = 170 beats two vans at 110 each
    orders = [delivery("x", "a", 7), delivery("y", "a", 7)]
    lorry = van("lorry", capacity={"boxes": 20}, fixed_milli=150, km_milli=2)
    return road({"depot": 0, "a": 5}, [van(), lorry], orders), 170


def only_one_cheap_van() -> World:
    # the van at 100 exists once; the second load needs a rented one at 300
    orders = [delivery("x", "a", 6), delivery("y", "a", 6)]
    return road({"depot": 0, "a": 5}, [van(count=1), van("rented", fixed_milli=300)], orders), 110 + 310


def several_depots() -> World:
    # a van at each end of a road of 100 km; each order is 2 km from one of them: 2 * (100 + 4)
    orders = [delivery("x", "a"), delivery("y", "b")]
    types = [van(), van("far", start="yard", end="yard")]
    return road({"depot": 0, "a": 2, "b": 98, "yard": 100}, types, orders), 208


def open_end() -> World:
    # paid until the last service: 9 km one way
    return road({"depot": 0, "a": 5, "b": 9}, [van(end=None)], [delivery("x", "a"), delivery("y", "b")]), 109


def price_a_stop() -> World:
    # three orders at two places: two stops of 10, the depot not counted; 18 km
    orders = [delivery("x", "a"), delivery("y", "a"), delivery("z", "b")]
    return road({"depot": 0, "a": 5, "b": 9}, [van(stop_milli=10)], orders), 138


def skills_at_the_same_place() -> World:
    # x needs cooling, which only the dear van has; y next to it goes along: 200 + 10
    orders = [delivery("x", "a", skills=("cool",)), delivery("y", "a")]
    return road({"depot": 0, "a": 5}, [van(), van("cool", skills=("cool",), fixed_milli=200)], orders), 210


def goods_lie_at_their_hub() -> World:
    # both are next to the depot, but y's goods lie in the yard at 20 km: 100 + 2 and 100 + 40 - 2
    orders = [delivery("x", "a"), delivery("y", "a", hub="yard")]
    types = [van(), van("far", start="yard", end="yard")]
    # the far van passes at a anyway and brings only what any vehicle may: x goes along, 38 km
    return road({"depot": 0, "a": 1, "yard": 20}, types, orders), 138


def optional_order_too_dear() -> World:
    # y costs 2 * 95 more kilometres and is worth 50: left out, at 50
    orders = [delivery("x", "a"), delivery("y", "b", outside_milli=50)]
    return road({"depot": 0, "a": 5, "b": 100}, [van()], orders), 160


def optional_orders_worth_it_together() -> World:
    # each alone costs 110 and is worth 80; together 110 against 160
    orders = [delivery("x", "a", outside_milli=80), delivery("y", "a", outside_milli=80)]
    return road({"depot": 0, "a": 5}, [van()], orders), 110


def duration_limit() -> World:
    # 5 km each way to either side: 20 minutes together, a shift of 15 allows one side only
    orders = [delivery("east", "e"), delivery("west", "w")]
    return road({"depot": 0, "e": 5, "w": -5}, [van(duration_max_s=15 * 60)], orders), 220


def distance_limit() -> World:
    orders = [delivery("east", "e"), delivery("west", "w")]
    return road({"depot": 0, "e": 5, "w": -5}, [van(distance_max_m=15_000)], orders), 220


def distance_limit_with_a_price_a_stop() -> World:
    orders = [delivery("east", "e"), delivery("west", "w")]
    return road({"depot": 0, "e": 5, "w": -5}, [van(distance_max_m=15_000, stop_milli=7)], orders), 234


WORLDS: list[Callable[[], World]] = [
    one_delivery,
    one_collection,
    one_transport,
    transport_towards_the_depot,
    deliveries_and_collections_share_a_van,
    collections_lend_no_room_to_deliveries,
    transports_take_turns,
    all_kinds_on_one_van,
    capacity_asks_for_two_vans,
    windows_turn_the_tour_round,
    windows_that_no_van_can_join,
    several_windows,
    several_windows_on_a_transport,
    opening_hours_of_a_place,
    the_right_mix_of_vehicles,
    only_one_cheap_van,
    several_depots,
    open_end,
    price_a_stop,
    skills_at_the_same_place,
    goods_lie_at_their_hub,
    optional_order_too_dear,
    optional_orders_worth_it_together,
    duration_limit,
    distance_limit,
    distance_limit_with_a_price_a_stop,
]
named = pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.__name__)


def total_milli(compiled: Compiled, routes: list[Any]) -> int:
    served = {visit >> 1 for _, visits in routes for visit in visits}
    left = [order for index, order in enumerate(compiled.problem.orders) if index not in served]
    assert all(order.outside_milli is not None for order in left)
    return sum(price_milli(compiled, route) for route in routes) + sum(order.outside_milli for order in left)


@named
def test_solve_finds_the_optimum(world: Callable[[], World]) -> None:
    problem, optimum = world()
    result = solve(problem, QUICK)
    assert result.plan.mandatory_unplanned == 0
    assert result.plan.cost_milli == optimum
    assert result.bound_milli <= optimum
    assert check(problem, result.plan) == []


def asked() -> list[Any]:
    """
    Each engine with each world; the plain kernel, which does not serve the rest at all, with those that it models.

    The others may find the optimum of what they model only in part.
    """
    return [
        pytest.param(engine, world, id=f"{engine.name}-{world.__name__}")
        for engine in ENGINES
        for world in WORLDS
        if engine.name != "plain" or not engine.supports(world()[0])
    ]


@pytest.mark.parametrize(("engine", "world"), asked())
def test_each_engine_alone_finds_the_optimum(engine: Engine, world: Callable[[], World]) -> None:
    problem, optimum = world()
    compiled = Compiled(problem)
    alone = Alone(compiled)
    routes = engine.search(
        compiled,
        orders=alone.servable,
        start=[],
        seed=1,
        seconds=None,
        iterations=200,
        found=lambda type_, visits: None,
        improved=lambda routes: None,
        stop=lambda: False,
    )
    assert total_milli(compiled, routes) == optimum


@named
def test_the_first_plan_serves_everything_that_is_mandatory(world: Callable[[], World]) -> None:
    problem, optimum = world()
    compiled = Compiled(problem)
    assert total_milli(compiled, construct(compiled, Alone(compiled))) >= optimum


@named
def test_the_last_engine_chosen_models_everything(world: Callable[[], World]) -> None:
    problem, _ = world()
    assert choose(problem)[-1].supports(problem) == []


def test_no_orders_need_no_vehicles() -> None:
    result = solve(road({"depot": 0}, [van()], []), Budget(seconds=1.0))
    assert result.plan.routes == ()
    assert (result.plan.cost_milli, result.gap) == (0, 0.0)


def test_an_impossible_order_does_not_spoil_the_others() -> None:
    orders = [delivery("fits", "a"), delivery("too_big", "a", 11)]
    result = solve(road({"depot": 0, "a": 5}, [van()], orders), QUICK)
    assert result.plan.cost_milli == 110
    assert [(entry.order, entry.reason) for entry in result.plan.unplanned] == [("too_big", Reason.CAPACITY)]


def test_only_impossible_orders_give_an_empty_plan() -> None:
    result = solve(road({"depot": 0, "a": 5}, [van()], [delivery("too_big", "a", 11)]), Budget(seconds=1.0))
    assert result.plan.routes == ()
    assert [entry.order for entry in result.plan.unplanned] == ["too_big"]


def test_a_place_without_a_way_is_said_to_be_unreachable() -> None:
    problem = road({"depot": 0, "a": 5, "island": 7}, [van()], [delivery("x", "a"), delivery("lost", "island")])
    profile = problem.profiles[0]
    cut = profile.distance_m.to_rows()
    for k in (0, 1):
        cut[k][2] = cut[2][k] = -1
    from msgspec.structs import replace

    from solver.matrix import Matrix

    problem = problem.replace(profiles=(replace(profile, distance_m=Matrix(cut)),))
    result = solve(problem, QUICK)
    assert result.plan.cost_milli == 110
    assert [(entry.order, entry.reason) for entry in result.plan.unplanned] == [("lost", Reason.REACHABLE)]


def test_a_fleet_too_small_serves_as_many_mandatory_orders_as_it_can() -> None:
    # one van of 10: 4 + 6 go, 9 alone would be one order fewer
    orders = [delivery("nine", "a", 9), delivery("four", "a", 4), delivery("six", "a", 6)]
    result = solve(road({"depot": 0, "a": 5}, [van(count=1)], orders), QUICK)
    assert [(entry.order, entry.reason) for entry in result.plan.unplanned] == [("nine", Reason.FLEET)]


def test_a_mandatory_order_goes_before_any_optional_one() -> None:
    orders = [delivery("worth_much", "a", 10, outside_milli=100_000), delivery("must", "a", 10)]
    result = solve(road({"depot": 0, "a": 5}, [van(count=1)], orders), QUICK)
    assert [entry.order for entry in result.plan.unplanned] == ["worth_much"]
