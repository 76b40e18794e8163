"""
One look at one shop: what changed is read, what was told is acted upon, and the shop is told how far its orders are.

Everything a look finds is kept in steps of its own, so that whoever takes the channel up after a crash goes on where it
was. What waits for the shop waits outside of transactions.
"""

import logging
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

from cluster.base import ids
from cluster.base.db import Connection, Database, Scope, system_scope
from cluster.channels import connectors, intake, order_queries, queries
from cluster.channels.models import STAGES, Connector, ShopAway, Stage, Tidings, Told, Via
from cluster.channels.order_queries import ToTell
from cluster.channels.queries import Shop
from cluster.channels.service import Desk, hook_url
from cluster.channels.settling import Around, settle
from cluster.members import service as members
from cluster.places.geocoding import Geocoder

log = logging.getLogger("cluster.channels")

POLL_S = 300
"""Between two looks at a shop that says nothing."""
RENEW_S = 15.0
HOOKS_EVERY = timedelta(days=1)
"""Webhooks that a shop has switched off are switched on again."""
AT_ONCE = 100
FIRST = UUID(int=0)
TELLS_MAX = 8
TELL_AGAIN_S = 120
ABOUT_ONE_ORDER = ("refused", "shop_failed", "not_there", "not_readable")
"""What a shop has against one order, and not against us."""
STAGE_STATUSES: dict[int, list[str]] = {
    int(stage): [status.value for status in statuses] for stage, statuses in STAGES.items()
}


class TurnLost(Exception):
    """Somebody else looks at the shop by now, or it was changed or taken away."""


class Turn:
    """A claimed channel."""

    def __init__(self, database: Database, desk: Desk, geocoder: Geocoder, shop: Shop) -> None:
        self._database = database
        self._desk = desk
        self._geocoder = geocoder
        self._shop = shop
        self._scope: Scope = intake.scope_of(shop)
        self._renewed = time.monotonic()

    async def run(self) -> str | None:
        """
        Looks once. Returns what went wrong on the way that is no reason to leave the shop alone.

        Raises
        ------
        ShopAway
            When the shop does not answer as it should.
        TurnLost
            When the claim is lost; nothing is written any more.
        """
        opened = connectors.unseal(self._desk.vault, self._shop.channel_id, self._shop.sealed)
        shop = connectors.connector(self._desk.calls, self._shop.kind, self._shop.base_url, opened)
        await self._settle_all()
        if self._shop.poll_is_due:
            await self._poll(shop)
        await self._fetch_all(shop)
        await self._settle_all()
        if self._shop.settings.tell:
            await self._tell_all(shop)
        return await self._set_up_hooks(shop)

    async def _poll(self, shop: Connector) -> None:
        async for batch in shop.orders_since(self._shop.cursor):
            async with self._database.unit(self._scope) as db:
                await self._renew(db)
                await intake.take(db, self._shop, batch.told, Via.POLL)
                if batch.cursor is not None:
                    await queries.set_cursor(db, self._scope, self._shop.channel_id, batch.cursor)
        async with self._database.unit(self._scope) as db:
            await self._renew(db)
            await queries.set_polled(db, self._scope, self._shop.channel_id, POLL_S)

    async def _fetch_all(self, shop: Connector) -> None:
        """Asks the shop about orders of which it only said that there is something new."""
        after = FIRST
        while True:
            async with self._database.unit(self._scope) as db:
                found = await order_queries.to_fetch(db, self._scope, self._shop.channel_id, after, AT_ONCE)
            if not found:
                return
            for order_id, external_id in found:
                try:
                    order = await shop.order(external_id)
                except ShopAway as away:
                    if away.code != "not_readable":
                        raise
                    log.warning("channel %s: order %s cannot be read", self._shop.channel_id, external_id)
                    continue
                async with self._database.unit(self._scope) as db:
                    await self._renew(db)
                    if order is None:
                        await order_queries.gone(db, self._scope, order_id)
                        continue
                    told = [Told(external_id=external_id, order=order)]
                    await intake.take(db, self._shop, told, Via.POLL, asked=True)
                    await order_queries.stop_fetching(db, self._scope, order_id)
            after = found[-1][0]

    async def _settle_all(self) -> None:
        async with self._database.unit(self._scope) as db:
            currency = (await members.cluster_of(db, self._scope)).currency
        around = Around(
            database=self._database,
            scope=self._scope,
            geocoder=self._geocoder,
            code=self._shop.code,
            settings=self._shop.settings,
            currency=currency,
        )
        after = FIRST
        while True:
            async with self._database.unit(self._scope) as db:
                found = await order_queries.waiting(db, self._scope, self._shop.channel_id, after, AT_ONCE)
            if not found:
                return
            for order_id in found:
                await self._stay()
                await settle(around, order_id)
            after = found[-1]

    async def _tell_all(self, shop: Connector) -> None:
        while True:
            async with self._database.unit(self._scope) as db:
                found = await order_queries.to_tell(db, self._scope, self._shop.channel_id, STAGE_STATUSES, AT_ONCE)
            if not found:
                return
            for entry in found:
                await self._stay()
                await self._tell(shop, entry)

    async def _tell(self, shop: Connector, entry: ToTell) -> None:
        stage = next(stage for stage, statuses in STAGES.items() if entry.status in statuses)
        error, final = None, True
        try:
            await shop.tell(entry.external_id, self._tidings(entry, stage))
        except ShopAway as away:
            if away.code not in ABOUT_ONE_ORDER:
                raise
            error, final = str(away), entry.tell_failures + 1 >= TELLS_MAX
        async with self._database.unit(self._scope) as db:
            if final:
                await order_queries.set_told(db, self._scope, entry.order_id, stage, error)
            else:
                wait_s = TELL_AGAIN_S * 2.0**entry.tell_failures
                await order_queries.set_untold(db, self._scope, entry.order_id, str(error), wait_s)

    def _tidings(self, entry: ToTell, stage: Stage) -> Tidings:
        settings, shown = self._shop.settings, ids.show("shp", entry.shipment_id)
        url = settings.tracking_url
        return Tidings(
            stage=stage,
            told_stage=Stage(entry.told_stage),
            shipment=shown,
            carrier_name=settings.carrier_name,
            tracking_url=None if url is None else url.replace("{shipment}", shown),
            complete_when=settings.complete_when,
        )

    async def _set_up_hooks(self, shop: Connector) -> str | None:
        """Has the shop send webhooks. A key that may not do so is no reason to read no orders: polling finds them."""
        url, at = hook_url(self._desk, self._shop), self._shop.hooked_at
        if url is None or (at is not None and at > datetime.now(UTC) - HOOKS_EVERY):
            return None
        try:
            await shop.set_up_hooks(url)
        except ShopAway as away:
            return f"webhooks: {away.code}"
        async with self._database.unit(self._scope) as db:
            await queries.set_hooked(db, self._scope, self._shop.channel_id)
        return None

    async def _stay(self) -> None:
        """Keeps the claim, when it is time to."""
        if time.monotonic() - self._renewed > RENEW_S:
            async with self._database.unit(self._scope) as db:
                await self._renew(db)

    async def _renew(self, db: Connection) -> None:
        if not await queries.renew(db, self._scope, self._shop):
            raise TurnLost
        self._renewed = time.monotonic()


async def claim(database: Database) -> Shop | None:
    """A channel that is due; None when none is."""
    async with database.unit(system_scope()) as db:
        return await queries.claim(db, POLL_S)


async def finish(database: Database, shop: Shop, warning: str | None) -> None:
    """Gives a channel back after a look that went well, but for what it was warned of."""
    scope = intake.scope_of(shop)
    async with database.unit(scope) as db:
        await queries.release(db, scope, shop, warning)


async def fail(database: Database, shop: Shop, error: str, pause_s: float) -> None:
    """Gives a channel back after a look that failed."""
    scope = intake.scope_of(shop)
    async with database.unit(scope) as db:
        await queries.release_failed(db, scope, shop, error, pause_s)
