"""The loop that looks at shops, and the bell that shipments ring."""

import asyncio
import contextlib
import functools
import logging
import random
from collections.abc import Callable, Collection
from datetime import date
from uuid import UUID

import asyncpg

from cluster.base.db import Database, system_scope
from cluster.base.errors import Busy
from cluster.base.secrets import Vault
from cluster.channels import order_queries, queries, turns
from cluster.channels.models import ShopAway
from cluster.channels.queries import Shop
from cluster.channels.service import Desk
from cluster.channels.shop_calls import ShopCalls
from cluster.channels.turns import STAGE_STATUSES, Turn, TurnLost
from cluster.places.geocoding import Geocoder

log = logging.getLogger("cluster.channels")

PAUSE_S = 30.0
PAUSE_MAX_S = 3600.0
BUG_PAUSE_S = 900.0
AWAY = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.OperatorInterventionError, OSError, Busy)
"""What a lost database looks like; a claim is taken over when its time has run out."""


class ShopKeeper:
    """
    Looks at shops that are due, one after the other; several of them may do so side by side.

    Parameters
    ----------
    vault
        Makes what opens sealed credentials; asked when there is a shop to look at.
    """

    def __init__(
        self,
        database: Database,
        vault: Callable[[], Vault],
        calls: ShopCalls,
        geocoder: Geocoder,
        public_url: str | None,
    ) -> None:
        self._database = database
        self._vault = functools.cache(vault)
        self._calls = calls
        self._geocoder = geocoder
        self._public_url = public_url

    async def step(self) -> bool:
        """One look at one shop; False when none is due."""
        shop = await turns.claim(self._database)
        if shop is None:
            return False
        desk = Desk(vault=self._vault(), calls=self._calls, public_url=self._public_url)
        look = asyncio.create_task(Turn(self._database, desk, self._geocoder, shop).run())
        try:
            await asyncio.wait({look})
        except asyncio.CancelledError:
            look.cancel()
            await asyncio.wait({look})
            with contextlib.suppress(*AWAY):
                await asyncio.shield(turns.fail(self._database, shop, "stopped", 0))
            raise
        await self._note(shop, look)
        return True

    async def _note(self, shop: Shop, look: "asyncio.Task[str | None]") -> None:
        error = look.exception()
        if error is None:
            await turns.finish(self._database, shop, look.result())
        elif isinstance(error, TurnLost):
            log.info("channel %s is no longer ours", shop.channel_id)
        elif isinstance(error, ShopAway):
            log.info("channel %s: %s", shop.channel_id, error.code)
            await turns.fail(self._database, shop, error.code, _pause_s(shop.failures, error))
        elif isinstance(error, AWAY):
            raise error
        else:
            log.error("looking at channel %s failed", shop.channel_id, exc_info=error)
            await turns.fail(self._database, shop, "internal_error", BUG_PAUSE_S)


def _pause_s(failures: int, away: ShopAway) -> float:
    """How long a shop is left alone: longer each time, and at least as long as it asks for."""
    own_s = min(PAUSE_S * 2.0 ** min(failures, 10), PAUSE_MAX_S) * random.uniform(0.8, 1.2)  # noqa: S311  (no secret)
    return max(own_s, min(away.retry_after_s or 0, 24 * PAUSE_MAX_S))


async def ring(database: Database, heard: Collection[tuple[UUID, str]]) -> None:
    """After events of shipments and plans: shops that are behind are looked at."""
    clusters = {cluster_id for cluster_id, topic in heard if topic.startswith("shipment.") or topic == "plan.published"}
    for cluster_id in clusters:
        scope = system_scope(cluster_id)
        async with database.unit(scope) as db:
            await queries.ring(db, scope, STAGE_STATUSES)


async def forget_persons(database: Database, cluster_id: UUID, member_id: UUID, until: date, *, all_of_it: bool) -> int:
    """Drops what shops said of a member's orders, and its channels with their credentials if it is gone."""
    scope = system_scope(cluster_id)
    async with database.unit(scope) as db:
        count = await order_queries.forget_persons(db, scope, member_id, until)
        if all_of_it:
            await queries.forget_member(db, scope, member_id)
    return count
