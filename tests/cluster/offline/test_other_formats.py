"""``cluster plan`` and ``cluster check`` with files of other planners' formats, as a user meets them."""

import json

import pytest
from click.testing import CliRunner

from cluster.offline.check_command import check_command
from cluster.offline.plan_command import plan_command
from tests.solver.formats import samples


def planned(tmp_path, raw, *options, name="instance"):
    path = tmp_path / name
    path.write_bytes(raw)
    arguments = [str(path), "--iterations", "20", *options]
    return CliRunner().invoke(plan_command, arguments, catch_exceptions=False)


def checked(tmp_path, raw, solution, *options):
    (tmp_path / "instance").write_bytes(raw)
    (tmp_path / "solution").write_bytes(solution)
    arguments = [str(tmp_path / "instance"), str(tmp_path / "solution"), *options]
    return CliRunner().invoke(check_command, arguments, catch_exceptions=False)


@pytest.mark.parametrize(
    ("name", "objective"),
    [
        ("cvrp", 32),
        ("depots", 5064),
        ("fleet", 57.83),
        ("prizes", 98),
        ("road", 61),
        ("solomon", 8.4),
        ("lilim", 12.82),
    ],
)
def test_the_objective_is_said_in_the_unit_of_the_instance(tmp_path, name, objective):
    answer = planned(tmp_path, samples.ALL[name], "--json")
    assert answer.exit_code == 0, answer.output
    document = json.loads(answer.stdout)
    assert document["objective"] == objective
    assert 0 <= document["bound"] <= objective
    assert 0 <= document["gap"] <= 1
    assert document["violations"] == []


def test_a_day_for_vroom_is_planned_and_answered_in_its_words(tmp_path):
    out = tmp_path / "answer.json"
    answer = planned(tmp_path, samples.VROOM, "--json", "--solution", str(out))
    assert json.loads(answer.stdout)["objective"] == 310
    found = json.loads(out.read_bytes())
    assert (found["code"], found["summary"]["cost"], found["summary"]["unassigned"]) == (0, 310, 0)
    assert checked(tmp_path, samples.VROOM, out.read_bytes()).stdout == "valid, objective 310\n"


def test_a_solution_that_was_written_is_found_valid(tmp_path):
    planned(tmp_path, samples.FLEET, "--solution", str(tmp_path / "out.sol"))
    text = (tmp_path / "out.sol").read_text()
    # Vehicle 2 is the large one; vehicles 1 and 3 are alike, and one of them stays.
    assert text == "Route #1: 1\nRoute #2: 2\nRoute #3:\nCost: 57.83\n"
    assert checked(tmp_path, samples.FLEET, text.encode()).stdout == "valid, objective 57.83\n"


def test_tables_name_the_instance_its_cost_and_how_it_was_read(tmp_path):
    answer = planned(tmp_path, samples.CVRP)
    assert answer.exit_code == 0
    for word in ("v1 1", "cross: 32", "2 routes", "nearest whole number"):
        assert word in answer.stdout


def test_what_is_left_out_is_said_with_its_reason(tmp_path):
    answer = planned(tmp_path, samples.PRIZES)
    assert "Not planned: 1 order" in answer.stdout
    assert "2: Its outside option is cheaper" in answer.stdout


def test_problem_and_plan_are_written_in_the_solvers_own_json(tmp_path):
    out = tmp_path / "out"
    planned(tmp_path, samples.CVRP, "--out", str(out))
    arguments = [str(out / "problem.json"), str(out / "plan.json"), "--json"]
    document = json.loads(CliRunner().invoke(check_command, arguments, catch_exceptions=False).stdout)
    assert (document["valid"], document["cost_minor"]) == (True, 32)
    assert checked(tmp_path, samples.CVRP, (out / "plan.json").read_bytes()).exit_code == 0


@pytest.mark.parametrize(
    ("solution", "code"),
    [
        (b"Route #1: 1 3\nRoute #2: 2 4\nCost: 31\n", "plan_cost_wrong"),
        (b"Route #1: 1 2 3\nRoute #2: 4\n", "capacity_exceeded"),
        (b"Route #1: 1 3\nRoute #2: 2\n", "order_missing"),
    ],
)
def test_a_wrong_solution_has_violations(tmp_path, solution, code):
    answer = checked(tmp_path, samples.CVRP, solution, "--json")
    assert answer.exit_code == 1
    document = json.loads(answer.stdout)
    assert document["valid"] is False
    assert [violation["code"] for violation in document["violations"]] == [code]
    assert f"[{code}]" in checked(tmp_path, samples.CVRP, solution).stdout


def test_a_file_in_another_format_than_named_is_a_fault(tmp_path):
    answer = planned(tmp_path, samples.CVRP, "--format", "lilim", "--json")
    assert answer.exit_code == 2
    assert all(fault["cure"] for fault in json.loads(answer.stdout)["faults"])


def test_faults_are_listed_with_their_lines(tmp_path):
    answer = planned(tmp_path, samples.CVRP.replace(b"COMMENT", b"COLOUR").replace(b": CVRP", b": TSP"))
    assert answer.exit_code == 2
    assert "2 faults" in answer.stderr
    assert "line 2" in answer.stderr
    assert "line 3" in answer.stderr


def test_a_solution_of_another_instance_is_a_fault(tmp_path):
    answer = checked(tmp_path, samples.CVRP, b"Route #1: 99\n")
    assert answer.exit_code == 2
    assert "node_unknown" in answer.stderr


def test_options_that_could_do_nothing_are_refused(tmp_path):
    assert "--rule" in planned(tmp_path, samples.CVRP, "--rule", "shapley").stderr
    answer = planned(tmp_path, b'{"vehicle_types": []}', "--solution", str(tmp_path / "x.sol"))
    assert answer.exit_code == 2


def test_a_solution_file_that_cannot_be_written_is_a_fault(tmp_path):
    answer = planned(tmp_path, samples.CVRP, "--solution", str(tmp_path / "no" / "x.sol"), "--json")
    assert answer.exit_code == 2
    assert json.loads(answer.stdout)["faults"][0]["code"] == "unreadable_file"
