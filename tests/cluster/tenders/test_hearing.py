"""Carriers hear at once of what is theirs: offers and tours, each alone, numbered without gaps, and nobody else of it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from standardwebhooks import Webhook

from cluster.base.db import Database as Pool
from tests.cluster.api import Caller, api
from tests.cluster.tenders.market import Market
from tests.cluster.webhooks.receiver import Receiver, receiving
from tests.cluster.webhooks.working import deliveries, endpoint, relay_all, sending, settled
from tests.databases import Database

pytestmark = pytest.mark.anyio


@pytest.fixture
async def market(original_market: Market, copied_market: Database) -> AsyncIterator[Market]:
    """The day of tenders, whose endpoints may be on this machine."""
    async with api(copied_market, webhooks_allow_private=True) as client:
        yield original_market.on(copied_market, client)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """An endpoint."""
    async with receiving() as found:
        yield found


async def told(market: Market, caller: Caller) -> list[Any]:
    """All events that somebody can fetch by now."""
    async with Pool.open(market.world.database.url, 2) as pool:
        await relay_all(pool)
    found: list[Any] = (await caller.get("/v1/events?limit=500")).json()["data"]
    return found


async def types(market: Market, caller: Caller, *nouns: str) -> list[str]:
    """Their types, of these nouns alone."""
    return [entry["type"] for entry in await told(market, caller) if entry["type"].split(".")[0] in nouns]


async def test_a_carrier_gets_its_offer_and_its_tour_signed_in_the_words_of_its_own_part(
    market: Market, receiver: Receiver
) -> None:
    swift = market.carriers["swift"]
    made = await endpoint(swift, receiver.url)
    async with sending(market.world.database):
        await market.tender("direct", "swift")
        [opened] = await receiver.until(1)
        Webhook(made["secret"]).verify(opened.body, opened.headers)
        data = opened.event["data"]
        offer = (await swift.get(data["link"])).json()  # the link is one that its key opens
        assert (opened.event["type"], data["object"], data["id"]) == ("offer.opened", "offer", offer["id"])
        assert (data["seq"], data["price_minor"]) == (1, market.price)
        assert await market.says("swift", "accept") == "awarded"
        _, *after = await receiver.until(3)
        by_type = {got.event["type"]: got.event["data"] for got in after}
        assert by_type.keys() == {"offer.awarded", "tour.dispatched"}
        assert (by_type["offer.awarded"]["seq"], by_type["offer.awarded"]["tour_id"]) == (2, market.tour["id"])
        tour = by_type["tour.dispatched"]
        # The coordinator counts this tour's events by itself: for the carrier it is the first.
        assert (tour["id"], tour["seq"], tour["object"]) == (market.tour["id"], 1, "tour")
        assert (await swift.get(tour["link"])).status_code == 200
        log = await settled(swift, made["id"], 3)
    assert {entry["status"] for entry in log} == {"delivered"}


async def test_each_carrier_hears_of_its_own_offer_alone_and_members_and_the_coordinator_of_none(
    market: Market, receiver: Receiver
) -> None:
    await told(market, market.world.coordinator)  # what happened before is nobody's news
    async with receiving() as other, receiving() as ours, receiving() as members:
        for caller, where in (
            (market.carriers["swift"], receiver),
            (market.carriers["cheap"], other),
            (market.world.coordinator, ours),
            (market.world.an, members),
        ):
            await endpoint(caller, where.url)
        async with sending(market.world.database):
            await market.tender("broadcast", "swift", "steady")
            await market.says("steady", "accept")
            await market.says("swift", "counter", price_minor=market.price + 1)
            await receiver.until(2)
            # The tender is opened, answered twice and awarded, the tour given.
            await ours.until(5)
            await members.until(1)  # its shipment is dispatched
        assert [got.event["type"] for got in receiver.got] == ["offer.opened", "offer.lost"]
        assert "carrier_id" not in str([got.event for got in receiver.got])
        assert other.got == []
        assert {got.event["type"].split(".")[0] for got in ours.got} <= {"tender", "tour", "shipment"}
        assert {got.event["type"].split(".")[0] for got in members.got} == {"shipment"}


async def test_who_was_never_asked_hears_nothing_of_a_waterfall(market: Market) -> None:
    await market.tender("waterfall", "swift", "steady", "cheap")
    await market.says("swift", "decline", reason="no_capacity")
    await market.says("steady", "accept")
    assert await types(market, market.carriers["swift"], "offer", "tour") == ["offer.opened"]
    assert await types(market, market.carriers["steady"], "offer", "tour") == [
        *("offer.opened", "offer.awarded", "tour.dispatched"),
    ]
    assert await told(market, market.carriers["cheap"]) == []


async def test_withdrawn_and_expired_offers_are_told(market: Market) -> None:
    tender = await market.tender("waterfall", "swift", "steady")
    await market.time_passes(tender)
    await market.world.coordinator.made(f"/v1/tenders/{tender['id']}/withdraw", None)
    assert await types(market, market.carriers["swift"], "offer") == ["offer.opened", "offer.expired"]
    assert await types(market, market.carriers["steady"], "offer") == ["offer.opened", "offer.withdrawn"]
    heard = await types(market, market.world.coordinator, "tender", "offer")
    assert heard == ["tender.opened", "tender.withdrawn"]


async def test_a_tour_called_off_is_told_to_who_has_it(market: Market) -> None:
    await market.tender("direct", "swift")
    await market.says("swift", "accept")
    await market.world.coordinator.made(f"/v1/tours/{market.tour['id']}/cancel", {"reason": "The road is closed"})
    [*_, last] = await told(market, market.carriers["swift"])
    assert (last["type"], last["data"]["seq"]) == ("tour.cancelled", 2)
    assert "road is closed" not in str(last)
    assert [entry["type"] for entry in await told(market, market.carriers["steady"])] == []


async def test_a_carrier_reads_on_from_its_own_events_and_from_nobody_elses(market: Market) -> None:
    await market.tender("broadcast", "swift", "steady", award="choice")
    swift, steady = market.carriers["swift"], market.carriers["steady"]
    [first] = await told(market, swift)
    [rivals] = await told(market, steady)
    coordinators = (await told(market, market.world.coordinator))[-1]
    assert (await swift.get(f"/v1/events?after={first['id']}")).json()["data"] == []
    for stranger in (rivals, coordinators):
        assert (await swift.get(f"/v1/events?after={stranger['id']}")).status_code == 422
    assert (await market.world.coordinator.get(f"/v1/events?after={first['id']}")).status_code == 422


async def test_an_endpoint_is_its_carriers_alone_and_so_is_what_can_be_replayed(
    market: Market, receiver: Receiver
) -> None:
    swift, steady = market.carriers["swift"], market.carriers["steady"]
    made = await endpoint(swift, receiver.url)
    for stranger in (steady, market.world.coordinator, market.world.an):
        assert (await stranger.get(f"/v1/webhooks/{made['id']}")).status_code == 404
        assert (await stranger.get("/v1/webhooks")).json()["data"] == []
        assert (await stranger.send("DELETE", f"/v1/webhooks/{made['id']}")).status_code == 404
    await market.tender("broadcast", "swift", "steady", award="choice")
    [own], [rivals] = await told(market, swift), await told(market, steady)
    coordinators = (await told(market, market.world.coordinator))[-1]
    path = f"/v1/webhooks/{made['id']}/replay"
    for stranger in (rivals, coordinators):
        assert (await swift.post(path, {"event_id": stranger["id"]})).status_code == 404
    assert (await swift.post(path, {"event_id": own["id"]})).status_code == 202
    everything = (await swift.post(path, {"since": "2026-01-01T00:00:00Z"})).json()
    assert everything == {"events": 1, "more": False}
    assert [entry["id"] for entry in await deliveries(swift, made["id"])] == [own["id"]]


async def test_the_coordinator_replays_nothing_that_was_told_to_a_carrier(market: Market, receiver: Receiver) -> None:
    made = await endpoint(market.world.coordinator, receiver.url)
    await market.tender("direct", "swift")
    [own] = await told(market, market.carriers["swift"])
    path = f"/v1/webhooks/{made['id']}/replay"
    assert (await market.world.coordinator.post(path, {"event_id": own["id"]})).status_code == 404
    await market.world.coordinator.made(path, {"since": "2026-01-01T00:00:00Z"})
    assert own["id"] not in {entry["id"] for entry in await deliveries(market.world.coordinator, made["id"])}


async def test_a_ping_tries_a_carriers_endpoint(market: Market, receiver: Receiver) -> None:
    made = await endpoint(market.carriers["swift"], receiver.url)
    async with sending(market.world.database):
        await market.carriers["swift"].made(f"/v1/webhooks/{made['id']}/ping", None)
        [got] = await receiver.until(1)
    assert (got.event["type"], got.event["data"]["id"]) == ("webhook.ping", made["id"])


async def test_the_types_that_carriers_hear_of_are_listed_with_links_that_their_keys_open(market: Market) -> None:
    listed = (await market.carriers["swift"].get("/v1/event-types")).json()["data"]
    nouns = {"offer", "amendment", "tour", "carrier_invoice", "webhook"}
    assert {entry["name"].split(".")[0] for entry in listed} == nouns
    links = {entry["example"]["data"]["link"].rpartition("/")[0] for entry in listed}
    own = {f"/v1/carrier/{part}" for part in ("offers", "amendments", "tours", "invoices")}
    assert links == own | {"/v1/webhooks"}
    coordinators = {entry["name"] for entry in (await market.world.coordinator.get("/v1/event-types")).json()["data"]}
    assert not any(name.startswith("offer.") for name in coordinators)
