"""Tours are tendered: to one carrier, one after the other, or all at once; one gets it, and nobody sees another's answer."""

from datetime import datetime, timedelta

import pytest

from tests.cluster.api import tomorrow
from tests.cluster.tenders.market import Market

pytestmark = pytest.mark.anyio


async def test_a_direct_tender_at_the_tariffs_price_is_taken_and_the_tour_given(market: Market) -> None:
    tender = await market.tender("direct", "swift")
    assert (tender["status"], tender["price_minor"]) == ("open", market.price)
    [offer] = await market.asked("swift", status="open")
    assert (offer["price_minor"], offer["currency"], offer["tour_id"]) == (market.price, "VND", None)
    assert await market.says("swift", "accept") == "awarded"
    assert await market.stands(tender) == ("awarded", {"swift": "awarded"})
    tour = await market.tour_now()
    assert (tour["status"], tour["carrier_id"]) == ("dispatched", market.firms["swift"])
    assert (await market.asked("swift"))[0]["tour_id"] == market.tour["id"]


async def test_an_awarded_tour_stays_planned_where_nothing_is_to_be_dispatched(market: Market) -> None:
    await market.tender("direct", "swift", dispatches=False)
    await market.says("swift", "accept")
    assert (await market.tour_now())["status"] == "planned"


async def test_carriers_see_where_about_and_how_much_but_no_names(market: Market) -> None:
    await market.tender("direct", "swift")
    [offer] = await market.asked("swift")
    content = offer["content"]
    assert (content["shipments"], content["weight_g"]) == (2, 24_000)  # two boxes of 12 kg
    assert [(stop["deliveries"], stop["weight_g"]) for stop in content["stops"]] == [(1, 12_000), (1, 12_000)]
    told = str(offer)
    for secret in ("Chi Lan", "+84 90 123 4567", "Corner shop", "River Street", "AN-1", "mem_", "shp_"):
        assert secret not in told


async def test_what_is_said_twice_is_as_once_and_an_answer_stays(market: Market) -> None:
    tender = await market.tender("direct", "swift")
    assert [await market.says("swift", "accept") for _ in range(2)] == ["awarded", "awarded"]
    late = await market.say("swift", "decline", reason="no_driver")
    assert (late.status_code, late.json()["code"]) == (409, "offer_over")
    assert (await market.look(tender))["version"] == 2  # made, awarded


async def test_a_waterfall_asks_the_next_when_one_declines_or_lets_its_time_pass(market: Market) -> None:
    tender = await market.tender("waterfall", "swift", "steady", "cheap")
    assert await market.asked("steady") == []
    assert await market.says("swift", "decline", reason="no_capacity") == "declined"
    assert await market.stands(tender) == ("open", {"swift": "declined", "steady": "open", "cheap": "waiting"})
    await market.time_passes(tender)
    assert await market.stands(tender) == ("open", {"swift": "declined", "steady": "expired", "cheap": "open"})
    assert await market.says("cheap", "accept") == "awarded"
    late = await market.say("steady", "accept")
    assert (late.status_code, late.json()["code"]) == (409, "offer_over")
    assert (await market.tour_now())["carrier_id"] == market.firms["cheap"]


async def test_a_carrier_suspended_meanwhile_is_passed_over(market: Market) -> None:
    tender = await market.tender("waterfall", "swift", "steady", "cheap")
    await market.world.coordinator.send("PATCH", f"/v1/carriers/{market.firms['steady']}", {"status": "suspended"})
    await market.says("swift", "decline", reason="no_capacity")
    assert await market.stands(tender) == ("open", {"swift": "declined", "steady": "waiting", "cheap": "open"})
    assert await market.says("cheap", "accept") == "awarded"
    assert await market.stands(tender) == ("awarded", {"swift": "declined", "steady": "lost", "cheap": "awarded"})


async def test_a_carrier_suspended_in_its_turn_keeps_nobody_waiting(market: Market) -> None:
    tender = await market.tender("waterfall", "swift", "steady")
    await market.world.coordinator.send("PATCH", f"/v1/carriers/{market.firms['swift']}", {"status": "suspended"})
    assert await market.says("swift", "accept") == "accepted"  # heard, and the next is asked
    assert await market.stands(tender) == ("open", {"swift": "accepted", "steady": "open"})
    assert await market.says("steady", "accept") == "awarded"
    assert await market.stands(tender) == ("awarded", {"swift": "lost", "steady": "awarded"})


async def test_a_suspended_carriers_answer_wins_nothing_by_itself(market: Market) -> None:
    tender = await market.tender("broadcast", "swift", "steady")
    await market.says("swift", "accept")
    await market.world.coordinator.send("PATCH", f"/v1/carriers/{market.firms['swift']}", {"status": "suspended"})
    await market.says("steady", "decline", reason="no_driver")
    assert (await market.stands(tender))[0] == "deciding"


async def test_a_tender_that_nobody_takes_is_exhausted_and_can_be_made_anew(market: Market) -> None:
    tender = await market.tender("waterfall", "swift", "steady")
    await market.says("swift", "decline", reason="price_too_low", note="Fuel.")
    await market.time_passes(tender)
    found = await market.look(tender)
    assert (found["status"], found["closed_reason"], found["deadline_at"]) == ("exhausted", "nobody", None)
    assert found["offers"][0]["answer"]["note"] == "Fuel."
    assert (await market.tour_now())["status"] == "planned"
    again = await market.tender("direct", "swift", price_minor=market.price + 50_000)
    assert await market.says("swift", "accept") == "awarded"
    assert (await market.look(again))["status"] == "awarded"


async def test_a_counter_up_to_the_ceiling_is_taken_and_one_above_waits_for_the_coordinator(market: Market) -> None:
    ceiling = market.price + 20_000
    tender = await market.tender("waterfall", "swift", "steady", ceiling_minor=ceiling)
    assert await market.says("swift", "counter", price_minor=ceiling + 1) == "countered"
    assert await market.stands(tender) == ("open", {"swift": "countered", "steady": "waiting"})
    assert await market.says("swift", "counter", price_minor=ceiling) == "awarded"
    assert (await market.look(tender))["offers"][0]["answer"]["price_minor"] == ceiling


async def test_the_coordinator_takes_a_counter_at_another_time_or_lets_it_pass(market: Market) -> None:
    later = await start_of(market) + timedelta(hours=1)
    tender = await market.tender("waterfall", "swift", "steady", ceiling_minor=market.price)
    assert await market.says("swift", "counter", price_minor=market.price, starts_at=later.isoformat()) == "countered"
    await market.time_passes(tender)
    assert await market.stands(tender) == ("open", {"swift": "expired", "steady": "open"})
    await market.says("steady", "counter", price_minor=market.price + 1)
    offer = (await market.look(tender))["offers"][1]
    taken = await market.world.coordinator.post(f"/v1/tenders/{tender['id']}/award", {"offer_id": offer["id"]})
    assert (taken.status_code, taken.json()["status"]) == (200, "awarded")
    assert (await market.tour_now())["carrier_id"] == market.firms["steady"]


async def start_of(market: Market) -> datetime:
    return datetime.fromisoformat((await market.tour_now())["starts_at"])


async def test_the_lowest_price_wins_a_broadcast_once_all_have_answered(market: Market) -> None:
    dear, low = market.price + 30_000, market.price - 10_000
    tender = await market.tender("broadcast", *market.firms, ceiling_minor=dear)
    assert await market.says("swift", "accept") == "accepted"
    assert await market.says("steady", "counter", price_minor=dear) == "countered"
    assert (await market.look(tender))["status"] == "open"
    assert await market.says("cheap", "counter", price_minor=low) == "awarded"
    assert await market.stands(tender) == ("awarded", {"swift": "lost", "steady": "lost", "cheap": "awarded"})


async def test_a_broadcast_without_names_asks_all_that_may_drive_that_day(market: Market) -> None:
    await market.world.coordinator.send("PATCH", f"/v1/carriers/{market.firms['cheap']}", {"status": "suspended"})
    tender = await market.tender("broadcast")
    assert (await market.stands(tender))[1] == {"swift": "open", "steady": "open"}


async def test_a_broadcast_by_choice_waits_for_the_coordinator(market: Market) -> None:
    tender = await market.tender("broadcast", "swift", "steady", award="choice")
    await market.says("swift", "accept")
    await market.time_passes(tender)
    assert await market.stands(tender) == ("deciding", {"swift": "accepted", "steady": "expired"})
    silent = (await market.look(tender))["offers"][1]["id"]
    path = f"/v1/tenders/{tender['id']}/award"
    refused = await market.world.coordinator.post(path, {"offer_id": silent})
    assert (refused.status_code, refused.json()["code"]) == (409, "offer_not_answered")
    chosen = (await market.look(tender))["offers"][0]["id"]
    answers = [await market.world.coordinator.post(path, {"offer_id": chosen}) for _ in range(2)]
    assert [answer.json()["status"] for answer in answers] == ["awarded", "awarded"]


async def test_an_offer_of_another_tender_is_none_of_this_one(market: Market) -> None:
    before = await market.tender("direct", "swift")
    await market.says("swift", "decline", reason="other")
    now = await market.tender("direct", "steady")
    path = f"/v1/tenders/{now['id']}/award"
    nothing = now["offers"][0]["id"][:-4] + "0000"
    answers = [
        await market.world.coordinator.post(path, {"offer_id": offer}) for offer in (before["offers"][0]["id"], nothing)
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(404, "not_found")] * 2
    assert (await market.look(now))["status"] == "open"


async def test_a_withdrawn_tender_is_over_for_everybody(market: Market) -> None:
    tender = await market.tender("waterfall", "swift", "steady")
    path = f"/v1/tenders/{tender['id']}/withdraw"
    assert [(await market.world.coordinator.post(path, {})).json()["status"] for _ in range(2)] == ["withdrawn"] * 2
    late = await market.say("swift", "accept")
    assert (late.status_code, late.json()["code"]) == (409, "offer_over")
    assert await market.asked("steady") == []  # it was never asked
    await market.tender("direct", "steady")


async def test_a_tour_is_tendered_once_at_a_time_and_only_while_nobody_drives_it(market: Market) -> None:
    await market.tender("direct", "swift")
    again = await market.try_tender("direct", "steady")
    assert (again.status_code, again.json()["code"]) == (409, "tender_open")
    await market.says("swift", "accept")
    given = await market.try_tender("direct", "steady")
    assert (given.status_code, given.json()["code"]) == (409, "tour_given")


async def test_a_tour_that_changed_is_not_the_one_that_was_tendered(market: Market) -> None:
    tender = await market.tender("waterfall", "swift", "steady")
    await market.world.coordinator.send("PATCH", f"/v1/tours/{market.tour['id']}", {"vehicle": "51D-1"})
    await market.time_passes(tender)
    found = await market.look(tender)
    assert (found["status"], found["closed_reason"]) == ("withdrawn", "tour_changed")
    assert (await market.tour_now())["carrier_id"] is None


async def test_carriers_that_may_not_drive_are_faults_all_at_once(market: Market) -> None:
    coordinator = market.world.coordinator
    await coordinator.send("PATCH", f"/v1/carriers/{market.firms['swift']}", {"status": "suspended"})
    await coordinator.send("PATCH", f"/v1/carriers/{market.firms['steady']}", {"closed_on": [str(tomorrow())]})
    path = f"/v1/tours/{market.tour['id']}/tenders"
    named = [market.firms["swift"], market.firms["steady"], "car_00000000000000000000000000"]
    answer = await coordinator.post(path, {"mode": "waterfall", "carriers": named})
    found = answer.json()["errors"]
    assert ["carrier_suspended" in found[0]["cause"], "carrier_closed" in found[1]["cause"]] == [True, True]
    assert [(fault["pointer"], fault["code"]) for fault in found] == [
        ("/carriers/0", "carrier_rests"),
        ("/carriers/1", "carrier_rests"),
        ("/carriers/2", "unknown_carrier"),
    ]


async def test_what_a_tender_cannot_be_is_said(market: Market) -> None:
    path = f"/v1/tours/{market.tour['id']}/tenders"
    body = {"mode": "direct", "carriers": [market.firms["swift"], market.firms["steady"]]}
    body |= {"price_minor": 10, "ceiling_minor": 9}
    answer = await market.world.coordinator.post(path, body)
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/carriers", "/ceiling_minor"]
    low = await market.try_tender("direct", "swift", ceiling_minor=market.price - 1)
    assert [fault["pointer"] for fault in low.json()["errors"]] == ["/ceiling_minor"]
    nobody = await market.try_tender("direct")  # the van is the cluster's own
    assert [fault["code"] for fault in nobody.json()["errors"]] == ["missing"]


async def test_a_carrier_sees_its_own_offers_alone(market: Market) -> None:
    await market.tender("direct", "swift")
    [offer] = await market.asked("swift")
    path = f"/v1/carrier/offers/{offer['id']}"
    for answer in (
        await market.carriers["steady"].get(path),
        await market.carriers["steady"].post(f"{path}/accept", {}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert await market.asked("steady") == []
