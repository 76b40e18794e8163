"""What happened to a shipment: reports from the road, late ones, corrections, and who may say what."""

from typing import Any

import httpx
import pytest

from tests.cluster.api import Caller, World
from tests.cluster.shipments.by_hand import moved

pytestmark = pytest.mark.anyio


async def report(caller: Caller, shipment: Any, status: str, **body: Any) -> httpx.Response:
    """Something that happened to a shipment."""
    return await caller.post(f"/v1/shipments/{shipment['id']}/events", {"status": status} | body)


async def dispatched(world: World) -> Any:
    """An's shipment on its way."""
    booked = await world.an.made("/v1/shipments", world.delivery())
    for status in ("planned", "dispatched"):
        await moved(world, status, booked["id"])
    return booked


async def test_every_change_is_in_the_timeline_with_who_and_why(world: World) -> None:
    shipment = await dispatched(world)
    failed = await report(world.coordinator, shipment, "delivery_failed", code="consignee_not_home", reason="No answer")
    assert (failed.status_code, failed.json()["status"]) == (201, "delivery_failed")
    told = (await world.an.get(f"/v1/shipments/{shipment['id']}/events")).json()["data"]
    assert [(entry["status"], entry["actor"], entry["applied"]) for entry in told] == [
        ("pooled", "member_admin", True),
        ("planned", "system", True),
        ("dispatched", "system", True),
        ("delivery_failed", "coordinator", True),
    ]
    assert (told[-1]["code"], told[-1]["reason"]) == ("consignee_not_home", "No answer")


async def test_a_late_report_is_kept_and_takes_nothing_back(world: World) -> None:
    shipment = await dispatched(world)
    await report(world.coordinator, shipment, "delivered")
    late = await report(world.coordinator, shipment, "out_for_delivery", at="2026-01-01T08:00:00Z")
    assert late.json()["status"] == "delivered"
    page = (await world.an.get(f"/v1/shipments/{shipment['id']}/events?limit=4")).json()
    assert [entry["status"] for entry in page["data"]] == ["pooled", "planned", "dispatched", "delivered"]
    rest = (await world.an.get(f"/v1/shipments/{shipment['id']}/events?cursor={page['next_cursor']}")).json()["data"]
    assert [(entry["status"], entry["applied"], entry["at"]) for entry in rest] == [
        ("out_for_delivery", False, "2026-01-01T08:00:00Z")
    ]


async def test_what_was_reported_wrongly_is_corrected_with_a_reason(world: World) -> None:
    shipment = await dispatched(world)
    await report(world.coordinator, shipment, "delivered")
    [fault] = (await report(world.coordinator, shipment, "at_hub", correction=True)).json()["errors"]
    assert (fault["pointer"], fault["code"]) == ("/reason", "missing")
    done = await report(world.coordinator, shipment, "at_hub", correction=True, reason="Scanned the wrong box")
    assert (done.json()["status"], done.json()["status_code"]) == ("at_hub", "correction")


async def test_goods_do_not_appear_on_the_road_from_the_pool(world: World) -> None:
    booked = await world.an.made("/v1/shipments", world.delivery())
    answer = await report(world.coordinator, booked, "delivered")
    assert (answer.status_code, answer.json()["code"]) == (409, "illegal_move")
    [fault] = (await report(world.coordinator, booked, "planned")).json()["errors"]
    assert fault["code"] == "not_reportable"


async def test_a_member_reports_on_what_it_moves_itself_and_nothing_else(world: World) -> None:
    alone = await world.an.made("/v1/shipments", world.delivery(pooling="alone"))
    assert (await report(world.an, alone, "delivered")).json()["status"] == "delivered"
    assert (await report(world.an, alone, "at_hub", correction=True, reason="x")).status_code == 403
    pooled = await dispatched(world)
    assert (await report(world.an, pooled, "delivered")).status_code == 403
    for caller in (world.binh,):
        assert (await report(caller, pooled, "delivered")).status_code == 404
        assert (await caller.get(f"/v1/shipments/{pooled['id']}/events")).status_code == 404
