import json

import pytest
from click.testing import CliRunner

from cluster.offline.statement_command import statement_command
from solver.codec import plan_to_json, problem_to_json
from tests.cluster.offline.worlds import one_route, two_members


def run(tmp_path, *options, plan=True):
    day = two_members()
    (tmp_path / "problem.json").write_bytes(problem_to_json(day))
    (tmp_path / "plan.json").write_bytes(plan_to_json(one_route(day)))
    files = [str(tmp_path / name) for name in ("problem.json", "plan.json")[: 1 + plan]]
    return CliRunner().invoke(statement_command, [*files, "--effort", "preview", *options], catch_exceptions=False)


def test_a_member_reads_its_statement_in_its_language(tmp_path):
    answer = run(tmp_path, "--member", "ann", "--language", "de", "--reference", "KW 20")
    assert answer.exit_code == 0
    assert answer.stdout.startswith("Abrechnung für ann\nBezug: KW 20\n")
    assert "bob" not in answer.stdout
    assert "b1" not in answer.stdout


def test_without_a_plan_one_is_searched_for(tmp_path):
    answer = run(tmp_path, "--member", "bob", "--json", plan=False)
    document = json.loads(answer.stdout)
    assert document["member"] == "bob"
    assert document["payment"]["share_minor"] <= document["payment"]["stand_alone_minor"]
    assert document["totals"] is None


def test_under_a_seal_digests_are_shown_among_two_as_well(tmp_path):
    (tmp_path / "seal").write_bytes(b"0123456789abcdef")
    plain = json.loads(run(tmp_path, "--member", "ann", "--json").stdout)["digests"]
    options = ["--member", "ann", "--json", "--seal-file", str(tmp_path / "seal")]
    sealed = json.loads(run(tmp_path, *options).stdout)["digests"]
    assert (plain["plan"], plain["sealed"]) == (None, False)
    assert (len(sealed["plan"]), sealed["sealed"]) == (64, True)


@pytest.mark.parametrize(
    "options", [["stay-out"], ["wider-window", "--earlier", "30", "--order", "a2"], ["day-later", "--order", "a1"]]
)
def test_what_if_is_answered_with_own_figures(tmp_path, options):
    answer = run(tmp_path, "--member", "ann", "--what-if", *options)
    assert answer.exit_code == 0
    assert answer.stdout.startswith("What if I")
    assert "Your share now: EUR" in answer.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--member", "zoe"], "nobody of that name"),
        (["--member", "ann", "--what-if", "wider-window"], "needs --earlier or --later"),
        (["--member", "ann", "--what-if", "day-later", "--order", "b1"], "of your own"),
        (["--member", "ann", "--rule", "volume"], "[key_missing]"),
    ],
)
def test_what_cannot_be_answered_ends_with_status_two(tmp_path, options, said):
    answer = run(tmp_path, *options)
    assert answer.exit_code == 2
    assert said in answer.stderr


def test_a_seal_too_short_is_refused(tmp_path):
    (tmp_path / "seal").write_bytes(b"short")
    answer = run(tmp_path, "--member", "ann", "--seal-file", str(tmp_path / "seal"))
    assert answer.exit_code == 2
    assert "at least 16 bytes" in answer.stderr


def test_a_plan_of_another_day_is_refused(tmp_path):
    day = two_members()
    (tmp_path / "problem.json").write_bytes(problem_to_json(day.restricted_to(frozenset({"ann"}))))
    (tmp_path / "plan.json").write_bytes(plan_to_json(one_route(day)))
    files = [str(tmp_path / "problem.json"), str(tmp_path / "plan.json")]
    answer = CliRunner().invoke(statement_command, [*files, "--member", "ann"], catch_exceptions=False)
    assert answer.exit_code == 1
    assert "not one of this problem" in answer.stderr
