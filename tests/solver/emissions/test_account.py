"""What a route emits and who bears it, on roads whose arithmetic is worked out by hand."""

import pytest
from msgspec.structs import replace

from solver.emissions import DistanceType, emissions_of
from solver.emissions.words import Assumed
from solver.matrix import Matrix
from solver.problem import Order, Place, TravelProfile, Visit
from tests.solver.emissions.worlds import TONNE_G, carriage, day, driving, goods, in_turn, lorry, method, returns
from tests.solver.worlds import straight_road


def borne(account, attribute="wtw_mg"):
    return {entry.order: getattr(entry, attribute) for entry in account.shipments}


def assumed(account):
    return {entry.what for entry in account.assumptions}


def test_a_route_emits_by_its_load_and_its_empty_way_home_counts():
    problem = day(goods("a", 2, 4 * TONNE_G), goods("b", 5, 2 * TONNE_G, owner="binh"))
    account = emissions_of(problem, in_turn(problem), method())
    # 2 km with 6 of 10 t, 3 km with 2 t, 5 km empty: 10 x 500 + (2 x 0.6 + 3 x 0.2) x 500 g = 5,900 g; the fuel 1,180 g.
    (route,) = account.routes
    assert (route.driven_m, route.empty_m, route.by_load) == (10_000, 5_000, True)
    assert (route.ttw_mg, route.wtt_mg, route.wtw_mg) == (5_900_000, 1_180_000, 7_080_000)
    # 4 t x 2 km = 8 tkm and 2 t x 5 km = 10 tkm: 8/18 and 10/18 of each part; 2,622,222.2 and 3,277,777.8
    assert borne(account, "ttw_mg") == {"a": 2_622_222, "b": 3_277_778}
    assert borne(account, "wtt_mg") == {"a": 524_444, "b": 655_556}
    assert [(owner.owner, owner.wtw_mg) for owner in account.owners] == [("anna", 3_146_666), ("binh", 3_933_334)]
    # 7,080 g on 18 tkm
    assert (account.activity, account.intensity_mg_tkm) == (18 * 10**9, 393_333)
    assert account.assumptions == ()


def test_a_collection_is_on_board_on_the_way_home_and_goes_as_far_as_to_the_end():
    problem = day(goods("out", 2, 5 * TONNE_G), returns("back", 4, 10 * TONNE_G))
    account = emissions_of(problem, driving(problem, (0, (1, 2))), method())
    # 2 km half full, 2 km empty, 4 km full: 8 x 500 + (2 x 0.5 + 4 x 1) x 500 g
    assert account.ttw_mg == 6_500_000
    assert account.empty_m == 2_000
    # 10 tkm and 40 tkm
    assert borne(account, "ttw_mg") == {"out": 1_300_000, "back": 5_200_000}


def test_a_transport_goes_directly_from_a_to_b_whatever_the_route():
    problem = day(carriage("across", 1, 3, 10 * TONNE_G), goods("out", 5, 0))
    account = emissions_of(problem, driving(problem, (0, (0, 3, 1))), method())
    # Driven 1, 4 (full), 2 (full) and 3 km; its own way is 2 km.
    (across,) = (entry for entry in account.shipments if entry.order == "across")
    assert (across.direct_m, across.activity) == (2_000, 20 * 10**9)
    assert account.ttw_mg == 10 * 500_000 + 6 * 500_000
    assert borne(account)["out"] == 0


def test_late_drops_of_a_round_do_not_bear_the_detour_of_those_before():
    near_first = day(goods("a", 1), goods("b", 5, 400_000), goods("c", 1, owner="binh"))
    account = emissions_of(near_first, in_turn(near_first), method())
    # c rides 9 km on board and lies 1 km away, as a does; 10 km x 500 + (2.4 x 1 + 1.4 x 4 + 1 x 4) / 10 x 500 = 5,600 g
    assert borne(account, "ttw_mg") == {"a": 1_400_000, "b": 2_800_000, "c": 1_400_000}


def test_after_a_reload_goods_come_from_where_they_were_loaded():
    vehicle = lorry(reloads=("km2",))
    problem = day(goods("a", 3), goods("b", 5), returns("c", 4), vehicles=(vehicle,))
    account = emissions_of(problem, driving(problem, (0, (1, 4, ~2, 3))), method())
    # a from km0 to km3; c is unloaded at the reload, km4 to km2; b is loaded there, km2 to km5.
    assert {entry.order: entry.direct_m for entry in account.shipments} == {"a": 3_000, "b": 3_000, "c": 2_000}
    # 3 km and 1 km out to km4 (1 t, then nothing), 2 km back with c, 3 km with b, 5 km home empty
    assert (account.driven_m, account.empty_m) == (14_000, 6_000)
    assert account.ttw_mg == 14 * 500_000 + 8 * 50_000


def test_an_open_route_counts_no_way_home_and_says_so_unless_asked_to():
    problem = day(goods("a", 4, 10 * TONNE_G), vehicles=(lorry(end=None),))
    plan = in_turn(problem)
    planned, returned = emissions_of(problem, plan, method()), emissions_of(problem, plan, method(open_return=True))
    assert (planned.driven_m, planned.ttw_mg) == (4_000, 4_000_000)
    assert assumed(planned) == {Assumed.OPEN_END}
    assert (returned.driven_m, returned.empty_m, returned.ttw_mg) == (8_000, 4_000, 6_000_000)
    assert returned.assumptions == ()


def test_every_vehicle_goes_by_its_own_profile_and_class():
    crow = TravelProfile(
        id="crow",
        distance_m=Matrix([[abs(a - b) * 500 for b in range(6)] for a in range(6)]),
        duration_s=Matrix([[abs(a - b) for b in range(6)] for a in range(6)]),
    )
    van = lorry(id="van", profile="crow")
    problem = day(goods("a", 2), goods("b", 2), vehicles=(lorry(), van), profiles=(straight_road(), crow))
    account = emissions_of(
        problem, driving(problem, (0, (1,)), (1, (3,))), method(classes={"lorry": "lorry", "van": "van"})
    )
    assert [(route.vehicle_class, route.driven_m, route.ttw_mg) for route in account.routes] == [
        ("lorry", 4_000, 4 * 500_000 + 2 * 50_000),
        ("van", 2_000, 400_000),
    ]
    assert [entry.direct_m for entry in account.shipments] == [2_000, 1_000]
    assert [route.by_load for route in account.routes] == [True, False]


def test_what_is_left_to_its_outside_option_is_not_in_the_account():
    problem = day(goods("a", 2), goods("b", 5, owner="binh", outside_milli=1))
    account = emissions_of(problem, driving(problem, (0, (1,))), method())
    assert account.left_out == ("b",)
    assert [(owner.owner, owner.shipments, owner.wtw_mg) for owner in account.owners] == [
        ("anna", 1, account.wtw_mg),
        ("binh", 0, 0),
    ]


def test_great_circle_distance_takes_coordinates_and_leaves_the_driven_kilometres_alone():
    # A degree of the equator is 2 x pi x 6,371,009 m / 360 = 111,195.08 m, rounded up
    places = tuple(Place(id=f"km{km}", lat=0.0, lon=float(km)) for km in range(6))
    problem = day(goods("a", 1), goods("b", 3), places=places)
    account = emissions_of(problem, in_turn(problem), method(distance=DistanceType.GREAT_CIRCLE))
    assert [entry.direct_m for entry in account.shipments] == [111_196, 333_586]
    assert account.driven_m == 6_000


def measured(name, km, owner="anna", **load):
    return Order(id=name, owner=owner, delivery=Visit(place=f"km{km}"), load=load)


def test_volume_stands_for_weight_in_the_whole_plan_where_one_weight_is_missing():
    problem = day(measured("a", 2, volume_cm3=300, weight_g=7), measured("b", 2, volume_cm3=100), goods("c", 1))
    plan = driving(problem, (0, (1, 3)))
    account = emissions_of(problem, plan, method())
    assert account.quantity == "volume_cm3"
    assert assumed(account) == {Assumed.VOLUME, Assumed.AVERAGE_LOAD}
    # The load is not known in tonnes, so 4 km of the average.
    assert (account.ttw_mg, account.routes[0].by_load) == (2_800_000, False)
    assert borne(account, "ttw_mg") == {"a": 2_100_000, "b": 700_000}
    assert account.intensity_mg_tkm is None


def test_a_chosen_quantity_is_counted_while_the_engine_still_feels_the_weight():
    problem = day(measured("a", 2, boxes=3, weight_g=5 * TONNE_G), measured("b", 2, boxes=1, weight_g=5 * TONNE_G))
    account = emissions_of(problem, in_turn(problem), method(quantity="boxes"))
    assert account.ttw_mg == 2 * 1_000_000 + 2 * 500_000
    assert borne(account, "ttw_mg") == {"a": 2_250_000, "b": 750_000}


def test_a_payload_that_is_said_goes_before_the_capacity():
    problem = day(goods("a", 2, 5 * TONNE_G))
    account = emissions_of(problem, in_turn(problem), method(payloads_g={"lorry": 5 * TONNE_G}))
    assert account.ttw_mg == 2 * 1_000_000 + 2 * 500_000


def test_without_a_payload_the_average_factor_is_used_and_said():
    problem = day(goods("a", 2), vehicles=(lorry(capacity={}),))
    account = emissions_of(problem, in_turn(problem), method())
    assert account.ttw_mg == 4 * 700_000
    assert assumed(account) == {Assumed.AVERAGE_LOAD}


@pytest.mark.parametrize(
    ("orders", "parts"),
    [
        ((goods("a", 3, 0), goods("b", 3, 0)), {"a": 1_500_000, "b": 1_500_000}),
        ((carriage("a", 3, 3, 3), carriage("b", 3, 3, 1)), {"a": 2_250_000, "b": 750_000}),
    ],
)
def test_a_route_without_activity_is_borne_by_quantity_and_without_that_in_equal_parts(orders, parts):
    problem = day(*orders)
    visits = (0, 1, 2, 3) if orders[0].pickup else (1, 3)
    account = emissions_of(problem, driving(problem, (0, visits)), method())
    assert assumed(account) == {Assumed.NO_ACTIVITY}
    assert borne(account, "ttw_mg") == parts
    assert account.intensity_mg_tkm is None


def test_distances_of_straight_lines_made_longer_are_called_so():
    places = tuple(Place(id=f"km{km}", lat=0.0, lon=km / 100) for km in range(6))
    problem = day(goods("a", 1), places=places, profiles=(TravelProfile(id="road", circuity_percent=200),))
    account = emissions_of(problem, in_turn(problem), method())
    # 1,111.9508 m x 2, rounded up
    assert (account.shipments[0].direct_m, account.driven_m) == (2_224, 4_448)
    assert assumed(account) == {Assumed.DERIVED}


def test_an_empty_plan_emits_nothing_and_leaves_all_out():
    problem = day(goods("a", 1, outside_milli=1))
    account = emissions_of(problem, driving(problem), method())
    assert (account.wtw_mg, account.routes, account.left_out, account.intensity_mg_tkm) == (0, (), ("a",), None)
    assert [owner.wtw_mg for owner in account.owners] == [0]


def test_other_distance_types_do_not_change_what_the_routes_emit():
    places = tuple(Place(id=f"km{km}", lat=float(km * km), lon=0.0) for km in range(6))
    problem = day(goods("a", 1), goods("b", 3), places=places)
    plan = in_turn(problem)
    roads, crow = (emissions_of(problem, plan, replace(method(), distance=kind)) for kind in DistanceType)
    assert roads.wtw_mg == crow.wtw_mg
    assert borne(roads) != borne(crow)
