"""A cluster's rules change in the open; agreements are accepted, or booking ends."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.cluster.api import Caller, World, riverside
from tests.databases import Database

pytestmark = pytest.mark.anyio
TEXT, OTHER_TEXT = "ab" * 32, "cd" * 32


@pytest.fixture(scope="module")
async def world(module_database: Database) -> AsyncIterator[World]:
    """Riverside for all tests of this file; what they change, they put back."""
    async with riverside(module_database) as found:
        yield found


async def change(world: World, if_match: str = "*", **rules: Any) -> Any:
    return await world.coordinator.send("PATCH", "/v1/cluster", rules, If_Match=if_match)


async def publish(world: World, **changes: Any) -> Any:
    body = {"url": "https://example.com/agreement", "text_sha256": TEXT, "effective_from": "2026-01-01T00:00:00Z"}
    return await world.coordinator.made("/v1/agreements", body | changes)


async def accept(caller: Caller, agreement: Any, text_sha256: str = TEXT) -> Any:
    body = {"agreement_id": agreement["id"], "text_sha256": text_sha256}
    return await caller.post("/v1/agreement-acceptances", body)


async def test_every_version_of_the_rules_is_kept_and_told_to_all(world: World) -> None:
    before = (await world.an.get("/v1/cluster")).json()
    changed = (await change(world, sharing_rule="shapley", privacy_min_members=5)).json()
    assert changed["version"] == before["version"] + 1
    history = (await world.an.get("/v1/cluster/changes")).json()["data"]
    assert history[0]["changed"] == {}
    assert history[-1]["changed"] == {"sharing_rule": ["nucleolus", "shapley"], "privacy_min_members": [3, 5]}
    assert history[-1]["settings"]["privacy_min_members"] == 5
    assert [entry["version"] for entry in history] == list(range(1, changed["version"] + 1))


async def test_a_change_that_changes_nothing_makes_no_version(world: World) -> None:
    now = (await world.coordinator.get("/v1/cluster")).json()
    assert (await change(world, name=now["name"])).json()["version"] == now["version"]


async def test_an_edit_must_say_which_version_it_edits(world: World) -> None:
    seen = (await world.coordinator.get("/v1/cluster")).headers["ETag"]
    key = {"Authorization": f"Bearer {world.coordinator.key}"}
    silent = await world.client.patch("/v1/cluster", json={"name": "Nameless"}, headers=key)
    assert silent.status_code == 428
    assert (await change(world, seen, name="Riverside 2")).is_success
    assert (await change(world, seen, name="Riverside 3")).status_code == 412
    assert (await world.an.get("/v1/cluster")).json()["name"] == "Riverside 2"


async def test_of_edits_at_the_same_time_one_counts(world: World) -> None:
    seen = (await world.coordinator.get("/v1/cluster")).headers["ETag"]
    answers = await asyncio.gather(*(change(world, seen, privacy_min_members=number) for number in range(6, 12)))
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412, 412]


@pytest.mark.parametrize(
    "rules",
    [
        {"privacy_min_members": 1},
        {"admit_size_classes": []},
        {"admit_countries": ["Vietnam"]},
        {"currency": "EUR"},
        {"size_standard": "us"},
    ],
)
async def test_rules_that_make_no_sense_are_refused(world: World, rules: Any) -> None:
    assert (await change(world, **rules)).status_code == 422


async def test_members_change_no_rules_and_publish_nothing(world: World) -> None:
    assert (await world.an.send("PATCH", "/v1/cluster", {"name": "An's"}, If_Match="*")).status_code == 403
    body = {"url": "https://example.com/a", "text_sha256": TEXT, "effective_from": "2026-01-01T00:00:00Z"}
    assert (await world.an.post("/v1/agreements", body)).status_code == 403
    assert (await world.an.post("/v1/cluster/application-code", None)).status_code == 403


async def test_booking_ends_with_the_grace_of_an_agreement_that_was_not_accepted(world: World) -> None:
    old = await publish(world, grace_days=0)
    await change(world, agreement_required=True)
    refused = await world.an.post("/v1/shipments", world.delivery())
    assert (refused.status_code, refused.json()["code"]) == (409, "agreement_not_accepted")
    assert (await world.an.get("/v1/shipments")).is_success
    assert (await accept(world.an, old)).status_code == 201
    await world.an.made("/v1/shipments", world.delivery())
    assert (await world.binh.post("/v1/shipments", world.delivery())).status_code == 409
    await publish(world, grace_days=366, text_sha256=OTHER_TEXT)  # a new version, its grace not over yet
    await world.binh.made("/v1/shipments", world.delivery())
    await change(world, agreement_required=False)


async def test_an_announced_agreement_binds_nobody_yet(world: World) -> None:
    await publish(world, effective_from="2090-01-01T00:00:00Z", grace_days=0)
    await change(world, agreement_required=True)
    await world.an.made("/v1/shipments", world.delivery())
    await change(world, agreement_required=False)


async def test_an_acceptance_says_who_and_which_text(world: World) -> None:
    agreement = await publish(world)
    wrong = await accept(world.an, agreement, OTHER_TEXT)
    assert [fault["code"] for fault in wrong.json()["errors"]] == ["other_text"]
    first, second = (await accept(world.an, agreement)).json(), (await accept(world.an, agreement)).json()
    assert first == second
    assert (first["member_id"], first["text_sha256"]) == (world.an_id, TEXT)
    assert first["key_id"].startswith("key_")
    own = (await world.binh.get("/v1/agreement-acceptances")).json()["data"]
    assert [entry for entry in own if entry["member_id"] != world.binh_id] == []


async def test_versions_of_the_agreement_are_numbered_without_gaps(world: World) -> None:
    answers = await asyncio.gather(*(publish_raw(world) for _ in range(4)))
    assert {answer.status_code for answer in answers} <= {201, 503}
    versions = [entry["version"] for entry in (await world.an.get("/v1/agreements")).json()["data"]]
    assert sorted(versions) == list(range(1, len(versions) + 1))


async def publish_raw(world: World) -> Any:
    body = {"url": "https://example.com/b", "text_sha256": TEXT, "effective_from": "2090-01-01T00:00:00Z"}
    return await world.coordinator.post("/v1/agreements", body)


async def test_an_application_code_is_not_in_the_database(world: World) -> None:
    made = await world.coordinator.made("/v1/cluster/application-code", None)
    assert made["link"].endswith(made["application_code"])
    assert made["application_code"] not in (await world.coordinator.get("/v1/cluster")).text
