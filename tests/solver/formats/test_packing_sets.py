import json

import pytest

from solver.faults import ProblemError
from solver.formats.container_csv import read_br, read_trucks
from solver.formats.detect import read_problem
from solver.formats.falkenauer import read_falkenauer
from solver.formats.loads_3l import read_3l
from solver.formats.reading import Reading
from solver.goods import UPRIGHT, OnTop, Rotation
from solver.validate_loads import faults_of_load, faults_of_pack
from tests.shared_data import shared_data

BR_ITEMS = (
    b"ID,X,Y,Z,ROTATION_XYZ,ROTATION_YXZ,ROTATION_ZYX,ROTATION_YZX,ROTATION_XZY,ROTATION_ZXY,COPIES\n"
    b"0,108,76,30,1,1,0,0,0,0,40\n"
    b"1,110,43,25,1,1,0,0,1,1,33\n"
)
BR_BINS = b"ID,X,Y,Z\n0,587,233,220\n"
TRUCK_ITEMS = (
    b"id_item,length,width,height,weight,nesting_height,stackability_code,forced_orientation,max_stackability\n"
    b"I1,780,570,478,81.720,47,0,w,4\n"
    b"I2,1200,1000,975,169.2,45,2,n,1\n"
    b"I3,780,570,478,81.720,47,0,w,4\n"
)
TRUCKS = (
    b"id_truck,length,width,height,max_weight,max_weight_stack,cost,max_density\n"
    b"V0,14500,2400,2800,24000,100000,1410.6,1500\n"
)
BINS = b"2\n first\n 100 3 2\n60\n40\n60\n second\n 100 2 1\n50.5\n49\n"


def gendreau(**changes):
    item = {
        "Quantity": 1,
        "Weight": 0,
        "Length": 30,
        "Width": 5,
        "Height": 7,
        "Fragility": "Fragile",
        "Rotated": "None",
    }
    nodes = [
        {"ID": 0, "X": 30.0, "Y": 40.0, "Demand": 0, "Items": []},
        {"ID": 1, "X": 37.0, "Y": 52.0, "Demand": 7, "Items": [item | {"EnableHorizontalRotation": True}]},
        {
            "ID": 2,
            "X": 1.0,
            "Y": 2.0,
            "Demand": 10,
            "Items": [item | {"Quantity": 3, "Fragility": "None", "EnableHorizontalRotation": False}],
        },
    ]
    vehicle = {"Capacity": 90, "Length": 60, "Width": 25, "Height": 30}
    return json.dumps({"Name": "tiny", "Vehicles": [vehicle, vehicle], "Nodes": nodes} | changes).encode()


def codes(reading, *files):
    with pytest.raises(ProblemError) as caught:
        reading(*files)
    return [(fault.code, fault.where) for fault in caught.value.faults]


def test_bischoff_and_ratcliff_give_centimetres_and_ways_of_standing():
    problem = read_br(BR_ITEMS, BR_BINS)
    first, second = problem.consignments[0].units
    assert (first.length_mm, first.width_mm, first.height_mm, first.quantity) == (1080, 760, 300, 40)
    assert first.rotations == UPRIGHT
    # The last two flags of the second item stand its width (Y) up: its edge of 43 cm is vertical.
    assert set(second.rotations) == {*UPRIGHT, Rotation.LHW, Rotation.HLW}
    hold = problem.containers[0].hold
    assert (hold.length_mm, hold.width_mm, hold.height_mm, hold.doors) == (5870, 2330, 2200, ())
    assert problem.containers[0].count == 1


def test_truck_loads_gather_what_is_alike_and_bear_as_many_as_may_be_stacked():
    problem = read_trucks(TRUCK_ITEMS, TRUCKS)
    alike, single = problem.consignments[0].units
    assert (alike.id, alike.quantity, alike.weight_g, alike.rotations) == ("I1", 2, 81_720, (Rotation.WLH,))
    assert alike.bearing_max_g == 3 * 81_720
    assert (single.quantity, single.bearing_max_g) == (1, 0)
    # 1,410.60 euros are 141,060 cents.
    assert problem.containers[0].cost_milli == 141_060_000
    assert problem.containers[0].hold.weight_max_g == 24_000_000


def test_falkenauers_instances_become_lengths():
    found = read_falkenauer(BINS)
    assert {name: entry.best for name, entry in found.items()} == {"first": 2, "second": 1}
    units = found["first"].problem.consignments[0].units
    assert [(unit.length_mm, unit.quantity) for unit in units] == [(600, 2), (400, 1)]
    assert found["first"].problem.containers[0].hold.length_mm == 1_000
    assert [unit.length_mm for unit in found["second"].problem.consignments[0].units] == [505, 490]


def test_a_route_of_gendreaus_is_unloaded_in_its_order():
    instance = read_3l(gendreau())
    load = instance.load_of((2, 1))
    assert [(line.order, line.to_stop) for line in load.cargo] == [("2", 1)] * 3 + [("1", 2)]
    pieces, fragile = [line.unit for line in load.cargo[:3]], load.cargo[3].unit
    # A demand of 10 among three pieces: 3,334 + 3,333 + 3,333 g.
    assert [unit.weight_g for unit in pieces] == [3_334, 3_333, 3_333]
    assert (pieces[0].rotations, pieces[0].on_top) == ((Rotation.LWH,), OnTop.ANYTHING)
    assert (fragile.rotations, fragile.on_top, fragile.length_mm) == (UPRIGHT, OnTop.FRAGILE, 3_000)
    assert (load.hold.length_mm, load.hold.weight_max_g, load.hold.support_percent) == (6_000, 90_000, 75)


WRONG = {
    "a missing column": (read_br, BR_ITEMS.replace(b",COPIES", b""), BR_BINS, "column_missing", "items, line 1"),
    "a short line": (read_br, BR_ITEMS + b"2,3\n", BR_BINS, "row_length", "items, line 4"),
    "no number": (read_br, BR_ITEMS.replace(b",76,", b",x,"), BR_BINS, "number_malformed", "items, line 2"),
    "below 0": (read_br, BR_ITEMS.replace(b",76,", b",-1,"), BR_BINS, "number_negative", "items, line 2"),
    "no rows": (read_br, BR_ITEMS, b"ID,X,Y,Z\n", "file_cut_off", "bins"),
    "no such orientation": (read_trucks, TRUCK_ITEMS.replace(b",w,", b",q,"), TRUCKS, "type_unknown", "items, line 2"),
    "an empty file": (read_trucks, b"", TRUCKS, "file_empty", "line 1"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_a_pair_is_told_with_its_line(name):
    reading, items, holds, code, where = WRONG[name]
    assert (code, where) in codes(reading, items, holds)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"x\n", "number_malformed"),
        (b"2\n first\n 100 1 1\n60\n", "file_cut_off"),
        (b"1\n first\n 100 3 1\n60\n", "file_cut_off"),
        (b"1\n first\n 100 1\n60\n", "row_length"),
        (b"1\n first\n 100 1 1\n-6\n", "number_malformed"),
    ],
)
def test_what_is_wrong_with_bins_is_told(raw, code):
    assert code in [found for found, _ in codes(read_falkenauer, raw)]


def test_what_is_wrong_with_loads_of_routes_is_told():
    assert codes(read_3l, b"{}")[0][0] == "format_unknown"
    assert codes(read_3l, b'{"Name": "\xff"}')[0][0] == "format_unknown"
    assert codes(read_3l, gendreau(Vehicles=[]))[0][0] == "vehicles_unlike"
    assert codes(read_3l, gendreau(Nodes=[{"ID": 1, "X": 0.0, "Y": 0.0}] * 2))[0][0] == "given_twice"
    instance = read_3l(gendreau())
    assert codes(instance.load_of, (1, 9, 1, 0)) == [
        ("node_unknown", "route[1]"),
        ("given_twice", "route[2]"),
        ("node_unknown", "route[3]"),
    ]


def test_a_routing_instance_with_loads_is_a_problem_with_a_hold():
    reading = read_problem(gendreau())
    assert isinstance(reading, Reading)
    (vehicle,) = reading.problem.vehicle_types
    assert (vehicle.count, vehicle.capacity, vehicle.hold) == (2, {"demand": 90_000}, read_3l(gendreau()).hold)
    assert [(order.id, len(order.units), order.load) for order in reading.problem.orders] == [
        ("1", 1, {"demand": 7_000}),
        ("2", 3, {"demand": 10_000}),
    ]
    # From (30, 40) to (37, 52): the root of 49 + 144 is 13.8924; in ten-thousandths.
    assert reading.problem.profiles[0].distance_m.values[0, 1] == 138_924
    assert codes(read_problem, gendreau(Nodes=[{"ID": 1, "X": 0.0, "Y": 0.0}])) == [("row_number", "Nodes")]


def test_the_real_sets_are_questions_without_faults():
    folder = shared_data("packing")
    for items in sorted((folder / "br").glob("*_items.csv")):
        bins = items.with_name(items.name.replace("_items", "_bins"))
        assert faults_of_pack(read_br(items.read_bytes(), bins.read_bytes())) == [], items.name
    for items in sorted((folder / "trucks").glob("*/items.csv")):
        problem = read_trucks(items.read_bytes(), items.with_name("vehicles.csv").read_bytes())
        rows = items.read_text().count("\n") - 1
        assert sum(unit.quantity for unit in problem.consignments[0].units) == rows
        assert faults_of_pack(problem) == [], items
    for text in sorted((folder / "onedim").iterdir()):
        found = read_falkenauer(text.read_bytes())
        assert len(found) == 20
        assert all(faults_of_pack(entry.problem) == [] for entry in found.values())
    for text in sorted((folder / "loads_3l").glob("*.json")):
        instance = read_3l(text.read_bytes())
        assert faults_of_load(instance.load_of(tuple(instance.units)[1:])) == []
