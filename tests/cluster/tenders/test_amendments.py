"""A tour that was awarded changes once its carrier agrees, or the coordinator says why it cannot wait; never otherwise."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from cluster.base.db import Database as Pool
from cluster.base.embedded import Servers
from tests.cluster.api import Caller, api, riverside
from tests.cluster.tenders.amended import Amended, changed
from tests.cluster.tenders.market import opened
from tests.cluster.webhooks.working import relay_all
from tests.databases import Database, fresh_database

pytestmark = pytest.mark.anyio
ROUNDS = 6


@pytest.fixture(scope="module")
def changed_database(servers: Servers) -> Iterator[Database]:
    """Where the day is made, once."""
    with fresh_database(servers) as found:
        yield found


@pytest.fixture(scope="module")
async def original(changed_database: Database) -> Amended:
    """The day; nobody is connected to its database afterwards."""
    async with riverside(changed_database) as world:
        return await changed(await opened(world))


@pytest.fixture
def copied(servers: Servers, original: Amended) -> Iterator[Database]:
    """A copy of its database."""
    with fresh_database(servers, original.market.world.database.name) as found:
        yield found


@pytest.fixture
async def day(original: Amended, copied: Database) -> AsyncIterator[Amended]:
    """A copy of it, which a test may change."""
    async with api(copied) as client:
        found = Amended()
        vars(found).update(vars(original) | {"market": original.market.on(copied, client)})
        yield found


async def heard(day: Amended, caller: Caller) -> list[Any]:
    """What somebody was told of amendments."""
    async with Pool.open(day.market.world.database.url, 2) as pool:
        await relay_all(pool)
    found = (await caller.get("/v1/events?limit=500")).json()["data"]
    return [entry for entry in found if entry["type"].startswith("amendment.")]


async def billed(day: Amended, plan_id: str) -> int:
    """What the tour costs by its tariff in a plan."""
    prices = (await day.market.world.coordinator.get(f"/v1/plans/{plan_id}/prices")).json()
    return int(prices["routes"][0]["billed_minor"])


async def test_nothing_changes_for_an_awarded_tour_before_its_carrier_agrees(day: Amended) -> None:
    refused = await day.publish()
    assert (refused.status_code, refused.json()["code"]) == (409, "amendments_needed")
    assert day.market.tour["code"] in refused.json()["detail"]
    asked = await day.ask(note="One more stop")
    assert (await day.publish()).json()["code"] == "amendments_needed"  # asked is not agreed
    assert await day.stops() == 2
    plan = (await day.market.world.coordinator.get(f"/v1/plans/{day.market.plan_id}")).json()
    assert plan["status"] == "published"
    assert (await day.say(asked, "accept")).json()["status"] == "accepted"
    assert (await day.publish()).status_code == 200
    assert await day.stops() == 3
    assert (await day.look(asked))["applied_at"] is not None


async def test_the_carrier_sees_what_was_and_what_would_be_at_what_price(day: Amended) -> None:
    asked = await day.ask(note="One more stop")
    listed = (await day.swift.get("/v1/carrier/amendments?status=open")).json()["data"]
    assert [entry["id"] for entry in listed] == [asked["id"]]
    [seen] = listed
    assert (seen["tour_id"], seen["note"], seen["currency"]) == (day.market.tour["id"], "One more stop", "VND")
    assert [len(seen[side]["stops"]) for side in ("before", "after")] == [2, 3]
    assert seen["after"]["distance_m"] > seen["before"]["distance_m"]
    # Agreed was the tariff's price; the new route costs what the tariff says more.
    more = await billed(day, day.replan["id"]) - await billed(day, day.market.plan_id)
    assert seen["before"]["price_minor"] == day.market.price
    assert seen["after"]["price_minor"] == day.market.price + more
    assert more > 0
    told = str(seen)
    for secret in ("Late shop", "Corner shop", "Chi Lan", "AN-LATE", "mem_", "shp_", "plan_", "carrier_id"):
        assert secret not in told


async def test_the_price_that_was_agreed_is_what_the_tour_costs(day: Amended) -> None:
    prices = [{"tour_id": day.market.tour["id"], "price_minor": 777_000}]
    asked = await day.ask(prices=prices)
    assert asked["after"]["price_minor"] == 777_000
    await day.say(asked, "accept")
    assert await day.agreed_minor() == day.market.price  # until it is so
    assert (await day.publish()).status_code == 200
    assert await day.agreed_minor() == 777_000


async def test_a_price_for_a_tour_that_does_not_change_is_refused(day: Amended) -> None:
    stranger = day.market.tour["id"][:-1] + ("0" if day.market.tour["id"][-1] != "0" else "1")
    body = {"prices": [{"tour_id": stranger, "price_minor": 1}, {"tour_id": stranger, "price_minor": 2}]}
    path = f"/v1/plans/{day.replan['id']}/amendments"
    twice = await day.market.world.coordinator.post(path, body)
    assert [fault["code"] for fault in twice.json()["errors"]] == ["twice"]
    refused = await day.market.world.coordinator.post(path, {"prices": body["prices"][:1]})
    [fault] = refused.json()["errors"]
    assert (refused.status_code, fault["pointer"], fault["code"]) == (422, "/prices/0/tour_id", "no_such_tour")


async def test_what_is_declined_stays_as_it_was_and_may_be_asked_anew(day: Amended) -> None:
    first = await day.ask()
    said = await day.say(first, "decline", reason="price_too_low", note="The bridge costs toll")
    assert (said.json()["status"], said.json()["answer"]["reason"]) == ("declined", "price_too_low")
    assert (await day.publish()).json()["code"] == "amendments_needed"
    assert await day.stops() == 2
    prices = [{"tour_id": day.market.tour["id"], "price_minor": first["after"]["price_minor"] + 50_000}]
    second = await day.ask(prices=prices)
    assert second["id"] != first["id"]
    await day.say(second, "accept")
    assert (await day.publish()).status_code == 200
    history = (await day.market.world.coordinator.get(f"/v1/amendments?tour_id={day.market.tour['id']}")).json()["data"]
    assert [entry["status"] for entry in history] == ["declined", "accepted"]


async def test_what_is_said_or_asked_twice_is_as_once(day: Amended) -> None:
    asked = await day.ask()
    assert (await day.ask())["id"] == asked["id"]
    assert [(await day.say(asked, "accept")).status_code for _ in range(2)] == [200, 200]
    assert (await day.look(asked))["version"] == 2  # made, accepted
    other = await day.say(asked, "decline", reason="no_driver")
    assert (other.status_code, other.json()["code"]) == (409, "amendment_over")


async def test_what_is_urgent_does_not_wait_and_says_why(day: Amended) -> None:
    asked = await day.ask()
    imposed = await day.impose("The hospital runs out of oxygen")
    assert (imposed["id"], imposed["status"]) == (asked["id"], "imposed")
    assert (await day.publish()).status_code == 200
    assert await day.stops() == 3
    seen = (await day.swift.get(f"/v1/carrier/amendments/{asked['id']}")).json()
    assert seen["urgent_reason"] == "The hospital runs out of oxygen"
    assert (await day.say(asked, "decline", reason="other")).json()["code"] == "amendment_over"


async def test_what_is_urgent_need_not_be_asked_before(day: Amended) -> None:
    assert (await day.impose("The road is flooded"))["status"] == "imposed"
    assert (await day.publish()).status_code == 200


async def test_silence_is_no_consent(day: Amended) -> None:
    asked = await day.ask()
    await day.deadlines_pass()
    late = await day.say(asked, "accept")
    assert (late.status_code, late.json()["code"]) == (409, "amendment_over")  # before any worker has looked
    await day.time_passes()
    assert (await day.look(asked))["status"] == "expired"
    assert (await day.publish()).json()["code"] == "amendments_needed"


async def test_a_tour_called_off_and_an_amendment_taken_back_are_asked_no_more(day: Amended) -> None:
    asked = await day.ask()
    path = f"/v1/amendments/{asked['id']}/withdraw"
    assert [(await day.market.world.coordinator.made(path, None))["status"] for _ in range(2)] == ["withdrawn"] * 2
    again = await day.ask()
    await day.market.world.coordinator.made(f"/v1/tours/{day.market.tour['id']}/cancel", {"reason": "Flood"})
    assert (await day.look(again))["status"] == "withdrawn"
    assert (await day.say(again, "accept")).json()["code"] == "amendment_over"


async def test_what_is_in_force_cannot_be_taken_back(day: Amended) -> None:
    asked = await day.ask()
    await day.say(asked, "accept")
    assert (await day.publish()).status_code == 200
    refused = await day.market.world.coordinator.post(f"/v1/amendments/{asked['id']}/withdraw", None)
    assert (refused.status_code, refused.json()["code"]) == (409, "amendment_over")


async def test_only_the_tours_carrier_sees_and_answers_it(day: Amended) -> None:
    asked = await day.ask()
    steady = day.market.carriers["steady"]
    path = f"/v1/carrier/amendments/{asked['id']}"
    assert (await steady.get(path)).status_code == 404
    assert (await steady.post(f"{path}/accept", {})).status_code == 404
    assert (await steady.get("/v1/carrier/amendments")).json()["data"] == []
    for stranger in (day.market.world.an, day.market.world.coordinator):
        assert (await stranger.get(path)).status_code == 403
    assert (await day.market.world.an.get(f"/v1/amendments/{asked['id']}")).status_code == 403


async def test_both_sides_hear_of_each_step_and_nobody_else(day: Amended) -> None:
    asked = await day.ask()
    await day.say(asked, "decline", reason="no_driver")
    carriers, ours = await heard(day, day.swift), await heard(day, day.market.world.coordinator)
    for found, link in ((carriers, "/v1/carrier/amendments"), (ours, "/v1/amendments")):
        assert [entry["type"] for entry in found] == ["amendment.opened", "amendment.declined"]
        assert [entry["data"]["seq"] for entry in found] == [1, 2]
        assert {entry["data"]["link"] for entry in found} == {f"{link}/{asked['id']}"}
    assert ours[-1]["data"]["reason"] == "no_driver"
    assert await heard(day, day.market.carriers["steady"]) == []
    assert await heard(day, day.market.world.an) == []


async def test_an_answer_a_withdrawal_and_a_plan_at_once_leave_one_outcome(day: Amended) -> None:
    for _ in range(ROUNDS):
        asked = await day.ask()
        withdraw = day.market.world.coordinator.post(f"/v1/amendments/{asked['id']}/withdraw", None)
        said, taken, published = await asyncio.gather(day.say(asked, "accept"), withdraw, day.publish())
        found = await day.look(asked)
        changed_now = published.status_code == 200
        assert (await day.stops() == 3) == changed_now == (found["applied_at"] is not None)
        assert found["status"] == ("accepted" if changed_now or taken.status_code == 409 else "withdrawn")
        assert said.status_code in {200, 409}
        if changed_now:
            assert (said.status_code, taken.status_code) == (200, 409)
            return
