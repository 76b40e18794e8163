"""Tariffs as files: out and in again as they were, and every fault with its line."""

import io
import zipfile
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.cluster.api import World, riverside
from tests.databases import Database

pytestmark = pytest.mark.anyio
WHOLE = {
    "carrier_name": "=River Freight",
    "tariff": {"fixed_minor": 12_000, "km_minor": 85, "hour_minor": 2_400, "stop_minor": 150},
    "trip_minor": 500,
    "minimum_minor": 15_000,
    "fuel": [{"effective_from": "2027-01-01", "permille": 35}, {"effective_from": "2027-02-01", "permille": 50}],
    "zones": [
        {
            "code": "centre",
            "name": "City centre",
            "supplement_minor": 800,
            "per": "route",
            "postal_codes": ["101", "10999"],
            "ward_codes": ["26734"],
            "province_codes": [],
            "area": [{"lat": 10.8, "lon": 106.6}, {"lat": 10.9, "lon": 106.6}, {"lat": 10.9, "lon": 106.7}],
        }
    ],
    "weight_breaks": [
        {"weight_max_g": 30_000, "supplement_minor": 0},
        {"weight_max_g": None, "supplement_minor": 400},
    ],
}


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    async with riverside(database) as found:
        yield found


async def path_of(world: World) -> str:
    [kind] = (await world.coordinator.get("/v1/vehicle-types")).json()["data"]
    return f"/v1/vehicle-types/{kind['id']}/tariffs"


def settled(version: dict[str, Any]) -> dict[str, Any]:
    """What a version says, without what it is called."""
    return {name: version[name] for name in WHOLE}


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
async def test_a_tariff_goes_out_and_in_again_as_it_was(world: World, file_format: str) -> None:
    path = await path_of(world)
    assert (await world.coordinator.send("PUT", path, WHOLE)).is_success
    file = await world.coordinator.get(f"{path}/file?format={file_format}")
    assert file.headers["Content-Disposition"] == f'attachment; filename="tariff-1.{file_format}"'
    query = "effective_from=2099-01-01&note=again"
    early = await world.coordinator.send("PUT", f"{path}/file", file.content, If_Match='"7"')
    assert (early.status_code, early.json()["code"]) == (412, "outdated")
    far = await world.coordinator.send("PUT", f"{path}/file?{query}", file.content, If_Match=file.headers["ETag"])
    assert [fault["code"] for fault in far.json()["errors"]] == ["out_of_range"]
    again = await world.coordinator.send("PUT", f"{path}/file?note=again", file.content, If_Match=file.headers["ETag"])
    assert (again.status_code, again.json()["latest_version"]) == (200, 2)
    second, first, _ = again.json()["data"]
    assert (settled(second), second["note"]) == (settled(first), "again")
    assert settled(second) == WHOLE


async def test_no_cell_is_a_formula(world: World) -> None:
    path = await path_of(world)
    assert (await world.coordinator.send("PUT", path, WHOLE)).is_success
    text = (await world.coordinator.get(f"{path}/file")).text
    assert "carrier,,'=River Freight" in text
    content = (await world.coordinator.get(f"{path}/file?format=xlsx")).content
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"River Freight" in sheet


async def test_every_fault_is_told_with_its_line(world: World) -> None:
    path = await path_of(world)
    lines = [
        "part,code,name,from,weight_max_g,permille,amount_minor,per,postal_codes,price",
        "km,,,,,,nine,,,",
        "hour,,,,,,1,,,",
        "hour,,,,,,2,,,",
        "fuel,,,soon,,35,,,,",
        "tax,,,,,,1,,,",
        "zone,centre,City centre,,,,800,often,101,",
        "zone,edge,,,,,-1,stop,102,",
    ]
    answer = await world.coordinator.send("PUT", f"{path}/file", "\n".join(lines).encode())
    assert answer.status_code == 422
    assert {fault["pointer"] for fault in answer.json()["errors"]} == {
        "/header",
        "/lines/2/amount_minor",
        "/lines/4/part",
        "/lines/5/from",
        "/lines/6/part",
        "/lines/7/per",
        "/lines/8/name",
        "/lines/8/amount_minor",
    }
    rules = ["part,code,name,amount_minor,postal_codes", "zone,a,A,1,1", "zone,a,B,1,2", "zone,c,C,1,"]
    broken = await world.coordinator.send("PUT", f"{path}/file", "\n".join(rules).encode())
    assert {(fault["pointer"], fault["code"]) for fault in broken.json()["errors"]} == {
        ("/lines/3/code", "zone_twice"),
        ("/lines/4/part", "zone_empty"),
    }
    for content, code in ((b"", "no_header"), (b"\x00\x01", "no_header")):
        empty = await world.coordinator.send("PUT", f"{path}/file", content)
        assert empty.status_code in {400, 422}, code
    assert (await world.coordinator.get(path)).json()["latest_version"] == 0
