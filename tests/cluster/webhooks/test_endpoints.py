"""Endpoints over the API: entered, changed, rotated, deleted, and nobody's but their owner's."""

import re

import asyncpg
import pytest
from standardwebhooks import Webhook

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from cluster.webhooks import service
from tests.cluster.api import Caller, World
from tests.cluster.webhooks.receiver import Receiver
from tests.cluster.webhooks.working import book, deliveries, endpoint, sending

pytestmark = pytest.mark.anyio
URL = "https://hooks.example.com/in"


async def stored(world: World) -> str:
    """Everything that the database keeps of endpoints, as text."""
    connection = await asyncpg.connect(world.database.url)
    try:
        await connection.execute("SELECT set_config('app.role', 'system', false)")
        rows = await connection.fetch("SELECT * FROM webhook_endpoints")
        return "\n".join(str(dict(row)) for row in rows)
    finally:
        await connection.close()


async def test_an_endpoint_is_added_and_its_secret_shown_once(world: World) -> None:
    made = await endpoint(world.an, URL, event_types=["shipment.*", "plan.published"], description="Our shop")
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", made["secret"])
    answer = await world.an.get(f"/v1/webhooks/{made['id']}")
    assert answer.json() == made["webhook"]
    assert answer.headers["ETag"] == '"1"'
    assert (
        made["webhook"]
        | {
            "url": URL,
            "description": "Our shop",
            "event_types": ["shipment.*", "plan.published"],
            "ed25519": False,
            "public_key": None,
            "disabled": False,
            "failures": 0,
        }
        == made["webhook"]
    )
    listed = (await world.an.get("/v1/webhooks")).json()["data"]
    assert listed == [made["webhook"]]
    assert "whsec_" not in str(listed)


async def test_the_database_holds_no_secret_that_can_be_read(world: World) -> None:
    made = await endpoint(world.an, URL)
    secret = made["secret"].removeprefix("whsec_")
    text = await stored(world)
    assert URL in text
    assert secret not in text
    assert Webhook(made["secret"])._whsecret not in text.encode().decode("unicode_escape").encode("latin-1", "ignore")


WRONG = [
    ({"url": "ftp://example.com/"}, "/url", "url_refused"),
    ({"url": "http://user@example.com/"}, "/url", "url_refused"),
    ({"url": URL, "event_types": ["nonsense.happened"]}, "/event_types/0", "unknown_event_type"),
    ({"url": URL, "event_types": ["*", "Shipment"]}, "/event_types/1", "out_of_range"),
    ({"url": URL, "event_types": []}, "/event_types", "out_of_range"),
    ({"url": URL, "secret": "mine"}, "/secret", "unknown_field"),
    ({"url": URL, "description": "a\u0000b"}, "/description", "out_of_range"),
    ({}, "/url", "missing"),
]


async def test_what_cannot_be_an_endpoint_is_refused(world: World) -> None:
    for body, pointer, code in WRONG:
        answer = await world.an.post("/v1/webhooks", body)
        assert answer.status_code == 422
        assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [(pointer, code)]
    assert (await world.an.get("/v1/webhooks")).json()["data"] == []


async def test_all_faults_are_told_at_once(world: World) -> None:
    answer = await world.an.post("/v1/webhooks", {"url": "ftp://x.example/", "event_types": ["a.b", "*", "c.*"]})
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/url", "/event_types/0", "/event_types/2"]


async def test_an_edit_says_which_version_it_changes(world: World) -> None:
    path = f"/v1/webhooks/{(await endpoint(world.an, URL))['id']}"
    change = {"description": "new", "disabled": True}
    bare = {"Authorization": f"Bearer {world.an.key}"}
    assert (await world.client.patch(path, json=change, headers=bare)).status_code == 428
    assert (await world.an.send("PATCH", path, change, If_Match='"7"')).status_code == 412
    changed = await world.an.send("PATCH", path, change, If_Match='"1"')
    assert changed.is_success, changed.text
    assert changed.headers["ETag"] == '"2"'
    body = changed.json()
    assert (body["description"], body["disabled"], body["disabled_reason"], body["url"]) == ("new", True, "owner", URL)
    assert (await world.an.send("PATCH", path, change, If_Match='"1"')).status_code == 412
    enabled = await world.an.send("PATCH", path, {"disabled": False}, If_Match='"2"')
    assert (enabled.json()["disabled"], enabled.json()["disabled_reason"]) == (False, None)
    refused = await world.an.send("PATCH", path, {"url": "gopher://x.example/"}, If_Match="*")
    assert refused.json()["errors"][0]["code"] == "url_refused"


async def test_secrets_overlap_for_as_long_as_is_asked_for(world: World, receiver: Receiver) -> None:
    made = await endpoint(world.an, receiver.url, ed25519=True)
    first, path = made["secret"], f"/v1/webhooks/{made['id']}/rotate-secret"
    rotated = await world.an.made(path, {"overlap_hours": 168})
    assert rotated["secret"] != first
    assert rotated["webhook"]["public_key"] != made["webhook"]["public_key"]
    assert rotated["webhook"]["previous_secret_until"] is not None
    async with sending(world.database):
        await book(world, world.an)
        [got] = await receiver.until(1)
        Webhook(first).verify(got.body, got.headers)
        Webhook(rotated["secret"]).verify(got.body, got.headers)
        versions = [part.partition(",")[0] for part in got.headers["webhook-signature"].split(" ")]
        assert versions == ["v1", "v1", "v1a", "v1a"]
        last = await world.an.made(path, {"overlap_hours": 0})
        assert last["webhook"]["previous_secret_until"] is None
        await book(world, world.an)
        got = (await receiver.until(2))[1]
        Webhook(last["secret"]).verify(got.body, got.headers)
        assert len(got.headers["webhook-signature"].split(" ")) == 2
    assert (await world.an.post(path, {"overlap_hours": 169})).status_code == 422


async def test_a_deleted_endpoint_is_gone_with_its_deliveries(world: World) -> None:
    made = await endpoint(world.an, URL)
    path = f"/v1/webhooks/{made['id']}"
    await world.an.made(f"{path}/ping", None)
    assert len(await deliveries(world.an, made["id"])) == 1
    assert (await world.an.send("DELETE", path)).status_code == 204
    assert (await world.an.get(path)).status_code == 404
    assert (await world.an.get(f"{path}/deliveries")).status_code == 404
    assert (await world.an.send("DELETE", path)).status_code == 404


async def test_there_may_be_twenty_and_no_more(world: World) -> None:
    for _ in range(20):
        await endpoint(world.an, URL)
    refused = await world.an.post("/v1/webhooks", {"url": URL})
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_webhooks")
    await endpoint(world.binh, URL)


async def test_neither_a_rival_nor_the_coordinator_sees_a_members_endpoint(world: World) -> None:
    mine = (await endpoint(world.an, URL))["id"]
    await endpoint(world.coordinator, URL)
    for other in (world.binh, world.coordinator):
        assert mine not in (await other.get("/v1/webhooks")).text
        for method, path, body in (
            ("GET", "", None),
            ("PATCH", "", {"disabled": True}),
            ("DELETE", "", None),
            ("POST", "/rotate-secret", {}),
            ("POST", "/ping", None),
            ("POST", "/replay", {"since": "2026-01-01T00:00:00Z"}),
            ("GET", "/deliveries", None),
        ):
            theirs = await other.send(method, f"/v1/webhooks/{mine}{path}", body, If_Match="*")
            missing = await other.send(method, f"/v1/webhooks/{ids.show('whk', ids.new())}{path}", body, If_Match="*")
            assert theirs.status_code == missing.status_code == 404, (method, path, theirs.text)
            assert theirs.json() | {"request_id": ""} == missing.json() | {"request_id": ""}
    assert (await world.an.get(f"/v1/webhooks/{mine}")).json()["disabled"] is False


async def test_users_of_a_member_manage_no_endpoints_but_read_its_events(world: World) -> None:
    key = {"name": "clerk", "role": "member_user", "member_id": world.an_id}
    clerk = Caller(world.client, (await world.an.made("/v1/keys", key))["api_key"])
    assert (await clerk.get("/v1/webhooks")).status_code == 403
    assert (await clerk.post("/v1/webhooks", {"url": URL})).status_code == 403
    assert (await clerk.get("/v1/events")).status_code == 200


async def test_a_member_that_leaves_is_sent_nothing_more(world: World) -> None:
    mine = (await endpoint(world.an, URL))["id"]
    theirs = (await endpoint(world.binh, URL))["id"]
    cluster_id = ids.parse("clu", (await world.an.get("/v1/me")).json()["cluster"]["id"])
    scope = system_scope(cluster_id)
    async with Pool.open(world.database.url, 1) as pool, pool.unit(scope) as db:
        await service.stop_for(db, scope, ids.parse("mem", world.an_id))
    found = (await world.an.get(f"/v1/webhooks/{mine}")).json()
    assert (found["disabled"], found["disabled_reason"]) == (True, "left")
    assert (await world.binh.get(f"/v1/webhooks/{theirs}")).json()["disabled"] is False
    async with Pool.open(world.database.url, 1) as pool, pool.unit(scope) as db:
        await service.forget_member(db, scope, ids.parse("mem", world.an_id))
    assert (await world.an.get("/v1/webhooks")).json()["data"] == []
