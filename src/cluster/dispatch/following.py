"""
Tours follow a plan: made of its routes, or changed from what an earlier plan had them do.

What a tour has done stays as it was reported, with the numbers of its stops; only what is ahead is replaced.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from msgspec import structs

from cluster.base import ids
from cluster.base.db import Connection, Scope
from cluster.base.errors import FieldFault, Invalid
from cluster.dispatch import agreeing, queries, road_queries, telling
from cluster.dispatch.models import DispatchPlan, RouteCrew, TourStatus
from cluster.dispatch.queries import Fresh
from cluster.dispatch.reasons import MEANINGS, Reason, leads_to
from cluster.planning import service as plans
from cluster.shipments import pools, reports
from cluster.shipments.reports import StatusReport


async def follow(db: Connection, scope: Scope, plan_id: UUID, body: DispatchPlan) -> list[UUID]:
    """
    Makes a published plan's routes what tours follow, and releases nothing; returns the tours.

    Raises
    ------
    Invalid
        When a crew is named for a route that the plan does not have.
    Conflict
        ``amendments_needed`` where a carrier has not agreed to how its tour would change.
    """
    pool_window_id = ids.parse("win", (await plans.plan(db, scope, plan_id)).pool_window_id)
    window = await pools.window(db, scope, pool_window_id)
    rows = await queries.routes(db, scope, plan_id)
    crews = _crews(body, {row["route_no"] for row in rows})
    held = {
        (row["vehicle_type_id"], row["vehicle_no"]): row
        for row in await queries.live_of_window(db, scope, pool_window_id)
    }
    await agreeing.require(db, scope, pool_window_id, plan_id)
    over = await road_queries.finished(db, scope, pool_window_id) - held.keys()
    touched: list[UUID] = []
    given: list[UUID] = []
    for row in rows:
        vehicle = (row["vehicle_type_id"], row["vehicle_no"])
        if vehicle in over:  # its route holds what it has done, and nothing more
            continue
        tour = held.pop(vehicle, None)
        named = f"{window.service_date:%y%m%d}-{row['route_no']}"
        touched.append(await _follow(db, scope, plan_id, pool_window_id, _fresh(row, tour, crews, named), tour))
        if tour is not None and tour["status"] != TourStatus.PLANNED:
            given.append(touched[-1])
    await _call_off(db, scope, list(held.values()), plan_id, "Another plan took its place.")
    await agreeing.settle(db, scope, plan_id, [*touched, *(tour["tour_id"] for tour in held.values())])
    await reports.dispatch(db, scope, await queries.open_shipments(db, scope, given))
    await put_on_hold(db, scope, await road_queries.stranded(db, scope, pool_window_id))
    return touched


def is_stuck(tour: Any) -> bool:
    """Whether a tour cannot deliver what it has on board, as things stand; ``tour`` is its row."""
    return tour["exception"] is not None and MEANINGS[Reason(tour["exception"])].holds


async def put_on_hold(db: Connection, scope: Scope, waiting: list[UUID]) -> None:
    """What was given to a driver who does not have it any more waits for another."""
    reason, at = Reason.TOUR_CANCELLED, datetime.now(UTC)
    status = leads_to(reason, "delivery")
    held = [StatusReport(shipment_id=entry, status=status, at=at, code=reason) for entry in waiting]
    await reports.report_many(db, scope, held)


def _crews(body: DispatchPlan, known: set[int]) -> dict[int, RouteCrew]:
    faults = [
        FieldFault(
            pointer=f"/crews/{index}/route_no",
            code="no_such_route",
            cause="not a route of the plan",
            cure="see its routes",
        )
        for index, crew in enumerate(body.crews)
        if crew.route_no not in known
    ]
    if faults:
        raise Invalid(faults)
    return {crew.route_no: crew for crew in body.crews}


def _fresh(row: Any, tour: Any, crews: dict[int, RouteCrew], code: str) -> Fresh:
    """A route's tour: as its crew says, or else as it was, or else as the plan calls the vehicle."""
    crew = crews.get(row["route_no"])
    vehicle = f"{row['vehicle_name']} {row['vehicle_no']}" if tour is None else tour["vehicle"]
    driver_name = None if tour is None else tour["driver_name"]
    if crew is not None:
        vehicle, driver_name = crew.vehicle or vehicle, crew.driver_name or driver_name
    tour_id = ids.new() if tour is None else tour["tour_id"]
    return Fresh(tour_id=tour_id, route_no=row["route_no"], code=code, vehicle=vehicle, driver_name=driver_name)


async def _follow(db: Connection, scope: Scope, plan_id: UUID, pool_window_id: UUID, fresh: Fresh, tour: Any) -> UUID:
    """A tour for a route: a new one, or the one that its vehicle drives already."""
    if tour is None:
        await queries.insert(db, scope, plan_id, pool_window_id, fresh)
        await queries.take_over_stops(db, scope, plan_id, fresh)
        return fresh.tour_id
    await queries.amend(db, scope, plan_id, fresh)
    if tour["plan_id"] != plan_id:
        # What is stuck on a vehicle stays on its tour, so that it is known where it is.
        await queries.drop_open_visits(db, scope, [fresh.tour_id], plan_id if is_stuck(tour) else None)
        reported, made = await road_queries.progress(db, scope, plan_id, fresh.tour_id, fresh.route_no)
        await queries.take_over_stops(db, scope, plan_id, structs.replace(fresh, stops_before=reported - made))
        await telling.tell(db, scope, "tour.changed", [fresh.tour_id])
    return fresh.tour_id


async def _call_off(db: Connection, scope: Scope, tours: list[Any], plan_id: UUID, reason: str) -> None:
    """Calls off what has not left; what is under way keeps what it has done, and what is stuck on it."""
    cancelled = await queries.cancel(db, scope, [tour["tour_id"] for tour in tours], reason)
    for tour in tours:
        await queries.drop_open_visits(db, scope, [tour["tour_id"]], plan_id if is_stuck(tour) else None)
        topic = "tour.cancelled" if tour["tour_id"] in cancelled else "tour.changed"
        await telling.tell(db, scope, topic, [tour["tour_id"]])
