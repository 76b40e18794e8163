"""What a shipment says of itself reaches the solver, and the plan keeps to it."""

from datetime import timedelta
from itertools import combinations
from typing import Any

import pytest

from cluster.planning.translate import problem_of
from cluster.shipments.dangerous_goods import DangerousGoods
from cluster.shipments.models import (
    HandlingUnit,
    Pooling,
    ServiceLevel,
    Shipment,
    ShipmentStop,
    TemperatureClass,
    TimeWindow,
)
from solver.plan import Budget, Plan
from solver.problem import Window
from solver.solve import solve
from tests.cluster.planning.test_translate import HUB, HUB_AT, SHOP, SHOP_AT, H, day, shipment, site, stop, vehicle

QUICK = Budget(seconds=None, iterations=300, bound=False)
SITES = {HUB: site(HUB, HUB_AT), SHOP: site(SHOP, SHOP_AT)}


def goods(hazard_class: str, un_number: str = "1203", **changes: Any) -> list[HandlingUnit]:
    """One box of dangerous goods."""
    hazard = DangerousGoods(un_number=un_number, hazard_class=hazard_class, **changes)
    return [HandlingUnit(weight_g=1000, length_mm=100, width_mm=100, height_mm=100, dangerous_goods=hazard)]


def at_hours(*hours: tuple[int, int]) -> ShipmentStop:
    """The shop, with windows at these hours of the day."""
    start = day().pool.day_start
    windows = [TimeWindow(start=start + timedelta(hours=a), end=start + timedelta(hours=b)) for a, b in hours]
    first, last = min(w.start for w in windows), max(w.end for w in windows)
    return stop(window_start=first, window_end=last, windows=windows)


def planned(shipments: list[Shipment], **changes: Any) -> Plan:
    """The plan of a day of these shipments with vans of skill for everything."""
    vans = vehicle(skills=["dangerous_goods", "chilled"], vehicles=5)
    fields: dict[str, Any] = {"vehicle_types": [vans], "sites": SITES} | changes
    return solve(problem_of(day(shipments=shipments, **fields)), QUICK).plan


def together(plan: Plan) -> set[frozenset[str]]:
    """Pairs of shipments that share a vehicle."""
    return {
        frozenset(pair)
        for route in plan.routes
        for pair in combinations([visit.order for entry in route.stops for visit in entry.visits], 2)
    }


def test_several_windows_reach_the_solver_in_order_and_overlapping_ones_as_one() -> None:
    booked = shipment(delivery=at_hours((14, 16), (8, 9), (15, 17)))
    delivery = problem_of(day(shipments=[booked])).orders[0].delivery
    assert delivery is not None
    assert delivery.windows == (Window(8 * H, 9 * H), Window(14 * H, 17 * H))


def test_a_plan_serves_in_one_of_several_windows() -> None:
    # the van works from ten, so that of eight to nine and three to four the second is left
    booked = shipment(delivery=at_hours((8, 9), (15, 16)))
    plan = planned([booked], vehicle_types=[vehicle(shift_start="10:00", shift_end="20:00")])
    [route] = plan.routes
    assert 15 * H <= route.stops[0].visits[0].start_s <= 16 * H


def test_goods_that_never_share_a_vehicle_ride_apart_and_others_together() -> None:
    fireworks, petrol, bread = (
        shipment(handling_units=goods("1.3G", "0335")),
        shipment(handling_units=goods("3")),
        shipment(food=True),
    )
    plan = planned([fireworks, petrol, bread])
    assert plan.unplanned == ()
    assert together(plan) & {frozenset({fireworks.id, petrol.id})} == set()
    assert len(plan.routes) == 2


def test_poison_rides_apart_from_food() -> None:
    poison, bread = shipment(handling_units=goods("6.1", "2810")), shipment(food=True)
    assert together(planned([poison, bread])) == set()
    harmless = shipment(handling_units=goods("8", "1789"))
    assert together(planned([harmless, bread])) == {frozenset({harmless.id, bread.id})}


def test_a_day_without_such_goods_has_no_groups() -> None:
    problem = problem_of(day())
    assert (problem.apart, problem.orders[0].groups) == ((), ())


@pytest.mark.parametrize(
    ("booked", "needed"),
    [
        (shipment(temperature_class=TemperatureClass.FROZEN), ("frozen",)),
        (shipment(skills=["lift"], temperature_class=TemperatureClass.CHILLED), ("chilled", "lift")),
        (shipment(handling_units=goods("3")), ("dangerous_goods",)),
        (shipment(handling_units=goods("3", limited_quantity=True)), ()),
        (shipment(), ()),
    ],
)
def test_temperature_and_danger_ask_for_a_vehicle_that_can(booked: Shipment, needed: tuple[str, ...]) -> None:
    assert problem_of(day(shipments=[booked])).orders[0].skills == needed


def test_chilled_goods_stay_behind_where_no_vehicle_cools() -> None:
    booked = shipment(temperature_class=TemperatureClass.CHILLED)
    assert [entry.order for entry in planned([booked], vehicle_types=[vehicle()]).unplanned] == [booked.id]
    assert planned([booked]).unplanned == ()


@pytest.mark.parametrize(
    ("changes", "outside_milli"),
    [
        ({}, 5_000),
        ({"pooling": Pooling.POOL}, None),
        ({"service_level": ServiceLevel.EXPRESS}, None),
        ({"service_level": ServiceLevel.ECONOMY}, 5_000),
        ({"outside_minor": None}, None),
    ],
)
def test_what_the_plan_must_carry_has_no_price_of_staying_behind(
    changes: dict[str, Any], outside_milli: int | None
) -> None:
    booked = shipment(**({"outside_minor": 5} | changes))
    assert problem_of(day(shipments=[booked])).orders[0].outside_milli == outside_milli


def test_a_cheap_way_outside_is_taken_unless_the_member_wants_the_pool_or_it_is_express() -> None:
    # the van alone costs 3 for its use, 11 a stop, and more for the way: the outside option at 5 is cheaper
    asked = [
        shipment(outside_minor=5),
        shipment(outside_minor=5, pooling=Pooling.POOL),
        shipment(outside_minor=5, service_level=ServiceLevel.EXPRESS),
    ]
    left = [bool(planned([entry]).unplanned) for entry in asked]
    assert left == [True, False, False]
