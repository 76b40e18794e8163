"""A member's consignees: found, changed without overwriting, erased, and nobody else's to see."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import Role, Scope, system_scope
from cluster.places import address_book
from tests.cluster.api import Caller, World, riverside
from tests.cluster.places.reference import AN_DONG, CHO_QUAN, imported
from tests.cluster.side_by_side import side_by_side
from tests.databases import Database

pytestmark = pytest.mark.anyio
FULL = {
    "name": "Trần Thị Hoa",
    "code": "HOA-1",
    "company": "Hoa Tươi",
    "phone": "+84 90 123 45 67",
    "email": "hoa@example.vn",
    "address_line1": "12 Nguyễn Trãi",
    "address_line2": "2nd floor",
    "country_code": "VN",
    "province_code": "79",
    "ward_code": AN_DONG,
    "postal_code": "72700",
    "lat": 10.755,
    "lon": 106.675,
    "opens_at": "08:00",
    "closes_at": "17:00",
    "hours": {"week": {"sunday": []}, "exceptions": [], "closed_on_public_holidays": True},
    "service_s": 420,
    "instructions": "ring twice\nleave at the desk",
    "access_notes": "no lorries before nine",
}


@pytest.fixture(scope="module")
async def world(module_database: Database) -> AsyncIterator[World]:
    """Riverside with reference data, for all tests of this file; each uses names of its own."""
    async with riverside(module_database) as found:
        await imported(module_database.url)
        yield found


def consignee(name: str, **changes: Any) -> dict[str, Any]:
    """Somebody in Berlin with a point."""
    return {"name": name, "address_line1": "1 Street", "country_code": "DE", "lat": 52.5, "lon": 13.4} | changes


async def names(caller: Caller, query: str) -> list[str]:
    """Whom a search finds."""
    answer = await caller.get(f"/v1/addresses?{query}")
    assert answer.status_code == 200, answer.text
    return [entry["name"] for entry in answer.json()["data"]]


async def test_an_address_comes_back_as_it_was_added(world: World) -> None:
    made = await world.an.made("/v1/addresses", FULL)
    assert made | FULL == made
    assert (made["location_precision"], made["version"]) == ("given", 1)
    answer = await world.an.get(f"/v1/addresses/{made['id']}")
    assert (answer.json(), answer.headers["etag"]) == (made, '"1"')


@pytest.mark.parametrize("role", ["coordinator", "operator"])
async def test_the_address_book_is_no_business_of_the_coordinators(world: World, role: str) -> None:
    made = await world.an.made("/v1/addresses", consignee("Private"))
    for method, path in (("GET", "/v1/addresses"), ("GET", f"/v1/addresses/{made['id']}")):
        assert (await getattr(world, role).send(method, path)).status_code == 403


async def test_a_search_finds_all_its_words_with_and_without_accents(world: World) -> None:
    await world.an.made("/v1/addresses", consignee("Đặng Văn Lâm", company="Gốm Bát Tràng", phone="0912 345 678"))
    for query in ("q=dang lam", "q=ĐẶNG", "q=bat trang", "q=0912345678", "q=lâm gốm"):
        assert await names(world.an, query) == ["Đặng Văn Lâm"], query
    assert await names(world.an, "q=dang berlin") == []
    assert await names(world.binh, "q=dang") == []


@pytest.mark.parametrize("query", ["q=%25", "q=_", "q='", "q=%5C", "q=%00", "q=" + "a" * 100])
async def test_a_search_takes_its_words_as_they_are(world: World, query: str) -> None:
    answer = await world.an.get(f"/v1/addresses?{query}")
    assert answer.status_code < 500
    assert answer.status_code != 200 or answer.json()["data"] == []


async def test_an_edit_changes_what_it_names_and_moves_the_version(world: World) -> None:
    made = await world.an.made("/v1/addresses", FULL | {"code": "EDIT-1"})
    path = f"/v1/addresses/{made['id']}"
    answer = await world.an.send("PATCH", path, {"phone": None, "service_s": 60}, If_Match='"1"')
    assert answer.status_code == 200, answer.text
    edited = answer.json()
    assert edited == made | {"phone": None, "service_s": 60, "version": 2, "updated_at": edited["updated_at"]}
    assert answer.headers["etag"] == '"2"'


async def test_an_edit_of_an_outdated_version_writes_nothing(world: World) -> None:
    made = await world.an.made("/v1/addresses", consignee("Edited"))
    path = f"/v1/addresses/{made['id']}"
    await world.an.send("PATCH", path, {"name": "First"}, If_Match='"1"')
    late = await world.an.send("PATCH", path, {"name": "Second"}, If_Match='"1"')
    assert (late.status_code, late.json()["code"]) == (412, "outdated")
    assert (await world.an.get(path)).json()["name"] == "First"


async def test_an_edit_must_say_what_it_edits(world: World) -> None:
    made = await world.an.made("/v1/addresses", consignee("Unsaid"))
    headers = {"Authorization": f"Bearer {world.an.key}"}
    answer = await world.client.patch(f"/v1/addresses/{made['id']}", json={"name": "x"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (428, "if_match_missing")


async def test_of_edits_at_once_one_wins(world: World) -> None:
    made = await world.an.made("/v1/addresses", consignee("Fought over"))
    async with side_by_side(world.database) as client:
        an = Caller(client, world.an.key)
        path = f"/v1/addresses/{made['id']}"
        edits = [an.send("PATCH", path, {"service_s": number}, If_Match='"1"') for number in range(8)]
        statuses = sorted(answer.status_code for answer in await asyncio.gather(*edits))
    assert statuses == [200] + [412] * 7


async def test_a_moved_address_is_looked_for_again_and_a_given_point_is_taken(world: World) -> None:
    made = await world.an.made("/v1/addresses", FULL | {"code": "MOVE-1"})
    path = f"/v1/addresses/{made['id']}"
    moved = (await world.an.send("PATCH", path, {"ward_code": CHO_QUAN})).json()
    assert moved["location_precision"] == "ward_centroid"
    assert (round(moved["lat"], 3), round(moved["lon"], 3)) == (10.755, 106.685)
    pinned = (await world.an.send("PATCH", path, {"lat": 10.7561, "lon": 106.6812})).json()
    assert (pinned["lat"], pinned["lon"], pinned["location_precision"]) == (10.7561, 106.6812, "given")


async def test_an_old_address_gets_the_codes_of_today_and_keeps_its_old_names(world: World) -> None:
    old = {"province": "TP.HCM", "district": "Quận 5", "ward": "Phường 7"}
    body = {"name": "Old", "address_line1": "12 Nguyễn Trãi", "country_code": "VN", "legacy": old}
    made = await world.an.made("/v1/addresses", body)
    assert (made["province_code"], made["ward_code"], made["legacy"]) == ("79", AN_DONG, old)
    assert made["location_precision"] == "ward_centroid"


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"lat": None}, "/lat", "half_a_point"),
        ({"opens_at": "08:00"}, "/opens_at", "half_a_window"),
        ({"subdivision": "FR-75"}, "/subdivision", "unknown_subdivision"),
        ({"subdivision": "DE-ZZ"}, "/subdivision", "unknown_subdivision"),
        ({"legacy": {"ward": "Phường 1"}}, "/legacy", "not_in_this_country"),
        ({"country_code": "VN", "province_code": "7"}, "/province_code", "unknown_admin_unit"),
        ({"country_code": "VN", "province_code": "99"}, "/province_code", "unknown_admin_unit"),
        ({"country_code": "VN", "ward_code": "00000"}, "/ward_code", "unknown_admin_unit"),
        ({"phone": "call me"}, "/phone", "out_of_range"),
        ({"email": "nobody"}, "/email", "out_of_range"),
        ({"instructions": "a\u0000b"}, "/instructions", "out_of_range"),
        ({"postal_code": "-"}, "/postal_code", "out_of_range"),
        ({"service_s": -1}, "/service_s", "out_of_range"),
        (
            {"country_code": "ZZ", "hours": {"closed_on_public_holidays": True}},
            "/hours/closed_on_public_holidays",
            "holidays_unknown",
        ),
        ({"lat": None, "lon": None}, "/lat", "place_unknown"),
    ],
)
async def test_an_address_that_cannot_be_is_refused(world: World, change: Any, pointer: str, code: str) -> None:
    before = await names(world.an, "q=impossible")
    answer = await world.an.post("/v1/addresses", consignee("Impossible", **change))
    assert answer.status_code == 422, answer.text
    assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [(pointer, code)]
    assert await names(world.an, "q=impossible") == before == []


async def test_an_edit_cannot_make_an_address_that_cannot_be(world: World) -> None:
    made = await world.an.made("/v1/addresses", consignee("Sound"))
    answer = await world.an.send("PATCH", f"/v1/addresses/{made['id']}", {"subdivision": "FR-75", "opens_at": "09:00"})
    assert {fault["code"] for fault in answer.json()["errors"]} == {"unknown_subdivision", "half_a_window"}


async def test_a_code_is_taken_once_by_each_member(world: World) -> None:
    await world.an.made("/v1/addresses", consignee("One", code="SAME"))
    answer = await world.an.post("/v1/addresses", consignee("Two", code="SAME"))
    assert (answer.status_code, answer.json()["code"]) == (409, "address_code_taken")
    await world.binh.made("/v1/addresses", consignee("Binh's", code="SAME"))
    other = await world.an.made("/v1/addresses", consignee("Three"))
    answer = await world.an.send("PATCH", f"/v1/addresses/{other['id']}", {"code": "SAME"})
    assert answer.json()["code"] == "address_code_taken"


async def test_a_deleted_address_is_gone(world: World) -> None:
    made = await world.an.made("/v1/addresses", consignee("Goner"))
    path = f"/v1/addresses/{made['id']}"
    assert (await world.an.send("DELETE", path)).status_code == 204
    assert [(await world.an.send(method, path)).status_code for method in ("GET", "DELETE")] == [404, 404]
    assert await names(world.an, "q=goner") == []


async def test_other_capabilities_get_a_members_own_addresses_alone(world: World) -> None:
    ans = await world.an.made("/v1/addresses", consignee("An's", code="REF-1"))
    binhs = await world.binh.made("/v1/addresses", consignee("Binh's", code="REF-2"))
    scope = await member_scope(world, world.an_id)
    wanted = [ids.parse("adr", made["id"]) for made in (ans, binhs)]
    async with Pool.open(world.database.url, 1) as pool, pool.unit(scope) as db:
        found = await address_book.address_refs(db, scope, wanted)
        codes = await address_book.ids_by_code(db, scope, ["REF-1", "REF-2"])
    assert [entry.name for entry in found.values()] == ["An's"]
    assert codes == {"REF-1": wanted[0]}


async def test_a_leaving_members_book_can_be_handed_over_and_erased(world: World) -> None:
    member_id, caller = await world.admit("leaver")
    await caller.made("/v1/addresses", consignee("Left behind"))
    scope = await member_scope(world, member_id)
    system = system_scope(scope.cluster_id)
    async with Pool.open(world.database.url, 1) as pool, pool.unit(system) as db:
        member = ids.parse("mem", member_id)
        assert [entry.name for entry in await address_book.book_of(db, system, member, UUID(int=0), 10)] == [
            "Left behind"
        ]
        await address_book.erase_book(db, system, member)
    assert await names(caller, "") == []
    assert await names(world.an, "q=street") != []


async def member_scope(world: World, member_id: str) -> Scope:
    """A member as the platform knows it."""
    cluster_id = ids.parse("clu", (await world.coordinator.get("/v1/me")).json()["cluster"]["id"])
    return Scope(role=Role.MEMBER_USER, cluster_id=cluster_id, member_id=ids.parse("mem", member_id))
