"""Whoever asks for a stranger's thing hears exactly what it would hear of a thing that does not exist."""

import re
from typing import Any

import pytest

from cluster.base import ids
from tests.cluster.api import Caller, van
from tests.cluster.isolation.cases import FIELDS, LISTS, MATRIX, Case
from tests.cluster.neighbours import SECRETS, Neighbours

pytestmark = pytest.mark.anyio


def by_key(described: Any) -> bool:
    """Not those on one's own account, nor those open to whoever holds a secret of their own."""
    return any("api_key" in way for way in described.get("security", [{"api_key": []}]))


def caller(neighbours: Neighbours, name: str) -> Caller:
    """Whoever has that name."""
    return neighbours.stranger if name == "stranger" else getattr(neighbours.world, name)


def named(neighbours: Neighbours, body: Any) -> Any:
    """A body in which ``the_touredshipment``, which has the form of an identifier, stands for that thing's."""
    things = {f"the_{name.replace('_', '')}": thing for name, thing in neighbours.things.items()}
    if isinstance(body, dict):
        return {field: named(neighbours, value) for field, value in body.items()}
    if isinstance(body, list):
        return [named(neighbours, entry) for entry in body]
    return things.get(body, body) if isinstance(body, str) else body


def nobodys(thing: str) -> str:
    """An identifier of the same kind that names nothing."""
    return ids.show(thing.partition("_")[0], ids.new())


def without_request_id(body: Any) -> Any:
    """A refusal but for what differs every time."""
    return {name: value for name, value in body.items() if name != "request_id"}


def body_with(neighbours: Neighbours, operation: str, field: str, thing: str) -> Any:
    """A good body of an operation that names a thing."""
    world = neighbours.world
    if operation.endswith("/users/invitations"):
        return {"email": "new@binh.example", "role": "member_user", field: thing}
    if operation.endswith("/keys"):
        return {"name": "k", "role": "member_user", field: thing}
    if operation.endswith("/vehicle-types"):
        return van(world.hub_id, code=ids.show("v", ids.new()), end_site_id=None) | {field: thing}
    if operation.endswith("/sites"):
        site = {"name": "S", "kind": "shop", "address_line1": "x", "country_code": "VN", "lat": 10.8, "lon": 106.6}
        return site | {"code": ids.show("s", ids.new()), field: thing}
    if field == "hub_site_id":
        return world.delivery(hub_site_id=thing)
    return world.delivery(delivery={"site_id": thing})


async def test_the_matrix_has_every_operation_that_names_a_thing(neighbours: Neighbours) -> None:
    paths = (await neighbours.world.client.get("/schema/openapi.json")).json()["paths"]
    there = {
        f"{method.upper()} {re.sub('{[^}]*}', '{}', path)}"
        for path, operations in paths.items()
        for method in operations
        if "_id}" in path and by_key(operations[method])
    }
    assert there == {case.operation.partition("?")[0] for case in MATRIX}


@pytest.mark.parametrize("case", MATRIX, ids=lambda case: f"{case.operation} {case.thing}")
async def test_a_strangers_thing_is_as_unknown_as_one_that_does_not_exist(neighbours: Neighbours, case: Case) -> None:
    method, _, path = case.operation.partition(" ")
    *of, thing = (neighbours.things[name] for name in case.thing.split())
    for rival in case.rivals:
        asker = caller(neighbours, rival)
        theirs = await asker.send(method, path.format(*of, thing), case.body)
        missing = await asker.send(method, path.format(*of, nobodys(thing)), case.body)
        assert (theirs.status_code, missing.status_code) == (404, 404), theirs.text
        assert without_request_id(theirs.json()) == without_request_id(missing.json())
        assert theirs.headers.keys() == missing.headers.keys()
    body, any_version = named(neighbours, case.body), {"If-Match": "*"}
    allowed = await caller(neighbours, case.owner).send(method, path.format(*of, thing), body, **any_version)
    assert allowed.is_success or (case.stale is not None and allowed.json()["code"] == case.stale), allowed.text


@pytest.mark.parametrize(("operation", "thing", "owner", "rivals", "field"), FIELDS, ids=str)
async def test_a_body_cannot_name_a_strangers_thing(
    neighbours: Neighbours, operation: str, thing: str, owner: str, rivals: tuple[str, ...], field: str
) -> None:
    method, _, path = operation.partition(" ")
    named = neighbours.things[thing]
    for rival in rivals:
        asker = caller(neighbours, rival)
        theirs = await asker.send(method, path, body_with(neighbours, operation, field, named))
        missing = await asker.send(method, path, body_with(neighbours, operation, field, nobodys(named)))
        assert theirs.status_code == missing.status_code in {404, 422}, theirs.text
        assert without_request_id(theirs.json()) == without_request_id(missing.json())
    if field != "hub_site_id":  # Binh's shop is no hub for Binh either; the hub is
        allowed = await caller(neighbours, owner).send(method, path, body_with(neighbours, operation, field, named))
        assert allowed.is_success, allowed.text


@pytest.mark.parametrize("role", ["member_user", "member_admin"])
@pytest.mark.parametrize("path", LISTS)
async def test_no_list_tells_a_member_of_its_rival(neighbours: Neighbours, role: str, path: str) -> None:
    world = neighbours.world
    key = {"name": "list", "role": role, "member_id": world.an_id}
    asker = Caller(world.client, (await world.an.made("/v1/keys", key))["api_key"])
    answer = await asker.get(
        f"/v1/{path}" + ("" if path in {"overview", "me", "cluster", "kpis", "cluster-settings"} else "?limit=500")
    )
    if role == "member_user" and path in {"keys", "users", "users/invitations"}:
        assert answer.status_code == 403
        return
    assert answer.status_code == 200, answer.text
    for secret in (*SECRETS, *neighbours.binhs):
        assert secret not in answer.text


@pytest.mark.parametrize("path", ["members", "keys", "sites", "shipments"])
async def test_the_same_lists_tell_the_coordinator_of_binh(neighbours: Neighbours, path: str) -> None:
    """Or else the test above would pass whatever the lists held."""
    answer = await neighbours.world.coordinator.get(f"/v1/{path}?limit=500")
    assert any(secret in answer.text for secret in neighbours.binhs)


@pytest.mark.parametrize("path", LISTS)
async def test_no_list_tells_another_clusters_coordinator_anything(neighbours: Neighbours, path: str) -> None:
    answer = await neighbours.stranger.get(f"/v1/{path}")
    if path == "addresses":  # no coordinator has an address book
        assert answer.status_code == 403
        return
    assert answer.status_code == 200
    for secret in (*SECRETS, *neighbours.things.values(), neighbours.world.an_id, "Riverside", "AN-0"):
        assert secret not in answer.text


async def test_a_cursor_or_filter_of_a_rivals_opens_nothing(neighbours: Neighbours) -> None:
    before = ids.show("shp", ids.parse("shp", neighbours.things["shipment"]))
    for query in (f"cursor={before}", f"pool_window_id={neighbours.things['window']}", "status=planned", "limit=500"):
        answer = await neighbours.world.an.get(f"/v1/shipments?{query}")
        assert answer.status_code == 200
        assert not any(secret in answer.text for secret in neighbours.binhs)
    mine = await neighbours.world.an.get(f"/v1/shipments?pool_window_id={neighbours.things['window']}")
    assert "AN-0" in mine.text


@pytest.mark.parametrize("part", ["", "/routes", "/unplanned", "/shares"])
async def test_a_plan_shows_a_member_its_own_part_alone(neighbours: Neighbours, part: str) -> None:
    path = f"/v1/plans/{neighbours.things['plan']}{part}"
    ans = await neighbours.world.an.get(path)
    whole = await neighbours.world.coordinator.get(path)
    assert (ans.status_code, whole.status_code) == (200, 200)
    assert not any(secret in ans.text for secret in (*SECRETS, *neighbours.binhs, "123457"))
    if part:
        assert any(secret in whole.text for secret in neighbours.binhs)


async def test_a_rivals_codes_and_references_are_free_for_everybody(neighbours: Neighbours) -> None:
    """A refusal would tell which of them the rival uses."""
    world = neighbours.world
    site = {"code": "Binh-SITE", "name": "S", "kind": "shop", "address_line1": "x", "country_code": "VN"}
    await world.an.made("/v1/sites", site | {"lat": 10.8, "lon": 106.6})
    booking = world.delivery(client_ref="BINH-0")
    cancelled = (await world.an.made("/v1/shipments", booking))["id"]
    await world.an.made(f"/v1/shipments/{cancelled}/cancel", {})
