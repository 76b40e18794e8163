"""The two loops behind webhooks: the relay that puts events in line, and the sender that empties the lines."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from functools import cached_property
from uuid import UUID

import asyncpg
from msgspec import Struct

from cluster.base import outbox
from cluster.base.db import Database, system_scope
from cluster.base.secrets import Vault
from cluster.webhooks import deliveries
from cluster.webhooks.models import Dispatch, Result
from cluster.webhooks.policy import Policy
from cluster.webhooks.sending import Sender

log = logging.getLogger("cluster.webhooks")

LOOK_EVERY_S = 1.0
GATHER_S = 0.01
"""Results that come in within this time are recorded in one transaction."""
IN_THE_WAY = (asyncpg.DeadlockDetectedError, asyncpg.LockNotAvailableError, asyncpg.SerializationError)


class Relayed(Struct, frozen=True, kw_only=True):
    """What one step of the relay did."""

    events: int
    deliveries: int
    topics: frozenset[str]
    heard: frozenset[tuple[UUID, str]]
    """Which cluster something happened in, and its topic."""


async def relay(database: Database) -> Relayed:
    """One transaction: takes waiting events, puts them in line where they are wanted, marks them dispatched."""
    async with database.unit(system_scope()) as db:
        events = await outbox.claim(db)
        made = await deliveries.fan_out(db, events) if events else 0
        if events:
            await outbox.mark_dispatched(db, events)
    return Relayed(
        events=len(events),
        deliveries=made,
        topics=frozenset(event.topic for event in events),
        heard=frozenset((event.cluster_id, event.topic) for event in events),
    )


class Deliverer:
    """
    Sends what is due, many at once.

    Call ``step`` again and again, also after it failed for want of the database: what is known of earlier tries is kept
    and recorded later. ``close`` gives back what is under way.

    Parameters
    ----------
    vault
        Makes what opens sealed secrets; asked when there is something to send.
    """

    def __init__(self, database: Database, vault: Callable[[], Vault], sender: Sender, policy: Policy) -> None:
        self._database = database
        self._make_vault = vault
        self._sender = sender
        self._policy = policy
        self._bell = asyncio.Event()
        self._under_way: dict[asyncio.Task[None], Dispatch] = {}
        self._results: list[Result] = []

    @cached_property
    def _vault(self) -> Vault:
        return self._make_vault()

    def ring(self) -> None:
        """There may be something to send."""
        self._bell.set()

    async def step(self) -> None:
        """Records what came of tries, takes more, and waits until something happens."""
        self._bell.clear()
        results, self._results = self._results, []
        room = self._policy.slots - len(self._under_way)
        try:
            async with self._database.unit(system_scope()) as db:
                if results:
                    await deliveries.record(db, self._policy, results)
                claimed = await deliveries.claim(db, self._policy, room) if room > 0 else []
        except IN_THE_WAY:
            self._results = results + self._results
            await asyncio.sleep(GATHER_S)
            return
        except BaseException:
            self._results = results + self._results
            raise
        for dispatch in claimed:
            task = asyncio.create_task(self._send(dispatch))
            self._under_way[task] = dispatch
            task.add_done_callback(self._landed)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._bell.wait(), LOOK_EVERY_S)
        await asyncio.sleep(GATHER_S)

    async def close(self) -> None:
        """Stops sending; what was told is recorded, what was not is given back."""
        held = dict(self._under_way)
        for task in held:
            task.cancel()
        await asyncio.gather(*held, return_exceptions=True)
        told = {result.dispatch.event_id: result for result in self._results}
        async with self._database.unit(system_scope()) as db:
            if self._results:
                await deliveries.record(db, self._policy, self._results)
            await deliveries.release(db, [entry for entry in held.values() if entry.event_id not in told])

    async def _send(self, dispatch: Dispatch) -> None:
        outcome = await deliveries.send(self._sender, self._vault, dispatch)
        retry_s = self._policy.wait_s(dispatch.tries, outcome)
        self._results.append(Result(dispatch=dispatch, outcome=outcome, retry_s=retry_s))

    def _landed(self, task: asyncio.Task[None]) -> None:
        dispatch = self._under_way.pop(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("sending event %s failed", dispatch.event_id, exc_info=task.exception())
        self._bell.set()
