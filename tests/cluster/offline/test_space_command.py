"""``cluster space``: tables, JSON, faults, exit statuses."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cluster.cli import main
from solver.check_space import check_space
from solver.codec import value_from_json
from solver.spaces import Allocation, SpaceProblem

EXAMPLE = Path(__file__).parents[3] / "examples" / "space.json"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["space", *(str(argument) for argument in arguments)])


def test_tables_say_who_stands_where_and_what_would_be_accepted() -> None:
    result = run(EXAMPLE, "--work", 200)
    assert result.exit_code == 0, result.output
    for word in ("hub climate room", "Accepted", "Rejected", "nearest yes", "Worth", "below the best"):
        assert word in result.output


def test_json_and_file_hold_a_checked_allocation(tmp_path: Path) -> None:
    result = run(EXAMPLE, "--work", 200, "--json", "--out", tmp_path)
    assert result.exit_code == 0, result.output
    said = json.loads(result.stdout)
    assert said["violations"] == []
    assert said["gap_percent"] >= 0
    problem = value_from_json(EXAMPLE.read_bytes(), SpaceProblem)
    allocation = value_from_json((tmp_path / "allocation.json").read_bytes(), Allocation)
    assert check_space(problem, allocation) == []
    assert allocation.worth_milli == said["worth_milli"]


def test_the_same_work_gives_the_same_answer() -> None:
    first, second = (json.loads(run(EXAMPLE, "--work", 300, "--json").stdout) for _ in range(2))
    assert {**first, "seconds": 0} == {**second, "seconds": 0}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"offers": [{"id": "a", "site": "s", "capacity": {"pallet_places": 1}, "last_day": -1}]}, "days_reversed"),
        ({"bookings": [{"id": "a", "owner": "o", "need": {}, "earliest_day": 0, "days": 1}]}, "need_missing"),
        ({"storeys": 2}, "field_unknown"),
        ({"version": 7}, "version_unknown"),
    ],
)
def test_faults_are_listed_with_status_2(tmp_path: Path, change: dict[str, object], code: str) -> None:
    path = tmp_path / "space.json"
    path.write_text(json.dumps({"offers": [], "bookings": [], **change}))
    result = run(path, "--json")
    assert result.exit_code == 2
    assert code in {fault["code"] for fault in json.loads(result.stdout)["faults"]}


def test_a_missing_file_and_a_time_that_is_none_are_refused() -> None:
    assert run("nowhere.json").exit_code == 2
    assert run(EXAMPLE, "--seconds", "nan").exit_code == 2
