"""Everything that holds data of persons, as an erasure goes through it."""

from collections.abc import Mapping

from cluster.base import idempotency
from cluster.base.db import Database, system_scope
from cluster.base.errors import Conflict, NotFound
from cluster.channels.jobs import forget_persons
from cluster.dispatch.proofs import erase_proofs
from cluster.gateways import service as gateways
from cluster.imports import service as imports
from cluster.members import keys
from cluster.members.erasure import Eraser, Order
from cluster.members.leaving_models import ErasureSubject
from cluster.people import service as people
from cluster.places import address_book
from cluster.shipments.persons import erase_consignees
from cluster.webhooks import service as webhooks


async def erase_answers(database: Database, order: Order) -> Mapping[str, int]:
    """Answers kept for repeated requests: they say again what was booked, and for whom."""
    if not order.consignees:
        return {}
    scope, until = system_scope(order.cluster_id), None if order.everybody else order.written_until
    async with database.unit(scope) as db:
        actors = await keys.key_ids_of(db, scope, order.member_id)
        actors += await people.users_of_member(db, scope, order.member_id)
        return {"answers": await idempotency.forget_of(db, scope, actors, until)}


async def erase_users(database: Database, order: Order) -> Mapping[str, int]:
    """One user of a firm, or all of them."""
    if order.subject is not ErasureSubject.USER and not order.everybody:
        return {}
    scope, count = system_scope(order.cluster_id), 0
    async with database.unit(scope) as db:
        users = await people.users_of_member(db, scope, order.member_id)
    for user_id in users:
        if order.everybody or user_id == order.subject_id:
            async with database.unit(scope) as db:
                try:
                    async with db.transaction():
                        await people.erase_user(db, scope, user_id, last_too=order.everybody)
                except NotFound:  # somebody else erased it meanwhile
                    continue
                except Conflict:
                    return {"users": 0, "last_admin_kept": 1}
            count += 1
    if not order.everybody:
        return {"users": count}
    async with database.unit(scope) as db:
        return {"users": count, "user_invitations": await people.forget_invitations(db, scope, order.member_id)}


async def erase_address_book(database: Database, order: Order) -> Mapping[str, int]:
    """The whole address book of a firm that left."""
    if not order.everybody:
        return {}
    scope = system_scope(order.cluster_id)
    async with database.unit(scope) as db:
        await address_book.erase_book(db, scope, order.member_id)
    return {"address_books": 1}


async def erase_imports(database: Database, order: Order) -> Mapping[str, int]:
    """Files and lines: all of a firm that left, else those over by the day; which consignees they name is not told."""
    if not order.consignees:
        return {}
    scope, until = system_scope(order.cluster_id), None if order.everybody else order.written_until
    async with database.unit(scope) as db:
        return {"import_lines": await imports.forget(db, scope, order.member_id, until)}


async def erase_webhooks(database: Database, order: Order) -> Mapping[str, int]:
    """Endpoints and deliveries of a firm that left: what was sent may name persons."""
    if not order.everybody:
        return {}
    scope = system_scope(order.cluster_id)
    async with database.unit(scope) as db:
        await webhooks.forget_member(db, scope, order.member_id)
    return {"webhooks": 1}


async def erase_orders(database: Database, order: Order) -> Mapping[str, int]:
    """What shops said of a firm's orders; its channels too when it has left."""
    if not order.consignees:
        return {}
    everything = order.everybody
    count = await forget_persons(database, order.cluster_id, order.member_id, order.written_until, all_of_it=everything)
    return {"shop_orders": count}


async def erase_gateways(database: Database, order: Order) -> Mapping[str, int]:
    """What opens carriers' systems for a firm that left."""
    if not order.everybody:
        return {}
    return {"gateways": await gateways.forget_member(database, order.cluster_id, order.member_id)}


ERASERS: tuple[Eraser, ...] = (
    *(erase_answers, erase_users, erase_address_book, erase_consignees, erase_imports, erase_webhooks),
    *(erase_orders, erase_proofs, erase_gateways),
)
