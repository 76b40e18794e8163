"""Use cases of tours: made of a published plan, given to drivers, changed, called off, looked at."""

from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from cluster.base import audit, ids
from cluster.base.db import Connection, Scope
from cluster.base.errors import Conflict, NotFound
from cluster.base.etags import must_match
from cluster.base.pages import Page, page
from cluster.dispatch import agreeing, event_queries, following, link_queries, links, queries, telling
from cluster.dispatch.models import (
    LIVE,
    Agreed,
    CancelTour,
    DispatchedPlan,
    DispatchPlan,
    EditTour,
    IssuedLink,
    Link,
    Outcome,
    Tour,
    TourStatus,
    TourStop,
    TourVisit,
    WholeTour,
)
from cluster.dispatch.queries import Wanted
from cluster.dispatch.reasons import Reason
from cluster.dispatch.states import StopTimes, etas
from cluster.planning import service as plans
from cluster.planning.models import PlanStatus, RouteBreak
from cluster.shipments import pools, reports
from cluster.shipments.models import ShipmentStatus

FIRST = UUID(int=0)
ALL = 10_000
"""More than a plan has routes."""


async def dispatch(db: Connection, scope: Scope, plan_id: UUID, body: DispatchPlan) -> DispatchedPlan:
    """
    Makes tours of a published plan's routes, and gives them to their drivers if asked. Twice is the same as once.

    Where tours of the same day follow an earlier plan, each vehicle's tour follows this one from now on: what is done
    stays done, the rest is replaced. Tours of vehicles that the plan does not use are called off, or end with what
    they have done.

    Raises
    ------
    Conflict
        When the plan is not the window's published one.
    Invalid
        When a crew is named for a route that the plan does not have.
    """
    pool_window_id = ids.parse("win", (await plans.plan(db, scope, plan_id)).pool_window_id)
    await pools.hold(db, scope, pool_window_id)
    plan = await plans.plan(db, scope, plan_id)  # again: another may have been published before the lock
    if plan.status is not PlanStatus.PUBLISHED:
        raise Conflict("plan_not_published", f"This plan is {plan.status}; publish it first.")
    touched = await following.follow(db, scope, plan_id, body)
    if body.release:
        await _release(db, scope, touched)
    detail = {"tours": len(touched), "released": body.release}
    await audit.record(db, scope, "plan.dispatched", "plan", plan_id, detail)
    return await of_plan(db, scope, plan_id)


async def _release(db: Connection, scope: Scope, tour_ids: list[UUID]) -> None:
    """Gives tours to their drivers, and tells their members' shipments on."""
    released = await queries.release(db, scope, tour_ids)
    await reports.dispatch(db, scope, await queries.open_shipments(db, scope, tour_ids))
    await telling.tell(db, scope, "tour.dispatched", released)


async def of_plan(db: Connection, scope: Scope, plan_id: UUID) -> DispatchedPlan:
    """The tours that follow a plan, in the order of its routes."""
    found = await queries.tours(db, scope, FIRST, ALL, Wanted(plan_id=plan_id))
    return DispatchedPlan(plan_id=ids.show("plan", plan_id), tours=sorted(found, key=lambda tour: tour.route_no))


async def list_tours(db: Connection, scope: Scope, after: UUID, limit: int, wanted: Wanted) -> Page[Tour]:
    """Tours, oldest first."""
    return page(await queries.tours(db, scope, after, limit + 1, wanted), limit)


async def tour(db: Connection, scope: Scope, tour_id: UUID) -> Tour:
    """One tour."""
    found = await queries.tours(db, scope, FIRST, 1, Wanted(tour_ids=[tour_id]))
    if not found:
        raise NotFound("tor")
    return found[0]


async def hold(db: Connection, scope: Scope, tour_id: UUID) -> None:
    """Nobody else changes a tour until the transaction ends."""
    if await event_queries.hold(db, scope, tour_id) is None:
        raise NotFound("tor")


async def give_to_carrier(db: Connection, scope: Scope, tour_id: UUID, agreed: Agreed) -> None:
    """A tour that nobody drives yet is a carrier's, at a price that was agreed; it stays ``planned``."""
    await queries.give_to_carrier(db, scope, tour_id, agreed)
    detail = {"carrier": ids.show("car", agreed.carrier_id), "agreed_minor": agreed.agreed_minor}
    await audit.record(db, scope, "tour.given", "tor", tour_id, detail)


async def _held(db: Connection, scope: Scope, tour_id: UUID) -> Tour:
    """One tour, which nobody else changes until the transaction ends."""
    await event_queries.hold(db, scope, tour_id)
    return await tour(db, scope, tour_id)


async def whole(db: Connection, scope: Scope, tour_id: UUID) -> WholeTour:
    """One tour with its stops, and when the vehicle is expected at those ahead."""
    found = await tour(db, scope, tour_id)
    rows = await queries.stops(db, scope, tour_id)
    expected = expected_at(found, rows)
    stops = [_stop(number, list(group), expected) for number, group in groupby(rows, key=lambda row: row["stop_no"])]
    rests = breaks_of(await queries.bases(db, scope, tour_id))
    return WholeTour(id=found.id, version=found.version, tour=found, stops=stops, breaks=rests)


def breaks_of(bases: Any) -> list[RouteBreak]:
    """When a tour's driver rests, of its ends as stored."""
    return msgspec.convert(bases["breaks"] or [], list[RouteBreak])


def expected_at(found: Tour, rows: list[Any]) -> dict[int, datetime]:
    """When a tour's vehicle is expected at the stops ahead; nothing where it is over."""
    if found.status not in LIVE:
        return {}
    times = [times_of(number, list(group)) for number, group in groupby(rows, key=lambda row: row["stop_no"])]
    return etas(times, found.starts_at, found.started_at, datetime.now(UTC))


def times_of(number: int, visits: list[Any]) -> StopTimes:
    """A stop's times from its visits."""
    first = visits[0]
    outcomes = [visit["outcome_at"] for visit in visits if visit["outcome"] is not None]
    return StopTimes(
        stop_no=number,
        arrives_at=first["arrives_at"],
        begins_at=min(visit["begins_at"] for visit in visits),
        departs_at=first["departs_at"],
        arrived_at=first["arrived_at"],
        left_at=first["left_at"],
        over=len(outcomes) == len(visits),
        over_at=max(outcomes, default=None),
    )


def _stop(number: int, visits: list[Any], expected: dict[int, datetime]) -> TourStop:
    first = visits[0]
    return TourStop(
        stop_no=number,
        name=first["name"],
        address_line1=first["address_line1"],
        lat=first["lat"],
        lon=first["lon"],
        arrives_at=first["arrives_at"],
        departs_at=first["departs_at"],
        arrived_at=first["arrived_at"],
        left_at=first["left_at"],
        eta_at=expected.get(number),
        visits=[
            TourVisit(
                shipment_id=ids.show("shp", visit["shipment_id"]),
                client_ref=visit["client_ref"],
                member_id=ids.show("mem", visit["member_id"]),
                action=visit["action"],
                status=ShipmentStatus(visit["status"]),
                begins_at=visit["begins_at"],
                ends_at=visit["ends_at"],
                outcome=None if visit["outcome"] is None else Outcome(visit["outcome"]),
                outcome_at=visit["outcome_at"],
                reason=None if visit["reason"] is None else Reason(visit["reason"]),
                proofs=visit["proofs"],
            )
            for visit in visits
        ],
    )


async def edit(db: Connection, scope: Scope, tour_id: UUID, body: EditTour, if_match: str | None) -> WholeTour:
    """
    Another driver or vehicle.

    Raises
    ------
    VersionMissing, Outdated
        When the edit does not say which version it changes, or another than there is.
    Conflict
        When the tour is over.
    """
    found = await _held(db, scope, tour_id)
    must_match(if_match, found.version)
    if found.status not in LIVE:
        raise Conflict("tour_over", f"This tour is {found.status}.")
    vehicle = found.vehicle if body.vehicle is UNSET else body.vehicle
    driver_name = found.driver_name if body.driver_name is UNSET else body.driver_name
    await queries.edit(db, scope, tour_id, vehicle, driver_name)
    return await whole(db, scope, tour_id)


async def release(db: Connection, scope: Scope, tour_id: UUID) -> WholeTour:
    """
    Gives a planned tour to its driver; its shipments are dispatched. Twice is the same as once.

    Raises
    ------
    Conflict
        When the tour was called off, or follows a plan that another has taken the place of.
    """
    await pools.hold(db, scope, ids.parse("win", (await tour(db, scope, tour_id)).pool_window_id))
    found = await _held(db, scope, tour_id)
    if found.status is TourStatus.CANCELLED:
        raise Conflict("tour_over", "This tour was called off.")
    plan = await plans.plan(db, scope, ids.parse("plan", found.plan_id))
    if found.status is TourStatus.PLANNED and plan.status is not PlanStatus.PUBLISHED:
        raise Conflict(
            "plan_not_published", "This tour follows a plan that applies no longer; dispatch the published one."
        )
    await _release(db, scope, [tour_id])
    return await whole(db, scope, tour_id)


async def cancel(db: Connection, scope: Scope, tour_id: UUID, body: CancelTour) -> WholeTour:
    """
    Calls a tour off that has not left. What was dispatched on it waits for another (``on_hold``). Twice is as once.

    Raises
    ------
    Conflict
        When it has left.
    """
    found = await _held(db, scope, tour_id)
    if found.status is TourStatus.CANCELLED:
        return await whole(db, scope, tour_id)
    waiting = await queries.open_shipments(db, scope, [tour_id])
    if not await _call_off_one(db, scope, tour_id, body.reason):
        raise Conflict("tour_left", f"This tour is {found.status}; only one that has not left is called off.")
    if found.status is TourStatus.DISPATCHED:
        await following.put_on_hold(db, scope, waiting)
    await audit.record(db, scope, "tour.cancelled", "tor", tour_id)
    return await whole(db, scope, tour_id)


async def _call_off_one(db: Connection, scope: Scope, tour_id: UUID, reason: str) -> bool:
    """Calls one tour off, if it has not left."""
    cancelled = await queries.cancel(db, scope, [tour_id], reason)
    if cancelled:
        await queries.drop_open_visits(db, scope, cancelled)
        await telling.tell(db, scope, "tour.cancelled", [tour_id])
        await agreeing.drop(db, scope, [tour_id])
    return bool(cancelled)


async def issue_driver_link(db: Connection, scope: Scope, tour_id: UUID, asked: links.Asked) -> IssuedLink:
    """A link for the tour's driver."""
    await tour(db, scope, tour_id)
    issued = await links.issue(db, scope, link_queries.LinkKind.DRIVER, tour_id, None, asked)
    await audit.record(db, scope, "driver_link.issued", "tor", tour_id, {"link": issued.id, "hours": asked.hours})
    return issued


async def driver_links(db: Connection, scope: Scope, tour_id: UUID) -> list[Link]:
    """Links of a tour, without their tokens."""
    await tour(db, scope, tour_id)
    return await links.of(db, scope, link_queries.LinkKind.DRIVER, tour_id)


async def revoke_driver_link(db: Connection, scope: Scope, tour_id: UUID, link_id: UUID) -> None:
    """Closes a link of a tour."""
    await links.revoke(db, scope, link_queries.LinkKind.DRIVER, tour_id, link_id)
    await audit.record(db, scope, "driver_link.revoked", "tor", tour_id, {"link": ids.show("lnk", link_id)})
