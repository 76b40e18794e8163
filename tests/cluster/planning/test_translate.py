"""A stored day becomes a problem: times in the cluster's zone, roads before straight lines, nothing lost."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster.base import ids
from cluster.carriers.models import Axle, Capacity, Chassis, Door, Hold, Side, Tariff, VehicleType
from cluster.places.models import Leg, SiteKind, SiteRef, e6
from cluster.planning.translate import Day, Problem, Unsolvable, packed, placements_of, problem_of, unpacked
from cluster.shipments.models import (
    HandlingUnit,
    OnTop,
    Pool,
    Rotations,
    Service,
    Shipment,
    ShipmentStatus,
    ShipmentStop,
    UnitKind,
)
from cluster.shipments.window_models import LatePolicy
from solver import goods, plan
from solver.goods import ANY_WAY, UPRIGHT
from solver.problem import Place, Window
from solver.travel import derived

H = 3600
HUB, SHOP = ids.new(), ids.new()
MEMBER, WINDOW = ids.show("mem", ids.new()), ids.new()
NOW = datetime(2026, 1, 1, tzinfo=UTC)
HUB_AT, SHOP_AT = (52.50, 13.40), (52.51, 13.40)


def site(site_id: Any, at: tuple[float, float], opens_at: str | None = None, closes_at: str | None = None) -> SiteRef:
    """A site as places tells of it."""
    return SiteRef(
        site_id=site_id,
        member_id=None,
        kind=SiteKind.HUB,
        name="Site",
        address_line1="x",
        lat=at[0],
        lon=at[1],
        opens_at=opens_at,
        closes_at=closes_at,
        country_code="VN",
    )


def stop(at: tuple[float, float] = SHOP_AT, **changes: Any) -> ShipmentStop:
    """A consignee without a window."""
    given_ = {"site_id": None, "window_start": None, "window_end": None, "service_s": 300} | changes
    return ShipmentStop(name="Shop", address_line1="x", lat=at[0], lon=at[1], **given_)


def shipment(**changes: Any) -> Shipment:
    """A delivery from the hub."""
    fields = {
        "id": ids.show("shp", ids.new()),
        "service": Service.DELIVERY,
        "pickup": None,
        "delivery": stop(),
        "hub_site_id": ids.show("sit", HUB),
        "outside_minor": None,
        "skills": [],
        "handling_units": [],
    } | changes
    return Shipment(
        member_id=MEMBER,
        pool_window_id=ids.show("win", WINDOW),
        client_ref="R1",
        status=ShipmentStatus.POOLED,
        weight_g=12_000,
        volume_cm3=96_000,
        pallet_places=1,
        created_at=NOW,
        updated_at=NOW,
        **fields,
    )


def vehicle(**changes: Any) -> VehicleType:
    """A van that works from six to eight at night, from hub to hub."""
    fields = {
        "id": ids.show("vht", ids.new()),
        "capacity": Capacity(weight_g=1_000_000, volume_cm3=6_000_000, pallet_places=2),
        "tariff": Tariff(fixed_minor=3, km_minor=5, hour_minor=7, stop_minor=11),
        "start_site_id": ids.show("sit", HUB),
        "end_site_id": ids.show("sit", HUB),
        "profile": "van",
        "speed_kmh": 25,
        "circuity_percent": 135,
        "vehicles": 2,
        "shift_start": "06:00",
        "shift_end": "20:00",
        "duration_max_s": None,
        "distance_max_m": None,
        "skills": [],
        "hold": None,
    } | changes
    return VehicleType(code="van", name="Van", created_at=NOW, **fields)


def day(on: date = date(2026, 5, 4), zone: str = "Europe/Berlin", **changes: Any) -> Day:
    """A day of one delivery and one van; it starts at the zone's midnight, as PostgreSQL says."""
    start, end = (datetime(d.year, d.month, d.day, tzinfo=ZoneInfo(zone)) for d in (on, on + timedelta(days=1)))
    pool = Pool(
        pool_window_id=WINDOW,
        service_date=on,
        day_start=start.astimezone(UTC),
        day_end=end.astimezone(UTC),
        opens_at=NOW,
        cut_off_at=start.astimezone(UTC),
        now=NOW,
        version=1,
        label="",
        schedule_id=None,
        late_policy=LatePolicy.REFUSE,
        late_until_at=None,
    )
    fields = {
        "shipments": [shipment()],
        "vehicle_types": [vehicle()],
        "sites": {HUB: site(HUB, HUB_AT), SHOP: site(SHOP, SHOP_AT, "08:00", "18:00")},
        "legs": [],
    } | changes
    return Day(currency="EUR", time_zone=zone, pool=pool, **fields)


def place(problem: Problem, place_id: str) -> Place:
    """A place by its id."""
    return next(entry for entry in problem.places if entry.id == place_id)


@pytest.mark.parametrize(
    ("on", "zone", "shift_s"),
    [
        (date(2026, 5, 4), "Europe/Berlin", (6 * H, 20 * H)),
        (date(2026, 5, 4), "Asia/Ho_Chi_Minh", (6 * H, 20 * H)),
        # clocks go from 2 to 3: six o'clock is five hours after midnight
        (date(2026, 3, 29), "Europe/Berlin", (5 * H, 19 * H)),
        # clocks go from 3 back to 2: six o'clock is seven hours after midnight
        (date(2026, 10, 25), "Europe/Berlin", (7 * H, 21 * H)),
    ],
)
def test_a_shift_is_by_the_clock_on_the_wall(on: date, zone: str, shift_s: tuple[int, int]) -> None:
    [kind] = problem_of(day(on, zone)).vehicle_types
    assert (kind.shift.open_s, kind.shift.close_s) == shift_s


@pytest.mark.parametrize(
    ("clock", "on", "seconds"),
    [
        ("01:30", date(2026, 3, 29), 1.5 * H),
        ("03:00", date(2026, 3, 29), 2 * H),  # the first second after 01:59:59
        ("01:59", date(2026, 10, 25), H + 59 * 60),
        ("02:00", date(2026, 10, 25), 2 * H),  # of the two, the first
        ("03:00", date(2026, 10, 25), 4 * H),
        ("23:59", date(2026, 10, 25), 25 * H - 60),
        ("23:59", date(2026, 3, 29), 23 * H - 60),
    ],
)
def test_a_time_of_day_is_counted_from_midnight_also_when_clocks_change(clock: str, on: date, seconds: float) -> None:
    problem = problem_of(day(on, vehicle_types=[vehicle(shift_start="00:00", shift_end=clock)]))
    assert problem.vehicle_types[0].shift == Window(0, round(seconds))


@pytest.mark.parametrize(("on", "opens_s"), [((5, 4), 8 * H), ((3, 29), 7 * H), ((10, 25), 9 * H)])
def test_opening_hours_of_a_site_bind_its_place(on: tuple[int, int], opens_s: int) -> None:
    problem = problem_of(day(date(2026, *on), shipments=[shipment(delivery=stop(site_id=ids.show("sit", SHOP)))]))
    delivery = problem.orders[0].delivery
    assert delivery is not None
    assert place(problem, delivery.place).windows == (Window(opens_s, opens_s + 10 * H),)
    assert delivery.windows == ()


@pytest.mark.parametrize("on", [date(2026, 5, 4), date(2026, 3, 29), date(2026, 10, 25)])
@given(st.integers(0, 22 * H), st.integers(1, H))
def test_a_window_is_as_long_as_it_is_whatever_the_clocks_do(on: date, after_s: int, length_s: int) -> None:
    wanted = day(on)
    start = wanted.pool.day_start + timedelta(seconds=after_s)
    end = start + timedelta(seconds=length_s)
    berlin = ZoneInfo("Europe/Berlin")
    booked = shipment(delivery=stop(window_start=start.astimezone(berlin), window_end=end))
    delivery = problem_of(day(on, shipments=[booked])).orders[0].delivery
    assert delivery is not None
    assert delivery.windows == (Window(after_s, after_s + length_s),)


def test_an_order_carries_everything_of_its_shipment() -> None:
    booked = shipment(outside_minor=25_000, skills=["cold"])
    [order] = problem_of(day(shipments=[booked])).orders
    assert (order.id, order.owner, order.skills) == (booked.id, MEMBER, ("cold",))
    assert order.load == {"weight_g": 12_000, "volume_cm3": 96_000, "pallet_places": 1}
    assert order.outside_milli == 25_000_000
    assert order.delivery is not None
    assert order.delivery.service_s == 300


def test_without_an_outside_option_a_shipment_must_be_carried() -> None:
    assert problem_of(day()).orders[0].outside_milli is None
    assert problem_of(day(shipments=[shipment(outside_minor=0)])).orders[0].outside_milli == 0


def test_a_delivery_starts_at_the_hub_it_names() -> None:
    other = ids.new()
    sites = {HUB: site(HUB, HUB_AT), other: site(other, (52.6, 13.5))}
    problem = problem_of(day(sites=sites, shipments=[shipment(hub_site_id=ids.show("sit", other))]))
    [order] = problem.orders
    assert order.pickup is None
    assert order.hub is not None
    assert (place(problem, order.hub).lat, place(problem, order.hub).lon) == (52.6, 13.5)


def test_a_transport_has_two_ends_and_no_hub() -> None:
    booked = shipment(service=Service.TRANSPORT, pickup=stop((52.7, 13.6)), hub_site_id=None)
    [order] = problem_of(day(shipments=[booked])).orders
    assert order.hub is None
    assert order.pickup is not None
    assert order.delivery is not None
    assert order.pickup.place != order.delivery.place


def test_a_collection_ends_at_the_hub() -> None:
    booked = shipment(service=Service.COLLECTION, pickup=stop(), delivery=None)
    problem = problem_of(day(shipments=[booked]))
    [order] = problem.orders
    assert order.delivery is None
    assert order.hub == problem.vehicle_types[0].start


def test_shipments_to_one_door_share_a_place_and_other_hours_make_another() -> None:
    door = shipment(), shipment(), shipment(delivery=stop(site_id=ids.show("sit", SHOP)))
    problem = problem_of(day(shipments=list(door)))
    first, second, third = (order.delivery.place for order in problem.orders if order.delivery)
    assert first == second != third
    assert len(problem.places) == 3  # the hub, the door, the door with opening hours


def test_a_vehicle_carries_everything_of_its_type() -> None:
    stored = vehicle(duration_max_s=8 * H, distance_max_m=100_000, skills=["lift"], end_site_id=None)
    [kind] = problem_of(day(vehicle_types=[stored])).vehicle_types
    assert (kind.id, kind.count, kind.end, kind.skills) == (stored.id, 2, None, ("lift",))
    assert (kind.fixed_milli, kind.km_milli, kind.hour_milli, kind.stop_milli) == (3000, 5000, 7000, 11_000)
    assert (kind.duration_max_s, kind.distance_max_m) == (8 * H, 100_000)
    assert kind.capacity == {"weight_g": 1_000_000, "volume_cm3": 6_000_000, "pallet_places": 2}
    assert problem_of(day(vehicle_types=[vehicle(vehicles=None)])).vehicle_types[0].count is None


HOLD = Hold(length_mm=3_000, width_mm=1_600, height_mm=1_500)


def units(count: int = 1, **changes: Any) -> HandlingUnit:
    """Boxes of 60 x 40 x 30 cm, 10 kg each."""
    fields = {"units": count, "weight_g": 10_000, "length_mm": 600, "width_mm": 400, "height_mm": 300} | changes
    return HandlingUnit(**fields)


def test_units_are_told_as_they_were_booked_and_pallets_stay_on_the_floor() -> None:
    turned = units(3, rotations=Rotations.ANY_WAY, on_top=OnTop.FRAGILE, bearing_max_g=20_000)
    booked = shipment(handling_units=[turned, units(kind=UnitKind.PALLET)])
    [order] = problem_of(day(shipments=[booked], vehicle_types=[vehicle(hold=HOLD), vehicle()])).orders
    box, pallet = order.units
    assert (box.id, box.quantity, box.weight_g, box.bearing_max_g) == ("1", 3, 10_000, 20_000)
    assert (box.length_mm, box.width_mm, box.height_mm) == (600, 400, 300)
    assert (box.rotations, box.on_top, box.floor_only) == (ANY_WAY, "fragile", False)
    assert (pallet.id, pallet.rotations, pallet.on_top, pallet.floor_only) == ("2", UPRIGHT, "anything", True)


def test_where_no_vehicle_has_a_hold_units_take_no_room() -> None:
    [order] = problem_of(day(shipments=[shipment(handling_units=[units()])])).orders
    assert order.units == ()


def test_a_hold_is_told_with_its_doors_and_axles() -> None:
    axles = [Axle(id="front", at_mm=-900, tare_g=5, max_g=9), Axle(id="rear", at_mm=1_900, max_g=7)]
    doors = [Door(), Door(side=Side.LEFT, from_mm=500, to_mm=900)]
    hold = msgspec.structs.replace(HOLD, doors=doors, chassis=Chassis(axles=axles), support_percent=60)
    first, second = problem_of(day(vehicle_types=[vehicle(hold=hold), vehicle()])).vehicle_types
    assert second.hold is None
    assert first.hold == goods.Hold(
        length_mm=3_000,
        width_mm=1_600,
        height_mm=1_500,
        doors=(goods.Door(), goods.Door(side=goods.Side.LEFT, from_mm=500, to_mm=900)),
        chassis=goods.Chassis(
            axles=(goods.Axle(id="front", at_mm=-900, tare_g=5, max_g=9), goods.Axle(id="rear", at_mm=1_900, max_g=7))
        ),
        support_percent=60,
    )


def test_a_shipment_of_more_units_than_anybody_places_does_not_stop_the_day() -> None:
    many, few = shipment(handling_units=[units(400), units(101)]), shipment(handling_units=[units(400), units(100)])
    [first, second] = problem_of(day(shipments=[many, few], vehicle_types=[vehicle(hold=HOLD)])).orders
    assert (first.units, first.load["weight_g"]) == ((), 12_000)
    assert [unit.quantity for unit in second.units] == [400, 100]


def test_a_day_of_more_units_than_the_solver_takes_places_the_small_shipments() -> None:
    # 250 of 400 units are 100,000, what the solver takes; with the one of two units 249 of them.
    booked = [shipment(handling_units=[units(400)]) for _ in range(251)] + [shipment(handling_units=[units(2)])]
    orders = problem_of(day(shipments=booked, vehicle_types=[vehicle(hold=HOLD)])).orders
    assert orders[-1].units
    assert sum(bool(order.units) for order in orders) == 250


def test_placements_are_told_by_shipment_with_the_stops_between_which_they_are_on_board() -> None:
    # Delivered at stop 2; collected at stop 1 and carried to the end, stop 3; carried from stop 1 to stop 2.
    drop = shipment(handling_units=[units(2), units(2, kind=UnitKind.RACK, on_top=OnTop.NOTHING)])
    collect, carry = shipment(handling_units=[units()]), shipment(handling_units=[units()])
    visits = [(collect.id, "pickup"), (carry.id, "pickup")], [(drop.id, "delivery"), (carry.id, "delivery")]
    stops = tuple(
        plan.Stop(
            place="p",
            arrival_s=0,
            departure_s=0,
            waiting_s=0,
            visits=tuple(plan.PlannedVisit(order=o, action=plan.Action(a), start_s=0, end_s=0) for o, a in served),
            load_after={},
        )
        for served in visits
    )
    ends = {"start_s": 0, "end_s": 0, "distance_m": 0, "load_start": {}}
    cost = plan.RouteCost(fixed_milli=0, distance_milli=0, time_milli=0, stop_milli=0)
    stood = [(drop.id, "2", 1, goods.Rotation.WLH), (collect.id, "1", 1, goods.Rotation.LWH), (carry.id, "1", 1, "hlw")]
    where = {"x_mm": 1, "y_mm": 2, "z_mm": 3}
    places = tuple(
        goods.Placement(order=order, unit=unit, number=number, rotation=goods.Rotation(rotation), **where)
        for order, unit, number, rotation in stood
    )
    route = plan.Route(vehicle_type="v", vehicle=1, stops=stops, cost=cost, placements=places, **ends)
    first, second, third = placements_of(route, {entry.id: entry for entry in (drop, collect, carry)})
    assert (first.shipment_id, first.client_ref, first.member_id) == (drop.id, "R1", MEMBER)
    assert (first.kind, first.unit_no, first.on_top, first.weight_g) == ("rack", 3, "nothing", 10_000)
    assert (first.x_mm, first.y_mm, first.z_mm) == (1, 2, 3)
    assert (first.along_mm, first.across_mm, first.up_mm) == (400, 600, 300)
    assert (third.along_mm, third.across_mm, third.up_mm) == (300, 600, 400)
    assert [(entry.from_stop, entry.to_stop) for entry in (first, second, third)] == [(0, 2), (1, 3), (1, 2)]


def leg(start: tuple[float, float], end: tuple[float, float], distance_m: int, profile: str = "van") -> Leg:
    """A known road, ten metres a second."""
    return Leg(profile, e6(*start), e6(*end), distance_m, distance_m // 10)


def test_without_known_roads_travel_is_derived_by_the_solver() -> None:
    [profile] = problem_of(day()).profiles
    assert profile.distance_m is None
    assert (profile.speed_kmh, profile.circuity_percent) == (25, 135)


def test_a_known_road_beats_the_straight_line_and_the_way_back_is_derived() -> None:
    problem = problem_of(day(legs=[leg(HUB_AT, SHOP_AT, 4000)]))
    [profile] = problem.profiles
    assert profile.distance_m is not None
    assert profile.duration_s is not None
    hub, shop = problem.vehicle_types[0].start, problem.orders[0].delivery
    assert shop is not None
    names = [entry.id for entry in problem.places]
    i, j = names.index(hub), names.index(shop.place)
    distance_m, duration_s = profile.distance_m.values, profile.duration_s.values
    straight_m, straight_s = (np.array(table) for table in derived(problem.places, 25, 135))
    assert (distance_m[i, j], duration_s[i, j]) == (4000, 400)
    assert (distance_m[j, i], duration_s[j, i]) == (straight_m[j, i], straight_s[j, i])
    # 0.01 degrees of latitude are some 1,112 m; with a circuity of 135 % some 1,500 m
    assert 1480 < distance_m[j, i] < 1520


def test_a_known_road_counts_for_every_place_at_its_ends() -> None:
    both = [shipment(), shipment(delivery=stop(site_id=ids.show("sit", SHOP)))]
    problem = problem_of(day(shipments=both, legs=[leg(HUB_AT, SHOP_AT, 4000)]))
    table = problem.profiles[0].distance_m
    assert table is not None
    hub = [entry.id for entry in problem.places].index(problem.vehicle_types[0].start)
    assert sorted(table.values[hub]) == [0, 4000, 4000]


def test_where_no_road_leads_nobody_drives() -> None:
    problem = problem_of(day(legs=[Leg("van", e6(*HUB_AT), e6(*SHOP_AT), -1, -1)]))
    table = problem.profiles[0].distance_m
    assert table is not None
    assert table.values.min() == -1


def test_roads_of_one_profile_do_not_count_for_another() -> None:
    kinds = [vehicle(), vehicle(profile="bike", speed_kmh=15), vehicle(speed_kmh=30), vehicle(skills=["lift"])]
    problem = problem_of(day(vehicle_types=kinds, legs=[leg(HUB_AT, SHOP_AT, 4000, "bike")]))
    known = {profile.id: profile.distance_m is not None for profile in problem.profiles}
    # two of the vans travel alike and share a profile
    assert known == {"van/25/135": False, "bike/15/135": True, "van/30/135": False}
    assert problem.vehicle_types[0].profile == problem.vehicle_types[3].profile


def test_a_cluster_without_vehicles_is_told_what_to_do() -> None:
    with pytest.raises(Unsolvable, match="vehicle types"):
        problem_of(day(vehicle_types=[]))


def test_what_makes_no_valid_problem_is_told_not_solved() -> None:
    twins = shipment()
    with pytest.raises(Unsolvable):
        problem_of(day(shipments=[twins, twins]))


def test_the_same_day_is_the_same_problem_and_survives_being_stored() -> None:
    known = day(legs=[leg(HUB_AT, SHOP_AT, 4000)])
    stored, digest = packed(problem_of(known))
    assert packed(problem_of(known)) == (stored, digest)
    assert packed(unpacked(stored))[1] == digest
    assert packed(problem_of(day(legs=[leg(HUB_AT, SHOP_AT, 4001)])))[1] != digest
