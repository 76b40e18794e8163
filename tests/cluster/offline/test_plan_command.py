import json

import pytest
from click.testing import CliRunner

from cluster.offline.check_command import check_command
from cluster.offline.plan_command import plan_command
from solver.codec import problem_to_json
from solver.matrix import Matrix
from solver.problem import Order, TravelProfile, Visit
from tests.cluster.offline.worlds import two_members


def run(tmp_path, problem, *options):
    path = tmp_path / "problem.json"
    path.write_bytes(problem_to_json(problem))
    answer = CliRunner().invoke(plan_command, [str(path), "--iterations", "20", *options], catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    return answer


def planned(tmp_path, problem, *options):
    answer = run(tmp_path, problem, "--json", *options)
    assert answer.stdout.count("\n") == 1
    return json.loads(answer.stdout)


def with_order(order):
    world = two_members()
    return world.replace(orders=(*world.orders, order))


def test_json_is_one_object_with_plan_proof_and_shares(tmp_path):
    document = planned(tmp_path, two_members())
    assert document["currency"] == "EUR"
    assert document["violations"] == []
    assert document["bound_minor"] <= document["cost_minor"]
    assert 0 <= document["gap"] < 1
    assert sum(share["share_minor"] for share in document["shares"]) == document["cost_minor"]
    for share in document["shares"]:
        assert share["saving_minor"] == share["stand_alone_minor"] - share["share_minor"]


def test_the_two_members_share_one_van(tmp_path):
    # Any second van costs another 5,000 for its use alone; the way to shop three and back costs b2 less than its
    # outside option only if a van with room passes: 2 + 3 + 4 + 4 kg exceed 10 kg, so b2 (12.50) stays out.
    document = planned(tmp_path, two_members())
    assert document["routes"] == 1
    assert [entry["order"] for entry in document["left_behind"]] == ["b2"]
    assert document["mandatory_unplanned"] == 0


def test_a_rule_whose_key_nobody_gave_is_a_fault_before_anything_is_searched(tmp_path):
    path = tmp_path / "problem.json"
    path.write_bytes(problem_to_json(two_members()))
    answer = CliRunner().invoke(plan_command, [str(path), "--rule", "volume", "--json"], catch_exceptions=False)
    assert answer.exit_code == 2
    assert json.loads(answer.stdout)["faults"][0]["code"] == "key_missing"


@pytest.mark.parametrize("rule", ["nucleolus", "shapley", "proportional", "weight", "owen", "tau"])
def test_every_rule_shares_the_whole_cost(tmp_path, rule):
    document = planned(tmp_path, two_members(), "--rule", rule)
    assert document["rule"] == rule
    assert sum(share["share_minor"] for share in document["shares"]) == document["cost_minor"]


def test_the_same_seed_and_iterations_give_the_same_answer(tmp_path):
    first, second = (planned(tmp_path, two_members(), "--seed", "3") for _ in range(2))
    for document in (first, second):
        del document["seconds"], document["trace"]
    assert first == second


def test_an_order_too_big_for_every_vehicle_is_left_with_its_reason_and_harms_no_other(tmp_path):
    big = Order(id="big", owner="cy", delivery=Visit(place="shop1"), load={"weight_g": 11_000})
    document = planned(tmp_path, with_order(big))
    reasons = {entry["order"]: entry["reason"] for entry in document["left_behind"]}
    assert reasons == {"big": "capacity_constraint", "b2": "outside_option_cheaper"}
    assert document["mandatory_unplanned"] == 1
    assert document["violations"] == []


def test_a_place_without_a_way_is_left_with_its_reason_and_harms_no_other(tmp_path):
    # Shop three is an island: no row or column leads there.
    rows = [[0 if i == j else -1 if 3 in (i, j) else 1_000 for j in range(4)] for i in range(4)]
    island = Order(id="island", owner="cy", delivery=Visit(place="shop3"), load={"weight_g": 1})
    world = with_order(island).replace(
        profiles=(TravelProfile(id="default", distance_m=Matrix(rows), duration_s=Matrix(rows)),)
    )
    document = planned(tmp_path, world)
    reasons = {entry["order"]: entry["reason"] for entry in document["left_behind"]}
    assert reasons["island"] == "reachable_constraint"
    assert document["routes"] == 1


def test_a_day_without_orders_has_an_empty_plan(tmp_path):
    document = planned(tmp_path, two_members().replace(orders=()))
    assert (document["cost_minor"], document["routes"], document["shares"]) == (0, 0, [])


def test_out_writes_a_plan_that_checks_a_map_and_a_report(tmp_path):
    out = tmp_path / "deep" / "out"
    document = planned(tmp_path, two_members(), "--out", str(out))
    assert sorted(path.name for path in out.iterdir()) == ["plan.geojson", "plan.json", "report.html"]
    checked = CliRunner().invoke(
        check_command, [str(tmp_path / "problem.json"), str(out / "plan.json"), "--json"], catch_exceptions=False
    )
    assert checked.exit_code == 0
    assert json.loads(checked.stdout)["cost_minor"] == document["cost_minor"]
    assert json.loads((out / "plan.geojson").read_bytes())["features"]
    assert "Plan for problem" in (out / "report.html").read_text(encoding="utf-8")


def test_without_out_no_file_is_written(tmp_path):
    planned(tmp_path, two_members())
    assert [path.name for path in tmp_path.iterdir()] == ["problem.json"]


def test_the_table_names_routes_members_and_what_is_left(tmp_path):
    answer = run(tmp_path, two_members())
    for word in ("van 1", "ann", "bob", "b2", "Its outside option is cheaper", "EUR"):
        assert word in answer.stdout
    assert answer.stderr == ""


def test_names_that_look_like_markup_stay_as_they_are(tmp_path):
    order = Order(id="[red]x[/red]\x1b[31m", owner="[/]", delivery=Visit(place="shop1"), load={"weight_g": 99_000})
    answer = run(tmp_path, with_order(order))
    assert "[red]x[/red]?[31m" in answer.stdout
    assert "\x1b" not in answer.stdout


def test_a_folder_that_cannot_be_written_is_a_fault(tmp_path):
    (tmp_path / "taken").write_text("a file, not a folder")
    path = tmp_path / "problem.json"
    path.write_bytes(problem_to_json(two_members()))
    arguments = [str(path), "--iterations", "20", "--out", str(tmp_path / "taken" / "out"), "--json"]
    answer = CliRunner().invoke(plan_command, arguments, catch_exceptions=False)
    assert answer.exit_code == 2
    assert json.loads(answer.stdout)["faults"][0]["where"].endswith("out")
