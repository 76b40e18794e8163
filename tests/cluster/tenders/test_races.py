"""Accept, withdraw, award and deadline at the same moment: one outcome, and the tour goes with it."""

import asyncio

import pytest

from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from tests.cluster.tenders.market import Market

pytestmark = pytest.mark.anyio
ROUNDS = 12


async def outcome(market: Market, tender: dict[str, str]) -> tuple[str, str | None]:
    """How a tender ended, and whose the tour is; the two agree."""
    found = await market.look(tender)
    tour = await market.tour_now()
    winners = [offer["carrier_id"] for offer in found["offers"] if offer["status"] == "awarded"]
    assert len(winners) == (found["status"] == "awarded")
    assert tour["carrier_id"] == (winners[0] if winners else None)
    return found["status"], tour["carrier_id"]


async def free_the_tour(market: Market) -> None:
    """As before anybody got it, for the next round."""
    async with Pool.open(market.world.database.url, 1) as pool:
        async with pool.unit(system_scope()) as db:
            cluster_id = await db.fetchval("SELECT cluster_id FROM tenders LIMIT 1")
        async with pool.unit(system_scope(cluster_id)) as db:
            freed = "UPDATE tours SET carrier_id = NULL, agreed_minor = NULL, tender_offer_id = NULL"
            await db.execute(freed + " WHERE cluster_id = $1", cluster_id)


async def test_an_acceptance_and_a_withdrawal_leave_one_outcome(market: Market) -> None:
    for _ in range(ROUNDS):
        tender = await market.tender("direct", "swift", dispatches=False)
        path = f"/v1/tenders/{tender['id']}/withdraw"
        said, withdrawn = await asyncio.gather(market.say("swift", "accept"), market.world.coordinator.post(path, {}))
        assert sorted((said.status_code, withdrawn.status_code)) == [200, 409]
        status, _ = await outcome(market, tender)
        assert status == ("awarded" if said.status_code == 200 else "withdrawn")
        await free_the_tour(market)


async def test_an_acceptance_and_the_deadline_leave_one_outcome(market: Market) -> None:
    for _ in range(ROUNDS):
        tender = await market.tender("direct", "swift", dispatches=False)
        said, _ = await asyncio.gather(market.say("swift", "accept"), market.time_passes(tender))
        status, _ = await outcome(market, tender)
        assert status == ("awarded" if said.status_code == 200 else "exhausted")
        await free_the_tour(market)


async def test_two_carriers_and_the_coordinator_at_once_award_it_once(market: Market) -> None:
    for _ in range(ROUNDS):
        tender = await market.tender("broadcast", "swift", "steady", "cheap", dispatches=False)
        await market.says("cheap", "accept")
        [chosen] = [offer["id"] for offer in (await market.look(tender))["offers"] if offer["status"] == "accepted"]
        await asyncio.gather(
            market.say("swift", "accept"),
            market.say("steady", "accept"),
            market.world.coordinator.post(f"/v1/tenders/{tender['id']}/award", {"offer_id": chosen}),
        )
        status, _ = await outcome(market, tender)
        assert status == "awarded"
        await free_the_tour(market)
