"""Tables between places: right, narrow, stored once, seen by child processes without a copy."""

import tracemalloc
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver import shared
from solver.matrix import NARROW_MAX, UNREACHABLE, Matrix
from solver.parts import Place, TravelProfile
from solver.processes import Processes
from solver.travel import BLOCK_ROWS, EARTH_RADIUS_M, matrices


def scattered(number: int, seed: int = 1) -> tuple[Place, ...]:
    random = Random(seed)
    return tuple(Place(id=f"p{k}", lat=random.uniform(-80, 80), lon=random.uniform(-180, 180)) for k in range(number))


def all_at_once(places: tuple[Place, ...], profile: TravelProfile) -> tuple[Any, Any]:
    """The formula as in a textbook, without blocks or mirrors."""
    lat = np.radians([place.lat for place in places])
    lon = np.radians([place.lon for place in places])
    half = (
        np.sin((lat[:, None] - lat) / 2) ** 2
        + np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    )
    road_m = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(half, 0, 1))) * profile.circuity_percent / 100
    return np.ceil(road_m), np.ceil(road_m * 3.6 / profile.speed_kmh)


def test_a_degree_of_the_equator_is_a_360th_of_the_way_around() -> None:
    places = (Place(id="a", lat=0.0, lon=0.0), Place(id="b", lat=0.0, lon=1.0))
    distance_m, duration_s = matrices(TravelProfile(id="straight", speed_kmh=36, circuity_percent=100), places)
    # 2 * pi * 6,371,009 m / 360 = 111,195.08 m; at 10 m/s 11,119.508 s; both rounded up
    assert distance_m.tolist() == [[0, 111_196], [111_196, 0]]
    assert duration_s.tolist() == [[0, 11_120], [11_120, 0]]


@pytest.mark.parametrize("number", [1, BLOCK_ROWS, BLOCK_ROWS + 1, 2 * BLOCK_ROWS + 17])
def test_blocks_and_mirrors_change_no_entry(number: int) -> None:
    profile = TravelProfile(id="default", speed_kmh=31, circuity_percent=127)
    places = scattered(number)
    distance_m, duration_s = matrices(profile, places)
    metres, seconds = all_at_once(places, profile)
    # the order of multiplications may move a value across a whole number: never by more than one, hardly ever at all
    assert np.abs(distance_m - metres).max() <= 1
    assert (distance_m != metres).mean() < 1e-3
    assert np.abs(duration_s - seconds).max() <= 1
    assert (distance_m == distance_m.T).all()
    assert not distance_m.flags.writeable


def test_no_temporary_is_as_large_as_a_table_of_floats() -> None:
    places = scattered(2_000)
    tracemalloc.start()
    held = matrices(TravelProfile(id="default"), places)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    own = sum(table.nbytes for table in held if table.flags.owndata)  # nothing where tables lie in mapped memory
    assert peak - own < 2_000 * 2_000 * 8


def test_profiles_of_the_same_speed_share_their_tables_and_others_their_distances() -> None:
    places = scattered(30)
    van = matrices(TravelProfile(id="van", speed_kmh=30), places)
    car = matrices(TravelProfile(id="car", speed_kmh=30), places)
    truck = matrices(TravelProfile(id="truck", speed_kmh=20), places)
    assert van[0] is car[0]
    assert van[1] is car[1]
    assert truck[0] is van[0]
    assert (truck[1] >= van[1]).all()
    assert (truck[1] > van[1]).any()


def test_a_table_moved_by_a_hair_is_another_table() -> None:
    places = scattered(30)
    moved = (*places[:-1], Place(id=places[-1].id, lat=places[-1].lat, lon=(places[-1].lon or 0.0) / 2))
    assert matrices(TravelProfile(id="a"), places)[0] is not matrices(TravelProfile(id="a"), moved)[0]


def test_no_way_in_one_table_is_no_way_in_the_other() -> None:
    profile = TravelProfile(id="given", distance_m=Matrix([[0, -1], [5, 0]]), duration_s=Matrix([[0, 7], [-1, 0]]))
    distance_m, duration_s = matrices(profile, scattered(2))
    assert distance_m.tolist() == duration_s.tolist() == [[0, UNREACHABLE], [UNREACHABLE, 0]]


def test_given_tables_that_agree_are_used_as_they_are() -> None:
    profile = TravelProfile(id="given", distance_m=Matrix([[0, -1], [5, 0]]), duration_s=Matrix([[0, -1], [6, 0]]))
    distance_m, duration_s = matrices(profile, scattered(2))
    assert profile.distance_m is not None
    assert distance_m is profile.distance_m.values
    assert duration_s.tolist() == [[0, -1], [6, 0]]


@given(st.lists(st.integers(-1, 2**62), min_size=4, max_size=4))
def test_a_matrix_holds_what_it_was_given_in_as_few_bits_as_do(values: list[int]) -> None:
    rows = [values[:2], values[2:]]
    matrix = Matrix(rows)
    assert matrix.to_rows() == rows
    assert matrix.values.dtype == (np.int32 if max(values) <= NARROW_MAX else np.int64)
    assert matrix == Matrix(np.array(rows))
    assert hash(matrix) == hash(Matrix(np.array(rows)))


@settings(max_examples=20)
@given(st.integers(1, 40), st.integers(0, 2**32))
def test_the_matrix_of_a_list_is_apart_from_it(size: int, seed: int) -> None:
    rows = np.random.default_rng(seed).integers(0, 1000, (size, size))
    matrix = Matrix(rows)
    kept = int(rows[0, 0])
    rows[0, 0] = -7
    assert matrix.values[0, 0] == kept


def _look(package: bytes) -> tuple[int, bool, bool]:
    """In a child: sum of a table, whether it may be written, and whether it is memory of this process's own."""
    table = shared.loads(package)
    return int(table.sum()), bool(table.flags.writeable), bool(table.flags.owndata)


def test_a_child_process_reads_a_large_table_where_it_lies() -> None:
    table = shared.empty((1_500, 1_500), np.int32)
    table[:] = 1
    package = shared.dumps(table)
    processes = Processes(1)
    try:
        assert len(package) < 1_000 or table.flags.owndata  # by reference, where the system has such memory
        table[0, 0] = 8  # after pickling, and still seen
        expected = 1_500 * 1_500 + (0 if table.flags.owndata else 7)
        assert processes.run(_look, [package]) == [(expected, table.flags.owndata, table.flags.owndata)]
    finally:
        processes.close()


def test_a_part_of_a_shared_table_travels_too_and_a_small_one_by_value() -> None:
    table = shared.empty((1_500, 1_500), np.int32)
    table[:] = np.arange(1_500)
    small = np.arange(5)
    rows, kept, column = shared.loads(shared.dumps((table[3:6], small, table[:, 7])))
    assert (rows == table[3:6]).all()
    assert (kept == small).all()
    assert (column == 7).all()
