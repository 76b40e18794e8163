"""Estimates without a road network: positive, the same both ways, longer for what is farther, near what was measured."""

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster.places.roads_engine import straight_m
from cluster.places.roads_measure import NotEnough, calibrate, connectivity, sample
from cluster.places.roads_models import Mode, SetTravelProfile
from cluster.places.roads_straight import Calibration, Straight, cell_of, load, store
from tests.cluster.places.towns import Town, grid_m

VAN = SetTravelProfile(mode=Mode.VAN)
BOX = (10.7, 106.5, 10.9, 106.7)


@pytest.fixture(scope="module")
def measured() -> Calibration:
    """The town, measured between 120 points."""
    return calibrate(Town(block=60), {Mode.VAN: VAN}, BOX, points=120, seed=1)


points = st.tuples(st.integers(10_700_000, 10_900_000), st.integers(106_500_000, 106_700_000))


@given(st.lists(points, min_size=2, max_size=6, unique=True))
@settings(max_examples=60)
def test_estimates_are_positive_and_the_same_both_ways(measured: Calibration, found: list[tuple[int, int]]) -> None:
    table = Straight(measured).table(VAN, found, found)
    for values in table:
        assert (values == values.T).all()
        assert (np.diag(values) == 0).all()
        assert (values[~np.eye(len(found), dtype=bool)] > 0).all()


@given(points, points, st.integers(1, 20))
@settings(max_examples=60)
def test_what_is_farther_in_the_same_cells_takes_longer(
    measured: Calibration, start: tuple[int, int], end: tuple[int, int], steps: int
) -> None:
    along = [
        (start[0] + (end[0] - start[0]) * n // steps, start[1] + (end[1] - start[1]) * n // steps)
        for n in range(steps + 1)
    ]
    table = Straight(measured).table(VAN, [start], along)
    straight = straight_m([start], along)[0]
    for before, after in pairwise(range(len(along))):
        if cell_of(along[before]) == cell_of(along[after]) and straight[before] <= straight[after]:
            assert table.distance_m[0, before] <= table.distance_m[0, after]
            assert table.duration_s[0, before] <= table.duration_s[0, after]


@given(points, points, points)
@settings(max_examples=60)
def test_a_detour_is_hardly_ever_shorter(
    measured: Calibration, a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]
) -> None:
    # curves of different cells may differ, so that the triangle inequality holds to within their difference alone
    table = Straight(measured).table(VAN, [a, b, c], [a, b, c]).distance_m
    assert table[0, 2] <= 1.3 * (table[0, 1] + table[1, 2]) + 50


def test_streets_at_right_angles_are_up_to_a_half_longer_than_the_straight_line(measured: Calibration) -> None:
    # north and east: (|sin| + |cos|) of the angle lies between 1 and 1.414, on the mean 4 / pi = 1.27; the town
    # counts 0.1 m for each millionth of a degree, the earth 0.111 m north: some 12 % less
    bands = [band for band in measured.modes[Mode.VAN].bands if band.pairs > 100]
    assert all(90 <= band.circuity_percent_p50 <= 130 for band in bands)
    assert all(35 <= band.speed_kmh <= 37 for band in bands)  # ten metres a second, whole seconds


def test_estimates_lie_near_the_roads_on_points_that_were_not_measured(measured: Calibration) -> None:
    error = measured.modes[Mode.VAN].error
    assert error.pairs > 500
    assert error.distance_median < 15
    away = [(10_750_000, 106_550_000), (10_850_000, 106_640_000)]
    table = measured.table(Mode.VAN, away, away)
    assert table is not None
    assert table.distance_m[0, 1] == pytest.approx(grid_m(*away), rel=0.3)


def test_what_was_not_measured_is_not_estimated(measured: Calibration) -> None:
    inside, outside = [(10_800_000, 106_600_000)], [(48_100_000, 11_500_000)]
    assert measured.table(Mode.TRUCK, inside, inside) is None
    assert measured.table(Mode.VAN, inside, outside) is None


def test_a_calibration_comes_back_as_it_was_stored(measured: Calibration, tmp_path: Path) -> None:
    assert load(tmp_path) is None
    store(tmp_path, measured)
    assert load(tmp_path) == measured
    assert measured.measured_at <= datetime.now(UTC)


def test_the_same_seed_measures_the_same(measured: Calibration) -> None:
    again = calibrate(Town(block=60), {Mode.VAN: VAN}, BOX, points=120, seed=1)
    assert again.modes == measured.modes


def test_points_are_drawn_near_roads_alone_and_a_sea_has_too_few() -> None:
    drawn = sample(Town(), VAN, (10.0, 119.9, 10.5, 120.1), 40, seed=1)
    assert len(drawn) == 40
    assert all(lon < 120_000_000 for _, lon in drawn)
    with pytest.raises(NotEnough):
        sample(Town(), VAN, (10.0, 121.0, 10.5, 121.5), 40, seed=1)


def test_an_island_shows_in_the_connectivity() -> None:
    mainland = [(10_800_000 + number, 106_600_000) for number in range(5)]
    island = [(20_800_000 + number, 106_600_000) for number in range(5)]
    # 10 points, 90 pairs, of which 2 x 20 lie on one side of the water
    assert connectivity(Town(), VAN, [*mainland, *island]).connected_percent == 44.4
