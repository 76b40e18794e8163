"""Channels of rivals, each with an order that has faults: what the tests of isolation look at."""

from typing import Any
from uuid import UUID

from cluster.base import ids
from cluster.base.db import Database as Pool
from cluster.base.db import system_scope
from cluster.base.errors import FieldFault
from cluster.channels import intake, order_queries, queries
from cluster.channels.models import ChannelOrderState, Told, Via
from cluster.channels.order_queries import Outcome
from cluster.channels.woocommerce import told_in
from tests.cluster.api import Caller, World
from tests.cluster.channels.shops import WOO_KEY, WOO_SECRET

ORDER = b"""{"id": 71, "status": "processing", "currency": "VND", "date_modified_gmt": "2026-11-20T08:00:00",
 "number": "NAME-71", "shipping": {"first_name": "NAME", "address_1": "NAME Street", "country": "VN"}}"""


async def connected(world: World) -> dict[str, str]:
    """An's and Binh's channels with an order each; identifiers of Binh's."""
    await shop_of(world, world.an, "An")
    return await shop_of(world, world.binh, "Binh")


async def shop_of(world: World, member: Caller, name: str) -> dict[str, str]:
    """A member's two channels and an order of the first; their identifiers."""
    made = {}
    for number, kind in enumerate(("channel", "spare_channel")):
        body: dict[str, Any] = {"code": f"{name}-SHOP-{number}", "kind": "woocommerce"}
        body |= {"base_url": f"https://{name.lower()}.example.com", "settings": {"carrier_name": f"{name}'s carrier"}}
        body |= {"credentials": {"key": WOO_KEY, "secret": WOO_SECRET}}
        made[kind] = (await member.made("/v1/channels", body))["id"]
    channel_id = ids.parse("chn", made["channel"])
    fault = FieldFault(pointer="/lat", code="place_unknown", cause=f"{name} Street was not found", cure="give it")
    async with Pool.open(world.database.url, 1) as pool:
        async with pool.unit(system_scope()) as db:
            shop = await queries.knocked_at(db, channel_id)
        assert shop is not None
        scope = intake.scope_of(shop)
        told: list[Told] = told_in(ORDER.replace(b"NAME", name.encode()))
        async with pool.unit(scope) as db:
            await intake.take(db, shop, told, Via.POLL)
            [order] = await order_queries.orders(db, scope, channel_id, UUID(int=0), 1)
            outcome = Outcome(state=ChannelOrderState.FAULTY, faults=[fault])
            await order_queries.settle(db, scope, order.order_id, outcome)
    return made | {"shop_order": ids.show("cho", order.order_id)}
