"""Worlds of orders: pairs, dimensions of load, skills, groups apart, outside options."""

from tests.solver.features.roads import World, collection, delivery, fleet, left, road, transport, van, visit

SIDES = {"depot": 0, "east": 5, "west": -5}


def a_pair_against_the_way() -> World:
    # out empty to 9, picked up there, handed over at 5 on the way home
    problem = road({"depot": 0, "a": 5, "b": 9}, [van()], [transport("x", visit("b"), visit("a"))])
    return World(problem, 118, lambda plan: [stop.place for stop in plan.routes[0].stops] == ["b", "a"])


def pairs_take_turns() -> World:
    # both fill the van: one after the other, 12 km out and back
    orders = [transport("x", visit("a"), visit("b"), 10), transport("y", visit("b"), visit("c"), 10)]
    problem = road({"depot": 0, "a": 4, "b": 8, "c": 12}, [van()], orders)
    return World(problem, 124, lambda plan: len(plan.routes) == 1)


def all_kinds_on_one_van() -> World:
    # 6 boxes out to the east, then 4 from there to the west, and 10 home from the west: never more than 10
    orders = [
        delivery("out", "east", 6),
        transport("across", visit("east"), visit("west"), 4),
        collection("home", "west", 10),
    ]
    return World(road(SIDES, [van()], orders), 120, lambda plan: len(plan.routes) == 1)


def heavy_and_bulky_together() -> World:
    # 8 kg + 1 kg and 1 l + 8 l fit into 10 kg and 10 l; what is both heavy and bulky goes alone: two vans
    kind = van(capacity={"kg": 10, "litres": 10})
    orders = [
        delivery(name, "east", load={"kg": kg, "litres": litres})
        for name, kg, litres in (("heavy", 8, 1), ("bulky", 1, 8), ("both", 8, 8))
    ]
    return World(road(SIDES, [kind], orders), 220, lambda plan: len(plan.routes) == 2)


def a_dimension_nobody_limits() -> World:
    # the van says nothing about litres, so any number of them goes
    order = delivery("x", "east", load={"boxes": 1, "litres": 10**12})
    return World(road(SIDES, [van()], [order]), 110, lambda plan: plan.unplanned == ())


def the_cold_van_takes_the_warm_along() -> World:
    # only the van at 200 is cold; with it on the way, the warm order rides along
    orders = [delivery("cold", "east", skills=("cold",)), delivery("warm", "east")]
    problem = road(SIDES, [van(), van("cold", fixed_milli=200, skills=("cold", "lift"))], orders)
    return World(problem, 210, lambda plan: fleet(plan) == ["cold"])


def food_apart_from_soap() -> World:
    orders = [delivery("f", "east", groups=("food",)), delivery("s", "east", groups=("soap",)), delivery("n", "east")]
    problem = road(SIDES, [van()], orders, apart=(("soap", "food"),))
    return World(problem, 220, lambda plan: len(plan.routes) == 2)


def one_of_a_kind_a_van() -> World:
    # a group apart from itself: three orders, three vans
    orders = [delivery(name, "east", groups=("jealous",)) for name in "xyz"]
    problem = road(SIDES, [van()], orders, apart=(("jealous", "jealous"),))
    return World(problem, 330, lambda plan: len(plan.routes) == 3)


def a_reload_does_not_bring_together() -> World:
    # groups apart share no vehicle, whatever the trip
    orders = [delivery("f", "east", groups=("food",)), delivery("s", "west", groups=("soap",))]
    problem = road(SIDES, [van(reloads=("depot",))], orders, apart=(("food", "soap"),))
    return World(problem, 220, lambda plan: len(plan.routes) == 2)


def a_parcel_carrier_is_cheaper() -> World:
    # the west costs 10 km more, outside it costs 9
    orders = [delivery("e", "east"), delivery("w", "west", outside_milli=9)]
    return World(road(SIDES, [van()], orders), 119, lambda plan: left(plan) == ["w"])


def together_it_pays_to_drive() -> World:
    # each alone costs 110 and is worth 80; together 110 against 160
    orders = [delivery(name, "east", outside_milli=80) for name in "xy"]
    return World(road(SIDES, [van()], orders), 110, lambda plan: left(plan) == [])


def what_must_be_served_goes_first() -> World:
    # one van, two full loads: the mandatory one goes, and the other costs its outside option, however dear
    orders = [delivery("may", "east", 10, outside_milli=9_000), delivery("must", "east", 10)]
    return World(road(SIDES, [van(count=1)], orders), 9_110, lambda plan: left(plan) == ["may"])


WORLDS = (
    a_pair_against_the_way,
    pairs_take_turns,
    all_kinds_on_one_van,
    heavy_and_bulky_together,
    a_dimension_nobody_limits,
    the_cold_van_takes_the_warm_along,
    food_apart_from_soap,
    one_of_a_kind_a_van,
    a_reload_does_not_bring_together,
    a_parcel_carrier_is_cheaper,
    together_it_pays_to_drive,
    what_must_be_served_goes_first,
)
