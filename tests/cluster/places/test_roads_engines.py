"""Road engines over HTTP, and tables in blocks: what is refused together may be answered apart."""

from itertools import product

import httpx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster.places.polylines import decoded
from cluster.places.roads_engine import RoadsAway, blocks, lines_of, table_of, whole
from cluster.places.roads_engines import Roads
from cluster.places.roads_models import Mode, PointE6, SetTravelProfile
from cluster.places.roads_osrm import Osrm
from cluster.places.roads_valhalla import costing
from tests.cluster.places.towns import Fussy, Town, grid_m, osrm_server, streets

CLIENT = httpx.Client()
VAN = SetTravelProfile(mode=Mode.VAN)
MARKET, HARBOUR, SCHOOL = (10_800_000, 106_600_000), (10_810_000, 106_640_000), (10_790_000, 106_620_000)
ISLAND = (20_800_000, 106_600_000)
SEA = (10_800_000, 121_000_000)


@given(st.lists(st.lists(st.booleans(), min_size=7, max_size=7), min_size=1, max_size=12), st.integers(1, 5))
@settings(max_examples=60)
def test_blocks_cover_exactly_what_is_missing_once(rows: list[list[bool]], size: int) -> None:
    missing = np.array(rows, dtype=bool)
    seen = np.zeros(missing.shape, dtype=int)
    for block in blocks(missing, size):
        assert max(len(block.rows), len(block.columns)) <= size
        seen[np.ix_(block.rows, block.columns)] += 1
    assert (seen == missing).all()


def test_two_new_points_among_five_old_ones_make_two_blocks() -> None:
    missing = np.zeros((7, 7), dtype=bool)
    missing[5:, :] = missing[:, 5:] = True
    assert [(len(block.rows), len(block.columns)) for block in blocks(missing, 10)] == [(5, 2), (2, 7)]


def test_a_refused_table_is_halved_down_to_the_point_that_has_no_road() -> None:
    points = [MARKET, HARBOUR, SEA, SCHOOL]
    table = table_of(Fussy(), VAN, points, points)
    for (i, start), (j, end) in product(enumerate(points), enumerate(points)):
        expected = -1 if SEA in (start, end) else grid_m(start, end)
        assert table.distance_m[i, j] == expected


def test_numbers_are_rounded_up_and_null_is_no_way() -> None:
    assert whole([[0, 1.2], [None, 3.0]]).tolist() == [[0, 2], [-1, 3]]
    assert whole([[0.1, 3.164]], 1000.0).tolist() == [[100, 3164]]


def test_osrm_answers_tables_with_the_ways_there_are() -> None:
    with osrm_server() as (url, paths):
        engine = Osrm(url, CLIENT).identify()
        table = engine.table(VAN, [MARKET, ISLAND], [HARBOUR, SCHOOL, MARKET])
    # market to harbour: 10,000 + 40,000 millionths, 5,000 m; to the school 10,000 + 20,000, 3,000 m; ten metres a second
    assert table.distance_m.tolist() == [[5000, 3000, 0], [-1, -1, -1]]
    assert table.duration_s.tolist() == [[500, 300, 0], [-1, -1, -1]]
    assert engine.network == "osrm-2026-11-20"
    assert paths[1].startswith("/table/v1/driving/106.600000,10.800000;106.600000,20.800000;106.640000,10.810000;")


def test_osrm_is_asked_in_tables_of_the_size_it_takes() -> None:
    points = [(10_800_000 + 1000 * number, 106_600_000) for number in range(30)]
    with osrm_server(points_max=16) as (url, paths):
        table = table_of(Osrm(url, CLIENT), VAN, points, points)
    assert (table.distance_m == [[grid_m(a, b) for b in points] for a in points]).all()
    assert len(paths) > 16  # 900 legs, at most 8 x 8 of them at once


def test_osrm_says_where_a_point_meets_the_road() -> None:
    with osrm_server() as (url, _):
        near, sea = Osrm(url, CLIENT).snap(VAN, [MARKET, SEA])
    assert (near.road, near.distance_m) == (MARKET, 0)
    assert (sea.road, sea.distance_m) == (None, None)


def test_osrm_says_along_which_streets_a_chain_of_points_leads() -> None:
    with osrm_server() as (url, paths):
        lines = Osrm(url, CLIENT).lines(VAN, [MARKET, HARBOUR, SCHOOL])
    assert [decoded(line) for line in lines] == [streets(MARKET, HARBOUR), streets(HARBOUR, SCHOOL)]
    assert paths[0].startswith("/route/v1/driving/106.600000,10.800000;106.640000,10.810000;106.620000,10.790000?")


def test_a_chain_is_halved_down_to_the_leg_that_has_no_road() -> None:
    with osrm_server() as (url, _):
        lines = lines_of(Osrm(url, CLIENT), VAN, [MARKET, HARBOUR, ISLAND, SCHOOL, MARKET])
    assert [line is not None for line in lines] == [True, False, False, True]
    assert lines_of(Town(), VAN, [MARKET]) == []


def test_a_way_with_a_line_that_is_none_is_a_server_that_is_away() -> None:
    answers = [{"routes": []}, {"routes": [{"legs": [{"steps": [{"geometry": "_"}]}]}]}, {"routes": [{"legs": []}]}]
    for answer in answers:
        told = httpx.MockTransport(lambda _, answer=answer: httpx.Response(200, json={"code": "Ok"} | answer))
        with pytest.raises(RoadsAway):
            Osrm("http://osrm", httpx.Client(transport=told)).lines(VAN, [MARKET, HARBOUR])


def test_a_mode_can_have_a_server_of_its_own() -> None:
    with osrm_server() as (url, paths):
        engine = Osrm(f"{url}/table/v1/{{mode}}".replace("/table/v1", ""), CLIENT)
        with pytest.raises(RoadsAway):
            engine.table(SetTravelProfile(mode=Mode.BICYCLE), [MARKET], [HARBOUR])
    assert paths[0].startswith("/bicycle/table/v1/cycling/")


@pytest.mark.parametrize("kind", ["osrm_http", "valhalla_http"])
def test_a_server_that_is_not_there_is_away_not_wrong(kind: str) -> None:
    with pytest.raises(RoadsAway, match="does not answer"):
        Roads(kind, "http://127.0.0.1:9", None).engine()  # type: ignore[arg-type]


def test_a_server_of_another_kind_is_away_too() -> None:
    with osrm_server() as (url, _), pytest.raises(RoadsAway, match="does not answer"):
        Roads("valhalla_http", url, None).engine()  # type: ignore[arg-type]


def test_a_trucks_measures_reach_valhalla_in_its_units() -> None:
    truck = SetTravelProfile(mode=Mode.TRUCK, gross_weight_g=12_000_000, height_mm=3800, speed_max_kmh=80)
    name, options = costing(truck)
    assert name == "truck"
    assert options == {"weight": 12, "height": 3.8, "width": 2.5, "length": 8.5, "axle_load": 5.5, "top_speed": 80}


@pytest.mark.parametrize("mode", list(Mode))
def test_every_mode_has_a_name_in_valhalla(mode: Mode) -> None:
    assert costing(SetTravelProfile(mode=mode))[0] in {"auto", "truck", "motorcycle", "bicycle"}


def test_ways_that_differ_have_other_digests() -> None:
    ways = [VAN, SetTravelProfile(mode=Mode.TRUCK), SetTravelProfile(mode=Mode.VAN, height_mm=2000)]
    assert len({way.digest for way in ways}) == 3
    assert SetTravelProfile(mode=Mode.VAN).digest == VAN.digest


def test_no_sources_make_an_empty_table() -> None:
    points: list[PointE6] = []
    assert table_of(Town(), VAN, points, [MARKET]).distance_m.shape == (0, 1)
