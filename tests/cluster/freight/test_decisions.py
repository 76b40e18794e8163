"""What becomes of invoices: accepted, disputed, answered, credited, sent back; and what a plan's freight cost."""

import asyncio

import pytest

from tests.cluster.freight.billed import Billed

pytestmark = pytest.mark.anyio
DEAR = {"reasons": ["not_in_tariff"], "note": "No toll on this road"}


def tolled(billed: Billed) -> list[dict[str, object]]:
    """What is owed, and 35,000 for a bridge."""
    return [*billed.lines(), billed.line("toll", 35_000)]


async def test_an_accepted_invoice_is_a_cost_of_its_tour(billed: Billed) -> None:
    invoice_id = await billed.send()
    before = await billed.freight()
    assert (before["open_minor"], before["settled"]) == (billed.owed_minor, False)
    assert before["tours"][0]["accepted_minor"] is None
    done = await billed.decide(invoice_id, "accept", {})
    assert (done.json()["invoice"]["status"], done.json()["invoice"]["accepted_minor"]) == (
        "accepted",
        billed.owed_minor,
    )
    [tour] = (after := await billed.freight())["tours"]
    assert (tour["tour_id"], tour["carrier_id"]) == (billed.tour_id, billed.swift_id)
    assert (tour["planned_minor"], tour["accepted_minor"]) == (billed.planned_minor, billed.owed_minor)
    assert tour["variance_minor"] == after["variance_minor"] == billed.owed_minor - billed.planned_minor
    assert (after["open_minor"], after["settled"]) == (0, True)
    [told] = await billed.events("carrier_invoice.accepted")
    assert told["tours"] == [{"tour_id": billed.tour_id, "accepted_minor": billed.owed_minor}]
    again = await billed.decide(invoice_id, "accept", {})
    assert (again.status_code, again.json()["code"]) == (409, "invoice_decided")


async def test_less_is_accepted_than_billed_and_never_more(billed: Billed) -> None:
    invoice_id = await billed.send(tolled(billed))
    wrong = [
        {"tour_id": billed.tour_id, "accepted_minor": billed.owed_minor + 35_001},
        {"tour_id": "tor_" + "0" * 26, "accepted_minor": 0},
        {"tour_id": billed.tour_id, "accepted_minor": 0},
    ]
    refused = await billed.decide(invoice_id, "accept", {"corrections": wrong})
    assert [(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]] == [
        ("/corrections/0/accepted_minor", "too_much"),
        ("/corrections/1/tour_id", "no_such_tour"),
        ("/corrections/2/tour_id", "twice"),
    ]
    right = [{"tour_id": billed.tour_id, "accepted_minor": billed.owed_minor}]
    done = await billed.decide(invoice_id, "accept", {"corrections": right, "note": "Without the toll"})
    assert done.json()["invoice"]["accepted_minor"] == billed.owed_minor
    assert (await billed.freight())["accepted_minor"] == billed.owed_minor


async def test_a_dispute_tells_the_carrier_what_is_not_agreed_and_it_may_accept(billed: Billed) -> None:
    invoice_id = await billed.send(tolled(billed))
    await billed.decide(invoice_id, "dispute", DEAR)
    own = (await billed.swift.get(f"/v1/carrier/invoices/{invoice_id}")).json()
    entry = own["history"][-1]
    assert (own["invoice"]["status"], entry["reasons"], entry["note"]) == ("disputed", ["not_in_tariff"], DEAR["note"])
    assert [(finding["kind"], finding["difference_minor"]) for finding in entry["findings"]] == [("toll", 35_000)]
    assert entry["tours"] == [{"tour_id": billed.tour_id, "accepted_minor": billed.owed_minor}]
    done = await billed.swift.post(f"/v1/carrier/invoices/{invoice_id}/answer", {"answer": "accept"})
    assert (done.json()["invoice"]["status"], done.json()["invoice"]["accepted_minor"]) == (
        "accepted",
        billed.owed_minor,
    )
    assert (await billed.look(invoice_id))["history"][-1]["party"] == "carrier"
    assert (await billed.freight())["accepted_minor"] == billed.owed_minor
    late = await billed.swift.post(f"/v1/carrier/invoices/{invoice_id}/answer", {"answer": "accept"})
    assert (late.status_code, late.json()["code"]) == (409, "invoice_not_disputed")
    assert [told["reasons"] for told in await billed.events("carrier_invoice.disputed")] == [["not_in_tariff"]]


async def test_a_carrier_that_insists_says_why_and_the_coordinator_has_the_last_word(billed: Billed) -> None:
    invoice_id = await billed.send(tolled(billed))
    await billed.decide(invoice_id, "dispute", DEAR)
    path = f"/v1/carrier/invoices/{invoice_id}/answer"
    silent = await billed.swift.post(path, {"answer": "insist"})
    assert [fault["code"] for fault in silent.json()["errors"]] == ["note_missing"]
    said = await billed.swift.post(path, {"answer": "insist", "note": "The bridge was the only way"})
    assert said.json()["invoice"]["status"] == "disputed"
    done = await billed.decide(invoice_id, "accept", {"note": "So it was"})
    assert done.json()["invoice"]["accepted_minor"] == billed.owed_minor + 35_000
    kinds = [entry["kind"] for entry in done.json()["history"]]
    assert kinds == ["received", "disputed", "insisted", "accepted"]


async def test_a_credit_note_settles_a_dispute(billed: Billed) -> None:
    invoice_id = await billed.send(tolled(billed))
    await billed.decide(invoice_id, "dispute", DEAR)
    high = billed.invoice([billed.line("toll", 35_001)], "S-1C", corrects_id=invoice_id)
    refused = await billed.swift.post("/v1/carrier/invoices", high)
    assert [fault["code"] for fault in refused.json()["errors"]] == ["credit_too_high"]
    credit = await billed.send([billed.line("toll", 35_000)], "S-1C", corrects_id=invoice_id)
    seen = await billed.look(invoice_id)
    assert (seen["invoice"]["status"], seen["invoice"]["credited_minor"]) == ("matched", 35_000)
    assert (await billed.look(credit))["invoice"]["kind"] == "credit_note"
    assert (await billed.decide(credit, "accept", {})).json()["code"] == "invoice_decided"
    done = await billed.decide(invoice_id, "accept", {})
    assert done.json()["invoice"]["accepted_minor"] == billed.owed_minor
    assert (await billed.freight())["accepted_minor"] == billed.owed_minor


async def test_a_credit_note_after_acceptance_takes_off_only_what_was_accepted_above_it(billed: Billed) -> None:
    # billed owed + 35,000, accepted owed; a credit of 35,000 changes nothing, one of 10,000 more takes 10,000 off
    invoice_id = await billed.send(tolled(billed))
    right = [{"tour_id": billed.tour_id, "accepted_minor": billed.owed_minor}]
    await billed.decide(invoice_id, "accept", {"corrections": right})
    await billed.send([billed.line("toll", 35_000)], "C-1", corrects_id=invoice_id)
    assert (await billed.freight())["accepted_minor"] == billed.owed_minor
    await billed.send([billed.line("stops", 10_000)], "C-2", corrects_id=invoice_id)
    assert (await billed.freight())["accepted_minor"] == billed.owed_minor - 10_000
    assert (await billed.look(invoice_id))["invoice"]["accepted_minor"] == billed.owed_minor - 10_000
    rest = [line for line in billed.lines() if line["kind"] != "stops"]
    await billed.send(rest, "C-3", corrects_id=invoice_id)
    assert await billed.status(invoice_id) == "credited"
    assert (await billed.freight())["accepted_minor"] == 0
    more = billed.invoice([billed.line("toll", 0)], "C-4", corrects_id=invoice_id)
    refused = await billed.swift.post("/v1/carrier/invoices", more)
    assert (refused.status_code, refused.json()["code"]) == (409, "invoice_decided")


async def test_what_was_sent_back_is_billed_again(billed: Billed) -> None:
    invoice_id = await billed.send(tolled(billed))
    back = await billed.decide(invoice_id, "reject", {"note": "No toll", "reasons": ["not_in_tariff"]})
    assert (back.json()["invoice"]["status"], (await billed.freight())["open_minor"]) == ("rejected", 0)
    again = await billed.send(number="S-2")
    assert await billed.status(again) == "matched"
    assert (await billed.decide(invoice_id, "dispute", DEAR)).json()["code"] == "invoice_decided"


async def test_of_decisions_at_once_one_holds(billed: Billed) -> None:
    invoice_id = await billed.send(tolled(billed))
    asked = [("accept", {}), ("reject", {"note": "No"})] * 4
    answers = await asyncio.gather(*(billed.decide(invoice_id, what, body) for what, body in asked))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    seen = await billed.look(invoice_id)
    assert [entry["kind"] for entry in seen["history"]] == ["received", seen["invoice"]["status"]]
    accepted = billed.owed_minor + 35_000 if seen["invoice"]["status"] == "accepted" else 0
    assert (await billed.freight())["accepted_minor"] == accepted
