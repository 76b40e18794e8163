"""Reference data: imported by the command line, looked up by everybody, replaced as a whole."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cluster.cli import main
from cluster.places.postcodes import PostcodesFileError, read_postcodes
from cluster.places.unlocodes_files import UnLocodeFileError, place_of, read_unlocodes
from tests.cluster.api import World, riverside
from tests.cluster.places.reference import AN_DONG, CHO_QUAN, imported, two_tiers, written
from tests.databases import Database
from tests.shared_data import shared_data

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def world(module_database: Database) -> AsyncIterator[World]:
    """Riverside with reference data."""
    async with riverside(module_database) as found:
        await imported(module_database.url)
        yield found


def command(database: Database, *arguments: str | Path) -> Result:
    """Runs ``cluster places ...`` on a database."""
    texts = [str(argument) for argument in arguments]
    return CliRunner(env={"DATABASE_URL": database.url}).invoke(main, ["places", *texts])


def test_the_command_imports_what_its_files_hold(database: Database, tmp_path: Path) -> None:
    files = written(tmp_path)
    done = command(database, "import-units", files["two.json"], files["three.json"], files["wards.geojson"])
    assert done.exit_code == 0, done.output
    # today: 1 province and 4 wards; before: 1 province, 2 districts, 5 wards; 3 squares
    assert done.output.splitlines() == [
        "two.json: 5 units of the list of two tiers",
        "three.json: 8 units of the list of three tiers",
        "wards.geojson: 3 boundaries of wards",
    ]
    assert "1 codes of VN" in command(database, "import-unlocode", files["vn.yaml"]).output
    assert "1 postcodes" in command(database, "import-postcodes", files["DE.txt"]).output


@pytest.mark.parametrize("name", ["import-units", "import-unlocode", "import-postcodes"])
@pytest.mark.parametrize("raw", [b"", b"nonsense", b"[]", b"{}", b"\xff\xfe", b"- locode: 5"])
def test_a_file_of_another_kind_is_refused_with_a_word(
    module_database: Database, tmp_path: Path, name: str, raw: bytes
) -> None:
    (tmp_path / "file").write_bytes(raw)
    done = command(module_database, name, tmp_path / "file")
    assert (done.exit_code, done.output.partition(":")[0]) == (1, "Error"), done.output


def test_boundaries_before_their_wards_are_refused(database: Database, tmp_path: Path) -> None:
    done = command(database, "import-units", written(tmp_path)["wards.geojson"])
    assert done.exit_code == 1
    assert "import the list of two tiers first" in done.output


async def test_everybody_looks_up_provinces_and_wards(world: World) -> None:
    for caller in (world.an, world.coordinator):
        provinces = (await caller.get("/v1/admin-units")).json()["data"]
        assert [(entry["code"], entry["full_name"]) for entry in provinces] == [("79", "Thành phố Hồ Chí Minh")]
        wards = (await caller.get("/v1/admin-units?province_code=79&q=cho")).json()["data"]
        assert [entry["name"] for entry in wards] == ["Chợ Quán", "Chợ Lớn"]


async def test_an_import_replaces_what_was_there_and_is_seen_at_once(world: World, tmp_path: Path) -> None:
    before = (await world.an.get("/v1/admin-units?province_code=79")).json()["data"]
    assert len(before) == 4
    fewer = two_tiers()
    fewer[0]["Wards"].pop()
    (tmp_path / "two.json").write_text(json.dumps(fewer), "utf-8")
    done = await asyncio.to_thread(command, world.database, "import-units", tmp_path / "two.json")
    assert done.exit_code == 0, done.output
    assert len((await world.an.get("/v1/admin-units?province_code=79")).json()["data"]) == 3
    await imported(world.database.url)
    assert (await world.an.get("/v1/admin-units?province_code=79")).json()["data"] == before


async def test_what_became_of_an_old_address_can_be_asked(world: World) -> None:
    names = {"province": "TP.HCM", "district": "Q.5", "ward": "P.7"}
    for body in (names, {"text": "12 Nguyễn Trãi P.7 Q.5 TP.HCM"}):
        found = (await world.an.post("/v1/addresses/resolve", body)).json()
        assert (found["ward_code"], found["how"], found["confidence"]) == (AN_DONG, "by_code", "likely")
    point = {"lat": 10.755, "lon": 106.685}
    found = (await world.an.post("/v1/addresses/resolve", names | point)).json()
    assert (found["ward_code"], found["how"], found["confidence"]) == (CHO_QUAN, "by_polygon", "certain")


@pytest.mark.parametrize(
    ("body", "code"), [({}, "missing"), ({"text": "a", "ward": "b"}, "two_addresses"), ({"lat": 1.0}, "half_a_point")]
)
async def test_a_question_about_no_address_is_refused(world: World, body: Any, code: str) -> None:
    answer = await world.an.post("/v1/addresses/resolve", body)
    assert code in [fault["code"] for fault in answer.json()["errors"]]


@pytest.mark.parametrize("query", ["code=VNSGN", "code=VN SGN", "code=vn%20sgn", "country_code=VN&q=ho chi", "q=Hồ"])
async def test_a_port_is_found_by_code_and_by_name(world: World, query: str) -> None:
    [found] = (await world.an.get(f"/v1/un-locodes?{query}")).json()["data"]
    # 10 degrees 45 minutes, 106 degrees 40 minutes
    assert found | {"code": "VNSGN", "subdivision": "VN-SG", "functions": "1--45---", "lat": 10.75} == found
    assert found["lon"] == 106.666667


async def test_a_code_that_goes_is_not_found(world: World) -> None:
    assert (await world.an.get("/v1/un-locodes?code=VNOLD")).json()["data"] == []


async def test_parts_of_a_country_go_by_the_standard(world: World) -> None:
    found = (await world.an.get("/v1/subdivisions?country_code=DE")).json()["data"]
    assert len(found) == 16
    assert {"code": "DE-BY", "name": "Bayern"} in found
    assert (await world.an.get("/v1/subdivisions?country_code=ZZ")).json() == {"data": []}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1045N 10640E", (10.75, 106.666667)),
        ("3430S 05830W", (-34.5, -58.5)),
        ("", None),
        ("9930N 10640E", None),
        ("north of here", None),
    ],
)
async def test_degrees_and_minutes_become_degrees(text: str, place: Any) -> None:
    assert place_of(text) == place


@pytest.mark.parametrize(("country", "least"), [("vn", 230), ("cn", 1600)])
async def test_real_lists_of_un_locode_are_read_whole(country: str, least: int) -> None:
    found = read_unlocodes(shared_data("trade", f"{country}.yaml").read_bytes())
    assert len(found) >= least
    assert {entry.code[:2] for entry in found} == {country.upper()}


async def test_lists_that_are_none_are_refused() -> None:
    with pytest.raises(UnLocodeFileError):
        read_unlocodes(b"- locode: ''\n  name: x\n")
    with pytest.raises(PostcodesFileError, match="line 2"):
        read_postcodes("DE\t1\t\t\t\t\t\t\t\t1\t1\t\n".replace("\t1\t\t", "\t10\t\t", 1) + "DE\t10\n")
