"""A shop of the fuzzed firm as if it had been connected: with its secrets known here, and orders that have faults."""

import asyncio
import base64
import hashlib
import hmac
import os
import secrets
from uuid import UUID

import msgspec

from benchmarks.fuzzing.goods import SHOP
from benchmarks.fuzzing.world import Json
from cluster.base import ids
from cluster.base.db import Database, Role, Scope, system_scope
from cluster.base.errors import FieldFault
from cluster.base.secrets import Vault
from cluster.channels import connectors, intake, order_queries, queries
from cluster.channels.connectors import Sealed
from cluster.channels.models import AddChannel, ChannelOrderState, Via
from cluster.channels.order_queries import Outcome
from cluster.channels.woocommerce import told_in

SECRET = "CLUSTER_SECRET_KEY"
ORDER = """{"id": %d, "status": "processing", "currency": "VND", "date_modified_gmt": "2026-11-20T08:00:00",
 "number": "%d", "shipping": {"first_name": "Hoa", "address_1": "1 Quay", "country": "VN"}}"""
ORDERS = 4
FAULT = FieldFault(pointer="/lat", code="place_unknown", cause="the address was not found", cure="give it")


def known_secret() -> None:
    """Has the platform that is started next seal with a secret of ours, so that things can be sealed here."""
    os.environ[SECRET] = secrets.token_urlsafe(32)


def connected(database_url: str, cluster_id: str, member_id: str) -> Json:
    """The shop's identifier, those of its orders, and how it knocks: its token, and the signature over nothing."""
    return asyncio.run(_connected(database_url, ids.parse("clu", cluster_id), ids.parse("mem", member_id)))


async def _connected(database_url: str, cluster_id: UUID, member_id: UUID) -> Json:
    channel_id, vault = ids.new(), Vault((os.environ[SECRET],))
    body = msgspec.convert(SHOP | {"code": "KNOWN"}, AddChannel)
    what = Sealed.make(body.credentials)
    scope = Scope(role=Role.MEMBER_ADMIN, cluster_id=cluster_id, member_id=member_id)
    async with Database.open(database_url, 1) as database:
        async with database.unit(scope) as db:
            sealed = connectors.seal(vault, channel_id, what)
            await queries.insert(db, scope, channel_id, body, sealed, what.token_digest)
        async with database.unit(system_scope()) as db:
            shop = await queries.knocked_at(db, channel_id)
        assert shop is not None
        for number in range(ORDERS):
            async with database.unit(intake.scope_of(shop)) as db:
                await intake.take(db, shop, told_in((ORDER % (number, number)).encode()), Via.POLL)
        async with database.unit(intake.scope_of(shop)) as db:
            orders = await order_queries.orders(db, intake.scope_of(shop), channel_id, UUID(int=0), ORDERS)
            for order in orders:
                outcome = Outcome(state=ChannelOrderState.FAULTY, faults=[FAULT])
                await order_queries.settle(db, intake.scope_of(shop), order.order_id, outcome)
    signature = base64.b64encode(hmac.digest(what.hook_secret.encode(), b"", hashlib.sha256)).decode()
    knock = {"token": what.token, "headers": {"X-WC-Webhook-Signature": signature}}
    orders_shown = [ids.show("cho", order.order_id) for order in orders]
    return {"chn": [ids.show("chn", channel_id)], "cho": orders_shown, "knock": knock}
