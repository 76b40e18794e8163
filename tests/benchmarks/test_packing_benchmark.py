"""The benchmark of loads tells its figures beside what is wanted, and what peers placed is judged like ours."""

import json
from pathlib import Path

import pytest

from benchmarks.packing import command
from benchmarks.packing.figures import Figure
from benchmarks.packing.measure_fill import require_right, volume_percent
from benchmarks.packing.measure_loads import alarms, check_ms
from benchmarks.packing.peer_process import ask
from solver.goods import Hold, Placement, Rotation, Unit

CUBE = Unit(id="cube", length_mm=100, width_mm=100, height_mm=100, quantity=2)
HOLD = Hold(length_mm=200, width_mm=100, height_mm=200)


def at(number: int, *corner_mm: int) -> Placement:
    x, y, z = corner_mm
    return Placement(order="o", unit="cube", number=number, x_mm=x, y_mm=y, z_mm=z, rotation=Rotation.LWH)


@pytest.mark.parametrize(
    ("found", "wanted", "more", "met"),
    [(1.0, 2.0, False, True), (3.0, 2.0, False, False), (3.0, 2.0, True, True), (None, 2.0, True, False)],
)
def test_a_figure_says_whether_it_is_as_wanted(found: float | None, wanted: float, more: bool, met: bool) -> None:
    assert Figure("f", "unit", found, wanted, more=more).met is met


def test_nothing_wanted_is_neither_met_nor_missed() -> None:
    assert Figure("f", "unit", 1.0).met is None


def test_two_of_four_places_are_half_of_the_volume() -> None:
    assert volume_percent(HOLD, [CUBE], [at(1, 0, 0, 0), at(2, 100, 0, 0)]) == 50


def test_an_answer_that_floats_is_refused() -> None:
    require_right(HOLD, [CUBE], [at(1, 0, 0, 0)], "right")
    with pytest.raises(AssertionError, match="rests on 0 %"):
        require_right(HOLD, [CUBE], [at(1, 0, 0, 1)], "floating")


def test_a_peer_that_is_not_there_says_so() -> None:
    answer = ask("packingsolver", HOLD, (CUBE,), 1.0)
    assert len(answer.placements) == 2 or "packingsolver" in answer.note


def test_a_summary_holds_one_figure_or_its_cases() -> None:
    figures = [Figure("check_ms 20", "ms", 0.1), Figure("check_ms 50", "ms", 0.2), Figure("pallets_ms", "ms", 3.0)]
    found = command.summary([figure.record() for figure in figures])
    assert found == {"check_ms": {"20": 0.1, "50": 0.2}, "pallets_ms": 3.0}


def test_a_whole_measurement_is_found_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results = tmp_path / "results.jsonl"
    known = [{"measure": "pallets", "set": "smoke", **Figure("pallets_ms", "ms", 3.0, 100.0).record()}]
    command.append(results, known)
    options = command.arguments(["--only", "pallets", "--results", str(results), "--json", "--data", str(tmp_path)])
    assert command.run(options) == known
    assert json.loads(results.read_text().splitlines()[0])["met"] is True
    assert capsys.readouterr().out == ""


def test_load_tests_and_alarms_are_measured() -> None:
    names = [figure.name for figure in check_ms(1)]
    assert names == ["check_ms 20", "check_ms 50", "check_ms 100"]
    (figure,) = alarms(5)
    assert (figure.found, figure.wanted) == (0, 0)
