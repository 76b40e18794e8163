import json

import msgspec
import pytest
from click.testing import CliRunner

from cluster.offline.emissions_command import emissions_command
from solver.codec import plan_to_json, problem_to_json
from solver.emissions import shipped_factor_sets
from tests.cluster.offline.worlds import hostile, one_route, two_members

USUAL = ("--region", "GB", "--year", "2025", "--class", "van=van-diesel")


def run(tmp_path, *options, plan=None, problem=None):
    problem = problem or two_members()
    (tmp_path / "problem.json").write_bytes(problem_to_json(problem))
    (tmp_path / "plan.json").write_bytes(plan or plan_to_json(one_route(problem)))
    arguments = [str(tmp_path / "problem.json"), str(tmp_path / "plan.json"), *options]
    return CliRunner().invoke(emissions_command, arguments, catch_exceptions=False)


def document(tmp_path, *options, **files):
    answer = run(tmp_path, *USUAL, "--json", *options, **files)
    assert answer.exit_code == 0, answer.output
    assert answer.stdout.count("\n") == 1
    return json.loads(answer.stdout)


def test_routes_members_and_shipments_sum_to_the_plan(tmp_path):
    account = document(tmp_path)
    # 8,419 m at 255.61 g and 61.28 g a kilometre
    assert (account["ttw_mg"], account["wtt_mg"]) == (2_151_981, 515_916)
    assert account["wtw_mg"] == 2_151_981 + 515_916
    for part in ("routes", "shipments", "owners"):
        assert sum(entry["wtw_mg"] for entry in account[part]) == account["wtw_mg"]
    assert account["left_out"] == ["b2"]
    assert account["source"]["id"] == "desnz-2025"
    assert [entry["what"] for entry in account["assumptions"]] == ["distance_derived"]


def test_people_read_tables_and_what_was_assumed(tmp_path):
    answer = run(tmp_path, *USUAL)
    assert answer.exit_code == 0
    for text in ("van 1", "van-diesel", "ann", "bob", "2.67 kg CO2e", "Open Government Licence", "assumed (profiles."):
        assert text in answer.stdout


def test_both_sides_of_going_alone_are_shown(tmp_path):
    account = document(tmp_path, "--alone")
    ann, bob = account["alone"]
    assert (ann["owner"], bob["owner"]) == ("ann", "bob")
    # Alone Ann drives to shop two as well, past shop one: the very same road, so that all of Bob's is saved.
    assert ann["alone_mg"] == account["wtw_mg"]
    assert ann["saved_mg"] == account["wtw_mg"] - ann["together_mg"] > 0
    assert run(tmp_path, *USUAL, "--alone").stdout.count("Beside going alone") == 1


def test_a_region_without_factors_is_refused_unless_the_nearest_will_do(tmp_path):
    refused = run(tmp_path, *USUAL[2:], "--region", "VN")
    assert refused.exit_code == 2
    assert "[factors_unknown]" in refused.stderr
    assert "no factors of 'VN'" in run(tmp_path, *USUAL[2:], "--region", "VN", "--fallback").stdout


def test_faults_come_as_json_all_at_once(tmp_path):
    answer = run(tmp_path, "--region", "XX", "--year", "2025", "--class", "car=x", "--json")
    assert answer.exit_code == 2
    assert [fault["code"] for fault in json.loads(answer.stdout)["faults"]] == [
        "factors_unknown",
        "vehicle_type_unknown",
    ]


def test_factors_of_ones_own_are_read_from_a_file(tmp_path):
    own = msgspec.to_builtins(shipped_factor_sets()[0])
    own["source"] |= {"id": "ours", "region": "VN", "year": 2026}
    own["vehicles"] = [
        {"id": "tuk", "name": "Tuk-tuk", "energy": "petrol", "average": {"ttw_mg_km": 100_000, "wtt_mg_km": 0}}
    ]
    (tmp_path / "own.json").write_text(json.dumps(own))
    answer = run(
        tmp_path,
        "--region",
        "VN",
        "--year",
        "2026",
        "--class",
        "van=tuk",
        "--factors",
        str(tmp_path / "own.json"),
        "--json",
    )
    # 8,419 m at 100 g
    assert json.loads(answer.stdout)["wtw_mg"] == 841_900
    (tmp_path / "own.json").write_text("{}")
    assert run(tmp_path, *USUAL, "--factors", str(tmp_path / "own.json")).exit_code == 2


def test_a_plan_that_is_not_true_to_its_problem_has_no_account(tmp_path):
    plan = json.loads(plan_to_json(one_route(two_members())))
    plan["routes"][0]["distance_m"] -= 1
    answer = run(tmp_path, *USUAL, "--json", plan=json.dumps(plan).encode())
    assert answer.exit_code == 1
    # A metre less would cost less, too.
    assert {entry["code"] for entry in json.loads(answer.stdout)["violations"]} == {"distance_wrong", "cost_wrong"}
    assert "distance_wrong" in run(tmp_path, *USUAL, plan=json.dumps(plan).encode()).stderr


@pytest.mark.parametrize(
    "options",
    [
        ("--class", "van"),
        ("--class", "=x"),
        ("--class", "van=van-lpg"),
        ("--payload", "van=heavy"),
        ("--payload", "van=-1"),
        ("--distance", "driven"),
        ("--year", "25"),
    ],
)
def test_options_that_mean_nothing_are_refused(tmp_path, options):
    assert run(tmp_path, *USUAL, *options).exit_code == 2


def test_great_circle_distances_and_other_quantities_can_be_asked_for(tmp_path):
    account = document(tmp_path, "--distance", "great_circle", "--quantity", "weight_g")
    assert account["distance"] == "great_circle"
    # Without the circuity of 135 %
    assert [entry["direct_m"] for entry in account["shipments"]] == [1_559, 3_118, 3_118]
    assert run(tmp_path, *USUAL, "--quantity", "crates").exit_code == 2


def test_names_of_users_cannot_reach_the_terminal_as_escapes(tmp_path):
    problem = hostile()
    vehicle = problem.vehicle_types[0].id
    answer = run(
        tmp_path, *USUAL[:4], "--class", f"{vehicle}=van-diesel", "--quantity", next(iter(problem.orders[0].load)),
        problem=problem,
    )  # fmt: skip
    assert answer.exit_code == 0, answer.output
    assert "\x1b" not in answer.stdout
