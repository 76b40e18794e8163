import pytest
from msgspec.structs import replace

from cluster.offline.load_view import load_view, view_of_load, view_of_route, views_of_bins
from solver.assemble import assemble
from solver.check_stow import check_load
from solver.compiled import Compiled
from solver.goods import Placement, Rotation
from tests.cluster.offline.loaded import CARTON, VAN, one_van, two_stops
from tests.cluster.offline.worlds import two_members


def test_the_world_of_these_tests_is_a_sound_load():
    assert check_load(*two_stops()) == []


def test_figures_are_those_worked_out_by_hand():
    load, places = two_stops()
    view = view_of_load(load, places)
    # The rack takes 0.8 x 1.6 x 1.4 = 1.792 m3, eight cartons of 0.072 m3 another 0.576; the hold has 7.2.
    assert view.volume_mm3 == 2_368_000_000
    assert view.volume_share == pytest.approx(2.368 / 7.2)
    assert view.weight_share == pytest.approx(0.14)
    assert [(moment.stop, moment.units, moment.weight_g) for moment in view.moments] == [
        (0, 9, 140_000),
        (1, 1, 60_000),
        (2, 0, 0),
    ]


def test_axles_bear_their_tare_and_what_the_lever_says():
    load, places = two_stops()
    first, second, _ = view_of_load(load, places).moments
    assert [axle.load_g for axle in first.axles] == [956_000, 784_000]
    # The rack alone: 60 kg at 1,400 mm behind the front axle, of 3,000: 28 kg on the rear axle.
    assert [axle.load_g for axle in second.axles] == [932_000, 728_000]


def test_units_stand_on_what_touches_them_from_below():
    load, places = two_stops()
    boxes = view_of_load(load, places).boxes
    assert [box.on for box in boxes] == [(), (), (), (), (), (1,), (2,), (3,), (4,)]


def test_a_placement_of_what_is_no_cargo_is_left_out():
    stranger = Placement(order="nobody", unit="x", number=1, x_mm=0, y_mm=0, z_mm=0, rotation=Rotation.LWH)
    load, places = two_stops()
    assert len(load_view("hold", load.hold, load.cargo, (*places, stranger)).boxes) == 9


def test_stops_of_a_packing_are_those_of_its_consignments():
    problem, packing = one_van()
    (view,) = views_of_bins(problem, packing.bins)
    assert view.name == "van 1"
    assert {(box.order, box.until) for box in view.boxes} == {("atelier", 2), ("shop", 1)}


def test_a_route_without_hold_or_placements_has_no_load():
    world = two_members()
    route = assemble(Compiled(world), [(0, (1, 3))]).routes[0]
    assert view_of_route(world, route) is None


def test_a_route_takes_its_stops_from_its_visits():
    world = two_members()
    carton = replace(CARTON, quantity=1)
    types = tuple(replace(vehicle, hold=VAN) for vehicle in world.vehicle_types)
    orders = tuple(replace(order, units=(carton,)) for order in world.orders)
    held = world.replace(vehicle_types=types, orders=orders)
    route = assemble(Compiled(world), [(0, (1, 3))]).routes[0]
    names = [visit.order for stop in route.stops for visit in stop.visits]
    placed = replace(
        route,
        placements=tuple(
            Placement(order=name, unit="carton", number=1, x_mm=600 * k, y_mm=0, z_mm=0, rotation=Rotation.LWH)
            for k, name in enumerate(reversed(names))
        ),
    )
    view = view_of_route(held, placed)
    assert view is not None
    assert [(box.order, box.since, box.until) for box in view.boxes] == [(names[1], 0, 2), (names[0], 0, 1)]
    assert set(view.stops) == {1, 2}
