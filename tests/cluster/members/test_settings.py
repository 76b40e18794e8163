"""What a cluster settles from a day on: versions that follow each other, read by whoever plans a service day."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from typing import Any

import httpx
import pytest

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from cluster.members import settings
from tests.cluster.api import ZONE, World, riverside
from tests.databases import Database

pytestmark = pytest.mark.anyio
TILES = "https://tiles.example.org/{z}/{x}/{y}.png"


@pytest.fixture
async def world(database: Database) -> AsyncIterator[World]:
    """Riverside, whose operator lets pages load tiles from one host."""
    async with riverside(database, tile_hosts="tiles.example.org") as found:
        yield found


def today() -> date:
    """In the cluster."""
    return datetime.now(ZONE).date()


def in_days(days: int) -> str:
    """A day ahead."""
    return (today() + timedelta(days=days)).isoformat()


async def settle(world: World, section: str, *, etag: str = "*", **body: Any) -> httpx.Response:
    """The coordinator settles a section."""
    return await world.coordinator.send("PUT", f"/v1/cluster-settings/{section}", body, If_Match=etag)


async def settled(world: World, section: str, **body: Any) -> Any:
    """The same, and it must succeed."""
    answer = await settle(world, section, **body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def codes(answer: httpx.Response) -> list[tuple[str, str]]:
    """Place and code of every fault."""
    assert answer.status_code == 422, answer.text
    return [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]


async def test_a_cluster_begins_with_the_rule_it_was_founded_with(world: World) -> None:
    found = (await world.coordinator.get("/v1/cluster-settings")).json()
    sharing, planning, *_ = found["sections"]
    assert sharing["applies"]["sharing"] == {
        "rule": "nucleolus",
        "players_max": 8,
        "terms": {"weights": [], "unions": []},
    }
    assert (sharing["latest_version"], sharing["applies"]["version"], sharing["coming"]) == (0, 0, [])
    assert planning["applies"]["planning"]["seconds"] == 20
    assert [entry["section"] for entry in found["sections"]] == [
        *("sharing", "planning", "map", "languages", "freight"),
    ]


async def test_each_day_is_planned_by_the_version_that_began_last(world: World) -> None:
    await settled(world, "sharing", sharing={"rule": "shapley"})
    await settled(world, "sharing", sharing={"rule": "weight"}, effective_from=in_days(10), note="agreed in May")
    found = await settled(world, "sharing", sharing={"rule": "orders"}, effective_from=in_days(5))
    assert (found["applies"]["sharing"]["rule"], found["applies"]["version"]) == ("shapley", 1)
    assert [(entry["version"], entry["sharing"]["rule"]) for entry in found["coming"]] == [(3, "orders"), (2, "weight")]
    cluster_id = ids.parse("clu", (await world.coordinator.get("/v1/me")).json()["cluster"]["id"])
    scope = system_scope(cluster_id)
    async with Pool.open(world.database.url, 1) as pool, pool.unit(scope) as db:
        days = [await settings.sharing(db, scope, today() + timedelta(days=days)) for days in (0, 4, 5, 9, 10)]
    assert [entry.rule for entry in days] == ["shapley", "shapley", "orders", "orders", "weight"]


async def test_what_was_settled_is_followed_and_never_changed(world: World) -> None:
    await settled(world, "planning", planning={"seconds": 30})
    await settled(world, "planning", planning={"seconds": 60}, note="more vans")
    found = (await world.coordinator.get("/v1/cluster-settings/planning/versions")).json()["data"]
    assert [(entry["version"], entry["in_force"]) for entry in found] == [(2, True), (1, False), (0, False)]
    assert [entry["planning"]["seconds"] for entry in found] == [60, 30, 20]
    assert found[0]["note"] == "more vans"
    assert found[0]["key_id"].startswith("key_")
    page = (await world.coordinator.get("/v1/cluster-settings/planning/versions?limit=2")).json()
    assert (page["has_more"], page["next_cursor"]) == (True, "1")
    rest = (await world.coordinator.get("/v1/cluster-settings/planning/versions?limit=2&cursor=1")).json()
    assert ([entry["version"] for entry in rest["data"]], rest["has_more"]) == ([0], False)


async def test_two_who_settle_at_once_do_not_overwrite_each_other(world: World) -> None:
    seen = (await world.coordinator.get("/v1/cluster-settings/sharing")).headers["ETag"]
    first = await settle(world, "sharing", etag=seen, sharing={"rule": "shapley"})
    second = await settle(world, "sharing", etag=seen, sharing={"rule": "weight"})
    unsaid = await settle(world, "sharing", etag="none-sent", sharing={"rule": "weight"})
    assert (first.status_code, second.status_code, unsaid.status_code) == (200, 412, 428)
    assert (first.headers["ETag"], second.json()["code"]) == ('"1"', "outdated")


async def test_nothing_is_settled_for_days_that_are_past_or_far_away(world: World) -> None:
    for day, code in ((in_days(-1), "in_the_past"), (in_days(3000), "out_of_range")):
        answer = await settle(world, "sharing", sharing={"rule": "weight"}, effective_from=day)
        assert codes(answer) == [("/effective_from", code)]


async def test_a_body_holds_the_section_of_its_path_and_no_other(world: World) -> None:
    assert codes(await settle(world, "map")) == [("", "section_missing")]
    assert codes(await settle(world, "map", map={}, sharing={"rule": "weight"})) == [("", "section_missing")]
    assert codes(await settle(world, "map", sharing={"rule": "weight"})) == [("/map", "section_missing")]
    assert (await settle(world, "calendar", map={})).status_code == 422


async def test_map_tiles_come_over_https_from_hosts_that_the_operator_lets_in(world: World) -> None:
    good = {"tile_url": TILES, "attribution": "Map data from its makers", "centre_lat": 10.8, "centre_lon": 106.6}
    assert (await settled(world, "map", map=good))["applies"]["map"] == good | {"zoom": 11}
    wrong = {
        "http://tiles.example.org/{z}/{x}/{y}.png": "out_of_range",
        "https://elsewhere.example/{z}/{x}/{y}.png": "tile_host_refused",
        "https://tiles.example.org/{z}/{x}.png": "invalid",
        "https://a@tiles.example.org/{z}/{x}/{y}.png": "invalid",
        "https://{x}.example.org/{z}/{x}/{y}.png": "invalid",
    }
    for url, code in wrong.items():
        answer = await settle(world, "map", map={"tile_url": url})
        assert ("/map/tile_url", code) in codes(answer)
    assert codes(await settle(world, "map", map={"centre_lat": 1.0})) == [("/map/centre_lat", "half_a_point")]


async def test_the_map_of_the_first_screen_is_the_one_that_the_cluster_chose(world: World) -> None:
    assert (await world.an.get("/v1/overview")).json()["tile_url"] is None
    await settled(world, "map", map={"tile_url": TILES})
    assert (await world.an.get("/v1/overview")).json()["tile_url"] == TILES


async def test_the_default_language_is_among_those_offered(world: World) -> None:
    await settled(world, "languages", languages={"default": "vi", "offered": ["vi", "en"]})
    answer = await settle(world, "languages", languages={"default": "de", "offered": ["vi", "vi"]})
    assert codes(answer) == [("/languages/default", "not_offered"), ("/languages/offered", "twice")]


async def test_members_see_how_costs_are_shared_but_not_how_is_planned_nor_who_settled_it(world: World) -> None:
    await settled(world, "planning", planning={"co2_minor_per_kg": 7_777})
    await settled(world, "sharing", sharing={"rule": "weight"}, note="a word among coordinators")
    found = await world.an.get("/v1/cluster-settings")
    assert [entry["section"] for entry in found.json()["sections"]] == ["sharing", "map", "languages"]
    assert "7777" not in found.text
    assert "coordinators" not in found.text
    assert found.json()["sections"][0]["applies"]["key_id"] is None
    for path in ("planning", "planning/versions"):
        assert (await world.an.get(f"/v1/cluster-settings/{path}")).status_code == 403
    refused = await world.an.send("PUT", "/v1/cluster-settings/sharing", {"sharing": {"rule": "orders"}})
    assert refused.status_code == 403


async def test_the_clusters_rule_and_its_sharing_setting_never_say_two_things(world: World) -> None:
    async def both() -> tuple[str, str]:
        cluster = (await world.an.get("/v1/me")).json()["cluster"]["sharing_rule"]
        return cluster, (await world.an.get("/v1/cluster-settings/sharing")).json()["applies"]["sharing"]["rule"]

    async def change(rule: str) -> None:
        assert (await world.coordinator.send("PATCH", "/v1/cluster", {"sharing_rule": rule})).is_success

    await change("orders")
    assert await both() == ("orders", "orders")
    await settled(world, "sharing", sharing={"rule": "weight", "players_max": 5})
    assert await both() == ("weight", "weight")
    await change("volume")
    assert await both() == ("volume", "volume")
    latest = (await world.coordinator.get("/v1/cluster-settings/sharing")).json()["applies"]
    assert (latest["version"], latest["sharing"]["players_max"]) == (2, 5)


async def test_each_version_is_in_the_audit_log(world: World) -> None:
    await settled(world, "sharing", sharing={"rule": "weight"})
    log = (await world.coordinator.get("/v1/audit-log?limit=500")).json()["data"]
    [entry] = [entry for entry in log if entry["action"] == "cluster_settings.settled"]
    assert entry["detail"] == {"section": "sharing", "version": 1, "effective_from": today().isoformat()}


async def test_a_plan_is_asked_for_as_the_cluster_settled_it_for_the_service_day(world: World) -> None:
    """The window is tomorrow's: what begins today applies, what begins in two days does not."""
    planning = {"seconds": 7, "seed": 3, "buffer_s": 600, "co2_minor_per_kg": 50, "publish_at_once": False}
    await settled(world, "planning", planning=planning)
    await settled(world, "planning", planning={"seconds": 99}, effective_from=in_days(2))
    await settled(world, "sharing", sharing={"rule": "weight"}, effective_from=in_days(1))
    started = await world.coordinator.made(f"/v1/pool-windows/{world.window_id}/plans", {"label": "as usual"})
    assert (started["seconds"], started["seed"], started["rule"]) == (7, 3, "weight")
    assert (started["scenario"]["buffer_s"], started["scenario"]["co2_minor_per_kg"]) == (600, 50)
    await world.coordinator.made(f"/v1/plans/{started['id']}/abort", {})
    body = {"seconds": 1, "rule": "orders", "scenario": {"buffer_s": 60}}
    other = await world.coordinator.made(f"/v1/pool-windows/{world.window_id}/plans", body)
    assert (other["seconds"], other["seed"], other["rule"], other["scenario"]["buffer_s"]) == (1, 3, "orders", 60)
