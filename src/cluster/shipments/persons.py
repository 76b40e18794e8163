"""Erasing the persons that goods went to."""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from cluster.base.db import Database, system_scope
from cluster.members.erasure import Order
from cluster.shipments import person_queries

SHIPMENTS_AT_ONCE = 2000


async def erase_consignees(database: Database, order: Order) -> Mapping[str, int]:
    """Erases consignees of a member's past shipments, some at a time; weights, prices and days stay."""
    if not order.consignees:
        return {}
    scope, after = system_scope(order.cluster_id), UUID(int=0)
    erased: Counter[str] = Counter()
    while True:
        async with database.unit(scope) as db:
            found = await person_queries.past(db, scope, order.member_id, order.until, after, SHIPMENTS_AT_ONCE)
            if not found:
                return erased
            erased["shipment_ends"] += await person_queries.forget_ends(db, scope, found, order.salt)
            erased["shipment_contacts"] += await person_queries.forget_contacts(db, scope, found)
            await person_queries.forget_words(db, scope, found)
        after = found[-1]
