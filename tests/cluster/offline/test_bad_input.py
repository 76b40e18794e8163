"""What ``cluster plan`` says to input that cannot be used: everything at once, with a cure, and status 2."""

import json

import pytest
from click.testing import CliRunner

from cluster.offline.plan_command import plan_command
from solver.codec import problem_to_json
from tests.cluster.offline.worlds import two_members


def document():
    return json.loads(problem_to_json(two_members()))


def plan(tmp_path, raw, *options):
    path = tmp_path / "problem.json"
    path.write_bytes(raw if isinstance(raw, bytes) else json.dumps(raw).encode())
    return CliRunner().invoke(plan_command, [str(path), *options], catch_exceptions=False)


def faults_of(tmp_path, raw):
    answer = plan(tmp_path, raw, "--json")
    assert answer.exit_code == 2, answer.output
    assert answer.stdout.count("\n") == 1
    return json.loads(answer.stdout)["faults"]


def negative_weight(day):
    day["orders"][1]["load"]["weight_g"] = -1


def window_closes_before_it_opens(day):
    day["orders"][1]["delivery"]["windows"] = [[7200, 3600]]


def latitude_beyond_the_pole(day):
    day["places"][1]["lat"] = 91.0


def repeated_order_id(day):
    day["orders"][1]["id"] = day["orders"][0]["id"]


def unknown_place(day):
    day["orders"][1]["delivery"]["place"] = "nowhere"


def text_for_a_number(day):
    day["orders"][1]["delivery"]["service_s"] = "five minutes"


def unknown_field(day):
    day["orders"][1]["colour"] = "red"


@pytest.mark.parametrize(
    ("spoil", "where"),
    [
        (negative_weight, "orders[1].load"),
        (window_closes_before_it_opens, "orders[1].delivery.windows[0]"),
        (latitude_beyond_the_pole, "places[1].lat"),
        (repeated_order_id, "orders[1].id"),
        (unknown_place, "orders[1].delivery.place"),
        (text_for_a_number, "orders[1].delivery.service_s"),
        (unknown_field, "orders[1]"),
    ],
)
def test_one_fault_is_named_with_its_place_and_cure(tmp_path, spoil, where):
    day = document()
    spoil(day)
    (fault,) = faults_of(tmp_path, day)
    assert fault["where"].startswith(where)
    assert fault["code"]
    assert fault["cause"]
    assert fault["cure"]


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"places": NaN}', b"[" * 100_000, b'{"orders": 1e999}'],
    ids=["empty", "cut off", "list", "null", "not utf-8", "nan", "deep", "infinite"],
)
def test_what_is_no_problem_at_all_is_a_fault(tmp_path, raw):
    assert faults_of(tmp_path, raw)


def test_nan_inside_a_day_is_a_fault(tmp_path):
    day = document()
    day["places"][1]["lat"] = float("nan")
    assert faults_of(tmp_path, day)


def test_two_hundred_faults_are_said_at_once(tmp_path):
    day = document()
    order = day["orders"][0]
    day["orders"] = [{**order, "id": f"o{k}", "load": {"weight_g": -k - 1}} for k in range(200)]
    assert len(faults_of(tmp_path, day)) == 200


def test_faults_for_people_go_to_standard_error(tmp_path):
    day = document()
    negative_weight(day)
    repeated_order_id(day)
    answer = plan(tmp_path, day)
    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert "2 faults" in answer.stderr


def test_a_missing_file_is_a_fault(tmp_path):
    answer = CliRunner().invoke(plan_command, [str(tmp_path / "no.json"), "--json"])
    assert answer.exit_code == 2
    assert json.loads(answer.stdout)["faults"][0]["code"] == "unreadable_file"


def test_a_folder_is_a_fault(tmp_path):
    assert CliRunner().invoke(plan_command, [str(tmp_path), "--json"]).exit_code == 2


@pytest.mark.parametrize("options", [["--seconds", "0"], ["--seconds", "nan"], ["--cores", "0"], ["--rule", "mine"]])
def test_options_out_of_range_are_refused(tmp_path, options):
    answer = plan(tmp_path, document(), *options)
    assert answer.exit_code == 2
