import json
import subprocess
import sys
from pathlib import Path

import pytest

from solver.check import check
from solver.codec import problem_from_json, value_from_json
from solver.compiled import Compiled
from solver.loads import PackProblem
from solver.plan import Budget
from solver.schedule import Timetable, timetable
from solver.solve import solve
from solver.spaces import SpaceProblem
from solver.validate_loads import faults_of_pack
from solver.validate_spaces import space_faults

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = ("hcmc_fashion.json", "day.json", "small.json")


def test_the_examples_are_what_their_script_writes(tmp_path):
    subprocess.run([sys.executable, EXAMPLES / "generate.py", tmp_path], check=True)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (EXAMPLES / name).read_bytes(), f"run examples/generate.py: {name}"


def test_the_loading_example_is_what_its_script_writes_and_has_no_faults(tmp_path):
    subprocess.run([sys.executable, EXAMPLES / "loads.py", tmp_path], check=True)
    raw = (EXAMPLES / "pack.json").read_bytes()
    assert (tmp_path / "pack.json").read_bytes() == raw, "run examples/loads.py"
    assert faults_of_pack(value_from_json(raw, PackProblem)) == []


def test_the_example_of_rounds_with_holds_is_what_its_script_writes(tmp_path):
    subprocess.run([sys.executable, EXAMPLES / "rounds.py", tmp_path], check=True)
    assert (tmp_path / "loads.json").read_bytes() == (EXAMPLES / "loads.json").read_bytes(), "run examples/rounds.py"


def test_the_example_of_rounds_is_planned_with_a_place_for_every_unit():
    problem = problem_from_json((EXAMPLES / "loads.json").read_bytes())
    plan = solve(problem, Budget(seconds=None, iterations=3, bound=False)).plan
    assert (check(problem, plan), plan.unplanned) == ([], ())
    units = sum(unit.quantity for order in problem.orders for unit in order.units)
    assert sum(len(route.placements) for route in plan.routes) == units


def test_the_example_of_space_is_what_its_script_writes_and_has_no_faults(tmp_path):
    subprocess.run([sys.executable, EXAMPLES / "spaces.py", tmp_path], check=True)
    raw = (EXAMPLES / "space.json").read_bytes()
    assert (tmp_path / "space.json").read_bytes() == raw, "run examples/spaces.py"
    assert space_faults(value_from_json(raw, SpaceProblem)) == []


@pytest.mark.parametrize(("name", "members", "orders"), [("day.json", 15, 160), ("small.json", 5, 50)])
def test_the_examples_are_problems_without_faults(name, members, orders):
    problem = problem_from_json((EXAMPLES / name).read_bytes())
    assert len(problem.owners) == members
    assert len(problem.orders) == orders


@pytest.mark.parametrize("name", ["day.json", "small.json", "loads.json"])
def test_every_order_fits_on_some_vehicle_by_itself(name):
    compiled = Compiled(problem_from_json((EXAMPLES / name).read_bytes()))
    types = range(len(compiled.problem.vehicle_types))
    alone = {
        order.id: any(isinstance(timetable(compiled, type_, compiled.visits_of(index)), Timetable) for type_ in types)
        for index, order in enumerate(compiled.problem.orders)
    }
    assert [id_ for id_, fits in alone.items() if not fits] == []


def test_the_cluster_and_the_day_are_one_and_the_same():
    cluster = json.loads((EXAMPLES / "hcmc_fashion.json").read_bytes())
    day = problem_from_json((EXAMPLES / "day.json").read_bytes())
    orders = {order.id: order for order in day.orders}
    assert list(orders) == [shipment["client_ref"] for shipment in cluster["shipments"]]
    for shipment in cluster["shipments"]:
        order = orders[shipment["client_ref"]]
        assert order.owner == shipment["member"]
        assert (order.pickup is None, order.delivery is None) == (
            shipment["pickup"] is None,
            shipment["delivery"] is None,
        )
        weight_g = sum(unit["count"] * unit["weight_g"] for unit in shipment["handling_units"])
        assert order.load["weight_g"] == weight_g
        # The dong has no smaller unit: one minor unit is a thousand of the solver's.
        assert order.outside_milli == (shipment["outside_minor"] and shipment["outside_minor"] * 1000)


def test_the_example_has_every_kind_of_shipment_and_some_that_may_stay_behind():
    shipments = json.loads((EXAMPLES / "hcmc_fashion.json").read_bytes())["shipments"]
    kinds = {shipment["service"] for shipment in shipments}
    assert kinds == {"delivery", "collection", "transport"}
    optional = sum(shipment["outside_minor"] is not None for shipment in shipments)
    assert 0.10 < optional / len(shipments) < 0.20
    assert {unit["kind"] for shipment in shipments for unit in shipment["handling_units"]} == {"box", "rack", "pallet"}


def test_every_place_of_the_example_lies_in_the_city():
    day = problem_from_json((EXAMPLES / "day.json").read_bytes())
    assert all(10.72 < place.lat < 10.89 and 106.58 < place.lon < 106.80 for place in day.places)
