"""Input that no account can be made of: every fault at once, each with code, place and cure."""

from typing import Any

import pytest
from msgspec.structs import replace

from solver.emissions import DistanceType, Method, compared, emissions_of
from solver.faults import Fault, ProblemError
from solver.matrix import UNREACHABLE, Matrix
from solver.plan import Action, Plan, PlannedVisit
from solver.problem import Order, Problem, Visit
from tests.solver.emissions.worlds import TONNE_G, day, driving, goods, in_turn, lorry, method, returns


def faults(problem: Problem, plan: Plan, asked: Method) -> list[Fault]:
    with pytest.raises(ProblemError) as refused:
        emissions_of(problem, plan, asked)
    assert all(fault.cause and fault.cure for fault in refused.value.faults)
    return refused.value.faults


def places(problem: Problem, plan: Plan, asked: Method) -> list[tuple[str, str]]:
    return [(fault.code, fault.where) for fault in faults(problem, plan, asked)]


def unlike(plan: Plan, number: int = 0, **changes: Any) -> Plan:
    """The plan with one stop of its first route changed."""
    route = plan.routes[0]
    stops = list(route.stops)
    stops[number] = replace(stops[number], **changes)
    return replace(plan, routes=(replace(route, stops=tuple(stops)),))


def test_all_that_is_wrong_with_the_method_is_said_at_once():
    problem = day(goods("a", 1), goods("b", 2))
    asked = method(region="YY", classes={"lorry": "rocket", "car": "van"}, payloads_g={"bike": 1, "lorry": 0})
    assert places(problem, in_turn(problem), asked) == [
        ("factors_unknown", "region"),
        ("vehicle_type_unknown", "classes.car"),
        ("vehicle_type_unknown", "payloads_g.bike"),
        ("number_too_small", "payloads_g.lorry"),
    ]
    (fault, *_) = faults(
        problem, in_turn(problem), replace(asked, region="XX", payloads_g={}, classes={"lorry": "rocket"})
    )
    assert (fault.code, fault.where) == ("vehicle_class_unknown", "classes.lorry")
    assert fault.cure == "one of electric, lorry, van"


def test_a_motorcycle_is_not_taken_for_a_van():
    problem = day(goods("a", 1, 0), vehicles=(lorry(capacity={"weight_g": 60_000}),))
    assert places(problem, in_turn(problem), Method(region="GB", year=2025)) == [
        ("vehicle_class_unknown", "classes.lorry")
    ]


@pytest.mark.parametrize("capacity", [{}, {"boxes": 3}, {"weight_g": 21 * TONNE_G}])
def test_no_class_is_guessed_without_a_payload_or_for_one_beyond_all_classes(capacity):
    problem = day(goods("a", 1, 0), vehicles=(lorry(capacity=capacity),))
    assert places(problem, in_turn(problem), method(classes={})) == [("vehicle_class_unknown", "classes.lorry")]


def test_orders_without_weight_or_volume_are_named():
    orders = (
        Order(id="a", owner="anna", delivery=Visit(place="km1"), load={"boxes": 1}),
        Order(id="b", owner="anna", delivery=Visit(place="km2"), load={"volume_cm3": 1}),
        goods("c", 3),
        goods("d", 4).__class__(
            id="d", owner="anna", delivery=Visit(place="km3"), load={"weight_g": 1, "volume_cm3": 1}
        ),
    )
    problem = day(*orders)
    assert places(problem, in_turn(problem), method()) == [
        ("load_missing", "orders[0].load"),
        ("load_missing", "orders[1].load"),
        ("load_missing", "orders[2].load"),
    ]
    assert places(problem, in_turn(problem), method(quantity="boxes")) == [
        ("load_missing", f"orders[{number}].load") for number in (1, 2, 3)
    ]


def test_an_order_left_out_needs_no_weight():
    problem = day(goods("a", 1), Order(id="b", owner="anna", delivery=Visit(place="km1"), outside_milli=1))
    assert emissions_of(problem, driving(problem, (0, (1,))), method()).quantity == "weight_g"


def test_a_direct_way_that_the_matrix_does_not_know_is_a_fault_though_the_route_never_takes_it():
    problem = day(goods("a", 1), goods("b", 2))
    road = problem.profiles[0]
    assert road.distance_m is not None
    metres = road.distance_m.values.copy()
    metres[0, 2] = UNREACHABLE
    problem = problem.replace(profiles=(replace(road, distance_m=Matrix(metres)),))
    assert places(problem, in_turn(problem), method()) == [("distance_missing", "orders[1]")]


def test_a_driven_leg_without_a_way_is_a_fault():
    problem = day(goods("a", 1), goods("b", 2))
    plan = in_turn(problem)
    road = problem.profiles[0]
    assert road.distance_m is not None
    metres = road.distance_m.values.copy()
    metres[1, 2] = metres[2, 0] = UNREACHABLE
    problem = problem.replace(profiles=(replace(road, distance_m=Matrix(metres)),))
    assert places(problem, plan, method()) == [
        ("distance_missing", "routes[0].stops[1]"),
        ("distance_missing", "routes[0].end"),
    ]


def test_great_circles_need_coordinates():
    problem = day(goods("a", 1))
    asked = method(distance=DistanceType.GREAT_CIRCLE)
    assert places(problem, in_turn(problem), asked) == [("coordinate_missing", "orders[0]")]


def test_goods_collected_by_an_open_route_have_nowhere_to_go():
    closed = day(returns("a", 2))
    plan = driving(closed, (0, (0,)))
    problem = day(returns("a", 2), vehicles=(lorry(end=None),))
    assert places(problem, plan, method()) == [("distance_missing", "orders[0]")]


def test_more_on_board_than_the_payload_that_was_said_is_a_fault():
    problem = day(goods("a", 1, 2 * TONNE_G), goods("b", 2, TONNE_G))
    asked = method(payloads_g={"lorry": TONNE_G})
    assert places(problem, in_turn(problem), asked) == [("payload_exceeded", "routes[0].stops[0]")]


def test_an_activity_beyond_sixty_three_bits_is_a_fault():
    far = Matrix([[0 if a == b else 10**9 for b in range(6)] for a in range(6)])
    heavy = lorry(capacity={"weight_g": 10**12})
    problem = day(*(goods(f"o{k}", 1, 10**11) for k in range(10)), vehicles=(heavy,))
    plan = in_turn(problem)
    problem = problem.replace(profiles=(replace(problem.profiles[0], distance_m=far),))
    assert places(problem, plan, method()) == [("number_too_large", "orders")]


def test_a_plan_of_another_problem_is_told_apart():
    problem = day(goods("a", 1))
    plan = in_turn(problem)
    assert places(day(goods("z", 1)), plan, method()) == [("order_unknown", "routes[0].stops[0].visits")]
    assert places(problem, unlike(plan, place="moon"), method()) == [("place_unknown", "routes[0].stops[0].place")]
    van = replace(plan, routes=(replace(plan.routes[0], vehicle_type="van"),))
    assert places(problem, van, method()) == [("vehicle_type_unknown", "routes[0].vehicle_type")]


def test_orders_served_twice_or_wrongly_and_routes_for_nobody_are_faults():
    problem = day(goods("a", 1))
    plan = in_turn(problem)
    assert places(problem, replace(plan, routes=plan.routes * 2), method()) == [("order_repeated", "routes[1]")]
    pickup = PlannedVisit(order="a", action=Action.PICKUP, start_s=0, end_s=0)
    assert places(problem, unlike(plan, visits=(pickup,)), method()) == [("visit_not_asked", "routes[0]")]
    assert places(problem, unlike(plan, visits=()), method()) == [("route_empty", "routes[0]")]


def test_faults_of_plans_alone_say_whose_they_are():
    problem = day(goods("a", 1), goods("b", 2, owner="binh"))
    plan = in_turn(problem)
    with pytest.raises(ProblemError) as refused:
        compared(problem, plan, {"anna": plan, "chi": plan}, method())
    assert [(fault.code, fault.where) for fault in refused.value.faults] == [
        ("order_unknown", "alone.anna.routes[0].stops[1].visits"),
        ("owner_unknown", "alone.chi"),
    ]
