import json

from click.testing import CliRunner

from cluster.offline.check_command import check_command
from solver.codec import plan_to_json, problem_to_json
from tests.cluster.offline.worlds import one_route, two_members


def run(tmp_path, plan_raw, *options):
    (tmp_path / "problem.json").write_bytes(problem_to_json(two_members()))
    (tmp_path / "plan.json").write_bytes(plan_raw)
    arguments = [str(tmp_path / "problem.json"), str(tmp_path / "plan.json"), *options]
    return CliRunner().invoke(check_command, arguments, catch_exceptions=False)


def test_a_true_plan_is_valid_and_its_cost_is_said(tmp_path):
    answer = run(tmp_path, plan_to_json(one_route(two_members())))
    assert answer.exit_code == 0
    assert answer.stdout.startswith("valid, ")
    assert answer.stdout.endswith(" EUR\n")


def test_a_wrong_cost_is_a_violation(tmp_path):
    plan = json.loads(plan_to_json(one_route(two_members())))
    plan["cost_milli"] += 1
    answer = run(tmp_path, json.dumps(plan).encode())
    assert answer.exit_code == 1
    assert "1 violation" in answer.stdout


def test_violations_come_as_json_too(tmp_path):
    plan = json.loads(plan_to_json(one_route(two_members())))
    plan["unplanned"] = []
    answer = run(tmp_path, json.dumps(plan).encode(), "--json")
    document = json.loads(answer.stdout)
    assert answer.exit_code == 1
    assert document["valid"] is False
    assert "order_missing" in [violation["code"] for violation in document["violations"]]


def test_a_plan_that_is_no_plan_ends_with_status_two(tmp_path):
    answer = run(tmp_path, b'{"routes": 3}', "--json")
    assert answer.exit_code == 2
    assert json.loads(answer.stdout)["faults"]


def test_a_missing_file_is_a_fault_like_any_other(tmp_path):
    missing = str(tmp_path / "no.json")
    answer = CliRunner().invoke(check_command, [missing, missing])
    assert answer.exit_code == 2
    assert "No such file" in answer.stderr
    assert answer.stdout == ""
