"""Carriers: added, changed under ETags, suspended, with papers that run out and keys of their own."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.cluster.api import Caller, World, riverside, van
from tests.databases import Database

pytestmark = pytest.mark.anyio
SWIFT = {
    "name": "Swift Vans",
    "country_code": "VN",
    "email": "desk@swift.example",
    "phone": "+84 28 3822 0000",
    "firm_ref": "8934567000017",
    "areas": [{"country_code": "VN", "subdivision": "VN-SG", "postcode": None}],
    "weekdays": [1, 2, 3, 4, 5, 6],
    "closed_on": ["2027-01-01"],
}


@pytest.fixture(scope="module")
async def world(module_database: Database) -> AsyncIterator[World]:
    """Riverside for all tests of this file; each adds a carrier of its own."""
    async with riverside(module_database) as found:
        yield found


async def added(world: World, code: str, **changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = await world.coordinator.made("/v1/carriers", SWIFT | {"code": code} | changes)
    return made


async def paper(world: World, carrier: dict[str, Any], kind: str, first: date, last: date) -> dict[str, Any]:
    body = {"kind": kind, "number": f"{kind}-1", "valid_from": first.isoformat(), "valid_until": last.isoformat()}
    made: dict[str, Any] = await world.coordinator.made(f"/v1/carriers/{carrier['id']}/papers", body)
    return made


async def driving(world: World, carrier: dict[str, Any], code: str) -> str:
    """A vehicle type of the carrier; its identifier."""
    body = van(world.hub_id, code=code, carrier_id=carrier["id"])
    return str((await world.coordinator.made("/v1/vehicle-types", body))["id"])


async def rests(world: World, vehicle_type: str) -> str | None:
    every = (await world.coordinator.get("/v1/vehicle-types?limit=500")).json()["data"]
    found: str | None = next(entry["rests"] for entry in every if entry["id"] == vehicle_type)
    return found


async def test_a_carrier_comes_back_as_it_was_added(world: World) -> None:
    made = await added(world, "whole")
    assert made | SWIFT == made
    assert (made["status"], made["version"], made["missing"]) == ("active", 1, [])
    assert made in (await world.coordinator.get("/v1/carriers?limit=500")).json()["data"]


async def test_a_code_is_taken_once_and_days_stand_there_once(world: World) -> None:
    await added(world, "once")
    again = await world.coordinator.post("/v1/carriers", SWIFT | {"code": "once"})
    assert (again.status_code, again.json()["code"]) == (409, "carrier_code_taken")
    body = SWIFT | {"code": "x", "weekdays": [1, 1], "areas": [{"country_code": "VN", "subdivision": "DE-BY"}]}
    answer = await world.coordinator.post("/v1/carriers", body)
    found = {(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]}
    assert found == {("/weekdays", "day_twice"), ("/areas/0/subdivision", "unknown_subdivision")}


async def test_a_change_names_the_version_that_it_changes(world: World) -> None:
    path = f"/v1/carriers/{(await added(world, 'edited'))['id']}"
    seen = (await world.coordinator.get(path)).headers["ETag"]
    changed = await world.coordinator.send("PATCH", path, {"name": "Swifter Vans"}, If_Match=seen)
    assert (changed.status_code, changed.json()["name"], changed.json()["phone"]) == (
        200,
        "Swifter Vans",
        SWIFT["phone"],
    )
    late = await world.coordinator.send("PATCH", path, {"name": "Slower Vans"}, If_Match=seen)
    assert (late.status_code, late.json()["code"]) == (412, "outdated")


async def test_vehicles_of_a_suspended_carrier_rest(world: World) -> None:
    carrier = await added(world, "stopped", weekdays=[1, 2, 3, 4, 5, 6, 7])
    kind = await driving(world, carrier, "stopped-van")
    assert await rests(world, kind) is None
    path = f"/v1/carriers/{carrier['id']}"
    await world.coordinator.send("PATCH", path, {"status": "suspended"}, If_Match="*")
    assert await rests(world, kind) == "carrier_suspended"
    own = await world.coordinator.send("PUT", f"/v1/vehicle-types/{kind}/carrier", {"carrier_id": None})
    assert (own.json()["carrier_id"], own.json()["rests"]) == (None, None)


async def test_vehicles_rest_on_days_on_which_their_carrier_does_not_drive(world: World) -> None:
    # whatever today is in the cluster's zone, it is one of these days
    days = [(datetime.now(UTC).date() + timedelta(days=k)).isoformat() for k in (-1, 0, 1)]
    carrier = await added(world, "closed", weekdays=[1, 2, 3, 4, 5, 6, 7], closed_on=days)
    assert await rests(world, await driving(world, carrier, "closed-van")) == "carrier_closed"


async def test_an_expired_insurance_keeps_vehicles_at_home_until_another_follows(world: World) -> None:
    carrier = await added(world, "insured", weekdays=[1, 2, 3, 4, 5, 6, 7])
    kind = await driving(world, carrier, "insured-van")
    today, year = datetime.now(UTC).date(), timedelta(days=365)
    await paper(world, carrier, "other", today - 2 * year, today - year)
    assert await rests(world, kind) is None
    old = await paper(world, carrier, "insurance", today - 2 * year, today - year)
    assert (old["standing"], await rests(world, kind)) == ("expired", "papers_expired")
    assert (await world.coordinator.get(f"/v1/carriers/{carrier['id']}")).json()["missing"] == ["insurance", "other"]
    new = await paper(world, carrier, "insurance", today - year, today + year)
    assert (new["standing"], await rests(world, kind)) == ("valid", None)
    path = f"/v1/carriers/{carrier['id']}/papers"
    assert (await world.coordinator.send("DELETE", f"{path}/{new['id']}")).status_code == 204
    assert await rests(world, kind) == "papers_expired"
    listed = (await world.coordinator.get(path)).json()["data"]
    assert [entry["standing"] for entry in listed] == ["expired", "expired", "withdrawn"]


async def test_a_paper_ends_after_it_begins(world: World) -> None:
    carrier = await added(world, "reversed")
    body = {"kind": "insurance", "number": "I", "valid_from": "2026-02-01", "valid_until": "2026-01-01"}
    answer = await world.coordinator.post(f"/v1/carriers/{carrier['id']}/papers", body)
    assert [fault["code"] for fault in answer.json()["errors"]] == ["window_reversed"]


async def test_a_carriers_key_opens_its_own_part_and_nothing_else(world: World) -> None:
    carrier, other = await added(world, "keyed"), await added(world, "other")
    issued = await world.coordinator.made(f"/v1/carriers/{carrier['id']}/keys", {"name": "dispatch desk"})
    assert (issued["role"], issued["carrier_id"], issued["member_id"]) == ("carrier_key", carrier["id"], None)
    itself = Caller(world.client, issued["api_key"])
    assert (await itself.get("/v1/carrier/me")).json() == carrier
    for path in ("/v1/carriers", f"/v1/carriers/{other['id']}", "/v1/vehicle-types", "/v1/tours", "/v1/shipments"):
        assert (await itself.get(path)).status_code == 403, path
    assert (await world.coordinator.get("/v1/carrier/me")).status_code == 403
    assert issued["id"] in {entry["id"] for entry in (await world.coordinator.get("/v1/keys?limit=500")).json()["data"]}
    assert (await world.coordinator.send("DELETE", f"/v1/keys/{issued['id']}")).status_code == 204


async def test_a_vehicle_type_is_of_a_carrier_that_there_is(world: World) -> None:
    answer = await world.coordinator.post(
        "/v1/vehicle-types", van(world.hub_id, code="ghost", carrier_id="car_" + "0" * 26)
    )
    assert (answer.status_code, answer.json()["detail"]) == (404, "There is no such carrier.")
