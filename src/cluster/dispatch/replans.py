"""Use cases of replanning: a plan made from what has really happened, and tours that follow it once it is published."""

from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import msgspec
from msgspec import structs

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict
from cluster.dispatch import following, road_queries
from cluster.dispatch.models import DispatchPlan, Outcome, Replan, TourStatus
from cluster.dispatch.replanning import DoneVisit, DrivenTour, Sequences, contradicts, road_of
from cluster.planning import publishing
from cluster.planning import service as plans
from cluster.planning.models import Origin, Plan, PlanStatus
from cluster.planning.settled import Road
from cluster.shipments import pools
from cluster.shipments.models import ShipmentStatus


async def replan(db: Connection, scope: Scope, plan_id: UUID, body: Replan) -> Plan:
    """
    Asks for a plan of the day from where it stands; a candidate, which tours follow when it is published.

    Raises
    ------
    Conflict
        ``plan_not_published``: the day does not follow this plan; ``plan_not_dispatched``: nobody drives by it yet, so
        that an ordinary plan will do; ``plan_in_progress`` while another plan of the window is being made.
    """
    plan = await plans.plan(db, scope, plan_id)
    if plan.status is not PlanStatus.PUBLISHED:
        raise Conflict("plan_not_published", f"This plan is {plan.status}; replan the published one.")
    window = ids.parse("win", plan.pool_window_id)
    await pools.hold(db, scope, window)
    tours = await road_queries.tours(db, scope, window)
    if not tours:
        raise Conflict("plan_not_dispatched", "Nobody drives by this plan yet: start another plan instead.")
    road = await _road(db, scope, window, plan_id, tours, body.now or datetime.now(UTC))
    like = await plans.run_like(db, scope, plan_id)
    run = structs.replace(
        like,
        seconds=body.seconds,
        label=body.label,
        origin=Origin.REPLAN,
        base_plan_id=plan_id,
        change_minor=body.change_minor,
        # What steers a search before the day would bind what has happened on it.
        scenario=structs.replace(like.scenario, vehicle_limits=[], buffer_s=0),
        day_version=None,
        problem_sha256=None,
        task=msgspec.to_builtins(road),
    )
    return await plans.new_plan(db, scope, window, run)


async def take_over(db: Connection, scope: Scope, plan_id: UUID) -> None:
    """
    Has tours follow a replan that has just been published.

    Raises
    ------
    Conflict
        ``plan_outdated`` (``Moved``): what has happened since it was made contradicts it.
    """
    window = ids.parse("win", (await plans.plan(db, scope, plan_id)).pool_window_id)
    tours = await road_queries.tours(db, scope, window)
    road = await _road(db, scope, window, plan_id, tours, datetime.now(UTC))
    if contradicts(_sequences(await road_queries.sequences(db, scope, plan_id)), road):
        raise publishing.Moved("What has happened on the road since this plan was made contradicts it; replan again.")
    await following.follow(db, scope, plan_id, DispatchPlan())


async def _road(
    db: Connection, scope: Scope, window: UUID, plan_id: UUID, tours: list[asyncpg.Record], now: datetime
) -> Road:
    visits = await road_queries.visits(db, scope, [row["tour_id"] for row in tours])
    planned = await road_queries.sequences(db, scope, plan_id)
    left_out = await road_queries.unplanned(db, scope, plan_id)
    carried = {row["shipment_id"]: ShipmentStatus(row["status"]) for row in (*planned, *left_out)}
    midnight = (await pools.pool(db, scope, window)).day_start
    driven = [_driven(tour, [row for row in visits if row["tour_id"] == tour["tour_id"]]) for tour in tours]
    return road_of(driven, carried, midnight, now)


def _driven(tour: asyncpg.Record, visits: list[asyncpg.Record]) -> DrivenTour:
    return DrivenTour(
        vehicle_type=ids.show("vht", tour["vehicle_type_id"]),
        vehicle=tour["vehicle_no"],
        status=TourStatus(tour["status"]),
        started_at=tour["started_at"],
        stuck=following.is_stuck(tour),
        arrived={row["stop_no"]: row["arrived_at"] for row in visits if row["arrived_at"] is not None},
        visits=[
            DoneVisit(
                shipment_id=row["shipment_id"],
                action=row["action"],
                stop_no=row["stop_no"],
                service_s=row["service_s"],
                outcome=None if row["outcome"] is None else Outcome(row["outcome"]),
                outcome_at=row["outcome_at"],
                status=ShipmentStatus(row["status"]),
            )
            for row in visits
        ],
    )


def _sequences(rows: list[asyncpg.Record]) -> Sequences:
    found: dict[tuple[str, int], list[tuple[UUID, str]]] = {}
    for row in rows:
        vehicle = (ids.show("vht", row["vehicle_type_id"]), row["vehicle_no"])
        found.setdefault(vehicle, []).append((row["shipment_id"], row["action"]))
    return found
