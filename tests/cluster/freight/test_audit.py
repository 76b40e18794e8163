"""What an audit finds in an invoice, by tariff and tour."""

import pytest

from tests.cluster.dispatch.road import Day, happened, visit
from tests.cluster.freight.billed import TARIFF, Billed

pytestmark = pytest.mark.anyio


async def finding(billed: Billed, invoice_id: str, kind: str) -> dict[str, object]:
    found = (await billed.look(invoice_id))["audit"]["findings"]
    picked: dict[str, object] = next(entry for entry in found if entry["kind"] == kind)
    return picked


async def test_an_hour_and_a_half_billed_for_55_minutes_is_a_quantity_that_differs(billed: Billed) -> None:
    # 5,400 s at 60,000 an hour are 90,000; 3,300 s are 55,000
    lines = [line for line in billed.lines() if line["kind"] != "time"]
    invoice_id = await billed.send([*lines, billed.line("time", 90_000, quantity=5400, rate_minor=60_000)])
    assert await billed.status(invoice_id) == "received"
    found = await finding(billed, invoice_id, "time")
    assert (found["code"], found["difference_minor"]) == ("quantity_differs", 35_000)
    assert (found["driven_quantity"], found["invoiced_quantity"]) == (3300, 5400)
    assert found["planned_quantity"] not in {3300, 5400}  # the plan had its own idea
    whole = (await billed.look(invoice_id))["audit"]
    assert (whole["difference_minor"], whole["matched"]) == (35_000, False)


async def test_quantity_and_rate_each_have_their_part_of_a_difference(billed: Billed) -> None:
    # three stops at 6,000 are 18,000; two at 5,000 are 10,000: one stop more is 5,000, the dearer rate 3,000
    lines = [line for line in billed.lines() if line["kind"] != "stops"]
    invoice_id = await billed.send([*lines, billed.line("stops", 18_000, quantity=3, rate_minor=6_000)])
    found = await finding(billed, invoice_id, "stops")
    assert found["causes"] == [
        {"code": "quantity_differs", "amount_minor": 5_000},
        {"code": "rate_differs", "amount_minor": 3_000},
    ]


async def test_a_toll_is_in_no_tariff_and_a_line_may_be_missing(billed: Billed) -> None:
    lines = [line for line in billed.lines() if line["kind"] != "stops"]
    invoice_id = await billed.send([*lines, billed.line("toll", 35_000, text="Bridge")])
    codes = await billed.codes(invoice_id)
    assert (codes["toll"], codes["stops"]) == ("not_in_tariff", "missing_line")
    whole = (await billed.look(invoice_id))["audit"]
    assert whole["difference_minor"] == 35_000 - 10_000


async def test_a_small_difference_is_within_the_clusters_tolerance_or_that_of_the_one_who_asks(billed: Billed) -> None:
    # 300 too much for the van: one in a thousand
    lines = [line for line in billed.lines() if line["kind"] != "fixed"]
    invoice_id = await billed.send([*lines, billed.line("fixed", 300_300)])
    assert (await billed.codes(invoice_id))["fixed"] == "amount_differs"
    again = await billed.decide(invoice_id, "audit", {"tolerance_permille": 1})
    assert (again.json()["invoice"]["status"], again.json()["audit"]["audit_no"]) == ("matched", 2)
    assert (await billed.codes(invoice_id))["fixed"] == "within_tolerance"
    assert (await billed.decide(invoice_id, "audit", {})).json()["invoice"]["status"] == "received"
    settled = {"freight": {"tolerance_minor": 300}}
    assert (await billed.world.coordinator.send("PUT", "/v1/cluster-settings/freight", settled)).is_success
    assert (await billed.decide(invoice_id, "audit", {})).json()["invoice"]["status"] == "matched"
    assert (await billed.world.an.get("/v1/cluster-settings/freight")).status_code == 403


async def test_what_an_earlier_invoice_billed_is_billed_twice_and_the_rest_is_not(billed: Billed) -> None:
    await billed.send([line for line in billed.lines() if line["kind"] != "stops"], number="S-1")
    later = await billed.send(
        [billed.line("stops", 10_000, quantity=2, rate_minor=5_000), billed.line("time", 55_000)], number="S-2"
    )
    assert await billed.codes(later) == {"stops": "as_agreed", "time": "billed_twice"}
    assert (await billed.look(later))["audit"]["difference_minor"] == 55_000
    first = (await billed.swift.get("/v1/carrier/invoices")).json()["data"][0]["id"]
    await billed.decide(first, "reject", {"note": "Send one invoice for the whole tour"})
    await billed.decide(later, "audit", {})
    assert (await billed.codes(later))["time"] == "as_agreed"


async def test_a_tour_of_another_is_owed_nothing(billed: Billed) -> None:
    path = f"/v1/carriers/{billed.slow_id}/invoices"
    made = await billed.world.coordinator.made(path, billed.invoice())
    assert {finding["code"] for finding in made["audit"]["findings"]} == {"tour_of_another"}
    assert (made["audit"]["expected_minor"], made["audit"]["difference_minor"]) == (0, billed.owed_minor)


async def test_the_tariff_of_the_service_day_counts_and_its_minimum(billed: Billed) -> None:
    # the minimum is one dong above what the tour comes to, so the route is billed one dong more
    tariff = TARIFF | {"minimum_minor": billed.owed_minor + 1}
    path = f"/v1/vehicle-types/{billed.vehicle_type_id}/tariffs"
    assert (await billed.world.coordinator.send("PUT", path, tariff)).is_success
    invoice_id = await billed.send()
    assert (await billed.codes(invoice_id))["minimum"] == "minimum_missed"
    assert (await billed.look(invoice_id))["audit"]["difference_minor"] == -1


async def test_a_stop_that_nobody_reported_is_not_owed(day: Day) -> None:
    """And a tour that is not over is owed nothing."""
    billed = Billed()
    billed.world, billed.tour_id = day.world, day.tour["id"]
    kind = day.tour["vehicle_type_id"]
    coordinator = billed.world.coordinator
    made = await coordinator.made("/v1/carriers", {"code": "swift", "name": "Swift", "country_code": "VN"})
    assert (await coordinator.send("PUT", f"/v1/vehicle-types/{kind}/carrier", {"carrier_id": made["id"]})).is_success
    # The tour was made before; dispatched anew it is its vehicle's carrier's.
    assert (await coordinator.post(f"/v1/plans/{day.plan_id}/dispatch", {})).is_success
    stops = {"tariff": {"fixed_minor": 0, "km_minor": 0, "hour_minor": 0, "stop_minor": 5_000}}
    assert (await coordinator.send("PUT", f"/v1/vehicle-types/{kind}/tariffs", stops)).is_success
    await day.send(happened("started", 60))
    path, lines = f"/v1/carriers/{made['id']}/invoices", [billed.line("stops", 10_000, quantity=2, rate_minor=5_000)]
    early = await coordinator.made(path, billed.invoice(lines))
    assert early["audit"]["findings"][0]["code"] == "tour_not_driven"
    failed = visit("failed", day.an_shipment, 30, reason="consignee_absent")  # the van was there all the same
    await day.send(failed, happened("completed", 5))
    late = (await coordinator.post(f"/v1/carrier-invoices/{early['id']}/audit", {})).json()["audit"]["findings"][0]
    assert (late["code"], late["difference_minor"]) == ("quantity_differs", 5_000)
    assert (late["planned_quantity"], late["driven_quantity"], late["invoiced_quantity"]) == (2, 1, 2)
