import json

import pytest
from click.testing import CliRunner

from cluster.offline.split_command import split_command
from solver.codec import plan_to_json, problem_to_json
from solver.problem import Order, Visit
from tests.cluster.offline.worlds import one_route, two_members

SHOP2_MINOR = 5842
"""A van to shop two and back, past shop one: 5,000 for the van and 0.1 for each of 8,420 m or so."""


def three_members():
    """Ann's two orders, Bob's and Cy's at shop two: one van for all, there and back, whoever is in it."""
    world = two_members()
    cy = Order(id="c1", owner="cy", delivery=Visit(place="shop2", service_s=300), load={"weight_g": 1_000})
    return world.replace(orders=(*world.orders[:3], cy))


def invoke(*arguments):
    return CliRunner().invoke(split_command, [str(argument) for argument in arguments], catch_exceptions=False)


def problem_file(tmp_path, problem):
    path = tmp_path / "problem.json"
    path.write_bytes(problem_to_json(problem))
    return path


def split(tmp_path, problem, *options):
    answer = invoke(problem_file(tmp_path, problem), "--json", *options)
    assert answer.exit_code == 0, answer.output
    assert answer.stdout.count("\n") == 1
    return json.loads(answer.stdout)


def game_file(tmp_path, document):
    path = tmp_path / "game.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return path


def test_json_carries_players_costs_shares_and_verdict(tmp_path):
    # Together as alone 58.42: whoever leaves saves the rest nothing, so each of three bears a third.
    document = split(tmp_path, three_members())
    assert document["players"] == ["ann", "bob", "cy"]
    assert document["cost_minor"] == SHOP2_MINOR
    assert sorted(share["share_minor"] for share in document["shares"]) == [1947, 1947, 1948]
    assert document["verdict"] == "stable"
    assert document["individually_rational"] is True
    # A pair pays 3,895 at most and would pay 5,842.
    assert document["excess_max_minor"] in {3894 - SHOP2_MINOR, 3895 - SHOP2_MINOR}
    assert document["unions"] == []
    assert document["seconds"] > 0
    assert "certificate" not in document


def test_every_coalition_is_listed_with_what_it_costs_at_least_and_at_most(tmp_path):
    costs = split(tmp_path, three_members())["coalition_costs"]
    assert [entry["players"] for entry in costs] == [
        ["ann"], ["bob"], ["ann", "bob"], ["cy"], ["ann", "cy"], ["bob", "cy"], ["ann", "bob", "cy"],
    ]  # fmt: skip
    assert {(entry["lower_minor"], entry["upper_minor"]) for entry in costs} == {(SHOP2_MINOR, SHOP2_MINOR)}


def test_where_costs_are_proven_a_share_is_certain_to_the_unit(tmp_path):
    for share in split(tmp_path, three_members())["shares"]:
        assert share["low_minor"] <= share["share_minor"] <= share["high_minor"] <= share["low_minor"] + 1


@pytest.mark.parametrize(
    "rule",
    [
        "nucleolus", "per_capita_nucleolus", "proportional_nucleolus", "equal_profit", "shapley", "weighted_shapley",
        "owen", "tau", "acam", "proportional", "weight", "tonne_km", "orders",
    ],
)  # fmt: skip
def test_every_rule_shares_the_whole_cost(tmp_path, rule):
    document = split(tmp_path, three_members(), "--rule", rule, "--effort", "preview")
    assert document["rule"] == rule
    assert sum(share["share_minor"] for share in document["shares"]) == document["cost_minor"]


def test_the_certificate_is_a_part_of_its_own_that_passes_its_check(tmp_path):
    document = split(tmp_path, three_members(), "--certificate")
    assert document["violations"] == []
    assert document["certificate"]["players"] == document["players"]
    assert sum(document["certificate"]["shares_minor"]) == document["cost_minor"]
    assert len(document["certificate"]["lower_minor"]) == 8


def test_a_given_plan_is_split_and_nothing_is_searched_for(tmp_path):
    plan = tmp_path / "plan.json"
    plan.write_bytes(plan_to_json(one_route(two_members())))
    document = json.loads(invoke(problem_file(tmp_path, two_members()), plan, "--json").stdout)
    # The route, and Bob's b2 left to its outside option of 12.50.
    assert document["cost_minor"] == SHOP2_MINOR + 1_250
    assert document["plan_improved"] is False


def test_a_plan_of_another_problem_is_refused_with_its_violations(tmp_path):
    plan = tmp_path / "plan.json"
    plan.write_bytes(plan_to_json(one_route(two_members())))
    answer = invoke(problem_file(tmp_path, three_members()), plan, "--json")
    assert answer.exit_code == 1
    assert "order_missing" in [violation["code"] for violation in json.loads(answer.stdout)["violations"]]
    told = invoke(problem_file(tmp_path, three_members()), plan)
    assert (told.exit_code, told.stdout) == (1, "")
    assert "[order_missing]" in told.stderr


@pytest.mark.parametrize("raw", [b"", b"{", b'{"routes": 3}', b"\xff"])
def test_a_plan_that_is_no_plan_is_a_fault(tmp_path, raw):
    plan = tmp_path / "plan.json"
    plan.write_bytes(raw)
    answer = invoke(problem_file(tmp_path, two_members()), plan, "--json")
    assert answer.exit_code == 2
    assert json.loads(answer.stdout)["faults"]


def test_missing_files_are_faults(tmp_path):
    for arguments in ([tmp_path / "no.json"], [problem_file(tmp_path, two_members()), tmp_path / "no.json"]):
        answer = invoke(*arguments, "--json")
        assert answer.exit_code == 2
        assert json.loads(answer.stdout)["faults"][0]["code"] == "unreadable_file"


def test_the_same_seed_gives_the_same_split_on_one_core_and_on_two(tmp_path):
    one, two = (split(tmp_path, three_members(), "--seed", "3", "--cores", cores) for cores in (1, 2))
    del one["seconds"], two["seconds"]
    assert one == two


def test_with_fewer_players_small_members_are_united(tmp_path):
    document = split(tmp_path, three_members(), "--players-max", "2")
    assert len(document["players"]) == 2
    assert [len(union) for union in document["unions"]] == [2]
    assert len(document["shares"]) == 3


def test_weights_that_were_agreed_on_move_the_shares(tmp_path):
    # Of what two save together the heavier bears its weight's part; all save the same together, so weights decide.
    terms = tmp_path / "terms.json"
    terms.write_text('{"weights": {"ann": 3}}')
    plain = split(tmp_path, three_members(), "--rule", "weighted_shapley")
    weighted = split(tmp_path, three_members(), "--rule", "weighted_shapley", "--terms", terms)
    assert weighted["shares"][0]["share_minor"] != plain["shares"][0]["share_minor"]


@pytest.mark.parametrize("raw", ['{"weights": {"ann": "heavy"}}', '{"unions": [["ann", "nobody"]]}', '{"shares": 1}'])
def test_terms_that_cannot_be_used_are_faults(tmp_path, raw):
    terms = tmp_path / "terms.json"
    terms.write_text(raw)
    answer = invoke(problem_file(tmp_path, three_members()), "--json", "--rule", "owen", "--terms", terms)
    assert answer.exit_code == 2, answer.output
    assert json.loads(answer.stdout)["faults"]


def test_a_rule_whose_key_nobody_gave_is_a_fault(tmp_path):
    answer = invoke(problem_file(tmp_path, three_members()), "--json", "--rule", "volume")
    assert answer.exit_code == 2
    assert json.loads(answer.stdout)["faults"][0]["code"] == "key_missing"


def test_a_day_of_one_member_costs_it_everything(tmp_path):
    alone = two_members().replace(orders=two_members().orders[:2])
    document = split(tmp_path, alone)
    (share,) = document["shares"]
    assert share["share_minor"] == share["stand_alone_minor"] == document["cost_minor"] == SHOP2_MINOR


def test_a_day_without_orders_has_nothing_to_split(tmp_path):
    document = split(tmp_path, two_members().replace(orders=()))
    assert (document["cost_minor"], document["shares"], document["coalition_costs"]) == (0, [], [])


def test_out_writes_split_certificate_and_plan(tmp_path):
    out = tmp_path / "deep" / "out"
    document = split(tmp_path, three_members(), "--out", out)
    assert sorted(path.name for path in out.iterdir()) == ["certificate.json", "plan.json", "split.json"]
    assert json.loads((out / "split.json").read_bytes())["shares"] == document["shares"]
    again = json.loads(invoke(tmp_path / "problem.json", out / "plan.json", "--json").stdout)
    assert again["cost_minor"] == document["cost_minor"]


def test_the_table_names_members_rule_and_proof(tmp_path):
    answer = invoke(problem_file(tmp_path, three_members()))
    assert answer.exit_code == 0
    for word in (
        "ann",
        "bob",
        "cy",
        "58.42 EUR",
        "nucleolus",
        "It is proven",
        "nearest to leaving",
        "7 of 7 coalitions",
    ):
        assert word in answer.stdout
    assert answer.stderr == ""


def test_the_certificate_is_the_last_line_beside_tables(tmp_path):
    answer = invoke(problem_file(tmp_path, three_members()), "--certificate")
    assert json.loads(answer.stdout.splitlines()[-1])["cost_minor"] == SHOP2_MINOR


def test_a_file_of_another_planner_has_one_owner_and_nothing_to_split(tmp_path):
    path = tmp_path / "day.json"
    path.write_text('{"vehicles": [{"id": 1, "start": [0, 0]}], "jobs": [{"id": 1, "location": [0, 0.1]}]}')
    answer = invoke(path, "--json")
    assert answer.exit_code == 2
    assert json.loads(answer.stdout)["faults"][0]["code"] == "owners_missing"


ANNA_AND_BINH = {"players": ["anna", "binh"], "costs": {"anna": 60, "binh": 100, "anna, binh": 100}}
"""Together they save 60, and each is needed for it: 30 each."""


@pytest.mark.parametrize("rule", ["nucleolus", "shapley", "tau", "acam", "owen", "weighted_shapley"])
def test_a_game_is_split_by_any_rule(tmp_path, rule):
    options = ["--rule", rule, "--json", "--certificate"]
    if rule == "weighted_shapley":
        (tmp_path / "terms.json").write_text('{"weights": {"anna": 2, "binh": 2}}')
        options += ["--terms", tmp_path / "terms.json"]
    answer = invoke(game_file(tmp_path, ANNA_AND_BINH), *options)
    assert answer.exit_code == 0, answer.output
    document = json.loads(answer.stdout)
    assert [share["share_minor"] for share in document["shares"]] == [30, 70]
    assert (document["verdict"], document["excess_max_minor"]) == ("stable", -30)
    assert document["certificate"]["upper_minor"] == [0, 60, 100, 100]


def test_a_key_may_break_what_each_pays_alone_and_is_repaired_only_on_request(tmp_path):
    # By orders, 9 to 1, Anna would pay 90 of 100 and pays 60 alone; repaired she pays 60.
    game = game_file(tmp_path, ANNA_AND_BINH | {"keys": {"anna": 9, "binh": 1}})
    plain, repaired = (
        json.loads(invoke(game, "--rule", "orders", "--json", *options).stdout) for options in ([], ["--repair"])
    )
    assert [share["share_minor"] for share in plain["shares"]] == [90, 10]
    assert (plain["individually_rational"], plain["repaired"]) == (False, False)
    assert [share["share_minor"] for share in repaired["shares"]] == [60, 40]
    assert (repaired["individually_rational"], repaired["repaired"]) == (True, True)


def test_one_player_pays_everything(tmp_path):
    document = json.loads(invoke(game_file(tmp_path, {"players": ["a"], "costs": {"a": 7}}), "--json").stdout)
    assert document["shares"][0]["share_minor"] == 7


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"": 5}, "empty_coalition_cost"),
        ({"binh": None}, "coalition_missing"),
        ({"anna": -1}, "number_negative"),
        ({"anna": 0.5}, "number_not_whole"),
        ({"anna": "sixty"}, "number_not_whole"),
        ({"carl": 5}, "player_unknown"),
        ({"binh, anna": 5}, "coalition_duplicate"),
    ],
)
def test_a_game_that_is_none_is_a_fault(tmp_path, change, code):
    costs = {name: cost for name, cost in (ANNA_AND_BINH["costs"] | change).items() if cost is not None}
    answer = invoke(game_file(tmp_path, ANNA_AND_BINH | {"costs": costs}), "--json")
    assert answer.exit_code == 2, answer.output
    assert code in [fault["code"] for fault in json.loads(answer.stdout)["faults"]]


def test_a_game_has_no_plan(tmp_path):
    game = game_file(tmp_path, ANNA_AND_BINH)
    answer = invoke(game, game)
    assert answer.exit_code == 2
    assert "A game has no plan" in answer.stderr


def test_the_table_of_a_game_names_players_and_who_is_nearest_to_leaving(tmp_path):
    answer = invoke(game_file(tmp_path, ANNA_AND_BINH))
    assert answer.exit_code == 0
    for word in ("anna", "30", "70", "nucleolus", "verdict: stable", "nearest to leaving: anna, which loses 30"):
        assert word in answer.stdout
