"""
Publishing a plan: the one moment at which it applies.

One transaction, with the window's row locked: the former plan gives way, shipments follow the new one, and only then
are members told.
"""

from collections.abc import Awaitable, Callable
from uuid import UUID

from cluster.base import audit, ids, outbox
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict
from cluster.planning import service
from cluster.planning import workflow_queries as queries
from cluster.planning.models import Origin, Plan, PlanStatus
from cluster.planning.workflow_models import LogAction
from cluster.planning.workflow_queries import Carried
from cluster.shipments import pools
from cluster.shipments import service as shipments

PUBLISHABLE = (PlanStatus.SOLVED, PlanStatus.SUPERSEDED)


class Moved(Conflict):
    """Shipments of the plan changed since its day was gathered."""

    code = "plan_outdated"

    def __init__(
        self, detail: str = "Shipments of this plan have changed since it was made; revise it, or plan again."
    ) -> None:
        super().__init__(self.code, detail)


TakeOver = Callable[[Connection, Scope, UUID], Awaitable[None]]
"""Has tours follow a replan in the transaction that publishes it; dispatch provides it, and raises ``Moved``."""


async def is_dispatched(db: Connection, scope: Scope, plan_id: UUID) -> bool:
    """Whether vehicles are on their way by this plan: another one may not simply take its place."""
    return await queries.dispatched(db, scope, plan_id)


async def must_not_be_driven(db: Connection, scope: Scope, pool_window_id: UUID) -> None:
    """
    Refuses what could only come to a plan that may never apply.

    Raises
    ------
    Conflict
        ``plan_dispatched``: the window's published plan is being driven.
    """
    former = await queries.published(db, scope, pool_window_id)
    if former is not None and await is_dispatched(db, scope, former):
        detail = (
            "Vehicles are on their way by the published plan: no other can take its place. Replan from what happened."
        )
        raise Conflict("plan_dispatched", detail)


async def publish(db: Connection, scope: Scope, plan_id: UUID, take_over: TakeOver | None = None) -> Plan:
    """
    Makes a solved or superseded plan the one that its window's shipments follow. A published one stays as it is.

    Where the published plan is being driven, only a replan of it may take its place, by ``take_over``.

    Raises
    ------
    Conflict
        ``not_publishable``: it is neither; ``approval_required``: nobody else has agreed to it yet; ``plan_outdated``
        (``Moved``): its shipments have changed; ``plan_dispatched``: the published plan is being driven.
    """
    window = ids.parse("win", (await service.plan(db, scope, plan_id)).pool_window_id)
    day_version = await pools.hold(db, scope, window)
    found = await service.plan(db, scope, plan_id)  # again: what is read before the lock may be old
    if found.status is PlanStatus.PUBLISHED:
        return found
    if found.status not in PUBLISHABLE:
        raise Conflict("not_publishable", f"This plan is {found.status}: only one that is solved can be published.")
    made_from, unapproved = await queries.standing(db, scope, plan_id)
    if unapproved:
        raise Conflict("approval_required", "Somebody else than who made this plan must approve it first.")
    carried = await queries.carried(db, scope, plan_id)
    former = await queries.published(db, scope, window)
    driven = former is not None and (found.origin is Origin.REPLAN or await is_dispatched(db, scope, former))
    if driven and (take_over is None or not _replans(found, former)):
        raise Conflict("plan_dispatched", "Vehicles are on their way by the published plan; replan from what happened.")
    there = all(entry.here or (driven and entry.on_road) for entry in carried if entry.planned)
    if made_from != day_version or not there:
        raise Moved
    await _put_in_place(db, scope, plan_id, former, carried)
    if driven and take_over is not None:
        await take_over(db, scope, plan_id)
    return await service.plan(db, scope, plan_id)


def _replans(plan: Plan, former: UUID | None) -> bool:
    """Whether a plan was made from what happened by the one that it is to follow."""
    return plan.origin is Origin.REPLAN and former is not None and plan.base_plan_id == ids.show("plan", former)


async def _put_in_place(
    db: Connection, scope: Scope, plan_id: UUID, former: UUID | None, carried: list[Carried]
) -> None:
    followed = []
    if former is not None:
        followed = await queries.supersede(db, scope, former)
        await queries.note(db, scope, former, LogAction.SUPERSEDED, {"by": ids.show("plan", plan_id)})
    await queries.publish(db, scope, plan_id, PUBLISHABLE)
    planned = {entry.shipment_id for entry in carried if entry.planned}
    left_out = {entry.shipment_id for entry in carried if not entry.planned}.union(followed) - planned
    on_road = {entry.shipment_id for entry in carried if entry.on_road and not entry.here}
    if await shipments.mark_planned(db, scope, sorted(planned - on_road), sorted(left_out)):
        raise Moved
    facts = {} if former is None else {"instead_of": ids.show("plan", former)}
    await queries.note(db, scope, plan_id, LogAction.PUBLISHED, facts)
    await audit.record(db, scope, "plan.published", "plan", plan_id, facts)
    await _tell(db, scope, await service.plan(db, scope, plan_id), carried)


async def _tell(db: Connection, scope: Scope, plan: Plan, carried: list[Carried]) -> None:
    """The coordinator hears of the plan, each member of its own part in it and of nobody else's."""
    plan_id = ids.parse("plan", plan.id)
    whole: dict[str, object] = {"id": plan.id, "pool_window_id": plan.pool_window_id}
    await outbox.emit(db, scope, plan_id, "plan.published", whole)
    for member_id in sorted({entry.member_id for entry in carried}):
        own = [entry.planned for entry in carried if entry.member_id == member_id]
        figures = {"planned": sum(own), "unplanned": len(own) - sum(own)}
        part = outbox.part_of(plan_id, member_id)
        await outbox.emit(db, scope, part, "plan.published", whole | figures, member_id=member_id)
        await outbox.emit(db, scope, part, "cost_allocation.finalised", whole, member_id=member_id)
