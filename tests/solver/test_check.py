from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from solver.assemble import assemble
from solver.check import check
from solver.compiled import Compiled
from solver.plan import Action, Plan, PlannedVisit, Reason, Route, RouteCost, Stop, Unplanned
from solver.problem import Order, Place, Problem, TravelProfile, VehicleType, Visit, Window
from tests.solver import tiny
from tests.solver.worlds import (
    cheap_tariff_outside,
    collection,
    four_in_the_city,
    mixed_freight,
    one_parcel,
    one_van_too_few,
    parcel,
    road,
    transport,
    two_parcels_on_the_way,
    van,
)


def plan_of(problem: Problem, *routes: tiny.Route) -> Plan:
    return assemble(Compiled(problem), routes)


def codes(problem: Problem, plan: Plan) -> set[str]:
    return {violation.code for violation in check(problem, plan)}


def with_route(plan: Plan, number: int = 0, **changes: Any) -> Plan:
    """The plan with one route changed, its total kept in step with the routes' costs."""
    routes = list(plan.routes)
    routes[number] = replace(routes[number], **changes)
    total = sum(route.cost.total_milli for route in routes) + sum(entry.outside_milli or 0 for entry in plan.unplanned)
    return replace(plan, routes=tuple(routes), cost_milli=total)


def with_stop(plan: Plan, number: int, **changes: Any) -> Plan:
    stops = list(plan.routes[0].stops)
    stops[number] = replace(stops[number], **changes)
    return with_route(plan, stops=tuple(stops))


def with_visit(plan: Plan, stop: int, number: int, **changes: Any) -> Plan:
    visits = list(plan.routes[0].stops[stop].visits)
    visits[number] = replace(visits[number], **changes)
    return with_stop(plan, stop, visits=tuple(visits))


def mixed() -> Plan:
    """out and across at km1 (300 s to 305 s), across at km3 (505 s), back at km4 (605 s); home at 1005 s."""
    return plan_of(mixed_freight(), (0, (1, 2, 3, 4)))


def test_a_plan_by_hand_is_found_right() -> None:
    # The parcel to km2: leave at 0 s, there at 200 s, done at 210 s, home at 410 s; 10 + 4 + 4.1 + 0.5.
    stop = Stop(
        place="km2",
        arrival_s=200,
        departure_s=210,
        waiting_s=0,
        visits=(PlannedVisit(order="a", action=Action.DELIVERY, start_s=200, end_s=210),),
        load_after={"boxes": 0},
    )
    route = Route(
        vehicle_type="van",
        vehicle=1,
        start_s=0,
        end_s=410,
        distance_m=4_000,
        load_start={"boxes": 1},
        stops=(stop,),
        cost=RouteCost(fixed_milli=10_000, distance_milli=4_000, time_milli=4_100, stop_milli=500),
    )
    plan = Plan(currency="VND", routes=(route,), unplanned=(), cost_milli=18_600)
    assert check(one_parcel(), plan) == []
    assert plan == plan_of(one_parcel(), (0, (1,)))


def test_a_plan_that_waits_more_than_it_must_is_dear_but_right() -> None:
    # Leaving at 0 s instead of 200 s for the window from 300 s: 200 s of waiting at km1, paid for.
    plan = mixed()
    stops = (replace(plan.routes[0].stops[0], arrival_s=100, waiting_s=200), *plan.routes[0].stops[1:])
    cost = replace(plan.routes[0].cost, time_milli=plan.routes[0].cost.time_milli + 2_000)
    assert check(mixed_freight(), with_route(plan, start_s=0, stops=stops, cost=cost)) == []


def swapped(plan: Plan) -> Plan:
    first, second, *rest = plan.routes[0].stops
    return with_route(plan, stops=(second, first, *rest))


def doubled(plan: Plan) -> Plan:
    return replace(plan, routes=plan.routes * 2, cost_milli=2 * plan.cost_milli)


def left_out(plan: Plan) -> Plan:
    entry = Unplanned(order="out", reason=Reason.NOT_FOUND, detail="", cure="", outside_milli=None)
    return replace(plan, unplanned=(entry,))


def divided(plan: Plan) -> Plan:
    """The two visits at km1 as two stops."""
    first, *rest = plan.routes[0].stops
    one = replace(first, departure_s=305, visits=first.visits[:1], load_after={"boxes": 0})
    two = replace(first, arrival_s=305, visits=first.visits[1:])
    return with_route(plan, stops=(one, two, *rest))


MUTATIONS: dict[str, tuple[Callable[[Plan], Plan], str]] = {
    "two stops swapped": (swapped, "order_reversed"),
    "a stop forgotten": (lambda plan: with_route(plan, stops=plan.routes[0].stops[:-1]), "order_missing"),
    "a delivery dropped": (lambda plan: with_stop(plan, 1, visits=()), "order_incomplete"),
    "an empty stop": (lambda plan: with_stop(plan, 1, visits=()), "stop_empty"),
    "a route without stops": (lambda plan: with_route(plan, stops=()), "route_empty"),
    "every route twice": (doubled, "order_repeated"),
    "one vehicle on two routes": (doubled, "vehicle_repeated"),
    "an order both planned and not": (left_out, "order_planned_and_unplanned"),
    "vehicle number zero": (lambda plan: with_route(plan, vehicle=0), "vehicle_number"),
    "a vehicle type that is not there": (lambda plan: with_route(plan, vehicle_type="truck"), "unknown_vehicle_type"),
    "a place that is not there": (lambda plan: with_stop(plan, 0, place="km9"), "unknown_place"),
    "an order that is not there": (lambda plan: with_visit(plan, 0, 0, order="none"), "unknown_order"),
    "the wrong place": (lambda plan: with_stop(plan, 0, place="km2"), "place_wrong"),
    "a pickup nobody asked for": (lambda plan: with_visit(plan, 0, 0, action=Action.PICKUP), "visit_not_asked"),
    "one place, two stops": (divided, "stop_divided"),
    "arrival a second early": (lambda plan: with_stop(plan, 1, arrival_s=504), "arrival_wrong"),
    "departure a second late": (lambda plan: with_stop(plan, 1, departure_s=506), "departure_wrong"),
    "a service a second short": (lambda plan: with_visit(plan, 0, 0, end_s=304), "service_length"),
    "a service before arrival": (lambda plan: with_visit(plan, 1, 0, start_s=504, end_s=504), "service_early"),
    "a service that overlaps": (lambda plan: with_visit(plan, 0, 1, start_s=304, end_s=304), "service_early"),
    "a service before its window": (lambda plan: with_visit(plan, 0, 0, start_s=299, end_s=304), "window_missed"),
    "waiting invented": (lambda plan: with_stop(plan, 1, waiting_s=1), "waiting_wrong"),
    "start a second late": (lambda plan: with_route(plan, start_s=201), "arrival_wrong"),
    "end a second early": (lambda plan: with_route(plan, end_s=1_004), "arrival_wrong"),
    "a metre short": (lambda plan: with_route(plan, distance_m=7_999), "distance_wrong"),
    "a box too few at the start": (lambda plan: with_route(plan, load_start={"boxes": 3}), "load_wrong"),
    "a load not stated": (lambda plan: with_route(plan, load_start={}), "load_wrong"),
    "a dimension invented": (lambda plan: with_route(plan, load_start={"boxes": 4, "kegs": 1}), "load_wrong"),
    "a box too many after a stop": (lambda plan: with_stop(plan, 0, load_after={"boxes": 7}), "load_wrong"),
    "the total off by one": (lambda plan: replace(plan, cost_milli=plan.cost_milli + 1), "plan_cost_wrong"),
    "another currency": (lambda plan: replace(plan, currency="EUR"), "currency_wrong"),
    **{
        f"{component} off by one": (
            lambda plan, component=component: with_route(
                plan,
                cost=replace(plan.routes[0].cost, **{component: getattr(plan.routes[0].cost, component) - 1}),
            ),
            "cost_wrong",
        )
        for component in ("fixed_milli", "distance_milli", "time_milli", "stop_milli")
    },
}


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_every_change_to_a_right_plan_is_caught(mutation: str) -> None:
    assert check(mixed_freight(), mixed()) == []
    change, code = MUTATIONS[mutation]
    assert code in codes(mixed_freight(), change(mixed()))


PROBLEM_CHANGES: dict[str, tuple[Problem, Problem, tuple[int, ...], str]] = {
    "a box less room": (
        road(parcel("a", 1, boxes=10)),
        road(parcel("a", 1, boxes=10), vehicles=(van(capacity={"boxes": 9}),)),
        (1,),
        "capacity_exceeded",
    ),
    "a window a second shorter": (
        road(parcel("a", 2, (0, 200))),
        road(parcel("a", 2, (0, 199))),
        (1,),
        "window_missed",
    ),
    "a shift a second shorter": (
        road(parcel("a", 2)),
        road(parcel("a", 2), vehicles=(van(shift=Window(0, 399)),)),
        (1,),
        "shift_left",
    ),
    "a shift that begins later": (
        road(parcel("a", 2)),
        road(parcel("a", 2), vehicles=(van(shift=Window(1, 5_000)),)),
        (1,),
        "shift_left",
    ),
    "a shorter working day": (
        road(parcel("a", 2)),
        road(parcel("a", 2), vehicles=(van(duration_max_s=399),)),
        (1,),
        "duration_exceeded",
    ),
    "a shorter range": (
        road(parcel("a", 2)),
        road(parcel("a", 2), vehicles=(van(distance_max_m=3_999),)),
        (1,),
        "distance_exceeded",
    ),
    "a skill required": (road(parcel("a", 2)), road(parcel("a", 2, skills=("cold",))), (1,), "skill_missing"),
    "another hub": (road(parcel("a", 2)), road(parcel("a", 2, hub="km5")), (1,), "hub_wrong"),
    "a collection to another hub": (road(collection("a", 2)), road(collection("a", 2, hub="km5")), (0,), "hub_wrong"),
    "fewer vehicles": (road(parcel("a", 2)), road(parcel("a", 2), vehicles=(van(count=0),)), (1,), "vehicle_number"),
    "a transport turned round": (road(transport("a", 1, 2)), road(transport("a", 2, 1)), (0, 1), "place_wrong"),
}


@pytest.mark.parametrize("change", PROBLEM_CHANGES)
def test_a_plan_right_for_one_problem_is_wrong_for_a_stricter_one(change: str) -> None:
    problem, stricter, visits, code = PROBLEM_CHANGES[change]
    plan = plan_of(problem, (0, visits))
    assert check(problem, plan) == []
    assert code in codes(stricter, plan)


def test_opening_hours_of_a_place_are_checked_too() -> None:
    problem = one_parcel()
    shut = problem.replace(places=tuple(replace(place, windows=(Window(201, 300),)) for place in problem.places))
    assert codes(shut, plan_of(problem, (0, (1,)))) == {"window_missed"}


def test_a_place_cut_off_is_found() -> None:
    problem = one_parcel()
    profile = problem.profiles[0]
    assert profile.distance_m is not None
    rows = profile.distance_m.to_rows()
    rows[0][2] = -1
    cut_off = problem.replace(profiles=(replace(profile, distance_m=type(profile.distance_m)(rows)),))
    assert codes(cut_off, plan_of(problem, (0, (1,)))) == {"no_way"}


def test_an_overload_within_a_stop_is_found() -> None:
    # At km1 the transport comes on board before the parcel is handed over: 10 boxes for a moment, room for 9.
    problem = mixed_freight()
    smaller = problem.replace(vehicle_types=(van(capacity={"boxes": 9}),))
    plan = plan_of(problem, (0, (2, 1, 3)))
    assert codes(problem, plan) == set()
    assert codes(smaller, plan) == {"capacity_exceeded"}


def test_an_outside_option_at_another_price_is_found() -> None:
    problem = cheap_tariff_outside()
    plan = plan_of(problem)
    assert codes(problem, plan) == set()
    assert plan.cost_milli == 5_000
    entry = replace(plan.unplanned[0], outside_milli=4_999)
    assert codes(problem, replace(plan, unplanned=(entry,), cost_milli=4_999)) == {"outside_wrong"}
    assert codes(problem, replace(plan, unplanned=plan.unplanned * 2, cost_milli=10_000)) == {"order_repeated"}
    unknown = replace(plan.unplanned[0], order="none")
    assert codes(problem, replace(plan, unplanned=(*plan.unplanned, unknown), cost_milli=10_000)) == {"unknown_order"}


def test_an_order_split_between_two_routes_is_found() -> None:
    problem = road(transport("a", 1, 2), parcel("b", 1), parcel("c", 2))
    one = plan_of(problem, (0, (3, 0, 1)), (0, (5,)))
    pickup_route, delivery_route = one.routes
    moved = pickup_route.stops[1].visits[0]
    first = replace(pickup_route, stops=pickup_route.stops[:1])
    last = replace(delivery_route.stops[0], visits=(*delivery_route.stops[0].visits, moved))
    plan = replace(one, routes=(first, replace(delivery_route, stops=(last,))))
    assert "order_on_two_routes" in codes(problem, plan)


def test_the_second_van_of_one_is_found() -> None:
    problem = one_van_too_few()
    plan = plan_of(problem.replace(vehicle_types=(van(),)), (0, (1,)), (0, (3,)))
    assert codes(problem, plan) == {"vehicle_number"}


def test_derived_travel_is_checked_without_the_search() -> None:
    problem = four_in_the_city()
    plan = plan_of(problem, (0, (1, 3, 5)))
    assert check(problem, plan) == []
    assert "distance_wrong" in codes(problem, with_route(plan, distance_m=plan.routes[0].distance_m + 1))
    assert "arrival_wrong" in codes(problem, with_route(plan, start_s=plan.routes[0].start_s + 1))


@settings(max_examples=150, deadline=None)
@given(tiny.problems(), st.data())
def test_what_is_assembled_from_feasible_routes_is_never_flagged(problem: Problem, data: st.DataObject) -> None:
    compiled = Compiled(problem)
    plan, left = random_plan(compiled, data)
    assert check(problem, plan) == []
    assert {entry.order for entry in plan.unplanned} == {problem.orders[order].id for order in left}


@settings(max_examples=100, deadline=None)
@given(tiny.problems(), st.data())
def test_any_single_number_of_a_right_plan_changed_by_one_is_caught(problem: Problem, data: st.DataObject) -> None:
    plan, _ = random_plan(Compiled(problem), data)
    raw = msgspec.to_builtins(plan)
    # A vehicle's number is free within its count; everything else follows from the sequence and the start.
    holders = [(holder, key) for holder, key in numbers_in(raw) if key != "vehicle"]
    holder, key = data.draw(st.sampled_from(holders))
    holder[key] += data.draw(st.sampled_from([-1, 1]))
    assert check(problem, msgspec.convert(raw, Plan)) != []


def random_plan(compiled: Compiled, data: st.DataObject) -> tuple[Plan, frozenset[int]]:
    """A plan of feasible routes in any mixture, and the orders that it leaves out."""
    routes: list[tiny.Route] = []
    left = frozenset(range(len(compiled.problem.orders)))
    used = [0] * len(compiled.problem.vehicle_types)
    for type_, sequence in data.draw(st.permutations(list(tiny.feasible_routes(compiled))[:40])):
        count = compiled.problem.vehicle_types[type_].count
        if compiled.orders_of(sequence) <= left and (count is None or used[type_] < count):
            routes.append((type_, sequence))
            used[type_] += 1
            left -= compiled.orders_of(sequence)
    return assemble(compiled, routes), left


def numbers_in(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every whole number inside nested lists and objects, by what holds it and its key there."""
    for key, entry in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(entry, int):
            yield value, key
        elif isinstance(entry, dict | list):
            yield from numbers_in(entry)


def test_two_parcels_on_the_way_cost_one_trip() -> None:
    # 6 km out and back, 600 s, two stops: 10 + 6 + 6 + 1.
    plan = plan_of(two_parcels_on_the_way(), (0, (1, 3)))
    assert plan.cost_milli == 23_000
    assert check(two_parcels_on_the_way(), plan) == []


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), min_size=2, max_size=4),
    st.integers(5, 1_000),  # slower, and four legs round the earth last longer than the longest shift
    st.integers(100, 1_000),
)
def test_derived_travel_is_accepted_anywhere_on_earth(
    spots: list[tuple[float, float]], speed_kmh: int, circuity_percent: int
) -> None:
    places = tuple(Place(id=f"p{k}", lat=lat, lon=lon) for k, (lat, lon) in enumerate(spots))
    profile = TravelProfile(id="default", speed_kmh=speed_kmh, circuity_percent=circuity_percent)
    anywhere = VehicleType(id="v", start="p0", end="p0", km_milli=1, hour_milli=1, shift=Window(0, 10**9))
    orders = tuple(Order(id=place.id, owner="anna", delivery=Visit(place=place.id)) for place in places)
    problem = Problem(places=places, profiles=(profile,), vehicle_types=(anywhere,), orders=orders)
    plan = plan_of(problem, (0, tuple(2 * order + 1 for order in range(len(orders)))))
    assert check(problem, plan) == []
