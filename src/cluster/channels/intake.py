"""Orders in: whoever tells of one, and however often, it is one row."""

import hashlib
from collections.abc import Sequence

import msgspec
from msgspec import structs

from cluster.base.db import Connection, Role, Scope
from cluster.channels import order_queries
from cluster.channels.models import ChannelOrder, Told, Via
from cluster.channels.order_queries import LONG_AGO
from cluster.channels.queries import Shop

EXTERNAL_ID_MAX = 100


def scope_of(shop: Shop) -> Scope:
    """The member's whose shop it is: what comes from it is done as that member."""
    return Scope(role=Role.MEMBER_USER, cluster_id=shop.cluster_id, member_id=shop.member_id)


async def take(db: Connection, shop: Shop, told: Sequence[Told], via: Via, *, asked: bool = False) -> None:
    """
    Stores what a shop says, in a transaction of its member.

    Parameters
    ----------
    asked
        That it is the shop's answer about these orders, which settles what contradicts itself.
    """
    scope = scope_of(shop)
    newest: dict[str, ChannelOrder] = {}
    for order in [entry.order for entry in told if entry.order is not None and _fits(entry.external_id)]:
        before = newest.get(order.external_id)
        if before is None or order.version >= before.version:
            newest[order.external_id] = storable(order)
    if newest:
        digested = [(order, digest_of(order)) for _, order in sorted(newest.items())]
        await order_queries.put(db, scope, shop.channel_id, digested, via, asked=asked)
    names = sorted(
        {entry.external_id for entry in told if entry.order is None and _fits(entry.external_id)} - {*newest}
    )
    if names:
        await order_queries.announce(db, scope, shop.channel_id, names, via)


def storable(order: ChannelOrder) -> ChannelOrder:
    """An order without the one sign that the database holds in no text."""
    texts = {name: value.replace("\x00", "") for name, value in structs.asdict(order).items() if isinstance(value, str)}
    lines = [
        structs.replace(line, sku=line.sku.replace("\x00", ""), name=line.name.replace("\x00", ""))
        for line in order.lines
    ]
    return structs.replace(order, **texts, lines=lines)


def digest_of(order: ChannelOrder) -> bytes:
    """What tells two tellings apart: all but when it was told."""
    return hashlib.sha256(msgspec.json.encode(structs.replace(order, version=LONG_AGO))).digest()


def _fits(external_id: str) -> bool:
    return 0 < len(external_id) <= EXTERNAL_ID_MAX and external_id.isascii() and external_id.isalnum()
