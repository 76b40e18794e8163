"""
What a member sees of a plan, for the coordinator to see it too.

The very functions that answer the member answer here, in a transaction that PostgreSQL takes for the member's: what
row-level security hides from it is hidden here. Nothing can be written in it.
"""

from collections.abc import Awaitable
from typing import TypeVar
from uuid import UUID

from cluster.base import audit, ids
from cluster.base.db import Connection, Database, Role, Scope, only_read
from cluster.base.errors import NotFound
from cluster.desk.why_models import MemberView
from cluster.members import service as members
from cluster.planning import service as planning
from cluster.planning import views
from cluster.settlement import service as settlement
from cluster.shipments import service as shipments

SHIPMENTS_MAX = 500
FIRST = UUID(int=0)

T = TypeVar("T")


async def as_member(database: Database, scope: Scope, plan_id: UUID, member_id: UUID) -> MemberView:
    """
    What a member would be answered, and an entry in the audit log that its view was looked at.

    Raises
    ------
    NotFound
        When there is no such plan or member in the cluster.
    """
    async with database.unit(scope) as db:
        plan = await planning.plan(db, scope, plan_id)
        await members.member(db, scope, member_id)
        await audit.record(db, scope, "member_view.read", "mem", member_id, {"plan": plan.id})
    own = Scope(role=Role.MEMBER_USER, cluster_id=scope.cluster, member_id=member_id)
    async with database.unit(own) as db:
        await only_read(db)
        return await _seen(db, own, plan_id, ids.parse("win", plan.pool_window_id))


async def _seen(db: Connection, own: Scope, plan_id: UUID, pool_window_id: UUID) -> MemberView:
    booked = await shipments.list_of_window(db, own, FIRST, SHIPMENTS_MAX, pool_window_id, None)
    return MemberView(
        member_id=ids.show("mem", own.member_id) if own.member_id is not None else "",
        plan=await _or_none(planning.plan(db, own, plan_id)),
        routes=await _or_none(views.routes(db, own, plan_id)),
        unplanned=await _or_none(views.unplanned(db, own, plan_id)),
        shares=await _or_none(settlement.shares(db, own, plan_id)),
        shipments=booked.data,
        has_more=booked.has_more,
    )


async def _or_none(answer: Awaitable[T]) -> T | None:
    """What the member is answered; None where it hears that there is no such thing."""
    try:
        return await answer
    except NotFound:
        return None
