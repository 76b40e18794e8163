"""Whatever a file holds, it is read or its faults are said, each with a place, a cause and a cure."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solver.faults import Fault, ProblemError
from solver.formats.detect import FORMATS, read_problem
from solver.formats.reading import Reading
from solver.formats.solution import plan_of, read_solution
from tests.shared_data import ROOT
from tests.solver.formats import samples

REAL = (
    "cvrp/X-n101-k25.vrp", "hfvrp/X157-HD.vrp", "mtvrptw/R204R0.5.vrp", "vrptw/R101.txt", "pdptw/lc101.txt",
)  # fmt: skip
FILES = [*samples.ALL.values(), *((ROOT / "routing" / name).read_bytes() for name in REAL if ROOT.exists())]
JUNK = [
    "",
    "nan",
    "inf",
    "-1",
    "1e999",
    "9" * 400,
    "1_0",
    "0x1f",
    "-0",
    "1.5",
    "٣",
    "\x00",
    "EOF",
    "é",
    ":",
    "1e308",
    "-1e308",
]
SOLUTION = b"Route #1: 1 3\nRoute #2: 2 4\nCost: 32\n"


def faults(raw: bytes, format_: str = "auto") -> list[Fault]:
    with pytest.raises(ProblemError) as caught:
        read_problem(raw, format_)
    return caught.value.faults


def whole(found: list[Fault]) -> bool:
    return bool(found) and all(f.code and f.where and f.cause and f.cure for f in found)


@st.composite
def mutations(draw: st.DrawFn, files: list[bytes]) -> bytes:
    """A file with a few of its lines and words changed, or cut off."""
    lines = draw(st.sampled_from(files)).split(b"\n")
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        kind = draw(st.sampled_from(["drop", "twice", "swap", "word", "word", "cut", "byte"]))
        if kind == "drop":
            lines[at : at + 1] = []
        elif kind == "twice":
            lines[at:at] = [lines[at]]
        elif kind == "swap":
            other = draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], lines[at]
        elif kind == "word":
            words = lines[at].split(b" " if b" " in lines[at] else b"\t")
            words[draw(st.integers(0, len(words) - 1))] = draw(st.sampled_from(JUNK)).encode()
            lines[at] = b" ".join(words)
        elif kind == "cut":
            lines = [*lines[:at], lines[at][: draw(st.integers(0, len(lines[at])))]]
        else:
            lines[at] += draw(st.binary(min_size=1, max_size=3))
        lines = lines or [b""]
    return b"\n".join(lines)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(mutations(FILES), st.sampled_from(FORMATS))
def test_a_changed_file_is_read_or_its_faults_are_said(raw: bytes, format_: str) -> None:
    found: list[list[Fault]] = []
    for how in ("auto", format_):
        try:
            read_problem(raw, how)
        except ProblemError as error:
            found.append(error.faults)
    assert all(map(whole, found))


@settings(max_examples=200, deadline=None)
@given(mutations([SOLUTION]))
def test_a_changed_solution_is_judged_or_its_faults_are_said(raw: bytes) -> None:
    instance = read_problem(samples.CVRP)
    assert isinstance(instance, Reading)
    try:
        plan, violations = plan_of(instance, read_solution(raw))
    except ProblemError as error:
        right = whole(error.faults)
    else:
        right = (plan is None) == bool(violations)
    assert right


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(FORMATS))
def test_bytes_of_any_kind_are_no_surprise(raw: bytes, format_: str) -> None:
    assert whole(faults(raw, format_))


CUT = samples.CVRP.replace(b"5 -3 -4\n", b"")
WRONG = {
    "letter": (b"Dear all,\nplease find attached\nthe plan\n", "format_unknown", "line 1"),
    "unknown section": (samples.CVRP.replace(b"EOF", b"COLOUR_SECTION\n1 2\nEOF"), "section_unknown", "line 22"),
    "unknown specification": (samples.CVRP.replace(b"COMMENT", b"COLOUR"), "specification_unknown", "line 2"),
    "backhauls": (samples.CVRP.replace(b"EOF", b"BACKHAUL_SECTION\n1 2\nEOF"), "section_unsupported", "line 22"),
    "travelling salesman": (samples.CVRP.replace(b": CVRP", b": TSP"), "type_unknown", "line 3"),
    "no dimension": (samples.CVRP.replace(b"DIMENSION : 5\n", b""), "specification_missing", "DIMENSION"),
    "no capacity": (samples.CVRP.replace(b"CAPACITY : 2\n", b""), "specification_missing", "CAPACITY"),
    "globe": (samples.CVRP.replace(b"EUC_2D", b"GEO"), "weight_type_unknown", "line 5"),
    "no depot": (samples.CVRP.replace(b"DEPOT_SECTION\n1\n-1\n", b""), "section_missing", "DEPOT_SECTION"),
    "depot of nobody": (samples.CVRP.replace(b"DEPOT_SECTION\n1\n", b"DEPOT_SECTION\n"), "depot_missing", "DEPOT"),
    "depot with demand": (samples.CVRP.replace(b"DEMAND_SECTION\n1 0", b"DEMAND_SECTION\n1 1"), "depot_demand", "DEM"),
    "strange depot": (samples.CVRP.replace(b"DEPOT_SECTION\n1\n", b"DEPOT_SECTION\n9\n"), "node_unknown", "DEPOT"),
    "cut off": (CUT, "row_count", "NODE_COORD_SECTION, line 11"),
    "numbered twice": (samples.CVRP.replace(b"5 -3 -4", b"4 -3 -4"), "row_number", "NODE_COORD_SECTION, line 12"),
    "three coordinates": (samples.CVRP.replace(b"5 -3 -4", b"5 -3 -4 1"), "row_length", "NODE_COORD_SECTION, line 12"),
    "nan": (samples.CVRP.replace(b"5 -3 -4", b"5 nan -4"), "number_malformed", "NODE_COORD_SECTION, line 12"),
    "huge": (samples.CVRP.replace(b"5 -3 -4", b"5 1e30 -4"), "number_malformed", "NODE_COORD_SECTION, line 12"),
    "negative demand": (samples.CVRP.replace(b"\n5 1\n", b"\n5 -1\n"), "number_negative", "DEMAND_SECTION, line 18"),
    "half a parcel": (samples.CVRP.replace(b"\n5 1\n", b"\n5 0.5\n"), "number_not_whole", "DEMAND_SECTION, line 18"),
    "two capacities": (samples.CVRP.replace(b"CAPACITY : 2", b"CAPACITY : 2\nCAPACITY : 3"), "given_twice", "line 7"),
    "after the end": (samples.CVRP + b"MORE\n", "text_misplaced", "line 23"),
    "a country": (samples.CVRP.replace(b"DIMENSION : 5", b"DIMENSION : 99999"), "instance_too_large", "line 4"),
    "thin matrix": (samples.ROAD.replace(b"21 31 0\n", b"21 31\n"), "row_count", "EDGE_WEIGHT_SECTION, line 11"),
    "no way": (samples.ROAD.replace(b"21 31 0\n", b"21 -1 0\n"), "number_malformed", "EDGE_WEIGHT_SECTION, line 11"),
    "columns": (samples.ROAD.replace(b"FULL_MATRIX", b"COLUMNS"), "weight_format_unknown", "line 5"),
    "closes early": (samples.PRIZES.replace(b"2 0 1000", b"2 9 1"), "window_reversed", "TIME_WINDOW_SECTION"),
    "fleet cut off": (samples.FLEET.replace(b"3 1000\n", b""), "row_count", "VEHICLES_FIXED_COST_SECTION, line 20"),
    "no depot of it": (samples.TRIPS.replace(b"DEPOT_SECTION\n1 1", b"DEPOT_SECTION\n1 2"), "node_unknown", "VEHICLES_"),
    "solomon's head": (samples.SOLOMON.replace(b"READY TIME", b"COLOUR"), "text_misplaced", "line 8"),
    "solomon cut off": (samples.SOLOMON[:40], "file_cut_off", "line"),
    "unlike pair": (samples.LILIM.replace(b"-6", b"-5"), "pair_broken", "tasks"),
    "no partner": (samples.LILIM.replace(b"5\t0\t2\n", b"5\t0\t0\n"), "pair_broken", "tasks"),
    "fast": (samples.LILIM.replace(b"2\t10\t1\n", b"2\t10\t3\n"), "speed_unsupported", "fleet, line 1"),
    "unknown field": (samples.VROOM.replace(b'"skills": [1]}', b'"skils": [1]}'), "field_unknown", "vehicles[0].skils"),
    "setup": (samples.VROOM.replace(b'"service": 60', b'"setup": 60'), "vroom_unsupported", "jobs[0].setup"),
    "no row": (samples.VROOM.replace(b'"location_index": 1, "s', b'"location_index": 9, "s'), "location_missing", "jobs[0]"),
    "same job": (samples.VROOM.replace(b'{"id": 2, "location', b'{"id": 1, "location'), "id_duplicate", "jobs"),
    "late to open": (samples.VROOM.replace(b"[500, 600]", b"[600, 500]"), "window_reversed", "jobs[1].time_windows"),
    "both ways": (samples.VROOM.replace(b'"delivery": [1], ', b'"delivery": [1], "pickup": [1], '), "vroom_unsupported", "jobs[0]"),
    "no car": (samples.VROOM.replace(b'{"car"', b'{"bike"'), "profile_unknown", "vehicles[0].profile"),
    "strange step": (samples.VROOM.replace(b'"id": 7,', b'"id": 7, "steps": [{"type": "job", "id": 3}],'), "step_unknown", "vehicles[0].steps[0]"),
    "half a shipment": (samples.VROOM.replace(b'"id": 7,', b'"id": 7, "steps": [{"type": "pickup", "id": 4}],'), "steps_infeasible", "vehicles[0].steps"),
    "far too far": (samples.VROOM.replace(b'"id": 7,', b'"id": 7, "max_distance": 5000,'), "vroom_unsupported", "vehicles[0].max_distance"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_with_its_place(name: str) -> None:
    raw, code, where = WRONG[name]
    found = faults(raw)
    assert whole(found)
    assert [(fault.code, fault.where) for fault in found if fault.code == code and fault.where.startswith(where)]


def test_everything_is_said_at_once() -> None:
    raw = CUT.replace(b"COMMENT", b"COLOUR").replace(b": CVRP", b": TSP").replace(b"EUC_2D", b"GEO")
    assert {fault.code for fault in faults(raw)} == {"specification_unknown", "type_unknown", "weight_type_unknown"}
    rows = samples.CVRP.replace(b"\n5 1\n", b"\n5 -1\n").replace(b"5 -3 -4", b"5 x -4").replace(b"-1\nEOF", b"7\nEOF")
    assert {fault.code for fault in faults(rows)} == {"number_malformed", "number_negative", "node_unknown"}


def test_a_thousand_wrong_lines_are_not_said_one_by_one() -> None:
    rows = b"".join(b"%d x y\n" % k for k in range(1, 1001))
    raw = samples.CVRP.replace(b"DIMENSION : 5", b"DIMENSION : 1000")
    raw = raw.replace(b"1 0 0\n2 3 4\n3 3 -4\n4 -3 4\n5 -3 -4\n", rows)
    found = [fault for fault in faults(raw) if fault.where.startswith("NODE_COORD_SECTION")]
    assert len(found) == 21
    assert "980 more" in found[-1].cause


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (b"Route #1: 1 x\n", "number_malformed"),
        (b"Route #1: 1\nRoute #1: 2\n", "given_twice"),
        (b"Cost: 12\n", "solution_empty"),
        (b"Route #1: 1\nCost: much\n", "number_malformed"),
        (b"Route #1: 1\n1 2 3\n", "text_misplaced"),
        (b"Route #1: 77\n", "node_unknown"),
        (b"", "file_empty"),
    ],
)
def test_a_solution_that_says_nothing_sensible_is_a_fault(text: bytes, code: str) -> None:
    instance = read_problem(samples.CVRP)
    assert isinstance(instance, Reading)
    with pytest.raises(ProblemError) as caught:
        plan_of(instance, read_solution(text))
    assert [fault.code for fault in caught.value.faults] == [code]
    assert whole(caught.value.faults)


@pytest.mark.parametrize(
    ("raw", "text", "code"),
    [
        (samples.CVRP, b"Route #1: 1 2 3\nRoute #2: 4\n", "capacity_exceeded"),
        (samples.CVRP, b"Route #1: 1 3\nRoute #2: 2\n", "order_missing"),
        (samples.CVRP, b"Route #1: 1 3\nRoute #2: 2 4\nRoute #3: 1\n", "order_repeated"),
        (samples.SOLOMON, b"Route #1: 1\nRoute #2: 2\nRoute #3: 2\n", "vehicle_number"),
        (samples.FLEET, b"Route #1: 2\nRoute #4: 1\n", "vehicle_number"),
        (samples.LILIM, b"Route #1: 2 1\n", "order_reversed"),
        (samples.LILIM, b"Route #1: 1\nRoute #2: 2\n", "order_on_two_routes"),
        (samples.TRIPS, b"Route #1: 1 2\n", "capacity_exceeded"),
        (samples.TWO_DEPOTS.replace(b"4 10 50", b"4 0 1"), b"Route #1: 3\nRoute #2: 2\n", "window_missed"),
    ],
)
def test_routes_that_cannot_be_driven_are_violations(raw: bytes, text: bytes, code: str) -> None:
    instance = read_problem(raw)
    assert isinstance(instance, Reading)
    plan, violations = plan_of(instance, read_solution(text))
    assert plan is None
    assert code in [violation.code for violation in violations]
