"""A member's whole way through the client, against server and worker in processes of their own."""

import json
import time
import uuid
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from cluster_client import AsyncClient, Retries, errors, models, webhooks
from tests.client.conftest import Harbour
from tests.client.scripted import Answer, Asked, Scripted, scripted

BOX = models.HandlingUnit(weight_g=12_000, length_mm=600, width_mm=400, height_mm=400)


def booking(ref: str, lat: float = 10.81) -> models.BookShipment:
    """One box from the hub to a shop."""
    shop = models.Party(name="Corner shop", address_line1="12 River Street", lat=lat, lon=106.65)
    return models.BookShipment(client_ref=ref, service=models.Service.DELIVERY, delivery=shop, handling_units=[BOX])


def received(server: Scripted, kind: str, secret: str) -> tuple[Asked, webhooks.Message]:
    """The first message of a type, verified, once it has come."""
    for _ in range(300):
        for asked in list(server.asked):
            if json.loads(asked.body)["type"] == kind:
                return asked, webhooks.verify(asked.body, asked.headers, secret)
        time.sleep(0.05)
    raise AssertionError([json.loads(asked.body)["type"] for asked in server.asked])


def test_a_key_says_who_it_is_and_a_wrong_one_is_told(harbour: Harbour) -> None:
    me = harbour.an.me()
    assert me.role == "member_admin"
    with pytest.raises(errors.Unauthenticated) as caught:
        harbour.client("clk_wrong").me()
    assert caught.value.code == "unauthenticated"


def test_a_price_then_a_booking_that_happens_once(harbour: Harbour) -> None:
    quote = harbour.an.quote_shipment(booking("order-1"))
    assert quote.pool_window_id == harbour.window.id
    assert quote.alone is not None
    first = harbour.an.shipments.book(booking("order-1"), idempotency_key="order-1")
    again = harbour.an.shipments.book(booking("order-1"), idempotency_key="order-1")
    assert first == again
    assert (first.status, first.weight_g) == (models.ShipmentStatus.POOLED, 12_000)
    assert first.pool_window_id == harbour.window.id
    with pytest.raises(errors.Conflict) as caught:
        harbour.an.shipments.book(booking("order-1"))
    assert caught.value.code == "client_ref_taken"


def test_bulk_pages_and_filters(harbour: Harbour) -> None:
    refs = [f"bulk-{number}" for number in range(5)]
    booked = harbour.an.shipments.book_shipments(models.BookShipments(shipments=[booking(ref) for ref in refs]))
    assert len(booked.shipments) == 5
    assert [entry.client_ref for entry in harbour.an.shipments.list(limit=2, q="bulk-")] == refs
    assert [entry.id for entry in harbour.an.shipments.list(client_ref="bulk-3")] == [booked.shipments[3]]
    later = harbour.an.shipments.get(booked.shipments[0]).created_at + timedelta(days=1)
    assert list(harbour.an.shipments.list(created_at_gte=later)) == []
    assert list(harbour.binh.shipments.list(status=[models.ShipmentStatus.POOLED])) == []
    with pytest.raises(errors.NotFound):
        harbour.binh.shipments.get(booked.shipments[0])


def test_an_edit_of_what_was_read_holds_and_one_of_an_older_version_does_not(harbour: Harbour) -> None:
    seen = harbour.an.shipments.book(booking("edit-1"))
    edited = harbour.an.shipments.edit(seen.id, models.EditShipment(declared_minor=90_000), if_match=seen)
    assert (edited.declared_minor, edited.version) == (90_000, seen.version + 1)
    with pytest.raises(errors.Outdated):
        harbour.an.shipments.edit(seen.id, models.EditShipment(declared_minor=1), if_match=seen)
    emptied = harbour.an.shipments.edit(seen.id, models.EditShipment(declared_minor=None), if_match="*")
    assert emptied.declared_minor is None
    # The timeline tells of states: booked, then cancelled; an edit of what is in no plan changes none.
    assert harbour.an.shipments.cancel(seen.id).status == "cancelled"
    assert [event.status for event in harbour.an.shipments.list_events(seen.id)] == ["pooled", "cancelled"]


def test_every_fault_of_a_booking_is_told_at_once(harbour: Harbour) -> None:
    wrong = {"client_ref": "", "service": "teleport", "handling_units": [{"weight_g": -1}], "colour": "red"}
    with pytest.raises(errors.Invalid) as caught:
        harbour.an.shipments.book(wrong)
    assert {"/client_ref", "/service", "/colour", "/handling_units/0/weight_g", "/handling_units/0/length_mm"} <= {
        fault.pointer for fault in caught.value.errors
    }


def test_a_file_is_uploaded_followed_looked_at_and_booked(harbour: Harbour, folder: Path) -> None:
    sheet = folder / "orders.csv"
    names = "reference,delivery name,delivery address,delivery lat,delivery lon,weight kg,length cm,width cm,height cm"
    lines = [f"csv-{number},Shop,1 Street,10.8{number},106.65,{weight},60,40,40" for number, weight in enumerate("12x")]
    sheet.write_text("\n".join([names, *lines]) + "\n")
    uploaded = harbour.an.imports.upload(sheet, kind=models.ImportKind.SHIPMENTS)
    list(harbour.an.imports.follow(uploaded.id))
    checked = harbour.an.imports.get(uploaded.id)
    assert checked.status == models.ImportStatus.CHECKED, checked
    [faulty] = harbour.an.imports.list_lines(uploaded.id, state=models.LineState.FAULTY)
    assert [fault.code for fault in faulty.faults] == ["not_a_number"]
    assert b"csv-2" in harbour.an.imports.get_faults(uploaded.id, format="csv").read()
    harbour.an.imports.commit(uploaded.id, {"book": "good_lines"})
    list(harbour.an.imports.follow(uploaded.id))
    assert harbour.an.imports.get(uploaded.id).status == "partly_booked"
    assert sorted(entry.client_ref for entry in harbour.an.shipments.list(q="csv-")) == ["csv-0", "csv-1"]
    exported = harbour.an.shipments.export(format="csv").save(folder / "all.csv").read_text("utf-8-sig")
    assert "csv-0" in exported
    assert harbour.an.imports.get_template(format="xlsx").read().startswith(b"PK")


def test_a_booking_is_told_by_a_message_that_can_be_verified(harbour: Harbour) -> None:
    with scripted() as server:
        added = harbour.an.webhooks.add(models.AddWebhook(url=f"{server.url}/hook", event_types=["shipment.*"]))
        # The first try is refused, so that the message comes again with the same identifier.
        server.then(Answer(500), Answer(204))
        made = harbour.an.shipments.book(booking("hook-1"))
        asked, message = received(server, "shipment.booked", added.secret)
        assert (message.data["id"], message.data["seq"]) == (made.id, 1)
        assert message.id == asked.headers["webhook-id"]
        with pytest.raises(errors.NotAuthentic):
            webhooks.verify(asked.body + b" ", asked.headers, added.secret)
        assert message.id in [event.id for event in harbour.an.list_events()]
        harbour.an.webhooks.delete(added.webhook.id)


def test_a_day_is_planned_live_and_each_member_sees_its_own_statement(harbour: Harbour) -> None:
    harbour.binh.shipments.book(booking("binh-1", lat=10.83))
    started = harbour.coordinator.pool_windows.start_plan(harbour.window.id, models.StartPlan(seconds=1, players_max=2))
    events = list(harbour.coordinator.plans.follow(started.id))
    assert events[-1].event == "plan"
    assert harbour.coordinator.plans.get(started.id).status == models.PlanStatus.PUBLISHED, events[-1]
    [own] = harbour.binh.plans.get_shares(started.id).shares
    assert own.member_name == "Binh"
    assert own.share is not None
    assert own.stand_alone is not None
    assert int(own.share.amount) <= int(own.stand_alone.amount)
    [planned] = harbour.binh.shipments.list()
    assert planned.status == models.ShipmentStatus.PLANNED


@pytest.mark.anyio
async def test_the_asynchronous_client_goes_the_same_way(harbour: Harbour) -> None:
    async with (
        httpx.AsyncClient(trust_env=False) as http,
        AsyncClient(harbour.live.url, harbour.an_key, http=http, retries=Retries(tries=2)) as client,
    ):
        window = await client.pool_windows.get(harbour.window.id)
        made = await client.shipments.book(booking(f"async-{uuid.uuid4()}"))
        assert made.pool_window_id == window.id
        assert made.id in [entry.id async for entry in client.shipments.list(limit=3)]
        assert made.client_ref.encode() in await client.shipments.export(format="csv").read()
        sheet = b"sku,name,weight kg,length cm,width cm,height cm\nS1,Shirt,1,20,20,5\n"
        uploaded = await client.imports.upload(sheet, kind=models.ImportKind.PRODUCTS, filename="p.csv")
        assert [event.event async for event in client.imports.follow(uploaded.id)]
        assert (await client.imports.get(uploaded.id)).filename == "p.csv"
