"""Road networks built from real extracts, asked through the library and through Valhalla's own server."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner

from cluster.base.settings import Settings
from cluster.cli import main
from cluster.places import roads_network, roads_valhalla
from cluster.places.polylines import decoded
from cluster.places.roads_engine import RoadsAway, TravelEngine, lines_of, straight_m, table_of
from cluster.places.roads_engines import Roads
from cluster.places.roads_models import Mode, SetTravelProfile
from cluster.places.roads_network import RoadsError
from tests.cluster.places.towns import valhalla_server
from tests.shared_data import shared_data

CLIENT = httpx.Client()
VAN = SetTravelProfile(mode=Mode.VAN)
VADUZ, SCHAAN, GAMPRIN = (47_141_000, 9_521_000), (47_166_000, 9_510_000), (47_210_000, 9_524_000)
"""In the valley of the Rhine, one behind the other on the road north."""
NULL_ISLAND = (0, 0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the network of Liechtenstein."""
    pytest.importorskip("valhalla")
    found = tmp_path_factory.mktemp("roads")
    roads_network.build(found, [shared_data("osm", "liechtenstein.osm.pbf")])
    return found


@pytest.fixture(scope="module")
def engine(folder: Path) -> TravelEngine:
    """Valhalla as a library."""
    found = Roads("valhalla", None, folder).engine()
    assert found is not None
    return found


@pytest.fixture(scope="module")
def server(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Valhalla's server on the same tiles."""
    network = roads_network.current(folder)
    assert network is not None
    with valhalla_server(roads_network.tiles_of(folder, network), tmp_path_factory.mktemp("v")) as url:
        yield url


def test_a_network_says_what_it_was_built_from(folder: Path) -> None:
    network = roads_network.current(folder)
    assert network is not None
    [extract] = network.extracts
    assert str(extract.data_at) == "2015-07-27 21:14:01+00:00"
    assert network.name.startswith("osm-20150727-")
    south, west, north, east = network.box
    assert south < 47.141 < north
    assert west < 9.521 < east
    assert network.edges > network.nodes > 5_000


def test_building_the_same_again_gives_the_same_network_and_leaves_nothing_behind(folder: Path) -> None:
    before = roads_network.current(folder)
    assert before is not None
    again = roads_network.build(folder, [shared_data("osm", "liechtenstein.osm.pbf")])
    assert again.name == before.name
    assert {path.name for path in folder.iterdir()} == {"current", before.name}


def test_a_new_network_is_taken_up_and_all_but_the_last_two_go(tmp_path: Path) -> None:
    pytest.importorskip("valhalla")
    extracts = [shared_data("osm", name) for name in ("andorra.osm.pbf", "liechtenstein.osm.pbf")]
    roads = Roads("valhalla", None, tmp_path)
    with pytest.raises(RoadsAway, match="cluster roads build"):
        roads.engine()
    names = []
    for files in ([extracts[0]], [extracts[1]], extracts):
        names.append(roads_network.build(tmp_path, files).name)
        engine = roads.engine()
        assert engine is not None
        assert engine is roads.engine()
        assert engine.network == names[-1]
    assert {path.parent.name for path in tmp_path.glob("*/network.json")} == set(names[1:])


def test_roads_are_longer_than_the_straight_line_and_differ_by_direction(engine: TravelEngine) -> None:
    points = [VADUZ, SCHAAN, GAMPRIN]
    table = engine.table(VAN, points, points)
    straight = straight_m(points, points)
    for i, j in itertools.permutations(range(3), 2):
        assert straight[i, j] * 0.98 <= table.distance_m[i, j] <= 3 * straight[i, j]
        assert 10 <= 3.6 * table.distance_m[i, j] / table.duration_s[i, j] <= 90
    assert table.distance_m[0, 1] != table.distance_m[1, 0]
    assert [table.distance_m[i, i] for i in range(3)] == [0, 0, 0]


def test_library_and_server_draw_the_same_lines_along_roads(engine: TravelEngine, server: str) -> None:
    points = [VADUZ, SCHAAN, GAMPRIN]
    lines = engine.lines(VAN, points)
    assert Roads("valhalla_http", server, Path()).engine().lines(VAN, points) == lines  # type: ignore[union-attr]
    road_m, snapped = engine.table(VAN, points, points).distance_m, engine.snap(VAN, points)
    for number, line in enumerate(lines):
        along = decoded(line)
        steps = [float(straight_m([a], [b])[0, 0]) for a, b in itertools.pairwise(along)]
        # bends of less than 4 m are left out, and no more
        assert sum(steps) == pytest.approx(int(road_m[number, number + 1]), rel=0.03)
        for point, end in ((number, along[0]), (number + 1, along[-1])):
            aside = snapped[point].distance_m
            assert straight_m([points[point]], [end])[0, 0] == pytest.approx(aside, abs=5)
        assert len(along) > 10


def test_a_point_without_roads_spoils_only_the_lines_to_it(engine: TravelEngine, server: str) -> None:
    over_http = Roads("valhalla_http", server, Path()).engine()
    assert over_http is not None
    for asked in (engine, over_http):
        lines = lines_of(asked, VAN, [VADUZ, NULL_ISLAND, SCHAAN, GAMPRIN])
        assert [line is None for line in lines] == [True, True, False]


def test_points_meet_the_road_where_it_is_near_and_nowhere_else(engine: TravelEngine) -> None:
    near, nowhere = engine.snap(VAN, [VADUZ, NULL_ISLAND])
    assert near.distance_m is not None
    assert near.distance_m < 50
    assert near.road is not None
    assert straight_m([VADUZ], [near.road])[0, 0] == pytest.approx(near.distance_m, abs=1)
    assert (nowhere.road, nowhere.distance_m) == (None, None)


def test_a_point_without_roads_spoils_only_its_own_row_and_column(engine: TravelEngine) -> None:
    points = [VADUZ, NULL_ISLAND, SCHAAN]
    table = table_of(engine, VAN, points, points)
    assert (table.distance_m[1] == -1).all()
    assert (table.duration_s[:, 1] == -1).all()
    assert table.distance_m[0, 2] > 2_000


@pytest.mark.parametrize("mode", list(Mode))
def test_every_mode_gets_from_town_to_town(engine: TravelEngine, mode: Mode) -> None:
    table = engine.table(SetTravelProfile(mode=mode), [VADUZ], [SCHAAN])
    assert table.duration_s[0, 0] > 60


def test_a_lower_speed_takes_longer(engine: TravelEngine) -> None:
    slow = SetTravelProfile(mode=Mode.VAN, speed_max_kmh=20)
    assert engine.table(slow, [VADUZ], [GAMPRIN]).duration_s > engine.table(VAN, [VADUZ], [GAMPRIN]).duration_s


def test_the_server_says_the_same_as_the_library(engine: TravelEngine, server: str) -> None:
    remote = roads_valhalla.over_http(server, CLIENT)
    points = [VADUZ, SCHAAN, GAMPRIN, NULL_ISLAND]
    ours, theirs = table_of(engine, VAN, points, points), table_of(remote, VAN, points, points)
    # another algorithm in the library's configuration: the same ways, but for rounding
    assert abs(ours.distance_m - theirs.distance_m).max() <= 3
    assert abs(ours.duration_s - theirs.duration_s).max() <= 3
    assert remote.snap(VAN, points) == engine.snap(VAN, points)
    assert remote.network.startswith("valhalla-")


def test_the_servers_limits_do_not_limit_tables(engine: TravelEngine, server: str) -> None:
    remote = roads_valhalla.over_http(server, CLIENT)
    points = [(VADUZ[0] + 500 * number, VADUZ[1]) for number in range(60)]  # 3,600 pairs, the server takes 2,500
    ours, theirs = table_of(engine, VAN, points, points), table_of(remote, VAN, points, points)
    assert ((ours.distance_m >= 0) == (theirs.distance_m >= 0)).all()


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x00\x00\x0dnot a map, no", b"\xff\xff\xff\xff", b"\x00\x00\x00\x02\x0a\x09"]
)
def test_a_file_that_is_no_extract_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "map.osm.pbf"
    path.write_bytes(content)
    with pytest.raises(RoadsError, match=r"map\.osm\.pbf is not OpenStreetMap data"):
        roads_network.examine(path)


def test_a_damaged_extract_builds_nothing_and_keeps_the_network_in_use(folder: Path, tmp_path: Path) -> None:
    before = roads_network.current(folder)
    damaged = tmp_path / "half.osm.pbf"
    damaged.write_bytes(shared_data("osm", "liechtenstein.osm.pbf").read_bytes()[:200_000])
    with pytest.raises(RoadsError, match="built no road network"):
        roads_network.build(folder, [damaged])
    assert roads_network.current(folder) == before
    assert not list(folder.glob("building-*"))


def test_the_command_line_builds_checks_and_measures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("valhalla")
    monkeypatch.setenv("CLUSTER_ROADS_DIR", str(tmp_path))
    monkeypatch.delenv("CLUSTER_ROADS_ENGINE", raising=False)
    run = CliRunner().invoke
    missing = run(main, ["roads", "check"])
    assert (missing.exit_code, "cluster roads build" in missing.output) == (1, True)
    built = run(main, ["roads", "build", str(shared_data("osm", "liechtenstein.osm.pbf"))])
    assert built.exit_code == 0, built.output
    assert "data of 2015-07-27" in built.output
    checked = run(main, ["roads", "check"])
    assert checked.exit_code == 0, checked.output
    assert "pairs among 60 points have a way" in checked.output
    measured = run(main, ["roads", "calibrate", "--mode", "van", "--points", "60"])
    assert measured.exit_code == 0, measured.output
    assert "on 210 pairs held out" in measured.output  # 15 of 60 points held out, each with the 14 others
    assert Roads.of(Settings(data_dir=tmp_path, roads_dir=tmp_path)).calibration() is not None


@pytest.mark.parametrize("box", ["1,2,3", "north", "2,0,1,5", "0,0,91,1"])
def test_a_box_that_is_none_is_refused(box: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLUSTER_ROADS_DIR", str(folder))
    answer = CliRunner().invoke(main, ["roads", "calibrate", f"--box={box}"])
    assert (answer.exit_code, "--box" in answer.output) == (1, True)
