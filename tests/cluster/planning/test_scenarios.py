"""Scenarios and what happened change plans: small worlds, searched to the end, with what must come out in a comment."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from msgspec import structs

from cluster.base import ids
from cluster.carriers.models import Capacity, Tariff
from cluster.members.driver_breaks import BreakRule, DriverBreaks
from cluster.planning.gathering import takes_part
from cluster.planning.scenario_models import Scenario
from cluster.planning.scenarios import searched_of
from cluster.planning.settled import Road, Settled, SettledVisit, held
from cluster.planning.translate import Day, Plan, problem_of
from cluster.shipments.models import ServiceLevel, Shipment
from solver.plan import Budget
from solver.solve import solve
from tests.cluster.planning.test_translate import HUB_AT, H, day, shipment, stop, vehicle

STEPS = Budget(iterations=200, bound=False)
PER_KM = Tariff(fixed_minor=1_000, km_minor=1_000, hour_minor=0, stop_minor=0)


def at(north_km: float, **changes: Any) -> Shipment:
    """A delivery so far north of the hub; a degree is 111.2 km."""
    return shipment(delivery=stop((HUB_AT[0] + north_km / 111.2, HUB_AT[1]), **changes))


def solved(asked: Day, base: Plan | None = None, change_minor: int = 0) -> Plan:
    """The plan that is found for a day and its scenario."""
    problem = problem_of(asked)
    return solve(searched_of(asked, problem, base, change_minor) or problem, STEPS, base, seed=1).plan


def starts(plan: Plan) -> dict[str, int]:
    """When services begin."""
    return {visit.order: visit.start_s for route in plan.routes for place in route.stops for visit in place.visits}


def test_a_price_of_co2_takes_the_vehicle_that_emits_less() -> None:
    """A truck of 12 t is cheaper a kilometre than a van and emits more, which 5,000 minor units a kilogram turn round."""
    truck = vehicle(tariff=PER_KM, capacity=Capacity(weight_g=12_000_000, volume_cm3=60_000_000, pallet_places=18))
    van = vehicle(tariff=structs.replace(PER_KM, km_minor=1_100))
    asked = day(vehicle_types=[truck, van], shipments=[at(10)])
    assert [route.vehicle_type for route in solved(asked).routes] == [truck.id]
    priced = structs.replace(asked, scenario=Scenario(co2_minor_per_kg=5_000))
    assert [route.vehicle_type for route in solved(priced).routes] == [van.id]


def test_a_buffer_keeps_services_away_from_the_ends_of_their_windows() -> None:
    """An hour of waiting costs: without a buffer the van comes when the window opens, with one 15 minutes later."""
    start = day().pool.day_start
    box = at(5, window_start=start + timedelta(hours=8), window_end=start + timedelta(hours=9))
    asked = day(shipments=[box], vehicle_types=[vehicle()])
    spaced = structs.replace(asked, scenario=Scenario(buffer_s=900))
    assert 8 * H <= starts(solved(asked))[box.id] <= 9 * H
    assert 8 * H + 900 <= starts(solved(spaced))[box.id] <= 9 * H - 900
    narrow = structs.replace(asked, scenario=Scenario(buffer_s=1_801))  # twice that is more than the hour
    assert 8 * H <= starts(solved(narrow))[box.id] <= 9 * H


def test_a_price_of_changes_keeps_shipments_on_their_vehicles() -> None:
    """Together on one van they save 1,000 of the second van's fixed price; a change at 5,000 is not worth that."""
    van = vehicle(tariff=PER_KM, capacity=Capacity(weight_g=12_000, volume_cm3=6_000_000, pallet_places=2))
    both = [at(10), at(-10)]
    base = solved(day(vehicle_types=[van], shipments=both))
    assert len(base.routes) == 2  # 12 kg each, and no van carries more
    roomy = structs.replace(van, capacity=Capacity(weight_g=24_000, volume_cm3=6_000_000, pallet_places=2))
    asked = day(vehicle_types=[roomy], shipments=both)
    assert len(solved(asked, base).routes) == 1
    assert len(solved(asked, base, change_minor=5_000).routes) == 2


def test_service_levels_and_members_that_a_scenario_names_decide_who_takes_part() -> None:
    standard = shipment()
    other = next(level for level in ServiceLevel if level is not standard.service_level)
    assert takes_part(Scenario(), standard)
    assert takes_part(Scenario(service_levels=[standard.service_level]), standard)
    assert not takes_part(Scenario(service_levels=[other]), standard)
    assert not takes_part(Scenario(leave_out_member_ids=[standard.member_id]), standard)


def uuid_of(entry: Shipment) -> UUID:
    """Its identifier inside."""
    return ids.parse("shp", entry.id)


def test_around_what_has_happened_nothing_begins_before_now_and_late_goods_come_late() -> None:
    """
    At 12:00 the first van has delivered a at 9:00 and has b on board, whose window closed at 10:00; c waits at the hub.
    """
    start = day().pool.day_start
    a, c = at(5), at(-5)
    b = at(6, window_start=start + timedelta(hours=9), window_end=start + timedelta(hours=10))
    van = vehicle(tariff=PER_KM)
    done = SettledVisit(shipment_id=uuid_of(a), action="delivery", start_s=9 * H - 300, end_s=9 * H)
    ahead = SettledVisit(shipment_id=uuid_of(b), action="delivery")
    left = Settled(vehicle_type=van.id, vehicle=1, start_s=8 * H, visits=(done, ahead), aboard=(), closed=False)
    problem = problem_of(day(vehicle_types=[van], shipments=[a, b, c]))
    plan = solve(held(problem, Road(now_s=12 * H, vehicles=(left,))), STEPS, seed=1).plan
    assert not plan.unplanned
    begins = starts(plan)
    assert begins[a.id] == 9 * H - 300
    assert begins[b.id] >= 12 * H
    assert begins[c.id] >= 12 * H
    carrier = {visit.order: route for route in plan.routes for place in route.stops for visit in place.visits}
    assert carrier[a.id] is carrier[b.id]
    assert carrier[c.id] is not carrier[a.id]  # it left without c
    assert carrier[c.id].start_s >= 12 * H
    assert carrier[a.id].start_s == 8 * H


def test_around_what_has_happened_breaks_stay_due_until_their_windows_close() -> None:
    """
    At 12:00 the van has delivered a at 9:00, and drives to b. The law's first break, due by 10:30, was on the way; the
    one after it is due by 14:45, and c opens at 15:00, so that the van is still under way then.
    """
    start = day().pool.day_start
    a, b = at(5), at(6)
    c = at(9, window_start=start + timedelta(hours=15), window_end=start + timedelta(hours=16))
    roomy = Capacity(weight_g=1_000_000, volume_cm3=6_000_000, pallet_places=3)
    van = vehicle(tariff=PER_KM, vehicles=1, capacity=roomy)
    done = SettledVisit(shipment_id=uuid_of(a), action="delivery", start_s=9 * H - 300, end_s=9 * H)
    ahead = SettledVisit(shipment_id=uuid_of(b), action="delivery")
    aboard = (uuid_of(b), uuid_of(c))
    left = Settled(vehicle_type=van.id, vehicle=1, start_s=8 * H, visits=(done, ahead), aboard=aboard, closed=False)
    law = DriverBreaks(rule=BreakRule.EU_561)
    problem = problem_of(day(vehicle_types=[van], shipments=[a, b, c], driver_breaks=law))
    [route] = solve(held(problem, Road(now_s=12 * H, vehicles=(left,))), STEPS, seed=1).plan.routes
    assert [(rest.end_s - rest.start_s) for rest in route.breaks] == [2_700, 2_700]
    first, second = (rest.start_s / H for rest in route.breaks)
    assert 9.5 <= first <= 10.5
    assert 13.75 <= second <= 14.75
    # Where a was delivered at 11:00, the first window had closed by then: that break is nobody's to plan any more.
    late = structs.replace(done, start_s=11 * H - 300, end_s=11 * H)
    left = structs.replace(left, visits=(late, ahead))
    [route] = solve(held(problem, Road(now_s=12 * H, vehicles=(left,))), STEPS, seed=1).plan.routes
    assert [13.75 <= rest.start_s / H <= 14.75 for rest in route.breaks] == [True]
