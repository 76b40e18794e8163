import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver.admission import Offer, cheapest_insertion
from solver.assemble import assemble
from solver.compiled import Compiled
from solver.cost import route_cost
from solver.matrix import Matrix
from solver.plan import Reason, Unplanned
from solver.problem import Place, Problem, TravelProfile, Window
from solver.schedule import Timetable, timetable
from solver.why import money, why_unplanned
from tests.solver import tiny
from tests.solver.worlds import (
    cheap_tariff_outside,
    collection,
    mixed_freight,
    one_parcel,
    one_van_too_few,
    parcel,
    road,
    straight_road,
    two_parcels_on_the_way,
    van,
)


def why(problem: Problem, order: int = 0, *routes: tiny.Route) -> Unplanned:
    used = [sum(type_ == k for type_, _ in routes) for k in range(len(problem.vehicle_types))]
    return why_unplanned(Compiled(problem), routes, order, used)


def test_too_big_says_in_what_and_by_how_much() -> None:
    entry = why(road(parcel("a", 1, boxes=13), vehicles=(van(id="small", capacity={"boxes": 5}), van())))
    assert entry.reason is Reason.CAPACITY
    assert "'van'" in entry.detail
    assert "boxes 13, which is 3 above its 10" in entry.detail
    assert "boxes of at least 13" in entry.cure


def test_a_missing_skill_is_named() -> None:
    entry = why(road(parcel("a", 1, skills=("cold", "lift")), vehicles=(van(skills=("lift",)),)))
    assert entry.reason is Reason.SKILL
    assert "lacks 'cold'" in entry.detail


def test_a_hub_where_no_vehicle_starts_or_ends_is_named() -> None:
    entry = why(road(parcel("a", 1, hub="km3")))
    assert (entry.reason, "starts at hub 'km3'" in entry.detail) == (Reason.HUB, True)
    entry = why(road(collection("a", 1), vehicles=(van(end=None),)))
    assert (entry.reason, "all ends are open" in entry.detail) == (Reason.HUB, True)


def test_a_place_cut_off_is_named() -> None:
    distance = [[abs(a - b) * 1000 if 2 not in (a, b) else -1 for b in range(6)] for a in range(6)]
    profile = TravelProfile(id="road", distance_m=Matrix(distance), duration_s=straight_road().duration_s)
    entry = why(road(parcel("a", 2), profiles=(profile,)))
    assert entry.reason is Reason.REACHABLE
    assert "from 'km0' to 'km2'" in entry.detail


def test_a_window_too_early_says_when_the_vehicle_could_be_there() -> None:
    # The shift begins at 50 s and km3 is 300 s away: 350 s at the earliest.
    entry = why(road(parcel("a", 3, (0, 320)), vehicles=(van(shift=Window(50, 9_000)),)))
    assert entry.reason is Reason.TIME_WINDOW
    assert "at 350 s at the earliest" in entry.detail
    assert "closes at 320 s, 30 s earlier" in entry.detail
    assert "closes at 350 s or later" in entry.cure


def test_a_shift_too_short_says_when_the_vehicle_would_be_done() -> None:
    entry = why(road(parcel("a", 3), vehicles=(van(shift=Window(0, 550)),)))
    assert entry.reason is Reason.TIME_WINDOW
    assert "done at 600 s at the earliest; its shift ends 50 s earlier" in entry.detail


def test_windows_outside_opening_hours_are_told_apart() -> None:
    problem = road(parcel("a", 3, (0, 500)))
    places = tuple(Place(id=place.id, windows=(Window(600, 700),)) for place in problem.places)
    entry = why(problem.replace(places=places))
    assert entry.reason is Reason.TIME_WINDOW
    assert "never meet the opening hours of 'km3'" in entry.detail


def test_limits_say_by_how_much_they_are_passed() -> None:
    entry = why(road(parcel("a", 3), vehicles=(van(distance_max_m=5_900),)))
    assert (entry.reason, "6000 m, 100 m above" in entry.detail) == (Reason.MAX_DISTANCE, True)
    entry = why(road(parcel("a", 3), vehicles=(van(duration_max_s=599),)))
    assert (entry.reason, "600 s, 1 s above" in entry.detail) == (Reason.MAX_DURATION, True)


def test_the_vehicle_that_gets_furthest_is_the_one_to_talk_about() -> None:
    # The small van is too small, the open one not cold; the big one is merely too late.
    small = van(id="small", capacity={"boxes": 1}, skills=("cold",))
    big = van(id="big", skills=("cold",))
    entry = why(road(parcel("a", 3, (0, 200), boxes=5, skills=("cold",)), vehicles=(small, van(id="warm"), big)))
    assert entry.reason is Reason.TIME_WINDOW
    assert "'big'" in entry.detail


def test_an_outside_option_that_is_cheaper_says_by_how_much() -> None:
    # Alone: 10 + 4 + 4 + 0.5 = 18.5 against 5.
    entry = why(cheap_tariff_outside())
    assert entry.reason is Reason.OUTSIDE_OPTION
    assert "costs 18.5 minor units of VND" in entry.detail
    assert "13.5 minor units of VND less" in entry.detail
    assert entry.outside_milli == 5_000


def test_an_outside_option_is_compared_with_the_cheapest_way_there_is() -> None:
    # On the van that passes km2 anyway the stop alone is added: 0.5, less than 5.
    problem = road(parcel("a", 2, outside_milli=5_000), parcel("b", 3))
    entry = why(problem, 0, (0, (3,)))
    assert entry.reason is Reason.NOT_FOUND
    assert "for 0.5 minor units of VND" in entry.cure
    dearer = road(parcel("a", 2, outside_milli=400), parcel("b", 3))
    assert why(dearer, 0, (0, (3,))).reason is Reason.OUTSIDE_OPTION


def test_a_fleet_in_use_names_the_price_of_one_more() -> None:
    # A second van to km3 would cost 10 + 6 + 6 + 0.5.
    entry = why(one_van_too_few(), 1, (0, (1,)))
    assert entry.reason is Reason.FLEET
    assert "for 22.5 minor units of VND" in entry.cure


def test_a_fleet_of_none_is_told() -> None:
    entry = why(road(parcel("a", 2), vehicles=(van(count=0),)))
    assert entry.reason is Reason.FLEET
    assert "its count is 0" in entry.detail


def test_a_feasible_order_left_out_is_admitted_to() -> None:
    entry = why(two_parcels_on_the_way(), 0, (0, (3,)))
    assert entry.reason is Reason.NOT_FOUND
    assert "on a route of type 'van' for 0.5 minor units of VND" in entry.cure


def test_amounts_are_exact_to_the_thousandth() -> None:
    assert [money(milli, "EUR") for milli in (0, 1, 1_500, 12_345, -2_500)] == [
        "0 minor units of EUR",
        "0.001 minor units of EUR",
        "1.5 minor units of EUR",
        "12.345 minor units of EUR",
        "-2.5 minor units of EUR",
    ]


def insertion_by_trial(compiled: Compiled, route: tiny.Route, order: int) -> int | None:
    """The least that an order adds to a route, over all sequences that keep the others' order."""
    type_, visits = route
    prices = []
    for sequence in tiny.sequences(compiled, compiled.orders_of(visits) | {order}):
        if tuple(visit for visit in sequence if visit >> 1 != order) == visits:
            times = timetable(compiled, type_, sequence)
            if isinstance(times, Timetable):
                prices.append(route_cost(compiled, type_, sequence, times).total_milli)
    times = timetable(compiled, type_, visits)
    assert isinstance(times, Timetable)
    return min(prices) - route_cost(compiled, type_, visits, times).total_milli if prices else None


@settings(max_examples=200, deadline=None)
@given(tiny.problems(), st.data())
def test_the_cheapest_insertion_is_the_cheapest_over_all_sequences(problem: Problem, data: st.DataObject) -> None:
    compiled = Compiled(problem)
    everything = range(len(problem.orders))
    routes = [route for route in tiny.feasible_routes(compiled) if len(compiled.orders_of(route[1])) < len(everything)]
    if not routes:
        return
    route = data.draw(st.sampled_from(routes))
    order = data.draw(st.sampled_from(sorted(set(everything) - compiled.orders_of(route[1]))))
    expected = insertion_by_trial(compiled, route, order)
    offer = cheapest_insertion(compiled, [route], order)
    assert offer == (None if expected is None else Offer(expected, route[0], True))


def test_the_cheaper_of_two_routes_takes_the_order() -> None:
    problem = road(parcel("a", 1), parcel("b", 5), parcel("c", 4))
    assert cheapest_insertion(Compiled(problem), [(0, (1,)), (0, (3,))], 2) == Offer(500, 0, True)


@pytest.mark.parametrize(
    ("routes", "message"),
    [
        ([(0, (1, 3))], "does not serve each of its orders once and whole"),
        ([(0, (3, 2))], "before it is picked up"),
        ([(0, (1,)), (0, (1,))], "more than one route"),
        ([(0, (1, 4, 2, 3))], "is infeasible: capacity_constraint"),
    ],
)
def test_routes_that_are_none_are_refused(routes: list[tiny.Route], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        assemble(Compiled(mixed_freight()), routes)


def test_more_routes_than_vehicles_are_refused() -> None:
    with pytest.raises(ValueError, match="2 routes for 1 vehicles of type 'van'"):
        assemble(Compiled(one_van_too_few()), [(0, (1,)), (0, (3,))])


def test_routes_without_visits_are_dropped_and_vehicles_numbered_by_type() -> None:
    problem = road(parcel("a", 1), parcel("b", 2), parcel("c", 3), vehicles=(van(), van(id="other")))
    plan = assemble(Compiled(problem), [(0, (1,)), (1, ()), (1, (3,)), (0, (5,))])
    assert [(route.vehicle_type, route.vehicle) for route in plan.routes] == [("van", 1), ("other", 1), ("van", 2)]


def test_an_empty_plan_names_every_order() -> None:
    plan = assemble(Compiled(one_parcel()), [])
    assert [entry.order for entry in plan.unplanned] == ["a"]
    assert plan.mandatory_unplanned == 1
    assert plan.cost_milli == 0
