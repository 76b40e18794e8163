"""What each format becomes, priced by hand and by the best-known solutions of the real sets."""

import json
from pathlib import Path

import pytest

from solver.check import check
from solver.formats.detect import FORMATS, format_of, read_problem
from solver.formats.reading import Reading
from solver.formats.solution import cost_differs, plan_of, read_solution, write_solution
from solver.problem import Problem, Window
from tests.shared_data import ROOT, shared_data
from tests.solver.formats import samples

SOLVED = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "routing").glob("*/*.sol")) or ["routing"]
"""Instances with a best-known solution beside them."""


def reading(raw: bytes) -> Reading:
    found = read_problem(raw)
    assert isinstance(found, Reading)
    return found


def priced(raw: bytes, *routes: str) -> int | float:
    """The objective of routes, which must be feasible."""
    instance = reading(raw)
    text = "".join(f"Route #{k}: {nodes}\n" for k, nodes in enumerate(routes, start=1))
    plan, violations = plan_of(instance, read_solution(text.encode()))
    assert violations == []
    assert plan is not None
    assert check(instance.problem, plan) == []
    return instance.objective_of(plan)


@pytest.mark.parametrize("name", SOLVED)
def test_a_best_known_solution_costs_what_it_states(name: str) -> None:
    solution = read_solution(shared_data(name).read_bytes())
    instance = reading(shared_data(name).with_suffix(".vrp").read_bytes())
    plan, violations = plan_of(instance, solution)
    assert violations == []
    assert plan is not None
    assert check(instance.problem, plan) == []
    assert instance.objective_of(plan) == solution.cost
    assert cost_differs(instance, solution, plan) is None


@pytest.mark.parametrize("name", SOLVED)
def test_a_best_known_solution_is_written_as_it_was_read(name: str) -> None:
    solution = read_solution(shared_data(name).read_bytes())
    instance = reading(shared_data(name).with_suffix(".vrp").read_bytes())
    plan, _ = plan_of(instance, solution)
    assert plan is not None
    again = read_solution(write_solution(instance, plan))
    assert again.cost == solution.cost
    used = sorted(nodes for nodes in solution.routes.values() if nodes)
    assert sorted(nodes for nodes in again.routes.values() if nodes) == used
    if instance.vehicles:
        kinds = {nodes: instance.vehicles[k - 1] for k, nodes in solution.routes.items() if nodes}
        assert {nodes: instance.vehicles[k - 1] for k, nodes in again.routes.items() if nodes} == kinds


@pytest.mark.parametrize(
    ("raw", "routes", "objective"),
    [
        (samples.CVRP, ("1 3", "2 4"), 32),
        (samples.TWO_DEPOTS, ("2", "3"), 2828 + 2236),
        (samples.FLEET, ("1", "2"), 57.83),
        (samples.PRIZES, ("1",), 98),
        (samples.TRIPS, ("1 0 2",), 300),
        (samples.ROAD, ("1 2",), 61),
        (samples.SOLOMON, ("1", "2"), 8.4),
        (samples.LILIM, ("1 2",), 12.82),
    ],
    ids=["nearest", "thousandths", "hundredfold", "tenths with prizes", "trips", "road", "tenths", "real"],
)
def test_routes_cost_what_they_do_by_hand(raw: bytes, routes: tuple[str, ...], objective: float) -> None:
    assert priced(raw, *routes) == objective


def test_truncating_and_rounding_differ_where_they_should() -> None:
    # sqrt(41) = 6.403: 6 to the nearest, 64 tenths truncated, 6403 thousandths; sqrt(45) = 6.708 is 7, 67, 6708.
    for kind, first, second in (("CVRP", 12, 14), ("PCVRPTW", 128, 134), ("MDVRP", 12806, 13416)):
        raw = samples.CVRP.replace(b"CVRP", kind.encode()).replace(b"2 3 4\n", b"2 5 4\n").replace(b"3 3 -4", b"3 6 -3")
        profile = reading(raw).problem.profiles[0]
        assert profile.distance_m is not None
        assert [2 * int(profile.distance_m.values[0, node]) for node in (1, 2)] == [first, second]


def test_a_fleet_of_different_vehicles_becomes_types_with_counts() -> None:
    instance = reading(samples.FLEET)
    assert [(t.id, t.count, t.capacity["demand"]) for t in instance.problem.vehicle_types] == [
        ("v1", 2, 2),
        ("v2", 1, 5),
    ]
    assert instance.vehicles == ("v1", "v2", "v1")


def test_vehicles_start_at_their_depots() -> None:
    types = reading(samples.TWO_DEPOTS).problem.vehicle_types
    assert [(t.start, t.end, t.count) for t in types] == [("0", "0", 1), ("1", "1", 2)]
    assert {t.duration_max_s for t in types} == {30_000}


def test_trips_and_releases_become_reloads_and_release_times() -> None:
    problem = reading(samples.TRIPS).problem
    assert problem.vehicle_types[0].reloads == ("0",)
    assert problem.vehicle_types[0].reloads_max is None
    assert [order.release_s for order in problem.orders] == [0, 400]


def test_service_times_given_for_all_spare_the_depot() -> None:
    # 90 at customer 1 and 90 at 2 of the Solomon sample; 1 at each customer of the prizes.
    problem = reading(samples.PRIZES).problem
    assert [order.delivery.service_s for order in problem.orders if order.delivery] == [10, 10]
    assert problem.vehicle_types[0].shift == Window(0, 10_000)


def test_customers_without_a_prize_are_mandatory() -> None:
    problem = reading(samples.PRIZES.replace(b"2 50", b"2 0")).problem
    assert [order.outside_milli for order in problem.orders] == [None, 70_000]


def test_customers_that_few_vehicles_may_visit_require_a_skill() -> None:
    text = samples.FLEET.replace(b"DEPOT_SECTION", b"VEHICLES_ALLOWED_CLIENTS_SECTION\n1 2\n2 2 3\n3 2\nDEPOT_SECTION")
    problem = reading(text).problem
    assert set(problem.orders[1].skills) <= set(problem.vehicle_types[1].skills)
    assert not set(problem.orders[1].skills) <= set(problem.vehicle_types[0].skills)


@pytest.mark.parametrize(
    ("form", "numbers"),
    [
        ("LOWER_ROW", "1 2 3"),
        ("LOWER_DIAG_ROW", "0 1 0 2 3 0"),
        ("UPPER_ROW", "1 2 3"),
        ("UPPER_DIAG_ROW", "0 1 2 0 3 0"),
        ("LOWER_COL", "1 2 3"),
        ("UPPER_COL", "1 2 3"),
    ],
)
def test_triangles_are_mirrored_wherever_lines_end(form: str, numbers: str) -> None:
    # 1 between nodes 0 and 1, 2 between 0 and 2, 3 between 1 and 2, in whatever order the form has them.
    block = b"0 10 20\n11 0 30\n21 31 0\n"
    lines = numbers.replace(" ", "\n", 1).encode() + b"\n"
    raw = samples.ROAD.replace(b"FULL_MATRIX", form.encode()).replace(block, lines)
    profile = reading(raw).problem.profiles[0]
    assert profile.distance_m is not None
    assert profile.distance_m.to_rows() == [[0, 1, 2], [1, 0, 3], [2, 3, 0]]


def test_explicit_weights_with_decimals_are_counted_in_thousandths() -> None:
    raw = samples.ROAD.replace(b"0 10 20\n", b"0 10.5 20\n")
    assert priced(raw, "1 2") == 61.5


def test_the_road_instance_is_asymmetric_and_in_seconds() -> None:
    path = next(shared_data("routing/road").glob("ORTEC*.txt"))
    instance = reading(path.read_bytes())
    profile = instance.problem.profiles[0]
    assert profile.distance_m is not None
    assert int(profile.distance_m.values[0, 1]) == 2520
    assert int(profile.distance_m.values[1, 0]) == 2475
    assert len(instance.problem.orders) == 458
    first = instance.problem.orders[0].delivery
    assert first is not None
    assert (first.service_s, first.windows) == (540, (Window(5400, 12300),))


def test_a_pickup_and_its_delivery_are_one_transport() -> None:
    (order,) = reading(samples.LILIM).problem.orders
    assert order.pickup is not None
    assert order.delivery is not None
    assert (order.pickup.place, order.delivery.place, order.load) == ("1", "2", {"demand": 6})


def test_travel_times_of_real_distances_are_never_too_short() -> None:
    profile = reading(samples.LILIM).problem.profiles[0]
    assert profile.distance_m is not None
    assert profile.duration_s is not None
    # sqrt(2) = 1.41421356: 14142 ten-thousandths to the nearest, 14143 rounded up; 5 is whole.
    assert (int(profile.distance_m.values[0, 1]), int(profile.duration_s.values[0, 1])) == (14_142, 14_143)
    assert int(profile.duration_s.values[1, 2]) == 50_000


@pytest.mark.parametrize("folder", ["vrptw", "pdptw"])
def test_every_text_of_the_sets_is_read_as_what_it_is(folder: str) -> None:
    for path in sorted(shared_data("routing", folder).glob("*.txt")):
        instance = reading(path.read_bytes())
        assert instance.format == {"vrptw": "solomon", "pdptw": "lilim"}[folder]
    known = json.loads(shared_data("routing/pdptw/BKS.json").read_text())
    lines = Path(shared_data("routing/pdptw/lc101.txt")).read_text().splitlines()
    assert len(lines) - 2 == known["lc101"]["jobs"]


@pytest.mark.parametrize("name", samples.ALL)
def test_the_format_is_seen_from_the_content(name: str) -> None:
    wanted = name if name in FORMATS else "vrplib"
    assert format_of(samples.ALL[name]) == wanted
    assert reading(samples.ALL[name]).format == wanted
    assert isinstance(reading(samples.ALL[name]).problem, Problem)


def test_line_ends_and_marks_of_other_systems_change_nothing() -> None:
    for raw in samples.ALL.values():
        assert reading(b"\xef\xbb\xbf" + raw.replace(b"\n", b"\r\n")).problem == reading(raw).problem
