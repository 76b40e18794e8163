"""The relay and a sender at work, in this process, as patient as a test can afford."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from cluster.base.db import Database as Pool
from cluster.base.secrets import Vault
from cluster.webhooks.jobs import Deliverer, relay
from cluster.webhooks.policy import Policy
from cluster.webhooks.sending import Sender
from tests.cluster.api import Caller, World
from tests.cluster.side_by_side import SECRET_KEY
from tests.databases import Database

QUICK = Policy(retry_s=(0.05, 0.1, 0.2, 0.2), pause_after=50, pause_s=0.2, pause_max_s=0.5, lease_s=2, timeout_s=0.5)
"""Five tries within a second."""


async def relay_all(pool: Pool) -> int:
    """Everything that waits put in line; how many deliveries that made."""
    made = 0
    while (step := await relay(pool)).events:
        made += step.deliveries
    return made


@asynccontextmanager
async def sending(database: Database, policy: Policy = QUICK) -> AsyncIterator[Pool]:
    """A relay and a sender."""
    async with Pool.open(database.url, 4) as pool:
        sender = Sender(timeout_s=policy.timeout_s, connections=policy.slots, allow_private=True)
        async with sender:
            deliverer = Deliverer(pool, lambda: Vault((SECRET_KEY,)), sender, policy)

            async def relays() -> None:
                while True:
                    if (await relay(pool)).deliveries:
                        deliverer.ring()
                    await asyncio.sleep(0.02)

            async def sends() -> None:
                while True:
                    await deliverer.step()

            tasks = [asyncio.create_task(relays()), asyncio.create_task(sends())]
            try:
                yield pool
            finally:
                for task in tasks:
                    task.cancel()
                for task in tasks:
                    with suppress(asyncio.CancelledError):
                        await task
                await deliverer.close()


async def endpoint(caller: Caller, url: str, **fields: Any) -> Any:
    """A new endpoint: its identifier and secret."""
    return await caller.made("/v1/webhooks", {"url": url} | fields)


async def book(world: World, caller: Caller, count: int = 1) -> list[str]:
    """Bookings one after the other; their identifiers."""
    return [(await caller.made("/v1/shipments", world.delivery()))["id"] for _ in range(count)]


async def deliveries(caller: Caller, webhook_id: str, query: str = "") -> list[Any]:
    """The log of an endpoint."""
    answer = await caller.get(f"/v1/webhooks/{webhook_id}/deliveries?limit=500{query}")
    assert answer.is_success, answer.text
    found: list[Any] = answer.json()["data"]
    return found


async def settled(caller: Caller, webhook_id: str, count: int) -> list[Any]:
    """The log once so many deliveries wait for nothing more."""
    for _ in range(3000):
        found = await deliveries(caller, webhook_id)
        if sum(entry["status"] != "waiting" for entry in found) >= count:
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(found)
