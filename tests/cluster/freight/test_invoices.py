"""Carriers' invoices: taken in once, with all their faults told, and for nobody else's eyes."""

import asyncio

import pytest

from tests.cluster.freight.billed import Billed

pytestmark = pytest.mark.anyio


async def test_an_invoice_as_agreed_matches_by_itself_and_its_carrier_is_not_told(billed: Billed) -> None:
    sent = await billed.swift.post("/v1/carrier/invoices", billed.invoice())
    assert (sent.status_code, sent.headers["Idempotent-Replayed"]) == (201, "false")
    own = sent.json()
    assert (own["invoice"]["status"], own["version"], own["audit"]) == ("received", 1, None)
    assert [line["unit"] for line in own["lines"]] == ["vehicle", "m", "s", "stop"]
    seen = await billed.look(own["id"])
    assert (seen["invoice"]["status"], seen["audit"]["matched"]) == ("matched", True)
    assert seen["audit"]["expected_minor"] == billed.owed_minor
    assert {finding["code"] for finding in seen["audit"]["findings"]} == {"as_agreed"}
    assert [entry["kind"] for entry in seen["history"]] == ["received"]
    assert (own["history"][0]["party"], own["history"][0]["key_id"]) == ("carrier", None)
    assert seen["history"][0]["key_id"].startswith("key_")
    assert [entry["id"] for entry in (await billed.swift.get("/v1/carrier/invoices?status=received")).json()["data"]]
    assert (await billed.swift.get("/v1/carrier/invoices?status=matched")).json()["data"] == []


async def test_the_same_number_with_the_same_content_is_the_same_invoice(billed: Billed) -> None:
    first = await billed.send()
    again = await billed.swift.post("/v1/carrier/invoices", billed.invoice())
    assert (again.json()["id"], again.headers["Idempotent-Replayed"]) == (first, "true")
    other = await billed.swift.post("/v1/carrier/invoices", billed.invoice(issued_on="2026-12-01"))
    assert (other.status_code, other.json()["code"]) == (409, "invoice_number_taken")
    assert len((await billed.swift.get("/v1/carrier/invoices")).json()["data"]) == 1


async def test_twins_are_one_invoice(billed: Billed) -> None:
    answers = await asyncio.gather(*(billed.swift.post("/v1/carrier/invoices", billed.invoice()) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert [answer.headers["Idempotent-Replayed"] for answer in answers].count("false") == 1


async def test_all_faults_are_told_at_once_and_nothing_is_stored(billed: Billed) -> None:
    lines = [
        billed.line("distance", 9_000, quantity=1, unit="km"),
        billed.line("fixed", -1),
        billed.line("toll", 5_000) | {"tour_id": "tor_" + "0" * 26},
    ]
    body = billed.invoice(lines, currency="EUR", corrects_id="civ_" + "0" * 26) | {"total_minor": 1}
    answer = await billed.swift.post("/v1/carrier/invoices", body)
    assert answer.status_code == 422
    assert {(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]} == {
        ("/currency", "currency_wrong"),
        ("/total_minor", "total_wrong"),
        ("/corrects_id", "no_such_invoice"),
        ("/lines/0/unit", "unit_wrong"),
        ("/lines/1/amount_minor", "amount_negative"),
        ("/lines/2/tour_id", "no_such_tour"),
    }
    assert (await billed.swift.get("/v1/carrier/invoices")).json()["data"] == []


async def test_another_carrier_finds_neither_the_invoice_nor_the_tour(billed: Billed) -> None:
    invoice_id = await billed.send()
    await billed.decide(invoice_id, "dispute", {"reasons": ["rate_differs"], "note": "Too dear"})
    assert (await billed.slow.get("/v1/carrier/invoices")).json()["data"] == []
    path = f"/v1/carrier/invoices/{invoice_id}"
    for answer in (await billed.slow.get(path), await billed.slow.post(f"{path}/answer", {"answer": "accept"})):
        assert (answer.status_code, answer.json()["detail"]) == (404, "There is no such carrier invoice.")
    theirs = await billed.slow.post("/v1/carrier/invoices", billed.invoice())
    assert {fault["code"] for fault in theirs.json()["errors"]} == {"no_such_tour"}
    credit = billed.invoice([billed.line("stops", 1)], corrects_id=invoice_id)
    codes = {fault["code"] for fault in (await billed.slow.post("/v1/carrier/invoices", credit)).json()["errors"]}
    assert codes == {"no_such_tour", "no_such_invoice"}
    assert (await billed.swift.get(f"/v1/carrier-invoices/{invoice_id}")).status_code == 403
    assert (await billed.world.an.get(f"/v1/carrier-invoices/{invoice_id}")).status_code == 403


async def test_the_coordinator_types_what_came_on_paper(billed: Billed) -> None:
    path = f"/v1/carriers/{billed.swift_id}/invoices"
    made = await billed.world.coordinator.made(path, billed.invoice())
    assert (made["invoice"]["status"], made["history"][0]["party"]) == ("matched", "coordinator")
    assert (await billed.swift.get(f"/v1/carrier/invoices/{made['id']}")).json()["lines"] == made["lines"]
    again = await billed.swift.post("/v1/carrier/invoices", billed.invoice())
    assert (again.json()["id"], again.headers["Idempotent-Replayed"]) == (made["id"], "true")
    for query in (f"carrier_id={billed.swift_id}", f"tour_id={billed.tour_id}", "status=matched"):
        found = (await billed.world.coordinator.get(f"/v1/carrier-invoices?{query}")).json()["data"]
        assert [entry["id"] for entry in found] == [made["id"]]
    nothing = await billed.world.coordinator.get(f"/v1/carrier-invoices?carrier_id={billed.slow_id}")
    assert nothing.json()["data"] == []
    [told] = await billed.events("carrier_invoice.received")
    assert (told["number"], told["total_minor"]) == ("S-1", billed.owed_minor)
