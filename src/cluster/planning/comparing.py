"""Plans of one window side by side."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import asyncpg

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict, FieldFault, Invalid
from cluster.planning import compare_queries, queries, service
from cluster.planning.compare_models import (
    ChangedShipment,
    CostParts,
    PlanComparison,
    PlanFigures,
    Served,
    VehiclesUsed,
)
from cluster.planning.models import ANSWERED, Plan
from cluster.planning.translate import Plan as Answered
from cluster.planning.translate import minor, plan_of

PLANS_MAX = 4
CHANGES_TOLD_MAX = 2_000
MOVED = timedelta(minutes=15)
"""Members see times to the quarter of an hour: what moves by less is the same to them."""


async def compare(db: Connection, scope: Scope, named: str) -> PlanComparison:
    """
    Figures of two to four plans, and the shipments that they do not serve alike.

    Raises
    ------
    Invalid
        ``out_of_range``: other than two to four different plans.
    NotFound
        When one is not there.
    Conflict
        ``plan_not_solved``: one has no answer; ``plans_of_two_windows``: they are not of one window.
    """
    plan_ids = _parsed(named)
    plans = [await service.plan(db, scope, plan_id) for plan_id in plan_ids]
    if any(plan.status not in ANSWERED for plan in plans):
        raise Conflict("plan_not_solved", "Only plans that have an answer can be compared.")
    if len({plan.pool_window_id for plan in plans}) > 1:
        raise Conflict("plans_of_two_windows", "Only plans of one pool window can be compared.")
    rows = await compare_queries.services(db, scope, plan_ids)
    served = [_served([row for row in rows if row["plan_id"] == plan_id]) for plan_id in plan_ids]
    same = [_same_routes(served[0], entry) for entry in served]
    changed = [_changed(served[0], entry, routes) for entry, routes in zip(served, same, strict=True)]
    figures = []
    for plan, plan_id, differing in zip(plans, plan_ids, changed, strict=True):
        raw = await queries.answer(db, scope, plan_id)
        assert raw is not None
        figures.append(_figures(plan, await asyncio.to_thread(plan_of, raw), len(differing)))
    told = sorted(set().union(*changed))[:CHANGES_TOLD_MAX]
    about = {row["shipment_id"]: row for row in rows}
    return PlanComparison(plans=figures, changed_shipments=[_told(about[entry], served) for entry in told])


def _parsed(named: str) -> list[UUID]:
    found = [ids.parse("plan", entry.strip()) for entry in named.split(",")]
    if not 2 <= len(set(found)) == len(found) <= PLANS_MAX:
        cure = f"name two to {PLANS_MAX} different plans, separated by commas"
        cause = f"{len(found)} plans to compare"
        raise Invalid([FieldFault(pointer="#query/plan_ids", code="out_of_range", cause=cause, cure=cure)])
    return found


def _served(rows: Sequence[asyncpg.Record]) -> dict[UUID, Served]:
    """How one plan serves each of its shipments."""
    began = {(row["shipment_id"], row["action"]): row["begins_at"] for row in rows}
    return {
        row["shipment_id"]: Served(
            route_no=row["route_no"],
            vehicle_type_id=ids.show("vht", row["vehicle_type_id"]),
            pickup_at=began.get((row["shipment_id"], "pickup")),
            delivery_at=began.get((row["shipment_id"], "delivery")),
        )
        for row in rows
    }


def _same_routes(first: Mapping[UUID, Served], other: Mapping[UUID, Served]) -> dict[int, int]:
    """
    Which route of another plan is which of the first's: vehicles of a type are alike, so their numbers say nothing.

    Those of one vehicle type that share most shipments are the same, each at most once.
    """
    shared = Counter(
        (served.route_no, first[shipment].route_no)
        for shipment, served in other.items()
        if shipment in first and first[shipment].vehicle_type_id == served.vehicle_type_id
    )
    found: dict[int, int] = {}
    taken: set[int] = set()
    for (route, its), _ in sorted(shared.items(), key=lambda entry: (-entry[1], entry[0])):
        if route not in found and its not in taken:
            found[route] = its
            taken.add(its)
    return found


def _changed(first: Mapping[UUID, Served], other: Mapping[UUID, Served], same_routes: Mapping[int, int]) -> set[UUID]:
    """Shipments that another plan serves otherwise than the first."""
    found = set(first.keys() ^ other.keys())
    for shipment in first.keys() & other.keys():
        before, now = first[shipment], other[shipment]
        moved = any(
            (then is None) != (at is None) or (then is not None and at is not None and abs(at - then) > MOVED)
            for then, at in ((before.pickup_at, now.pickup_at), (before.delivery_at, now.delivery_at))
        )
        if moved or same_routes.get(now.route_no) != before.route_no:
            found.add(shipment)
    return found


def _told(row: asyncpg.Record, served: Sequence[Mapping[UUID, Served]]) -> ChangedShipment:
    return ChangedShipment(
        shipment_id=ids.show("shp", row["shipment_id"]),
        client_ref=row["client_ref"],
        member_id=ids.show("mem", row["member_id"]),
        served=[entry.get(row["shipment_id"]) for entry in served],
    )


def _figures(plan: Plan, answered: Answered, changed: int) -> PlanFigures:
    assert plan.result is not None
    used = Counter(route.vehicle_type for route in answered.routes)
    return PlanFigures(
        plan_id=plan.id,
        version=plan.version,
        label=plan.label or "",
        status=plan.status,
        result=plan.result,
        cost=cost_parts(answered),
        vehicles=[VehiclesUsed(vehicle_type_id=kind, vehicles=count) for kind, count in sorted(used.items())],
        changed=changed,
    )


def cost_parts(plan: Answered) -> CostParts:
    """A plan's cost by component; each is rounded so that their running sums are, and so they sum to the cost."""
    routes = [route.cost for route in plan.routes]
    milli = [
        sum(cost.fixed_milli for cost in routes),
        sum(cost.distance_milli for cost in routes),
        sum(cost.time_milli for cost in routes),
        sum(cost.stop_milli for cost in routes),
        sum(cost.trip_milli for cost in routes),
        sum(cost.overtime_milli for cost in routes),
        sum(entry.outside_milli or 0 for entry in plan.unplanned),
        plan.longest_milli + plan.unused_milli,
    ]
    marks = [minor(sum(milli[:count])) for count in range(len(milli) + 1)]
    return CostParts(**dict(zip(CostParts.__struct_fields__, (b - a for a, b in pairwise(marks)), strict=True)))
