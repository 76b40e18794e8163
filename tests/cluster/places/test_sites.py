"""Sites with hours, docks and official numbers: what is kept, what is refused, and who may change them."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import pytest

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from cluster.places import service
from cluster.places.opening import Interval, opening
from tests.cluster.api import World, riverside
from tests.cluster.places.reference import AN_DONG, imported
from tests.databases import Database

pytestmark = pytest.mark.anyio
GLN = "4006381333931"
"""Digits at even places count thrice: 4+0+3+1+3+9 = 20, 3 x (0+6+8+3+3+3) = 69; 89 and the check digit 1 make 90."""
NOON_CLOSED = [{"opens_at": "07:00", "closes_at": "11:30"}, {"opens_at": "13:00", "closes_at": "17:00"}]


@pytest.fixture(scope="module")
async def world(module_database: Database) -> AsyncIterator[World]:
    """Riverside with reference data; each test uses codes of its own."""
    async with riverside(module_database) as found:
        await imported(module_database.url)
        yield found


def site(code: str, **changes: Any) -> dict[str, Any]:
    """A warehouse with everything that can be said of one."""
    return {
        "code": code,
        "name": "Warehouse",
        "kind": "warehouse",
        "address_line1": "1 Harbour Road",
        "country_code": "VN",
        "province_code": "79",
        "ward_code": AN_DONG,
        "lat": 10.755,
        "lon": 106.675,
        "opens_at": "08:00",
        "closes_at": "18:00",
        "hours": {"week": {"monday": NOON_CLOSED}, "exceptions": [], "closed_on_public_holidays": False},
        "docks": [
            {
                "name": "ramp",
                "count": 4,
                "levelling": "leveller",
                "vehicle_length_max_mm": 12_000,
                "vehicle_height_max_mm": 4_000,
                "vehicle_weight_max_g": 20_000_000,
            }
        ],
        "gln": GLN,
        "un_locode": "VNSGN",
        "time_zone": "Asia/Ho_Chi_Minh",
    } | changes


async def faults(world: World, **changes: Any) -> list[tuple[str, str]]:
    """What is wrong with a site."""
    answer = await world.an.post("/v1/sites", site("bad", **changes))
    assert answer.status_code == 422, answer.text
    return [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]


async def test_a_site_keeps_hours_docks_and_numbers(world: World) -> None:
    made = await world.an.made("/v1/sites", site("full"))
    assert made | site("full") == made
    assert (made["active"], made["version"], made["location_precision"]) == (True, 1, "given")


async def test_a_site_without_a_point_stands_in_the_middle_of_its_ward_and_says_so(world: World) -> None:
    made = await world.an.made("/v1/sites", site("no-point", lat=None, lon=None))
    assert (round(made["lat"], 3), round(made["lon"], 3)) == (10.755, 106.675)
    assert made["location_precision"] == "ward_centroid"


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"gln": "4006381333932"}, "/gln", "check_digit_wrong"),
        ({"gln": "123"}, "/gln", "out_of_range"),
        ({"un_locode": "VNXXX"}, "/un_locode", "unknown_un_locode"),
        ({"un_locode": "VNOLD"}, "/un_locode", "unknown_un_locode"),
        ({"un_locode": "vn sgn"}, "/un_locode", "out_of_range"),
        ({"time_zone": "Asia/Atlantis"}, "/time_zone", "unknown_time_zone"),
        ({"ward_code": "99999"}, "/ward_code", "unknown_admin_unit"),
        ({"lon": None}, "/lat", "half_a_point"),
        ({"docks": [{"name": "x", "count": 0}]}, "/docks/0/count", "out_of_range"),
        ({"docks": [{"name": "x", "levelling": "magic"}]}, "/docks/0/levelling", "out_of_range"),
        ({"hours": {"week": {"funday": []}}}, "/hours/week/funday", "unknown_field"),
        ({"hours": {"week": {"monday": NOON_CLOSED * 2}}}, "/hours/week/monday", "intervals_overlap"),
        ({"hours": {"exceptions": [{"on": "2026-13-01", "intervals": []}]}}, "/hours/exceptions/0/on", "out_of_range"),
    ],
)
async def test_a_site_that_cannot_be_is_refused(world: World, change: Any, pointer: str, code: str) -> None:
    assert (pointer, code) in await faults(world, **change)


async def test_a_code_of_a_country_that_was_not_imported_goes_by_its_form(world: World) -> None:
    made = await world.an.made("/v1/sites", site("hamburg", un_locode="DEHAM"))
    assert made["un_locode"] == "DEHAM"


async def test_an_edit_changes_what_it_names(world: World) -> None:
    made = await world.an.made("/v1/sites", site("edit"))
    path = f"/v1/sites/{made['id']}"
    answer = await world.an.send("PATCH", path, {"hours": None, "docks": [], "name": "Barn"}, If_Match='"1"')
    assert answer.status_code == 200, answer.text
    edited = answer.json()
    changes = {"hours": None, "docks": [], "name": "Barn", "version": 2, "updated_at": edited["updated_at"]}
    assert edited == made | changes
    assert (await world.an.send("PATCH", path, {"name": "x"}, If_Match='"1"')).status_code == 412
    assert (await world.an.get(path)).headers["etag"] == '"2"'


@pytest.mark.parametrize(
    "change", [{"closes_at": None}, {"gln": "4006381333932"}, {"un_locode": "VNXXX"}, {"kind": "hub"}, {"name": None}]
)
async def test_an_edit_cannot_make_a_site_that_cannot_be(world: World, change: Any) -> None:
    made = await world.an.made("/v1/sites", site(ids.show("s", ids.new())))
    answer = await world.an.send("PATCH", f"/v1/sites/{made['id']}", change)
    assert answer.status_code == 422
    assert (await world.an.get(f"/v1/sites/{made['id']}")).json() == made


async def test_shared_sites_are_changed_by_the_coordinator_alone(world: World) -> None:
    path = f"/v1/sites/{world.hub_id}"
    assert (await world.an.send("PATCH", path, {"name": "Mine"})).status_code == 403
    answer = await world.coordinator.send("PATCH", path, {"closes_at": "20:00", "opens_at": "06:00"})
    assert answer.json()["closes_at"] == "20:00"


async def test_a_site_is_put_out_of_use_and_back(world: World) -> None:
    made = await world.an.made("/v1/sites", site("closed-down"))
    path = f"/v1/sites/{made['id']}"
    assert (await world.an.send("PATCH", path, {"active": False})).json()["active"] is False
    assert (await world.an.send("PATCH", path, {"active": True})).json()["active"] is True


async def test_planning_reads_a_sites_hours_for_a_day(world: World) -> None:
    made = await world.coordinator.made("/v1/sites", site("hub-2", kind="hub"))
    site_id = ids.parse("sit", made["id"])
    cluster_id = ids.parse("clu", (await world.coordinator.get("/v1/me")).json()["cluster"]["id"])
    scope = system_scope(cluster_id)
    async with Pool.open(world.database.url, 1) as pool, pool.unit(scope) as db:
        [found] = (await service.site_refs(db, scope, [site_id])).values()
    monday, tuesday = date(2026, 11, 23), date(2026, 11, 24)
    assert [(entry.opens_at, entry.closes_at) for entry in opening(found, monday)] == [
        ("07:00", "11:30"),
        ("13:00", "17:00"),
    ]
    assert opening(found, tuesday) == (Interval(opens_at="08:00", closes_at="18:00"),)
